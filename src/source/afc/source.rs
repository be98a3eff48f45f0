//! A phone's media root, or the documents of an app on it, as a [`Source`].

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use iexport_proto::afc::{
    DeviceInfo, FileInfo, FileKind, InfoError, MAX_READ, ReadRequest, Reply, Status, parse_names,
};

use super::connection::{AfcError, Connection};
use super::door::Door;
use super::file::AfcChunks;
use crate::device::{BundleId, DeviceError, Session};
use crate::source::{
    BoxFuture, DevicePath, EntryKind, EntryName, OpenFile, Part, Source, SourceError, SourceErrorKind, Stat,
};

/// How hard a phone is asked.
///
/// In flight at most: `reads_ahead` × `chunk_bytes` for each file that is open.
#[derive(Debug, Clone, Copy)]
pub struct Tuning {
    /// Connections to the service. One that is never idle fills the cable; a second one covers the moments
    /// in which the first waits for the phone to open a file.
    pub connections: usize,
    /// Reads under way for each open file.
    pub reads_ahead: usize,
    /// Bytes asked for at once; at most 4 MiB.
    pub chunk_bytes: u64,
}

impl Default for Tuning {
    fn default() -> Self {
        Self { connections: 2, reads_ahead: 3, chunk_bytes: 1 << 20 }
    }
}

/// A phone's media root, or the documents of an app.
pub struct AfcSource {
    connections: Vec<Arc<Connection>>,
    /// The folder that is this source's root, as it is sent.
    root: &'static [u8],
    next: AtomicUsize,
    tuning: Tuning,
}

impl AfcSource {
    /// Opens the media root: connections to the service, after finding out whether the phone takes several requests
    /// at once.
    ///
    /// # Errors
    /// If the service cannot be opened at all.
    pub async fn open(session: &Session, tuning: Tuning) -> Result<Self, DeviceError> {
        Self::through(&Door::Media, session, tuning).await
    }

    /// Opens the documents of an app: its folder `Documents` is the root of this source, and all of it.
    ///
    /// # Errors
    /// Those of [`Session::vend_documents`].
    pub async fn open_documents(
        session: &Session,
        bundle: &BundleId,
        tuning: Tuning,
    ) -> Result<Self, DeviceError> {
        Self::through(&Door::Documents(bundle), session, tuning).await
    }

    async fn through(door: &Door<'_>, session: &Session, tuning: Tuning) -> Result<Self, DeviceError> {
        let tuning = Tuning { chunk_bytes: tuning.chunk_bytes.clamp(1, MAX_READ), ..tuning };
        let root = door.root();
        let first = Connection::new(door.open(session).await?, true);
        let mut connections = Vec::new();
        if first.takes_several(&wire_path(root, &DevicePath::root())).await {
            connections.push(Arc::new(first));
            for _ in 1..tuning.connections {
                // Phones limit the number of connections; one is enough to go on.
                match door.open(session).await {
                    Ok(stream) => connections.push(Arc::new(Connection::new(stream, true))),
                    Err(error) => {
                        tracing::debug!(%error, "no further AFC connection");
                        break;
                    }
                }
            }
        } else {
            tracing::debug!("the phone takes one request at a time");
            drop(first);
            let stream = door.open(session).await?;
            connections.push(Arc::new(Connection::new(stream, false)));
        }
        Ok(Self { connections, root, next: AtomicUsize::new(0), tuning })
    }

    /// Model and free space of the phone.
    ///
    /// # Errors
    /// Those of the connection.
    pub async fn device_info(&self) -> Result<DeviceInfo, SourceError> {
        let root = DevicePath::root();
        let reply = self.connection().ask(ReadRequest::DeviceInfo).await;
        let data = data_of(&root, reply)?;
        DeviceInfo::parse(&data).map_err(|error| info_error(&root, &error))
    }

    fn wire_path(&self, path: &DevicePath) -> Vec<u8> {
        wire_path(self.root, path)
    }

    /// The next connection, in turn; one that is gone is passed over.
    fn connection(&self) -> &Arc<Connection> {
        let turn = self.next.fetch_add(1, Ordering::Relaxed);
        let count = self.connections.len();
        let in_turn = (0..count).filter_map(|n| self.connections.get(turn.wrapping_add(n) % count));
        let mut open = in_turn.filter(|c| c.is_open());
        #[expect(clippy::indexing_slicing, reason = "open() puts at least one connection in")]
        open.next().unwrap_or(&self.connections[0])
    }

