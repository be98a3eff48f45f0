//! Whether an EPUB that is one file is protected, by what its archive says: a few reads of each, and never its text.

use futures_util::{StreamExt as _, TryStreamExt as _};

use super::archive::{self, Span, TAIL_BYTES};
use super::assemble::{Book, Found};
use super::{is_package, protection};
use crate::source::{DevicePath, Source, SourceError};

/// Archives that are looked into at once. Each takes as much memory as its directory, a few megabytes at most.
const AT_ONCE: usize = 8;
/// Archives that are got ready to be looked into.
const IN_LINE: usize = 256;
/// Times a part of a file is asked for that has a chance to come the next time.
const TRIES: u32 = 3;

/// What an archive says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Protected,
    Unprotected,
    /// It does not say, or cannot be read.
    Unclear,
}

/// Finds out which of the books that are archives are protected. Gives of how many that remains unclear.
///
/// # Errors
/// Only that the source is gone.
pub(super) async fn look_into(source: &dyn Source, books: &mut [Book]) -> Result<usize, SourceError> {
    let mut archives: Vec<(&mut Book, DevicePath, u64)> = books
        .iter_mut()
        .filter_map(|book| {
            let path = book.path.clone();
            let is_known =
                book.is_protected || book.listed.as_ref().is_some_and(|listed| listed.is_protected);
            match book.found {
                Found::File(Some(bytes)) if bytes > 0 && !is_known && is_package(&path) => {
                    Some((book, path, bytes))
                }
                _ => None,
            }
        })
        .collect();
    let mut unclear = 0;
    for archives in archives.chunks_mut(IN_LINE) {
        // Collected first: a future that holds a borrowing closure cannot be proven to be `Send`.
        let looks: Vec<_> =
            archives.iter().map(|(_, path, bytes)| look(source, path.clone(), *bytes)).collect();
        let verdicts: Vec<Verdict> =
            futures_util::stream::iter(looks).buffered(AT_ONCE).try_collect().await?;
        for ((book, ..), verdict) in archives.iter_mut().zip(verdicts) {
            book.is_protected = verdict == Verdict::Protected;
            unclear += usize::from(verdict == Verdict::Unclear);
        }
    }
    Ok(unclear)
}

async fn look(source: &dyn Source, path: DevicePath, archive_bytes: u64) -> Result<Verdict, SourceError> {
    let unclear = Ok(Verdict::Unclear);
    let tail_start = archive_bytes.saturating_sub(TAIL_BYTES as u64);
    let tail = Span { position: tail_start, bytes: TAIL_BYTES };
    let Some(tail) = read(source, &path, tail).await? else { return unclear };
    let Some(span) = archive::directory(&tail, archive_bytes) else { return unclear };
    // The tail reaches to the end of the archive, and nothing is behind that.
    let within = |span: Span| {
        let start = usize::try_from(span.position.checked_sub(tail_start)?).ok()?;
        tail.get(start..start.checked_add(span.bytes)?.min(tail.len()))
    };
    let marks = match within(span) {
        Some(directory) => archive::marks(directory),
        None => match read(source, &path, span).await? {
            Some(directory) if directory.len() == span.bytes => archive::marks(&directory),
            _ => return unclear,
        },
    };
    if marks.has_rights {
        return Ok(Verdict::Protected);
    }
    let Some(entry) = marks.encryption else {
        return Ok(if marks.is_whole { Verdict::Unprotected } else { Verdict::Unclear });
    };
    let Some(span) = entry.span().filter(|span| span.position < archive_bytes) else { return unclear };
    let content = match within(span) {
        Some(bytes) => entry.content(bytes),
        None => read(source, &path, span).await?.and_then(|bytes| entry.content(&bytes)),
    };
    Ok(match content.map(|content| protection::is_protected(&content)) {
        Some(Ok(true)) => Verdict::Protected,
        Some(Ok(false)) if marks.is_whole => Verdict::Unprotected,
        _ => Verdict::Unclear,
    })
}

/// Reads a part of a file, or as much of it as there is; `None` if it cannot be read.
///
/// # Errors
/// Only that the source is gone.
async fn read(source: &dyn Source, path: &DevicePath, span: Span) -> Result<Option<Vec<u8>>, SourceError> {
    let mut tries = 1;
    loop {
        match source.read_part(path, span.position, span.bytes).await {
            Ok(part) => return Ok(Some(part.bytes)),
            Err(error) if error.is_fatal() => return Err(error),
            Err(error) if error.is_retryable() && tries < TRIES => tries += 1,
            Err(error) => {
                tracing::debug!(%path, %error, "not looked into");
                return Ok(None);
            }
        }
    }
}
