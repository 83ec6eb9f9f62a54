//! TCP connects: each address in order, each with its own record.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use tokio::net::{TcpSocket, TcpStream};
use tokio::time::{Instant, timeout_at};

use crate::model::Failure;
use crate::model::measurement::{TcpConnect, TcpStatus};

use super::failure;
use super::log::{FetchLog, add_phase};

/// How many addresses are tried for one hop.
const MAX_ADDRESSES: usize = 6;

/// How a vantage connects.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Dialer {
    /// The source address; addresses of the other family are left out.
    pub(crate) bind: Option<IpAddr>,
    /// The limit of one connect.
    pub(crate) timeout: Duration,
}

/// An established connection.
pub(crate) struct Dialled {
    pub(crate) stream: TcpStream,
    pub(crate) ip: IpAddr,
    pub(crate) transaction_id: u64,
}

impl Dialer {
    /// Tries the addresses one after the other until one accepts.
    ///
    /// One at a time, without the race of RFC 8305, because each address's own failure is measured.
    /// Each address gets its share of the remaining time, so that silent addresses leave time for
    /// the others, and at most the connect time-out. Fails with the last address's failure.
    pub(crate) async fn dial(
        &self,
        addresses: &[IpAddr],
        port: u16,
        log: &mut FetchLog,
        deadline: Instant,
    ) -> Result<Dialled, Failure> {
        let mut queue = self.order(addresses);
        let mut last = Failure::from(Failure::NETWORK_UNREACHABLE);
        while let Some(ip) = queue.pop() {
            let t0 = log.elapsed();
            let transaction_id = log.next_id();
            let left = deadline.saturating_duration_since(Instant::now());
            let shares = u32::try_from(queue.len())
                .unwrap_or(u32::MAX)
                .saturating_add(1);
            let until = Instant::now() + self.timeout.min(left / shares);
            let result = self.connect(SocketAddr::new(ip, port), until).await;
            let t = log.elapsed();
            add_phase(&mut log.connect_ms, t0, t);
            let failure = result.as_ref().err().cloned();
            log.tcp_connect.push(TcpConnect {
                ip: ip.to_string(),
                port,
                status: TcpStatus {
                    success: failure.is_none(),
                    failure,
                },
                t0,
                t,
                transaction_id,
                tags: Vec::new(),
            });
            match result {
                Ok(stream) => {
                    return Ok(Dialled {
                        stream,
                        ip,
                        transaction_id,
                    });
                }
                Err(failure) => last = failure,
            }
        }
        Err(last)
    }

    /// For the address of a resolver or proxy: a source address of the other family is dropped,
    /// because it only applies to probes.
    pub(crate) fn with_family_of(self, ip: IpAddr) -> Self {
        Self {
            bind: self.bind.filter(|bind| bind.is_ipv4() == ip.is_ipv4()),
            ..self
        }
    }

    /// One connect, without a record.
    pub(crate) async fn connect(
        &self,
        address: SocketAddr,
        until: Instant,
    ) -> Result<TcpStream, Failure> {
        let socket = if address.is_ipv4() {
            TcpSocket::new_v4()
        } else {
            TcpSocket::new_v6()
        }
        .map_err(|e| failure::from_io(&e))?;
        if let Some(bind) = self.bind {
            socket
                .bind(SocketAddr::new(bind, 0))
                .map_err(|e| failure::from_io(&e))?;
        }
        let stream = timeout_at(until, socket.connect(address))
            .await
            .map_err(|_| failure::timeout())?
            .map_err(|e| failure::from_io(&e))?;
        // A request is written at once; waiting to fill a segment would only distort the times.
        stream.set_nodelay(true).map_err(|e| failure::from_io(&e))?;
        Ok(stream)
    }

    /// The addresses to try, last first: families alternate, starting with IPv6 (RFC 8305 section
    /// 4).
    fn order(&self, addresses: &[IpAddr]) -> Vec<IpAddr> {
        let usable = |ip: &&IpAddr| self.bind.is_none_or(|bind| bind.is_ipv4() == ip.is_ipv4());
        let mut sixes = addresses.iter().filter(usable).filter(|ip| ip.is_ipv6());
        let mut fours = addresses.iter().filter(usable).filter(|ip| ip.is_ipv4());
        let mut order: Vec<IpAddr> = Vec::with_capacity(addresses.len().min(MAX_ADDRESSES));
        loop {
            let pair = [sixes.next(), fours.next()];
            if pair == [None, None] {
                break;
            }
            for ip in pair.into_iter().flatten() {
                if order.len() < MAX_ADDRESSES && !order.contains(ip) {
                    order.push(*ip);
                }
            }
        }
        order.reverse();
        order
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(bind: Option<&str>, addresses: &[&str]) -> Vec<String> {
        let dialer = Dialer {
            bind: bind.map(|ip| ip.parse().unwrap()),
            timeout: Duration::from_secs(1),
        };
        let parsed: Vec<IpAddr> = addresses.iter().map(|ip| ip.parse().unwrap()).collect();
        let order = dialer.order(&parsed);
        order.iter().rev().map(ToString::to_string).collect()
    }

    #[test]
    fn families_alternate_and_six_leads() {
        let mixed = ["192.0.2.1", "192.0.2.2", "2001:db8::1", "192.0.2.1"];
        assert_eq!(
            order(None, &mixed),
            ["2001:db8::1", "192.0.2.1", "192.0.2.2"]
        );
    }

    #[test]
    fn a_source_address_leaves_the_other_family_out() {
        let mixed = ["192.0.2.1", "2001:db8::1"];
        assert_eq!(order(Some("127.0.0.2"), &mixed), ["192.0.2.1"]);
        assert_eq!(order(Some("::1"), &mixed), ["2001:db8::1"]);
    }

    #[test]
    fn there_is_an_end() {
        let many: Vec<String> = (0..100).map(|n| format!("192.0.2.{n}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(order(None, &many).len(), MAX_ADDRESSES);
    }
}
