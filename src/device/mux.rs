//! A client of `usbmuxd`'s socket. One connection per request, as the daemon expects.

use std::time::Duration;

use iexport_proto::Decoded;
use iexport_proto::usbmux::{Attached, Event, MAX_DAEMON_PAYLOAD, Packet, Reply, Request, ResultCode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;

use super::link::{ByteStream, LABEL};
use super::{DeviceError, MuxAddress, Udid, socket};

/// How long a daemon may take to answer. It answers from memory; libusbmuxd waits 5 s as well.
const ANSWER: Duration = Duration::from_secs(5);

/// A `usbmuxd` at an address. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct MuxClient {
    address: MuxAddress,
}

impl MuxClient {
    /// The daemon at `address`; nothing is opened yet.
    pub(super) const fn new(address: MuxAddress) -> Self {
        Self { address }
    }

    /// The devices that are there now.
    pub(super) async fn list(&self) -> Result<Vec<Attached>, DeviceError> {
        match self.ask(&Request::ListDevices).await? {
            Reply::DeviceList(devices) => Ok(devices),
            other => Err(self.unexpected(&other)),
        }
    }

    /// The identity of this computer.
    pub(super) async fn read_buid(&self) -> Result<String, DeviceError> {
        match self.ask(&Request::ReadBuid).await? {
            Reply::Buid(buid) => Ok(buid),
            other => Err(self.unexpected(&other)),
        }
    }

    /// The pairing with a phone: a property list. `None` if the daemon has none.
    pub(super) async fn read_pair_record(&self, udid: &Udid) -> Result<Option<Vec<u8>>, DeviceError> {
        match self.ask(&Request::ReadPairRecord { udid: udid.to_string() }).await? {
            Reply::PairRecord(record) => Ok(Some(record)),
            // Whatever the number: there is no record to be had.
            Reply::Result(code) if code != ResultCode::Ok => Ok(None),
            other => Err(self.unexpected(&other)),
        }
    }

    /// Stores the pairing with a phone.
    pub(super) async fn save_pair_record(
        &self,
        udid: &Udid,
        record: Vec<u8>,
        device_id: u32,
    ) -> Result<(), DeviceError> {
        let request = Request::SavePairRecord { udid: udid.to_string(), record, device_id: Some(device_id) };
        match self.ask(&request).await? {
            // `rusbmux` as a daemon tells listeners first, and us with them (facts/protocols.md section 6.3).
            Reply::Result(ResultCode::Ok) | Reply::Event(Event::Paired { .. }) => Ok(()),
            Reply::Result(code) => {
                Err(DeviceError::PairRecord(format!("usbmuxd does not store it, result {}", code.to_wire())))
            }
            other => Err(self.unexpected(&other)),
        }
    }

    /// Becomes a stream to a port of a phone.
    pub(super) async fn connect_port(
        &self,
        device_id: u32,
        port: u16,
    ) -> Result<Box<dyn ByteStream>, DeviceError> {
        let mut conversation = self.open().await?;
        let request = Request::Connect { device_id: Some(device_id), port: Some(port) };
        match conversation.ask(&request).await? {
            Reply::Result(ResultCode::Ok) => conversation.into_stream(),
            Reply::Result(ResultCode::BadDevice) => {
                Err(DeviceError::Disconnected("the iPhone is not connected any more".to_owned()))
            }
            Reply::Result(ResultCode::ConnectionRefused) => {
                Err(DeviceError::Protocol(format!("nothing listens on port {port}")))
            }
            other => Err(self.unexpected(&other)),
        }
    }

    /// Subscribes to devices that come and go. Those that are there come first.
    pub(super) async fn listen(&self) -> Result<Conversation, DeviceError> {
        let mut conversation = self.open().await?;
        match conversation.ask(&Request::Listen).await? {
            Reply::Result(ResultCode::Ok) => Ok(conversation),
            other => Err(self.unexpected(&other)),
        }
    }

