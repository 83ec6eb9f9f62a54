//! HTTP CONNECT (RFC 9110 section 9.3.6), with Basic login (RFC 7617).
//!
//! Also used for plain `http` targets, so that the exchange reaches the target unchanged. Proxies
//! that allow CONNECT only to port 443 (Squid's default) refuse those.

use data_encoding::BASE64;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use url::Host;

use crate::model::Failure;
use crate::model::measurement::ProxyFacts;

use super::ProxyFault;

/// The size limit of the answer's head.
const MAX_HEAD: usize = 16 * 1024;
const END: &[u8] = b"\r\n\r\n";

/// The value of `Proxy-Authorization`.
pub(super) fn basic(user: &str, password: &str) -> Result<String, &'static str> {
    if user.contains(':') {
        return Err("HTTP allows no colon in the user");
    }
    Ok(format!(
        "Basic {}",
        BASE64.encode(format!("{user}:{password}").as_bytes())
    ))
}

/// Requests a tunnel to the target.
pub(super) async fn request(
    stream: &mut TcpStream,
    host: &Host<&str>,
    port: u16,
    authorization: Option<&str>,
    facts: &mut ProxyFacts,
) -> Result<(), ProxyFault> {
    let login = authorization.map_or_else(String::new, |value| {
        format!("Proxy-Authorization: {value}\r\n")
    });
    let message = format!("CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n{login}\r\n");
    stream
        .write_all(message.as_bytes())
        .await
        .map_err(|_| broken())?;
    let head = read_head(stream).await?;
    let head = String::from_utf8_lossy(&head);
    let status = status(&head).ok_or_else(broken)?;
    facts.connect_status = Some(status);
    match status {
        200..=299 => Ok(()),
        407 => Err(ProxyFault::proxy(Failure::PROXY_AUTH)),
        502 => Err(ProxyFault::target(Failure::SOCKS_HOST_UNREACHABLE)),
        504 => Err(ProxyFault::target(Failure::TIMEOUT)),
        503 if squid_blames_target(&head) => {
            Err(ProxyFault::target(Failure::SOCKS_HOST_UNREACHABLE))
        }
        _ => Err(ProxyFault::proxy(Failure::PROXY_REFUSED)),
    }
}

/// Reads the answer's head and no further byte, because the rest belongs to the target.
async fn read_head(stream: &mut TcpStream) -> Result<Vec<u8>, ProxyFault> {
    let mut head = Vec::with_capacity(256);
    let mut seen = [0; 1024];
    while head.len() < MAX_HEAD {
        let waiting = stream.peek(&mut seen).await.map_err(|_| broken())?;
        if waiting == 0 {
            return Err(broken());
        }
        let before = head.len();
        head.extend_from_slice(&seen[..waiting]);
        // The end may be split over two reads.
        let from = before.saturating_sub(END.len() - 1);
        let end = head[from..]
            .windows(END.len())
            .position(|window| window == END)
            .map(|at| from + at + END.len());
        if let Some(end) = end {
            head.truncate(end);
        }
        let taken = head.len() - before;
        stream
            .read_exact(&mut seen[..taken])
            .await
            .map_err(|_| broken())?;
        if end.is_some() {
            return Ok(head);
        }
    }
    Err(broken())
}

/// The status of `HTTP/1.x NNN …`.
fn status(head: &str) -> Option<u16> {
    let rest = head.strip_prefix("HTTP/1.")?;
    let code = rest.split(' ').nth(1)?.trim_end();
    let is_code = code.len() == 3 && code.bytes().all(|b| b.is_ascii_digit());
    is_code.then(|| code.parse().ok()).flatten()
}

/// Squid, the most common proxy of institutions, answers 503 for a target that it cannot reach or
/// resolve, and names its error page in `X-Squid-Error`.
fn squid_blames_target(head: &str) -> bool {
    head.lines()
        .filter_map(|line| line.split_once(':'))
        .filter(|(name, _)| name.eq_ignore_ascii_case("x-squid-error"))
        .any(|(_, value)| {
            let value = value.trim_start();
            value.starts_with("ERR_CONNECT_FAIL") || value.starts_with("ERR_DNS_FAIL")
        })
}

/// The answer is not HTTP.
fn broken() -> ProxyFault {
    ProxyFault::proxy(Failure::PROXY_CONNECT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_lines_are_read_strictly() {
        assert_eq!(status("HTTP/1.1 200 Connection established\r\n"), Some(200));
        assert_eq!(status("HTTP/1.0 407\r\n\r\n"), Some(407));
        for bad in ["HTTP/1.1 20\r\n", "HTTP/1.1 +20 x", "SSH-2.0", "HTTP/1.1"] {
            assert_eq!(status(bad), None, "{bad}");
        }
    }

    #[test]
    fn squids_own_faults_are_its_own() {
        assert!(squid_blames_target(
            "HTTP/1.1 503 x\r\nX-Squid-Error: ERR_DNS_FAIL 0\r\n"
        ));
        assert!(!squid_blames_target(
            "HTTP/1.1 503 x\r\nX-Squid-Error: ERR_SHUTTING_DOWN 0\r\n"
        ));
    }

    #[test]
    fn logins_are_basic() {
        // The example of RFC 7617 section 2.
        let value = basic("Aladdin", "open sesame").unwrap();
        assert_eq!(value, "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        assert!(basic("a:b", "").is_err());
    }
}
