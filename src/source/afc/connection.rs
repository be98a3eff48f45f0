//! One AFC connection with many requests in flight.
//!
//! Two tasks own the two halves of the stream. Callers hand requests to the writer and wait for the reader
//! to bring the reply; no lock is held while anybody waits.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use iexport_proto::afc::{HEADER_LEN, Header, MAX_READ, ReadRequest, Reply, Status};
use thiserror::Error;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
use tokio::time::timeout;
use tokio_util::task::AbortOnDropHandle;

/// How long a phone may be silent while something is asked of it.
const SILENCE: Duration = Duration::from_secs(30);

/// Requests in flight on a connection to a phone that takes many: enough that a listing of thousands of
/// folders never waits, few enough that a phone's queue stays short.
const MANY: usize = 64;

/// Largest listing or set of key/value pairs that is accepted, in bytes: 1000 names of 255 bytes are a
/// quarter of a MiB, and DCIM folders hold no more than that.
const MAX_TEXT: usize = 8 << 20;

/// Why a request got no useful answer.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AfcError {
    /// The phone said no.
    #[error("{0}")]
    Status(Status),
    /// The connection is gone.
    #[error("{0}")]
    Disconnected(String),
    /// The phone was silent for too long.
    #[error("no answer in time")]
    TimedOut,
    /// The phone's bytes make no sense; the connection was given up.
    #[error("{0}")]
    Protocol(String),
}

type Answer = Result<Reply, AfcError>;

/// A request that waits for its reply.
struct Waiting {
    answer: oneshot::Sender<Answer>,
    /// How much data the reply may carry, in bytes: what was asked for, and no more.
    limit: usize,
    /// Given back when the reply is here, not when the caller loses interest: a phone that takes one
    /// request at a time is still busy with an abandoned one.
    _permit: OwnedSemaphorePermit,
}

/// Why the connection is closed, or who is waiting on it.
enum State {
    Open(HashMap<u64, Waiting>),
    Closed(AfcError),
}

/// What the two tasks and the callers share.
struct Shared {
    state: Mutex<State>,
    next_number: AtomicU64,
    /// Without limit, so that closing a file never waits; what fills it is limited by the semaphore.
    to_writer: mpsc::UnboundedSender<Vec<u8>>,
}

/// One connection. Ends when dropped.
pub(super) struct Connection {
    shared: Arc<Shared>,
    in_flight: Arc<Semaphore>,
    at_once: bool,
    _tasks: [AbortOnDropHandle<()>; 2],
}

