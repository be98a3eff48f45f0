//! Finding everything that is in a package, with many requests under way at once.
//!
//! What a phone says is believed only within limits: a folder that contains itself ends at the depth, one that never
//! ends at the number of names.

use futures_util::StreamExt as _;

use super::contents::{Contents, FIRST, Found};
use super::{PackError, name, records};
use crate::source::{DevicePath, EntryKind, EntryName, Source, SourceError, SourceErrorKind, Stat};

/// Requests to the phone that are under way at once.
const IN_FLIGHT: usize = 32;
/// Deepest nesting of folders. Books have two or three.
const MAX_DEPTH: usize = 32;
/// Most bytes of all paths together, as they are on the phone and in the archive.
const MAX_PATH_BYTES: usize = 16 << 20;

/// A name in a package: a folder that is to be listed, or what was found in one.
struct Node {
    device: DevicePath,
    /// Its path inside of the archive; empty for the package itself.
    name: String,
}

/// What was seen so far.
#[derive(Default)]
struct Seen {
    names: usize,
    path_bytes: usize,
}

impl Seen {
    fn add(&mut self, node: &Node) -> Result<(), PackError> {
        self.names += 1;
        self.path_bytes += node.device.as_bytes().len() + node.name.len();
        if self.names > records::MAX_ENTRIES {
            Err(PackError::TooManyEntries { limit: records::MAX_ENTRIES })
        } else if node.name.len() > records::MAX_NAME {
            Err(PackError::PathTooLong { limit_bytes: records::MAX_NAME })
        } else if self.path_bytes > MAX_PATH_BYTES {
            Err(PackError::PathsTooLong { limit_bytes: MAX_PATH_BYTES })
        } else {
            Ok(())
        }
    }
}

/// Finds the files in the folder `package`. Folders without files are left out. `first` is what the file that stands
/// first has to say; it is made if there is none.
///
/// # Errors
/// Those of the source for whatever is in the folder, so that nothing is ever missing in silence; and
/// [`SourceErrorKind::NotPackable`] or [`SourceErrorKind::TooLarge`], see [`PackError`].
pub(super) async fn walk(
    source: &dyn Source,
    package: &DevicePath,
    first: Option<&'static [u8]>,
) -> Result<Contents, SourceError> {
    let about_package = |kind: SourceErrorKind| SourceError::new(package, kind);
    let mut seen = Seen::default();
    let mut files = Vec::new();
    let mut newest = 0;
    let mut folders = vec![Node { device: package.clone(), name: String::new() }];
    for depth in 0.. {
        if folders.is_empty() {
            break;
        }
        if depth == MAX_DEPTH {
            return Err(about_package(PackError::TooDeep { limit: MAX_DEPTH }.into()));
        }
        let nodes = list_all(source, folders, &mut seen).await.map_err(|problem| match problem {
            Problem::Source(error) => error,
            Problem::Pack(error) => about_package(error.into()),
        })?;
        folders = Vec::new();
        // Collected first: a future that holds a borrowing closure cannot be proven to be `Send`.
        let requests: Vec<_> = nodes.into_iter().map(|node| stat(source, node)).collect();
        let mut stats = futures_util::stream::iter(requests).buffered(IN_FLIGHT);
        while let Some(answer) = stats.next().await {
            let (node, stat) = answer?;
            match stat.kind {
                EntryKind::Directory => folders.push(node),
                EntryKind::File => {
                    newest = stat.modified_nanoseconds.max(newest);
                    let Node { device, name } = node;
                    files.push(Found { device, name, size_bytes: stat.size_bytes, made: None });
                }
                EntryKind::Other => return Err(about_package(PackError::Link(node.name).into())),
            }
        }
    }
    let is_first = |file: &Found| file.name.split('/').next() == Some(FIRST);
    if let Some(content) = first.filter(|_| !files.is_empty() && !files.iter().any(is_first)) {
        let device = EntryName::new(FIRST.as_bytes()).map(|name| package.join(&name));
        let device = device.unwrap_or_else(|_| package.clone());
        let size_bytes = content.len() as u64;
        files.push(Found { device, name: FIRST.to_owned(), size_bytes, made: Some(content) });
    }
    Contents::new(files, newest).map_err(about_package)
}

enum Problem {
    Source(SourceError),
    Pack(PackError),
}

/// Everything that is in these folders.
async fn list_all(source: &dyn Source, folders: Vec<Node>, seen: &mut Seen) -> Result<Vec<Node>, Problem> {
    let requests: Vec<_> = folders.into_iter().map(|folder| list(source, folder)).collect();
    let mut listings = futures_util::stream::iter(requests).buffered(IN_FLIGHT);
    let mut nodes = Vec::new();
    while let Some(answer) = listings.next().await {
        let (folder, names) = answer.map_err(Problem::Source)?;
        let from = nodes.len();
        for name in names {
            let node = folder.child(&name);
            seen.add(&node).map_err(Problem::Pack)?;
            nodes.push(node);
        }
        let added = nodes.get_mut(from..).unwrap_or_default();
        added.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        let twice = added.windows(2).find_map(|pair| match pair {
            [a, b] if a.name == b.name => Some(a.name.clone()),
            _ => None,
        });
        if let Some(name) = twice {
            return Err(Problem::Pack(PackError::SameName(name)));
        }
    }
    Ok(nodes)
}

impl Node {
    fn child(&self, name: &EntryName) -> Self {
        let is_top = self.name.is_empty();
        let archived = name::archived(name, is_top);
        let path = if is_top { archived } else { format!("{}/{archived}", self.name) };
        Self { device: self.device.join(name), name: path }
    }
}

/// The names in a folder, each once.
async fn list(source: &dyn Source, folder: Node) -> Result<(Node, Vec<EntryName>), SourceError> {
    let mut names = source.list(&folder.device).await?;
    names.sort_unstable();
    names.dedup();
    Ok((folder, names))
}

/// What something is that was in a folder a moment ago.
async fn stat(source: &dyn Source, node: Node) -> Result<(Node, Stat), SourceError> {
    match source.stat(&node.device).await {
        Ok(stat) => Ok((node, stat)),
        Err(SourceError { path, kind: SourceErrorKind::NotFound }) => {
            Err(SourceError { path, kind: SourceErrorKind::Changed })
        }
        Err(error) => Err(error),
    }
}
