//! Reading the files of a package, each as long as it was said to be, several of them ahead.

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;
use tokio_util::task::AbortOnDropHandle;

use super::contents::{Contents, Entry};
use crate::source::{ChunkStream, DevicePath, Source, SourceError, SourceErrorKind};

/// Most bytes of files that are read ahead into memory for one archive; as many again may be on their way out. A file
/// that is larger is read twice.
pub(super) const MOST_HELD: u64 = 8 << 20;
/// Most files that are read at once. Books have many small ones, each of which costs round trips.
const FILES_AHEAD: usize = 8;

/// The bytes of one file, which must be exactly as many as expected.
pub(super) struct Exactly {
    device: DevicePath,
    chunks: Box<dyn ChunkStream>,
    left: u64,
    crc: crc32fast::Hasher,
}

impl Exactly {
    /// Opens a file of which it is known how large it was a moment ago.
    ///
    /// # Errors
    /// [`SourceErrorKind::Changed`] if it is another size, or no file any more; else those of the source.
    pub(super) async fn open(
        source: &dyn Source,
        device: DevicePath,
        size_bytes: u32,
    ) -> Result<Self, SourceError> {
        let file = match source.open(&device, 0).await {
            Ok(file) if file.stat.size_bytes == u64::from(size_bytes) => file,
            Ok(_) => return Err(changed(&device)),
            Err(SourceError { kind: SourceErrorKind::NotFound | SourceErrorKind::WrongKind, .. }) => {
                return Err(changed(&device));
            }
            Err(error) => return Err(error),
        };
        let crc = crc32fast::Hasher::new();
        Ok(Self { device, chunks: file.chunks, left: u64::from(size_bytes), crc })
    }

    /// The next bytes; `None` if there were as many as expected.
    pub(super) async fn next(&mut self) -> Result<Option<Bytes>, SourceError> {
        let Some(bytes) = self.chunks.next().await? else {
            return if self.left == 0 { Ok(None) } else { Err(changed(&self.device)) };
        };
        self.left = self.left.checked_sub(bytes.len() as u64).ok_or_else(|| changed(&self.device))?;
        self.crc.update(&bytes);
        Ok(Some(bytes))
    }

    /// Whether all bytes have come, so that [`Self::crc`] is that of the file.
    pub(super) const fn is_whole(&self) -> bool {
        self.left == 0
    }

    /// CRC-32 of the bytes that have come.
    pub(super) fn crc(&self) -> u32 {
        self.crc.clone().finalize()
    }
}

/// What reading a file a first time gave.
pub(super) struct FirstReading {
    /// CRC-32 of its content.
    pub(super) crc: u32,
    /// Its content, unless that is too large to be held.
    pub(super) content: Option<Vec<u8>>,
}

async fn first_reading(
    source: Arc<dyn Source>,
    device: DevicePath,
    size_bytes: u32,
) -> Result<FirstReading, SourceError> {
    let mut file = Exactly::open(&*source, device, size_bytes).await?;
    let mut content = is_held(size_bytes).then(Vec::new);
    while let Some(bytes) = file.next().await? {
        if let Some(content) = &mut content {
            content.extend_from_slice(&bytes);
        }
    }
    Ok(FirstReading { crc: file.crc(), content })
}

/// The same of what is not on the phone.
fn made_reading(content: &[u8]) -> FirstReading {
    FirstReading { crc: crc32fast::hash(content), content: Some(content.to_vec()) }
}

/// Whether a file of this size is read only once.
fn is_held(size_bytes: u32) -> bool {
    u64::from(size_bytes) <= MOST_HELD
}

/// A first reading that goes on by itself. One that only went on while somebody waits for it could have its turn at
/// the phone and not use it, and so hold up what is waited for.
struct Running {
    device: DevicePath,
    /// What it will hold, in bytes; a large file keeps all others away.
    hold: u64,
    task: AbortOnDropHandle<Result<FirstReading, SourceError>>,
}

/// The first readings of all files of a package, in order.
pub(super) struct ReadAhead {
    source: Arc<dyn Source>,
    contents: Arc<Contents>,
    /// The first entry that is not asked for yet.
    next: usize,
    running: VecDeque<Running>,
}

impl ReadAhead {
    pub(super) fn new(source: Arc<dyn Source>, contents: Arc<Contents>) -> Self {
        Self { source, contents, next: 0, running: VecDeque::new() }
    }

    /// The first reading of the next entry; `None` after the last.
    pub(super) async fn next(&mut self) -> Option<Result<FirstReading, SourceError>> {
        self.start_more();
        let Running { device, task, .. } = self.running.pop_front()?;
        let broken = |error: tokio::task::JoinError| {
            Err(SourceError::new(&device, SourceErrorKind::Local(error.to_string())))
        };
        Some(task.await.unwrap_or_else(broken))
    }

    fn start_more(&mut self) {
        while let Some(Entry { device, size_bytes, made, .. }) = self.contents.entries.get(self.next) {
            let hold = u64::from(*size_bytes).min(MOST_HELD);
            let held: u64 = self.running.iter().map(|running| running.hold).sum();
            let is_room = self.running.len() < FILES_AHEAD && held + hold <= MOST_HELD;
            if !is_room && !self.running.is_empty() {
                return;
            }
            let task = match made {
                Some(content) => tokio::spawn(std::future::ready(Ok(made_reading(content)))),
                None => tokio::spawn(first_reading(Arc::clone(&self.source), device.clone(), *size_bytes)),
            };
            let task = AbortOnDropHandle::new(task);
            self.running.push_back(Running { device: device.clone(), hold, task });
            self.next += 1;
        }
    }
}

pub(super) fn changed(device: &DevicePath) -> SourceError {
    SourceError::new(device, SourceErrorKind::Changed)
}
