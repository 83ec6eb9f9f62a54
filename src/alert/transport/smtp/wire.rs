//! The bytes of an SMTP conversation: lines and replies of bounded length within bounded time.

use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::time::timeout;

use super::reply::{SmtpReply, parse_line};

/// The longest line that is read. RFC 5321 allows 512 octets.
pub const LINE: usize = 4 * 1024;

/// The longest reply.
pub const REPLY: usize = 64 * 1024;

/// A stream, encrypted or not.
pub trait SmtpStream: AsyncRead + AsyncWrite + Send + Sync + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Sync + Unpin> SmtpStream for T {}

/// Why the conversation ended.
#[derive(Debug, thiserror::Error)]
pub enum WireError {
    #[error("{0}")]
    Io(#[from] std::io::Error),
    #[error("the server closed the connection")]
    Closed,
    #[error("no answer in time")]
    Late(Duration),
    #[error("the server sent {0}, so the connection was closed")]
    TooLong(&'static str),
    /// A line that is not part of an SMTP reply.
    #[error("the server says `{0}`, which is not a reply of a mail server")]
    NotSmtp(String),
}

/// An open connection.
pub struct SmtpWire {
    io: BufReader<Box<dyn SmtpStream>>,
}

impl SmtpWire {
    pub fn new(io: Box<dyn SmtpStream>) -> Self {
        Self {
            io: BufReader::with_capacity(LINE, io),
        }
    }

    /// The stream below, to be wrapped in TLS. `Err` when the server has already sent more: that
    /// would otherwise count as said under TLS.
    pub fn into_plain(self) -> Result<Box<dyn SmtpStream>, WireError> {
        if self.io.buffer().is_empty() {
            return Ok(self.io.into_inner());
        }
        Err(WireError::NotSmtp(
            "more in the clear after STARTTLS".to_owned(),
        ))
    }

    /// Sends a command and reads the reply.
    pub async fn ask(&mut self, command: &str, limit: Duration) -> Result<SmtpReply, WireError> {
        self.write(format!("{command}\r\n").as_bytes(), limit)
            .await?;
        self.reply(limit).await
    }

    /// Writes all of it.
    pub async fn write(&mut self, bytes: &[u8], limit: Duration) -> Result<(), WireError> {
        let writing = async {
            self.io.get_mut().write_all(bytes).await?;
            self.io.get_mut().flush().await
        };
        timeout(limit, writing)
            .await
            .map_err(|_| WireError::Late(limit))?
            .map_err(WireError::Io)
    }

    /// Reads one reply within `limit`.
    pub async fn reply(&mut self, limit: Duration) -> Result<SmtpReply, WireError> {
        timeout(limit, self.read_reply())
            .await
            .unwrap_or(Err(WireError::Late(limit)))
    }

    async fn read_reply(&mut self) -> Result<SmtpReply, WireError> {
        let mut lines = Vec::new();
        let mut length = 0;
        loop {
            let line = self.line().await?;
            length += line.len().max(1);
            if length > REPLY {
                return Err(WireError::TooLong("a reply of more than 64 KiB"));
            }
            let Some((code, more, text)) = parse_line(&line) else {
                return Err(WireError::NotSmtp(line));
            };
            lines.push(text.to_owned());
            if !more {
                return Ok(SmtpReply { code, lines });
            }
        }
    }

    /// One line without its end.
    async fn line(&mut self) -> Result<String, WireError> {
        let mut line = Vec::new();
        loop {
            let buffer = self.io.fill_buf().await?;
            if buffer.is_empty() {
                return Err(WireError::Closed);
            }
            let end = memchr::memchr(b'\n', buffer);
            let taken = end.map_or(buffer.len(), |at| at + 1);
            if line.len() + taken > LINE {
                return Err(WireError::TooLong("a line of more than 4 KiB"));
            }
            line.extend_from_slice(&buffer[..taken]);
            self.io.consume(taken);
            if end.is_some() {
                let text = String::from_utf8_lossy(&line);
                return Ok(text.trim_end_matches(['\r', '\n']).to_owned());
            }
        }
    }
}

/// The body as it is sent: lines end in CRLF, a leading dot is doubled, a single dot ends it.
pub fn body(eml: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(eml.len() + eml.len() / 32 + 8);
    let text = eml.strip_suffix(b"\n").unwrap_or(eml);
    for line in text.split(|b| *b == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.first() == Some(&b'.') {
            out.push(b'.');
        }
        // Some servers end a line at a bare carriage return, and others do not.
        out.extend(line.iter().filter(|b| **b != b'\r'));
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(b".\r\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOON: Duration = Duration::from_secs(5);

    async fn read(bytes: &'static [u8]) -> Result<SmtpReply, WireError> {
        let (ours, mut theirs) = tokio::io::duplex(256);
        let writing = tokio::spawn(async move {
            let _ = theirs.write_all(bytes).await;
        });
        let reply = SmtpWire::new(Box::new(ours)).reply(SOON).await;
        writing.abort();
        reply
    }

    #[tokio::test]
    async fn a_reply_has_all_its_lines() {
        let reply = read(b"250-a\r\n250-b\n250 c\r\nrest").await.unwrap();
        assert_eq!((reply.code, reply.text().as_str()), (250, "a b c"));
        assert!(matches!(read(b"250-a\r\n").await, Err(WireError::Closed)));
        assert!(matches!(
            read(b"HTTP/1.1 400\r\n").await,
            Err(WireError::NotSmtp(_))
        ));
    }

    #[tokio::test]
    async fn lines_and_replies_are_bounded() {
        for (start, again) in [("220 ", "x"), ("220-", "x\r\n220-"), ("220-", "\r\n220-")] {
            let (ours, mut theirs) = tokio::io::duplex(1 << 16);
            let writing = tokio::spawn(async move {
                let mut sent = 0;
                theirs.write_all(start.as_bytes()).await.ok();
                while theirs.write_all(again.as_bytes()).await.is_ok() {
                    sent += again.len();
                    assert!(sent < 1 << 20, "it is not closed");
                }
            });
            let mut wire = SmtpWire::new(Box::new(ours));
            let error = wire.reply(SOON).await.unwrap_err();
            assert!(matches!(error, WireError::TooLong(_)), "{again:?}: {error}");
            drop(wire);
            writing.await.unwrap();
        }
    }

    #[test]
    fn a_body_is_stuffed_and_ends_in_a_dot() {
        assert_eq!(body(b"a\r\n.\r\n..b\nc"), b"a\r\n..\r\n...b\r\nc\r\n.\r\n");
        assert_eq!(body(b"a\r\n"), b"a\r\n.\r\n");
        assert_eq!(body(b"a\r.\r\n"), b"a.\r\n.\r\n");
        assert_eq!(body(b"a\n\n"), b"a\r\n\r\n.\r\n");
    }
}