    async fn ask(&self, request: &Request) -> Result<Reply, DeviceError> {
        self.open().await?.ask(request).await
    }

    async fn open(&self) -> Result<Conversation, DeviceError> {
        let connected = timeout(ANSWER, socket::connect(&self.address)).await;
        let stream = connected.map_err(|_| self.unreachable("no answer"))?.map_err(|error| {
            if error.kind() == std::io::ErrorKind::PermissionDenied {
                DeviceError::SocketPermission(self.address.clone())
            } else {
                self.unreachable(&error.to_string())
            }
        })?;
        Ok(Conversation { address: self.address.clone(), stream, buffer: Vec::new(), tag: 0 })
    }

    fn unreachable(&self, reason: &str) -> DeviceError {
        DeviceError::MuxUnreachable { address: self.address.clone(), reason: reason.to_owned() }
    }

    fn unexpected(&self, reply: &Reply) -> DeviceError {
        let reason = match reply {
            Reply::Result(code) => format!("result {}", code.to_wire()),
            Reply::DeviceList(_) => "a device list".to_owned(),
            Reply::Buid(_) => "its identity".to_owned(),
            Reply::PairRecord(_) => "a pairing".to_owned(),
            Reply::ListenerList(_) => "a list of listeners".to_owned(),
            Reply::Event(_) => "an event".to_owned(),
        };
        DeviceError::MuxProtocol { address: self.address.clone(), reason }
    }
}

/// One open connection to the daemon.
#[derive(Debug)]
pub(super) struct Conversation {
    address: MuxAddress,
    stream: Box<dyn ByteStream>,
    buffer: Vec<u8>,
    tag: u32,
}

impl Conversation {
    async fn ask(&mut self, request: &Request) -> Result<Reply, DeviceError> {
        self.tag += 1;
        let packet = request.encode(LABEL, self.tag);
        let exchange = async {
            self.stream.write_all(&packet).await.map_err(|error| self.lost(&error))?;
            self.next_reply().await
        };
        timeout(ANSWER, exchange).await.map_err(|_| DeviceError::TimedOut)?
    }

    /// The next event of a connection that listens; waits for ever.
    pub(super) async fn next_event(&mut self) -> Result<Event, DeviceError> {
        loop {
            if let Reply::Event(event) = self.next_reply().await? {
                return Ok(event);
            }
        }
    }

    async fn next_reply(&mut self) -> Result<Reply, DeviceError> {
        loop {
            let nonsense = |error: iexport_proto::DecodeError| DeviceError::MuxProtocol {
                address: self.address.clone(),
                reason: error.to_string(),
            };
            match Packet::decode(&self.buffer, MAX_DAEMON_PAYLOAD).map_err(nonsense)? {
                Decoded::Message { value, used } => {
                    self.buffer.drain(..used);
                    let dict = value.dictionary().map_err(nonsense)?;
                    return Reply::from_dict(&dict).map_err(nonsense);
                }
                Decoded::Need(_) => {
                    let read = self.stream.read_buf(&mut self.buffer).await;
                    if read.map_err(|error| self.lost(&error))? == 0 {
                        return Err(DeviceError::Disconnected("usbmuxd closed the connection".to_owned()));
                    }
                }
            }
        }
    }

    /// After a successful `Connect`: the bytes belong to the phone.
    fn into_stream(self) -> Result<Box<dyn ByteStream>, DeviceError> {
        // A phone never speaks first on the services that this program uses, so nothing can be left over.
        if self.buffer.is_empty() {
            Ok(self.stream)
        } else {
            Err(DeviceError::MuxProtocol {
                address: self.address,
                reason: "more bytes than the answer to Connect".to_owned(),
            })
        }
    }

    fn lost(&self, error: &std::io::Error) -> DeviceError {
        DeviceError::Disconnected(format!("usbmuxd at {}: {error}", self.address))
    }
}