    async fn stat_on(&self, connection: &Connection, path: &DevicePath) -> Result<Stat, SourceError> {
        let reply = connection.ask(ReadRequest::Stat { path: self.wire_path(path) }).await;
        let data = data_of(path, reply)?;
        let info = FileInfo::parse(&data).map_err(|error| info_error(path, &error))?;
        let kind = match info.kind {
            FileKind::File => EntryKind::File,
            FileKind::Directory => EntryKind::Directory,
            FileKind::Link | FileKind::Other => EntryKind::Other,
        };
        Ok(Stat { kind, size_bytes: info.size_bytes, modified_nanoseconds: info.modified_nanoseconds })
    }

    /// Opens a file for reading `most_bytes` of it, or to its end.
    async fn open_file(
        &self,
        path: &DevicePath,
        position: u64,
        most_bytes: Option<usize>,
    ) -> Result<OpenFile, SourceError> {
        let connection = Arc::clone(self.connection());
        // Both questions leave together; a file costs one round trip before its bytes flow.
        let (stat, opened) = tokio::join!(
            self.stat_on(&connection, path),
            connection.ask(ReadRequest::Open { path: self.wire_path(path) })
        );
        let handle = match opened {
            Ok(Reply::Opened(handle)) => handle,
            Ok(other) => return Err(unexpected(path, &other)),
            Err(error) => return Err(source_error(path, &error)),
        };
        let stat = match stat {
            Ok(stat) if stat.kind == EntryKind::File => stat,
            Ok(_) => {
                connection.close_later(handle);
                return Err(SourceError::new(path, SourceErrorKind::WrongKind));
            }
            Err(error) => {
                connection.close_later(handle);
                return Err(error);
            }
        };
        if position > 0 {
            let moved = connection.ask(ReadRequest::Seek { handle, position }).await;
            if let Err(error) = moved {
                connection.close_later(handle);
                return Err(source_error(path, &error));
            }
        }
        let end = most_bytes.map_or(u64::MAX, |most_bytes| position.saturating_add(most_bytes as u64));
        let end = stat.size_bytes.min(end);
        let chunks = AfcChunks::start(connection, path.clone(), handle, self.tuning, position, end).await?;
        Ok(OpenFile { stat, chunks: Box::new(chunks) })
    }
}

impl AfcSource {
    /// A connection that was given up (silence, nonsense) is an error of one file while others are open; when it
    /// was the last, nothing can be read any more, and that is what has to be said.
    fn judge(&self, error: SourceError) -> SourceError {
        if error.is_fatal() || self.connections.iter().any(|connection| connection.is_open()) {
            return error;
        }
        SourceError { kind: SourceErrorKind::Disconnected(error.kind.to_string()), ..error }
    }

    async fn names(&self, path: &DevicePath) -> Result<Vec<EntryName>, SourceError> {
        let reply = self.connection().ask(ReadRequest::List { path: self.wire_path(path) }).await;
        // A phone says "read error" when what is to be listed is no directory.
        let data = match reply {
            Err(AfcError::Status(Status::ReadError)) => {
                return Err(SourceError::new(path, SourceErrorKind::WrongKind));
            }
            other => data_of(path, other)?,
        };
        Ok(parse_names(&data).filter_map(|name| EntryName::new(name).ok()).collect())
    }
}

impl Source for AfcSource {
    fn stat<'a>(&'a self, path: &'a DevicePath) -> BoxFuture<'a, Result<Stat, SourceError>> {
        Box::pin(
            async move { self.stat_on(self.connection(), path).await.map_err(|error| self.judge(error)) },
        )
    }

    fn list<'a>(&'a self, path: &'a DevicePath) -> BoxFuture<'a, Result<Vec<EntryName>, SourceError>> {
        Box::pin(async move { self.names(path).await.map_err(|error| self.judge(error)) })
    }

