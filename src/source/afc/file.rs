//! A file that is being read ahead.

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;
use iexport_proto::afc::{ReadRequest, Reply, Status};

use super::connection::{AfcError, Connection, Pending};
use super::source::{Tuning, source_error};
use crate::source::{BoxFuture, ChunkStream, DevicePath, SourceError, SourceErrorKind};

/// A read that is under way: how much was asked for, and the answer to come.
struct Reading {
    size: u64,
    pending: Pending,
}

/// The chunks of one open file. Closes the handle when dropped.
///
/// Reads of one handle are answered in the order of their arrival, so several can be under way and their
/// answers follow each other in the file, as long as each brings exactly what was asked for. The first
/// that does not ends the reading ahead: the handle is moved to where the last good byte was, and from
/// there on one read follows the other.
pub(super) struct AfcChunks {
    connection: Arc<Connection>,
    path: DevicePath,
    handle: u64,
    reads_ahead: usize,
    chunk_bytes: u64,
    /// Where reading ends: with the file, as its size was stated, or before.
    size: u64,
    /// First byte that was not asked for yet.
    asked: u64,
    /// First byte that was not delivered yet.
    delivered: u64,
    readings: VecDeque<Reading>,
}

/// Smallest read that is tried when a phone refuses larger ones, in bytes.
const SMALLEST_READ: u64 = 4 << 10;

impl AfcChunks {
    /// A file opened as `handle`, whose position is `position`; it is read as far as `size`. Reading begins.
    pub(super) async fn start(
        connection: Arc<Connection>,
        path: DevicePath,
        handle: u64,
        tuning: Tuning,
        position: u64,
        size: u64,
    ) -> Result<Self, SourceError> {
        let reads_ahead = if connection.at_once() { tuning.reads_ahead.max(1) } else { 1 };
        let mut chunks = Self {
            connection,
            path,
            handle,
            reads_ahead,
            chunk_bytes: tuning.chunk_bytes,
            size,
            asked: position,
            delivered: position,
            readings: VecDeque::new(),
        };
        chunks.read_ahead().await.map_err(|error| source_error(&chunks.path, &error))?;
        Ok(chunks)
    }

    /// Keeps as many reads under way as wanted.
    async fn read_ahead(&mut self) -> Result<(), AfcError> {
        while self.readings.len() < self.reads_ahead && self.asked < self.size {
            let size = (self.size - self.asked).min(self.chunk_bytes);
            let pending = self.connection.begin(ReadRequest::Read { handle: self.handle, size }).await?;
            self.readings.push_back(Reading { size, pending });
            self.asked += size;
        }
        Ok(())
    }

    async fn take(&mut self) -> Result<Option<Bytes>, SourceError> {
        loop {
            let Some(reading) = self.readings.pop_front() else { return Ok(None) };
            let data = match reading.pending.answer().await {
                Ok(Reply::Data(data)) => data,
                Ok(other) => {
                    return Err(self.fail(SourceErrorKind::Protocol(format!("{other:?} instead of data"))));
                }
                Err(AfcError::Status(Status::TooMuchData)) if self.chunk_bytes > SMALLEST_READ => {
                    self.chunk_bytes /= 2;
                    self.start_over().await?;
                    continue;
                }
                Err(error) => return Err(source_error(&self.path, &error)),
            };
            self.delivered += data.len() as u64;
            if data.is_empty() {
                let kind =
                    SourceErrorKind::ShortRead { expected_bytes: self.size, got_bytes: self.delivered };
                return Err(self.fail(kind));
            }
            if data.len() as u64 == reading.size {
                self.read_ahead().await.map_err(|error| source_error(&self.path, &error))?;
            } else {
                self.start_over().await?;
            }
            return Ok(Some(Bytes::from(data)));
        }
    }

    /// Forgets the reads that are under way and goes on from the last good byte, one read at a time.
    async fn start_over(&mut self) -> Result<(), SourceError> {
        tracing::debug!(path = %self.path, at = self.delivered, "reading ahead ends for this file");
        self.reads_ahead = 1;
        while let Some(reading) = self.readings.pop_front() {
            // Whatever they bring belongs to another place in the file.
            if let Err(error @ (AfcError::Disconnected(_) | AfcError::TimedOut | AfcError::Protocol(_))) =
                reading.pending.answer().await
            {
                return Err(source_error(&self.path, &error));
            }
        }
        let seek = ReadRequest::Seek { handle: self.handle, position: self.delivered };
        let moved = self.connection.ask(seek).await;
        moved.map_err(|error| source_error(&self.path, &error))?;
        self.asked = self.delivered;
        self.read_ahead().await.map_err(|error| source_error(&self.path, &error))
    }

    fn fail(&self, kind: SourceErrorKind) -> SourceError {
        SourceError::new(&self.path, kind)
    }
}

impl ChunkStream for AfcChunks {
    fn next(&mut self) -> BoxFuture<'_, Result<Option<Bytes>, SourceError>> {
        Box::pin(self.take())
    }
}

impl Drop for AfcChunks {
    fn drop(&mut self) {
        self.connection.close_later(self.handle);
    }
}
