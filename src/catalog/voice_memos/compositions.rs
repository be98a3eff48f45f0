//! Folders `<name>.composition` beside edited memos, of which only the title in their manifest is read
//! (facts/media.md section D8). The finished recording is the file beside them.

use futures_util::{StreamExt as _, TryStreamExt as _};

use crate::catalog::listing::Directory;
use crate::catalog::property_lists::{self, Entry, PropertyList};
use crate::source::{DevicePath, EntryName, Source, SourceError};

/// Manifests that are read at once.
const AT_ONCE: usize = 8;
/// Files that are got ready, so that a hostile phone's million costs no memory by itself.
const IN_LINE: usize = 256;
/// Largest manifest that is read, in bytes.
const MAX_BYTES: u64 = 1 << 20;

/// The titles of files by their compositions, in the order given.
///
/// # Errors
/// Only that the source is gone.
pub(super) async fn titles(
    source: &dyn Source,
    folder: &DevicePath,
    names: &Directory,
    files: &[EntryName],
) -> Result<Vec<Option<String>>, SourceError> {
    let mut titles = Vec::with_capacity(files.len());
    for files in files.chunks(IN_LINE) {
        // Collected first: a future that holds a borrowing closure cannot be proven to be `Send`.
        let reads: Vec<_> = files.iter().map(|file| title(source, manifest(folder, names, file))).collect();
        let read: Vec<_> = futures_util::stream::iter(reads).buffered(AT_ONCE).try_collect().await?;
        titles.extend(read);
    }
    Ok(titles)
}

async fn title(source: &dyn Source, manifest: Option<DevicePath>) -> Result<Option<String>, SourceError> {
    let Some(path) = manifest else { return Ok(None) };
    Ok(match property_lists::read(source, &path, MAX_BYTES).await? {
        PropertyList::Read(list) => Entry(&list).text("RCSavedRecordingTitle"),
        PropertyList::Absent | PropertyList::Unusable(_) => None,
    })
}

/// Where the manifest of a file's composition is, if it has one.
fn manifest(folder: &DevicePath, names: &Directory, file: &EntryName) -> Option<DevicePath> {
    let composition = [file.stem(), b".composition"].concat();
    let composition = names.name(names.exact(&composition)?)?;
    Some(folder.join(composition).join(&EntryName::new(b"manifest.plist").ok()?))
}