    fn open<'a>(
        &'a self,
        path: &'a DevicePath,
        position: u64,
    ) -> BoxFuture<'a, Result<OpenFile, SourceError>> {
        Box::pin(async move { self.open_file(path, position, None).await.map_err(|error| self.judge(error)) })
    }

    fn read_part<'a>(
        &'a self,
        path: &'a DevicePath,
        position: u64,
        most_bytes: usize,
    ) -> BoxFuture<'a, Result<Part, SourceError>> {
        Box::pin(async move {
            let file = self.open_file(path, position, Some(most_bytes)).await;
            let part = match file {
                Ok(file) => Part::of(file, most_bytes).await,
                Err(error) => Err(error),
            };
            part.map_err(|error| self.judge(error))
        })
    }
}

/// A path as it is sent: absolute, and below `root`.
fn wire_path(root: &[u8], path: &DevicePath) -> Vec<u8> {
    let path = path.as_bytes();
    let mut bytes = Vec::with_capacity(root.len() + 1 + path.len());
    bytes.extend_from_slice(root);
    if root.is_empty() || !path.is_empty() {
        bytes.push(b'/');
    }
    bytes.extend_from_slice(path);
    bytes
}

fn data_of(path: &DevicePath, reply: Result<Reply, AfcError>) -> Result<Vec<u8>, SourceError> {
    match reply {
        Ok(Reply::Data(data)) => Ok(data),
        Ok(other) => Err(unexpected(path, &other)),
        Err(error) => Err(source_error(path, &error)),
    }
}

fn unexpected(path: &DevicePath, reply: &Reply) -> SourceError {
    SourceError::new(path, SourceErrorKind::Protocol(format!("an answer of the wrong kind: {reply:?}")))
}

fn info_error(path: &DevicePath, error: &InfoError) -> SourceError {
    SourceError::new(path, SourceErrorKind::Protocol(error.to_string()))
}

/// What an AFC error means for a path. Source of the meanings: facts/protocols.md section 3.4.
pub(super) fn source_error(path: &DevicePath, error: &AfcError) -> SourceError {
    let kind = match error {
        AfcError::Disconnected(reason) => SourceErrorKind::Disconnected(reason.clone()),
        AfcError::TimedOut => SourceErrorKind::TimedOut,
        AfcError::Protocol(reason) => SourceErrorKind::Protocol(reason.clone()),
        AfcError::Status(status) => match status {
            Status::ObjectNotFound => SourceErrorKind::NotFound,
            Status::ObjectIsDirectory => SourceErrorKind::WrongKind,
            Status::PermissionDenied | Status::OpNotSupported => SourceErrorKind::Denied(status.to_string()),
            Status::NoResources
            | Status::ObjectBusy
            | Status::OpWouldBlock
            | Status::OpTimeout
            | Status::OpInterrupted
            | Status::OpInProgress => SourceErrorKind::Busy(status.to_string()),
            other => SourceErrorKind::Unreadable(other.to_string()),
        },
    };
    SourceError::new(path, kind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncReadExt;

    #[tokio::test(start_paused = true)]
    async fn a_phone_that_falls_silent_is_lost_not_one_file() {
        let (ours, mut theirs) = tokio::io::duplex(1 << 16);
        let source = AfcSource {
            connections: vec![Arc::new(Connection::new(ours, true))],
            root: b"",
            next: AtomicUsize::new(0),
            tuning: Tuning::default(),
        };
        let mut heard = Vec::new();
        let path = DevicePath::parse("DCIM/a").unwrap();
        let (answer, _) = tokio::join!(source.stat(&path), theirs.read_buf(&mut heard));
        let error = answer.unwrap_err();
        assert!(error.is_fatal(), "{error}");
        assert!(source.list(&path).await.unwrap_err().is_fatal());
    }

    #[test]
    fn paths_are_below_the_root() {
        let sent = |root: &str, path: &str| {
            String::from_utf8(wire_path(root.as_bytes(), &DevicePath::parse(path).unwrap())).unwrap()
        };
        assert_eq!(sent("", ""), "/");
        assert_eq!(sent("", "DCIM/a"), "/DCIM/a");
        assert_eq!(sent("/Documents", ""), "/Documents");
        assert_eq!(sent("/Documents", "Documents/a"), "/Documents/Documents/a");
    }
}
