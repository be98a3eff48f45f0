//! Messages of the phone's small services: dictionaries behind a length, read with limits.
//!
//! The `idevice` crate believes the length and waits without end (facts/protocols.md section 9.3); a phone that
//! lies or falls silent must cost neither memory nor patience. Knows no service.

use std::time::Duration;

use iexport_proto::{DecodeError, Decoded, lockdown};
use plist::Dictionary;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;

use super::DeviceError;

/// How long the phone may take for one message.
pub(super) const ANSWER: Duration = Duration::from_secs(20);

/// Sends one message, in one piece.
///
/// # Errors
/// The connection is gone, or the phone does not take the message.
pub(super) async fn send<S>(stream: &mut S, message: &Dictionary) -> Result<(), DeviceError>
where
    S: AsyncWrite + Unpin,
{
    let sending = async {
        stream.write_all(&lockdown::encode(message)).await?;
        stream.flush().await
    };
    match timeout(ANSWER, sending).await {
        Ok(sent) => sent.map_err(|error| DeviceError::Disconnected(error.to_string())),
        Err(_) => Err(DeviceError::TimedOut),
    }
}

/// Receives one message of up to `limit` bytes and not a byte of what follows it; says how many bytes it was.
///
/// # Errors
/// [`DeviceError::Protocol`] for a longer one or for what is no message, [`DeviceError::TimedOut`] when it is
/// not there in time, however it trickles, [`DeviceError::Disconnected`] at the end of the stream.
pub(super) async fn receive<S>(stream: &mut S, limit: usize) -> Result<(Dictionary, usize), DeviceError>
where
    S: AsyncRead + Unpin,
{
    receive_within(stream, limit, ANSWER).await
}

/// The same for an answer that takes longer to find.
///
/// # Errors
/// As for [`receive`].
pub(super) async fn receive_within<S>(
    stream: &mut S,
    limit: usize,
    patience: Duration,
) -> Result<(Dictionary, usize), DeviceError>
where
    S: AsyncRead + Unpin,
{
    timeout(patience, read(stream, limit)).await.map_err(|_| DeviceError::TimedOut)?
}

async fn read<S>(stream: &mut S, limit: usize) -> Result<(Dictionary, usize), DeviceError>
where
    S: AsyncRead + Unpin,
{
    // Grows as bytes arrive, not as they are promised.
    let mut frame = Vec::new();
    loop {
        let wanted = match lockdown::decode(&frame, limit).map_err(|error| protocol(&error))? {
            Decoded::Message { value, used } => return Ok((value, used)),
            Decoded::Need(wanted) => wanted,
        };
        while frame.len() < wanted {
            let missing = (wanted - frame.len()) as u64;
            match (&mut *stream).take(missing).read_buf(&mut frame).await {
                Ok(0) => return Err(DeviceError::Disconnected("the phone closed it".to_owned())),
                Ok(_) => {}
                Err(error) => return Err(DeviceError::Disconnected(error.to_string())),
            }
        }
    }
}

/// What was decoded makes no sense.
pub(super) fn protocol(error: &DecodeError) -> DeviceError {
    DeviceError::Protocol(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message() -> Dictionary {
        [("Status".to_owned(), plist::Value::from("Complete"))].into_iter().collect()
    }

    #[tokio::test]
    async fn what_follows_a_message_stays_in_the_stream() {
        let (mut ours, mut theirs) = tokio::io::duplex(1 << 16);
        theirs.write_all(&[lockdown::encode(&message()), b"AFC".to_vec()].concat()).await.unwrap();
        let (received, size) = receive(&mut ours, 1 << 10).await.unwrap();
        assert_eq!((received, size), (message(), lockdown::encode(&message()).len()));
        let mut rest = [0; 3];
        ours.read_exact(&mut rest).await.unwrap();
        assert_eq!(&rest, b"AFC");
    }

    #[tokio::test]
    async fn a_length_is_not_believed() {
        let (mut ours, mut theirs) = tokio::io::duplex(64);
        theirs.write_all(&u32::MAX.to_be_bytes()).await.unwrap();
        let error = receive(&mut ours, lockdown::MAX_PAYLOAD).await.unwrap_err();
        assert!(matches!(error, DeviceError::Protocol(_)), "{error}");
        // One that is allowed costs nothing before its bytes are there.
        let (mut ours, mut theirs) = tokio::io::duplex(64);
        theirs.write_all(&(4u32 << 20).to_be_bytes()).await.unwrap();
        drop(theirs);
        let error = receive(&mut ours, lockdown::MAX_PAYLOAD).await.unwrap_err();
        assert!(matches!(error, DeviceError::Disconnected(_)), "{error}");
    }

    #[tokio::test]
    async fn what_is_no_list_is_refused() {
        for payload in [&b"nonsense"[..], b"<plist><array/></plist>", b"bplist00", b""] {
            let (mut ours, mut theirs) = tokio::io::duplex(1 << 10);
            let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
            theirs.write_all(&[&length[..], payload].concat()).await.unwrap();
            let error = receive(&mut ours, 1 << 10).await.unwrap_err();
            assert!(matches!(error, DeviceError::Protocol(_)), "{error}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn silence_and_trickling_end() {
        let (mut ours, mut theirs) = tokio::io::duplex(64);
        assert!(matches!(receive(&mut ours, 64).await, Err(DeviceError::TimedOut)));
        let trickle = tokio::spawn(async move {
            for byte in lockdown::encode(&message()) {
                tokio::time::sleep(ANSWER / 4).await;
                if theirs.write_all(&[byte]).await.is_err() {
                    return;
                }
            }
        });
        assert!(matches!(receive(&mut ours, 1 << 10).await, Err(DeviceError::TimedOut)));
        drop(ours);
        trickle.await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn a_phone_that_takes_nothing_is_given_up() {
        let (mut ours, _theirs) = tokio::io::duplex(4);
        assert!(matches!(send(&mut ours, &message()).await, Err(DeviceError::TimedOut)));
        let (mut ours, theirs) = tokio::io::duplex(4);
        drop(theirs);
        assert!(matches!(send(&mut ours, &message()).await, Err(DeviceError::Disconnected(_))));
    }
}