impl Connection {
    /// Takes over a stream to the AFC service.
    ///
    /// `at_once` is whether the phone may be asked several things at a time.
    pub(super) fn new<S>(stream: S, at_once: bool) -> Self
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let (reader, writer) = tokio::io::split(stream);
        let (to_writer, requests) = mpsc::unbounded_channel();
        let state = Mutex::new(State::Open(HashMap::new()));
        let shared = Arc::new(Shared { state, next_number: AtomicU64::new(1), to_writer });
        let write = write_requests(writer, requests, Arc::clone(&shared));
        let read = read_replies(BufReader::with_capacity(64 << 10, reader), Arc::clone(&shared));
        let tasks = [AbortOnDropHandle::new(tokio::spawn(write)), AbortOnDropHandle::new(tokio::spawn(read))];
        let in_flight = Arc::new(Semaphore::new(if at_once { MANY } else { 1 }));
        Self { shared, in_flight, at_once, _tasks: tasks }
    }

    /// Asks two harmless things about `path` at once. `true` if both are answered; `false` if the phone cuts
    /// the connection or stays silent, as one does that takes a single request at a time.
    pub(super) async fn takes_several(&self, path: &[u8]) -> bool {
        let stat = || ReadRequest::Stat { path: path.to_vec() };
        let permits =
            (Arc::clone(&self.in_flight).acquire_owned(), Arc::clone(&self.in_flight).acquire_owned());
        let (Ok(one), Ok(two)) = (permits.0.await, permits.1.await) else { return false };
        // In one piece: of two, the first could be answered before the second is there.
        let Ok(asked) = self.shared.send_all([(stat(), one), (stat(), two)]) else { return false };
        let mut answers =
            asked.into_iter().map(|receiver| Pending { receiver, shared: Arc::clone(&self.shared) });
        let (Some(one), Some(two)) = (answers.next(), answers.next()) else { return false };
        let (one, two) = tokio::join!(one.answer(), two.answer());
        let answered = |answer: Answer| matches!(answer, Ok(_) | Err(AfcError::Status(_)));
        answered(one) && answered(two)
    }

    /// Whether the connection is still good.
    pub(super) fn is_open(&self) -> bool {
        matches!(*self.shared.lock(), State::Open(_))
    }

    /// Sends a request and waits for the reply. A status other than success is an error.
    pub(super) async fn ask(&self, request: ReadRequest) -> Answer {
        self.begin(request).await?.answer().await
    }

    /// Sends a request. Requests leave in the order in which the calls of this end, which matters for reads
    /// of one handle: a phone serves them in the order of their arrival.
    pub(super) async fn begin(&self, request: ReadRequest) -> Result<Pending, AfcError> {
        let permit = Arc::clone(&self.in_flight).acquire_owned().await;
        let permit = permit.map_err(|_| AfcError::Disconnected("closed".to_owned()))?;
        let receiver = self.shared.send(request, permit)?;
        Ok(Pending { receiver, shared: Arc::clone(&self.shared) })
    }

    /// Whether several requests may be under way.
    pub(super) const fn at_once(&self) -> bool {
        self.at_once
    }

    /// Closes a handle without waiting for anything.
    pub(super) fn close_later(self: &Arc<Self>, handle: u64) {
        let this = Arc::clone(self);
        // A permit has to be waited for; a connection that is gone has closed its handles anyway.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                let _ = this.ask(ReadRequest::Close { handle }).await;
            });
        }
    }
}

/// A request that was sent. Dropping this abandons the reply.
pub(super) struct Pending {
    receiver: oneshot::Receiver<Answer>,
    shared: Arc<Shared>,
}

impl Pending {
    /// Waits for the reply. A status other than success is an error.
    pub(super) async fn answer(self) -> Answer {
        match self.receiver.await {
            Ok(Ok(Reply::Status(Status::Success))) => Ok(Reply::Status(Status::Success)),
            Ok(Ok(Reply::Status(status))) => Err(AfcError::Status(status)),
            Ok(other) => other,
            Err(_) => Err(self.shared.reason()),
        }
    }
}

/// How much data the reply to a request may carry, in bytes.
fn data_limit(request: &ReadRequest) -> usize {
    match request {
        ReadRequest::Read { size, .. } => usize::try_from((*size).min(MAX_READ)).unwrap_or(MAX_TEXT),
        _ => MAX_TEXT,
    }
}

