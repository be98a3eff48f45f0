//! The bytes of an archive, made while they are read.

use std::sync::Arc;

use bytes::{Buf as _, Bytes};

use super::contents::{Contents, Entry};
use super::read::{Exactly, FirstReading, ReadAhead, changed};
use super::records::{self, Header};
use crate::source::{BoxFuture, ChunkStream, DevicePath, Source, SourceError};

/// Bytes that are gathered before they are handed out, so that small files do not make small pieces.
const GATHERED: usize = 256 << 10;

/// What comes next.
enum Next {
    /// The entry of this number.
    Entry(usize),
    /// More of the content of the entry of this number, which is read for the second time.
    Content(usize, Exactly),
    /// The central directory from the entry of this number on.
    Directory(usize),
    /// The end of the central directory.
    End,
    /// Nothing.
    Nothing,
    /// The same error again: an archive that was cut off must not look like a whole one.
    Failed(SourceError),
}

/// An archive from some position on.
pub(super) struct PackedChunks {
    source: Arc<dyn Source>,
    package: DevicePath,
    contents: Arc<Contents>,
    ahead: ReadAhead,
    /// The checksums of the entries so far, which the central directory repeats.
    crcs: Vec<u32>,
    next: Next,
    /// Bytes that come before the position asked for. The files in them have to be read all the same, for their
    /// checksums.
    skip: u64,
}

impl PackedChunks {
    /// The archive with these contents, from `position` (bytes from its start) on.
    pub(super) fn new(
        source: Arc<dyn Source>,
        package: DevicePath,
        contents: Arc<Contents>,
        position: u64,
    ) -> Self {
        let ahead = ReadAhead::new(Arc::clone(&source), Arc::clone(&contents));
        Self { source, package, contents, ahead, crcs: Vec::new(), next: Next::Entry(0), skip: position }
    }

    /// The next bytes of the archive, gathered, without those that are to be skipped.
    async fn gather(&mut self) -> Result<Option<Bytes>, SourceError> {
        let mut gathered = Vec::new();
        while let Some(mut piece) = self.piece().await? {
            let skipped = piece.len().min(usize::try_from(self.skip).unwrap_or(usize::MAX));
            piece.advance(skipped);
            self.skip -= skipped as u64;
            if gathered.is_empty() && piece.len() >= GATHERED {
                return Ok(Some(piece));
            }
            gathered.extend_from_slice(&piece);
            if gathered.len() >= GATHERED {
                break;
            }
        }
        Ok(Some(gathered).filter(|bytes| !bytes.is_empty()).map(Bytes::from))
    }

    /// Some more bytes of the archive, maybe none; `None` after the last.
    async fn piece(&mut self) -> Result<Option<Bytes>, SourceError> {
        let contents = Arc::clone(&self.contents);
        let piece = match std::mem::replace(&mut self.next, Next::Nothing) {
            Next::Entry(number) => match contents.entries.get(number) {
                Some(entry) => self.entry(number, entry).await?,
                None => {
                    self.next = Next::Directory(0);
                    Bytes::new()
                }
            },
            Next::Content(number, file) => self.content(number, file).await?,
            Next::Directory(number) => self.directory(&contents, number),
            Next::End => {
                let mut out = Vec::new();
                records::put_end(
                    &mut out,
                    contents.count,
                    contents.directory_bytes,
                    contents.directory_offset,
                );
                out.into()
            }
            Next::Nothing => return Ok(None),
            Next::Failed(error) => return Err(error),
        };
        Ok(Some(piece))
    }

    /// An entry's header, and its content if that is at hand.
    async fn entry(&mut self, number: usize, entry: &Entry) -> Result<Bytes, SourceError> {
        // The files are read in the order of the entries, so there is a reading for each.
        let reading = self.ahead.next().await.unwrap_or_else(|| Err(changed(&self.package)))?;
        let FirstReading { crc, content } = reading;
        self.crcs.push(crc);
        let mut out = Vec::new();
        records::put_local(&mut out, header(entry, crc));
        self.next = Next::Entry(number + 1);
        match content {
            Some(content) => out.extend_from_slice(&content),
            None if self.skip >= out.len() as u64 + u64::from(entry.size_bytes) => {
                // It need not be read again to be left out.
                self.skip -= out.len() as u64 + u64::from(entry.size_bytes);
                out.clear();
            }
            None => {
                let file = Exactly::open(&*self.source, entry.device.clone(), entry.size_bytes).await?;
                self.next = Next::Content(number, file);
            }
        }
        Ok(out.into())
    }

    /// More of what is read for the second time. The last bytes are given out only if the checksum in the header,
    /// which is that of the first time, is true.
    async fn content(&mut self, number: usize, mut file: Exactly) -> Result<Bytes, SourceError> {
        let bytes = file.next().await?;
        if file.is_whole() && self.crcs.get(number) != Some(&file.crc()) {
            let device = self.contents.entries.get(number).map_or(&self.package, |entry| &entry.device);
            return Err(changed(device));
        }
        self.next = match bytes {
            Some(_) => Next::Content(number, file),
            None => Next::Entry(number + 1),
        };
        Ok(bytes.unwrap_or_default())
    }

    /// The central directory from an entry on, not all of it at once.
    fn directory(&mut self, contents: &Contents, mut number: usize) -> Bytes {
        let mut out = Vec::new();
        while let (Some(entry), Some(crc)) = (contents.entries.get(number), self.crcs.get(number)) {
            if out.len() >= GATHERED {
                self.next = Next::Directory(number);
                return out.into();
            }
            records::put_central(&mut out, header(entry, *crc), entry.offset);
            number += 1;
        }
        self.next = Next::End;
        out.into()
    }
}

fn header(entry: &Entry, crc: u32) -> Header<'_> {
    Header { name: &entry.name, size_bytes: entry.size_bytes, crc }
}

impl ChunkStream for PackedChunks {
    fn next(&mut self) -> BoxFuture<'_, Result<Option<Bytes>, SourceError>> {
        Box::pin(async move {
            let result = self.gather().await;
            if let Err(error) = &result {
                self.next = Next::Failed(error.clone());
            }
            result
        })
    }
}
