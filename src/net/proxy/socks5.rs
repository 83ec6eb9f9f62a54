//! SOCKS5 (RFC 1928), with user and password (RFC 1929).

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use url::Host;

use crate::model::Failure;
use crate::model::measurement::ProxyFacts;

use super::ProxyFault;

const VERSION: u8 = 5;
const LOGIN_VERSION: u8 = 1;
const NO_LOGIN: u8 = 0;
const USER_PASSWORD: u8 = 2;
const NO_METHOD: u8 = 0xff;
const CONNECT: u8 = 1;
const IPV4: u8 = 1;
const DOMAIN: u8 = 3;
const IPV6: u8 = 4;

/// RFC 1929's message, ready to be sent.
pub(super) struct SocksLogin(Vec<u8>);

impl SocksLogin {
    /// Both parts have 1 to 255 bytes; in practice the password may be empty.
    pub(super) fn new(user: &str, password: &str) -> Result<Self, &'static str> {
        let (Ok(user_length), Ok(password_length)) =
            (u8::try_from(user.len()), u8::try_from(password.len()))
        else {
            return Err("SOCKS5 carries at most 255 bytes each");
        };
        let mut message = vec![LOGIN_VERSION, user_length];
        message.extend(user.as_bytes());
        message.push(password_length);
        message.extend(password.as_bytes());
        Ok(Self(message))
    }
}

/// Negotiates a method and logs in; every failure here is the proxy's own.
pub(super) async fn greet<S>(stream: &mut S, login: Option<&SocksLogin>) -> Result<(), ProxyFault>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let methods: &[u8] = match login {
        Some(_) => &[VERSION, 2, NO_LOGIN, USER_PASSWORD],
        None => &[VERSION, 1, NO_LOGIN],
    };
    stream.write_all(methods).await.map_err(broken)?;
    let mut choice = [0; 2];
    stream.read_exact(&mut choice).await.map_err(broken)?;
    match (choice, login) {
        ([VERSION, NO_LOGIN], _) => Ok(()),
        ([VERSION, USER_PASSWORD], Some(SocksLogin(message))) => {
            stream.write_all(message).await.map_err(broken)?;
            let mut status = [0; 2];
            stream.read_exact(&mut status).await.map_err(broken)?;
            match status {
                [LOGIN_VERSION, 0] => Ok(()),
                [LOGIN_VERSION, _] => Err(ProxyFault::proxy(Failure::SOCKS_AUTH)),
                _ => Err(ProxyFault::proxy(Failure::SOCKS_PROTOCOL)),
            }
        }
        ([VERSION, NO_METHOD], _) => Err(ProxyFault::proxy(Failure::SOCKS_AUTH)),
        _ => Err(ProxyFault::proxy(Failure::SOCKS_PROTOCOL)),
    }
}

/// Requests the target; a name is sent as a name.
pub(super) async fn request<S>(
    stream: &mut S,
    host: &Host<&str>,
    port: u16,
    facts: &mut ProxyFacts,
) -> Result<(), ProxyFault>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut message = vec![VERSION, CONNECT, 0];
    match host {
        Host::Ipv4(ip) => {
            message.push(IPV4);
            message.extend(ip.octets());
        }
        Host::Ipv6(ip) => {
            message.push(IPV6);
            message.extend(ip.octets());
        }
        Host::Domain(name) => {
            // A longer text is not a name (RFC 1035 section 2.3.4).
            let length =
                u8::try_from(name.len()).map_err(|_| ProxyFault::target(Failure::DNS_NXDOMAIN))?;
            message.extend([DOMAIN, length]);
            message.extend(name.as_bytes());
        }
    }
    message.extend(port.to_be_bytes());
    stream.write_all(&message).await.map_err(broken)?;
    read_reply(stream, facts).await
}

async fn read_reply<S>(stream: &mut S, facts: &mut ProxyFacts) -> Result<(), ProxyFault>
where
    S: AsyncRead + Unpin,
{
    // A refusal may end here, without the address.
    let mut head = [0; 2];
    stream.read_exact(&mut head).await.map_err(broken)?;
    if head[0] != VERSION {
        return Err(ProxyFault::proxy(Failure::SOCKS_PROTOCOL));
    }
    facts.socks_reply = Some(head[1]);
    if let Some(fault) = of_reply(head[1]) {
        return Err(fault);
    }
    let mut kind = [0; 2];
    stream.read_exact(&mut kind).await.map_err(broken)?;
    let length = match kind[1] {
        IPV4 => 4,
        IPV6 => 16,
        DOMAIN => usize::from(stream.read_u8().await.map_err(broken)?),
        _ => return Err(ProxyFault::proxy(Failure::SOCKS_PROTOCOL)),
    };
    let mut address_and_port = vec![0; length + 2];
    stream
        .read_exact(&mut address_and_port)
        .await
        .map_err(broken)?;
    Ok(())
}

/// The meaning of a reply code (RFC 1928 section 6), and whose failure it is.
fn of_reply(code: u8) -> Option<ProxyFault> {
    Some(match code {
        0 => return None,
        1 => ProxyFault::proxy(Failure::SOCKS_GENERAL),
        2 => ProxyFault::proxy(Failure::SOCKS_NOT_ALLOWED),
        3 => ProxyFault::target(Failure::SOCKS_NETWORK_UNREACHABLE),
        4 => ProxyFault::target(Failure::SOCKS_HOST_UNREACHABLE),
        5 => ProxyFault::target(Failure::SOCKS_REFUSED),
        6 => ProxyFault::target(Failure::SOCKS_TTL),
        7 => ProxyFault::proxy(Failure::SOCKS_COMMAND),
        8 => ProxyFault::proxy(Failure::SOCKS_ADDRESS),
        _ => ProxyFault::proxy(Failure::SOCKS_PROTOCOL),
    })
}

/// The stream to the proxy broke: an end or a reset.
#[allow(clippy::needless_pass_by_value)] // handed to map_err
fn broken(_: std::io::Error) -> ProxyFault {
    ProxyFault::proxy(Failure::SOCKS_PROTOCOL)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_name_is_sent_as_a_name() {
        let (mut near, mut far) = tokio::io::duplex(256);
        let mut facts = ProxyFacts::default();
        far.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0, b'x'])
            .await
            .unwrap();
        request(&mut near, &Host::Domain("a.example"), 443, &mut facts)
            .await
            .unwrap();
        assert_eq!(facts.socks_reply, Some(0));
        let mut sent = [0; 16];
        far.read_exact(&mut sent).await.unwrap();
        assert_eq!(&sent, b"\x05\x01\x00\x03\x09a.example\x01\xbb");
        assert_eq!(
            near.read_u8().await.unwrap(),
            b'x',
            "the target's first byte"
        );
    }

    #[test]
    fn a_login_that_cannot_be_sent_is_refused() {
        assert!(SocksLogin::new("u", &"p".repeat(256)).is_err());
        assert_eq!(
            SocksLogin::new("u", "pw").ok().unwrap().0,
            b"\x01\x01u\x02pw"
        );
    }
}