impl Shared {
    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        // Nothing in here can panic half-way, so a poisoned lock holds good data.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn reason(&self) -> AfcError {
        match &*self.lock() {
            State::Closed(error) => error.clone(),
            State::Open(_) => AfcError::Disconnected("the connection ended".to_owned()),
        }
    }

    fn send(
        &self,
        request: ReadRequest,
        permit: OwnedSemaphorePermit,
    ) -> Result<oneshot::Receiver<Answer>, AfcError> {
        let mut receivers = self.send_all([(request, permit)])?;
        receivers.pop().ok_or_else(|| self.reason())
    }

    /// Sends requests in one piece. The receivers are in their order.
    fn send_all<const N: usize>(
        &self,
        requests: [(ReadRequest, OwnedSemaphorePermit); N],
    ) -> Result<Vec<oneshot::Receiver<Answer>>, AfcError> {
        let (mut bytes, mut receivers) = (Vec::new(), Vec::with_capacity(N));
        for (request, permit) in requests {
            let number = self.next_number.fetch_add(1, Ordering::Relaxed);
            let (answer, receiver) = oneshot::channel();
            let waiting = Waiting { answer, limit: data_limit(&request), _permit: permit };
            match &mut *self.lock() {
                State::Closed(error) => return Err(error.clone()),
                State::Open(pending) => pending.insert(number, waiting),
            };
            bytes.extend(request.to_packet(number).encode());
            receivers.push(receiver);
        }
        if self.to_writer.send(bytes).is_err() {
            return Err(self.reason());
        }
        Ok(receivers)
    }

    /// Gives up the connection: everybody who waits hears why.
    fn close(&self, error: AfcError) {
        let old = std::mem::replace(&mut *self.lock(), State::Closed(error.clone()));
        match old {
            State::Closed(first) => *self.lock() = State::Closed(first),
            State::Open(pending) => {
                for waiting in pending.into_values() {
                    let _ = waiting.answer.send(Err(error.clone()));
                }
            }
        }
    }

    fn is_idle(&self) -> bool {
        match &*self.lock() {
            State::Open(pending) => pending.is_empty(),
            State::Closed(_) => true,
        }
    }

    fn limit_of(&self, number: u64) -> Option<usize> {
        match &*self.lock() {
            State::Open(pending) => pending.get(&number).map(|w| w.limit),
            State::Closed(_) => None,
        }
    }

    /// Hands a reply to the one who waits for it.
    fn deliver(&self, number: u64, reply: Reply) {
        let waiting = match &mut *self.lock() {
            State::Open(pending) => pending.remove(&number),
            State::Closed(_) => None,
        };
        let Some(waiting) = waiting else { return };
        if let Err(Ok(Reply::Opened(handle))) = waiting.answer.send(Ok(reply)) {
            // Nobody wants the file any more: phones have few handles. The reply to this is nobody's.
            let number = self.next_number.fetch_add(1, Ordering::Relaxed);
            let (answer, _) = oneshot::channel();
            if let State::Open(pending) = &mut *self.lock() {
                let entry = Waiting { answer, limit: MAX_TEXT, _permit: waiting._permit };
                pending.insert(number, entry);
            }
            let _ = self.to_writer.send(ReadRequest::Close { handle }.to_packet(number).encode());
        }
    }
}

/// Writes requests as they come; those that wait together go out together.
async fn write_requests<W: AsyncWrite + Unpin>(
    mut writer: W,
    mut requests: mpsc::UnboundedReceiver<Vec<u8>>,
    shared: Arc<Shared>,
) {
    let mut batch = Vec::new();
    while requests.recv_many(&mut batch, MANY).await > 0 {
        let bytes = batch.concat();
        batch.clear();
        let sent = async {
            writer.write_all(&bytes).await?;
            writer.flush().await
        };
        if let Err(error) = sent.await {
            shared.close(AfcError::Disconnected(error.to_string()));
            return;
        }
    }
}

/// Reads replies until the connection ends, one way or the other.
async fn read_replies<R: AsyncRead + Unpin>(mut reader: BufReader<R>, shared: Arc<Shared>) {
    let error = loop {
        match read_reply(&mut reader, &shared).await {
            Ok((number, reply)) => shared.deliver(number, reply),
            Err(error) => break error,
        }
    };
    shared.close(error);
}

async fn read_reply<R: AsyncRead + Unpin>(
    reader: &mut BufReader<R>,
    shared: &Shared,
) -> Result<(u64, Reply), AfcError> {
    let head = read_header(reader, shared).await?;
    let header = Header::decode(&head, MAX_TEXT.max(MAX_READ as usize)).map_err(|e| protocol(&e))?;
    let limit = shared.limit_of(header.number).ok_or_else(|| {
        AfcError::Protocol(format!("an answer to request {}, which was never made", header.number))
    })?;
    if header.bulk_len() > limit {
        let got = header.bulk_len();
        return Err(AfcError::Protocol(format!("{got} bytes where {limit} were asked for")));
    }
    let fixed = read_part(reader, header.fixed_len()).await?;
    let bulk = read_part(reader, header.bulk_len()).await?;
    let reply = Reply::from_parts(&header, &fixed, bulk).map_err(|e| protocol(&e))?;
    Ok((header.number, reply))
}

fn protocol(error: &iexport_proto::DecodeError) -> AfcError {
    AfcError::Protocol(error.to_string())
}

/// Reads a header. Silence is fine as long as nothing is asked.
async fn read_header<R: AsyncRead + Unpin>(
    reader: &mut R,
    shared: &Shared,
) -> Result<[u8; HEADER_LEN], AfcError> {
    let mut head = [0; HEADER_LEN];
    let mut filled = 0;
    while let Some(rest) = head.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match timeout(SILENCE, reader.read(rest)).await {
            Ok(Ok(0)) => return Err(ended()),
            Ok(Ok(n)) => filled += n,
            Ok(Err(error)) => return Err(AfcError::Disconnected(error.to_string())),
            Err(_) if filled == 0 && shared.is_idle() => {}
            Err(_) => return Err(AfcError::TimedOut),
        }
    }
    Ok(head)
}

/// Reads exactly `length` bytes into a buffer of that size.
async fn read_part<R: AsyncRead + Unpin>(reader: &mut R, length: usize) -> Result<Vec<u8>, AfcError> {
    let mut part = Vec::with_capacity(length);
    let mut limited = reader.take(length as u64);
    while part.len() < length {
        match timeout(SILENCE, limited.read_buf(&mut part)).await {
            Ok(Ok(0)) => return Err(ended()),
            Ok(Ok(_)) => {}
            Ok(Err(error)) => return Err(AfcError::Disconnected(error.to_string())),
            Err(_) => return Err(AfcError::TimedOut),
        }
    }
    Ok(part)
}

fn ended() -> AfcError {
    AfcError::Disconnected("the phone closed it".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use iexport_proto::Decoded;
    use iexport_proto::afc::{Operation, Packet, Request};
    use tokio::io::DuplexStream;

    /// The phone's end of a connection, driven by hand.
    struct Phone {
        stream: DuplexStream,
        buffer: Vec<u8>,
    }

    impl Phone {
        async fn take(&mut self) -> (u64, Request) {
            loop {
                match Packet::decode(&self.buffer, 1 << 20).unwrap() {
                    Decoded::Message { value, used } => {
                        self.buffer.drain(..used);
                        return (value.number, Request::from_packet(&value).unwrap());
                    }
                    Decoded::Need(_) => {
                        assert!(self.stream.read_buf(&mut self.buffer).await.unwrap() > 0, "closed");
                    }
                }
            }
        }

        async fn give(&mut self, number: u64, reply: Reply) {
            self.stream.write_all(&reply.into_packet(number).encode()).await.unwrap();
        }
    }

    fn pair(at_once: bool) -> (Arc<Connection>, Phone) {
        let (ours, theirs) = tokio::io::duplex(1 << 20);
        (Arc::new(Connection::new(ours, at_once)), Phone { stream: theirs, buffer: Vec::new() })
    }

    fn stat(path: &str) -> ReadRequest {
        ReadRequest::Stat { path: path.into() }
    }

    #[tokio::test]
    async fn replies_find_their_requests_in_any_order() {
        let (connection, mut phone) = pair(true);
        let ask = |path: &'static str| {
            let connection = Arc::clone(&connection);
            tokio::spawn(async move { connection.ask(stat(path)).await })
        };
        let (a, b) = (ask("a"), ask("b"));
        let (first, second) = (phone.take().await, phone.take().await);
        for (number, request) in [second, first] {
            let Request::GetFileInfo { path } = request else { panic!("{request:?}") };
            phone.give(number, Reply::Data(path)).await;
        }
        assert_eq!(a.await.unwrap(), Ok(Reply::Data(b"a".to_vec())));
        assert_eq!(b.await.unwrap(), Ok(Reply::Data(b"b".to_vec())));
    }

    #[tokio::test]
    async fn one_at_a_time_means_one_at_a_time() {
        let (connection, mut phone) = pair(false);
        let asks: Vec<_> = (0..3)
            .map(|n| {
                let connection = Arc::clone(&connection);
                tokio::spawn(async move { connection.ask(stat(&n.to_string())).await })
            })
            .collect();
        for _ in 0..3 {
            let (number, _) = phone.take().await;
            // Nothing more may have been sent before the answer.
            assert!(phone.buffer.is_empty());
            phone.give(number, Reply::Status(Status::ObjectNotFound)).await;
        }
        for ask in asks {
            assert_eq!(ask.await.unwrap(), Err(AfcError::Status(Status::ObjectNotFound)));
        }
    }

    #[tokio::test]
    async fn a_cut_connection_is_told_to_everybody() {
        let (connection, mut phone) = pair(true);
        let ask = tokio::spawn({
            let connection = Arc::clone(&connection);
            async move { connection.ask(stat("a")).await }
        });
        phone.take().await;
        drop(phone);
        assert!(matches!(ask.await.unwrap(), Err(AfcError::Disconnected(_))));
        assert!(!connection.is_open());
        assert!(matches!(connection.ask(stat("b")).await, Err(AfcError::Disconnected(_))));
    }

    #[tokio::test]
    async fn more_data_than_asked_for_ends_the_connection() {
        let (connection, mut phone) = pair(true);
        let ask = tokio::spawn({
            let connection = Arc::clone(&connection);
            async move { connection.ask(ReadRequest::Read { handle: 1, size: 4 }).await }
        });
        let (number, _) = phone.take().await;
        phone.give(number, Reply::Data(b"12345".to_vec())).await;
        assert!(matches!(ask.await.unwrap(), Err(AfcError::Protocol(_))));
    }

    #[tokio::test]
    async fn an_answer_nobody_asked_for_ends_the_connection() {
        let (connection, mut phone) = pair(true);
        let ask = tokio::spawn({
            let connection = Arc::clone(&connection);
            async move { connection.ask(stat("a")).await }
        });
        let (number, _) = phone.take().await;
        phone.give(number + 7, Reply::Status(Status::Success)).await;
        assert!(matches!(ask.await.unwrap(), Err(AfcError::Protocol(_))));
    }

    #[tokio::test(start_paused = true)]
    async fn silence_ends_the_connection_only_when_something_was_asked() {
        let (connection, mut phone) = pair(true);
        tokio::time::sleep(SILENCE * 3).await;
        assert!(connection.is_open());
        let ask = tokio::spawn({
            let connection = Arc::clone(&connection);
            async move { connection.ask(stat("a")).await }
        });
        phone.take().await;
        assert_eq!(ask.await.unwrap(), Err(AfcError::TimedOut));
    }

    #[tokio::test]
    async fn an_abandoned_open_is_closed() {
        let (connection, mut phone) = pair(true);
        let ask = tokio::spawn({
            let connection = Arc::clone(&connection);
            async move { connection.ask(ReadRequest::Open { path: b"a".to_vec() }).await }
        });
        let (number, _) = phone.take().await;
        ask.abort();
        assert!(ask.await.unwrap_err().is_cancelled());
        phone.give(number, Reply::Opened(5)).await;
        assert_eq!(phone.take().await.1, Request::FileClose { handle: 5 });
    }

    #[tokio::test]
    async fn nothing_that_could_be_sent_writes() {
        let every = [
            ReadRequest::List { path: vec![] },
            stat("x"),
            ReadRequest::DeviceInfo,
            ReadRequest::Open { path: vec![] },
            ReadRequest::Read { handle: 1, size: 1 },
            ReadRequest::Seek { handle: 1, position: 1 },
            ReadRequest::Close { handle: 1 },
        ];
        for request in every {
            let packet = request.to_packet(1);
            assert!(!Request::from_packet(&packet).unwrap().writes(), "{request:?}");
            assert_ne!(packet.operation, Operation::FileWrite);
        }
    }
}
