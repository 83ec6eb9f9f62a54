//! DNS servers over UDP, TCP, TLS and HTTPS that follow a script.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use hickory_proto::op::{Message, ResponseCode};
use hickory_proto::rr::rdata::{A, AAAA, CNAME};
use hickory_proto::rr::{Name, RData, Record, RecordType};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, UdpSocket};
use tokio::task::JoinHandle;

use super::authority::Identity;
use super::tcp::Server;
use super::tls;

/// The datagrams to send for a question; an empty list is silence.
pub type Script = Arc<dyn Fn(&Message) -> Vec<Vec<u8>> + Send + Sync>;

/// A script from a closure.
pub fn script(play: impl Fn(&Message) -> Vec<Vec<u8>> + Send + Sync + 'static) -> Script {
    Arc::new(play)
}

/// The same reply to every question.
pub fn always(reply: impl Fn(&Message) -> Message + Send + Sync + 'static) -> Script {
    script(move |question| vec![bytes(&reply(question))])
}

/// The message as bytes.
pub fn bytes(message: &Message) -> Vec<u8> {
    message.to_vec().unwrap()
}

/// A reply with this code and no answers.
pub fn code(question: &Message, code: ResponseCode) -> Message {
    let mut reply = question.clone().into_response();
    reply.metadata.response_code = code;
    reply
}

/// The address for A questions, no data for other types.
pub fn v4(question: &Message, ip: [u8; 4]) -> Message {
    answer(question, RecordType::A, RData::A(A(Ipv4Addr::from(ip))))
}

/// `::1` for AAAA questions, no data for other types.
pub fn v6_loopback(question: &Message) -> Message {
    answer(
        question,
        RecordType::AAAA,
        RData::AAAA(AAAA(std::net::Ipv6Addr::LOCALHOST)),
    )
}

/// An alias, and the address for A questions.
pub fn alias(question: &Message, to: &str, ip: [u8; 4]) -> Message {
    let to = Name::from_ascii(to).unwrap();
    let from = question.queries[0].name().clone();
    let mut reply = question.clone().into_response();
    reply.add_answer(Record::from_rdata(
        from,
        300,
        RData::CNAME(CNAME(to.clone())),
    ));
    if asks(question, RecordType::A) {
        let data = RData::A(A(Ipv4Addr::from(ip)));
        reply.add_answer(Record::from_rdata(to, 20, data));
    }
    reply
}

/// Whether the question asks for this type.
pub fn asks(question: &Message, kind: RecordType) -> bool {
    question.queries[0].query_type() == kind
}

fn answer(question: &Message, kind: RecordType, data: RData) -> Message {
    let mut reply = question.clone().into_response();
    if asks(question, kind) {
        let name = question.queries[0].name().clone();
        reply.add_answer(Record::from_rdata(name, 60, data));
    }
    reply
}

/// A resolver on UDP; stops when dropped.
pub struct UdpServer {
    pub addr: SocketAddr,
    task: JoinHandle<()>,
}

impl Drop for UdpServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn serve_udp(socket: UdpSocket, script: Script) -> UdpServer {
    let addr = socket.local_addr().unwrap();
    let task = tokio::spawn(async move {
        let mut buffer = [0; 4096];
        while let Ok((length, from)) = socket.recv_from(&mut buffer).await {
            let question = Message::from_vec(&buffer[..length]).unwrap();
            for reply in script(&question) {
                socket.send_to(&reply, from).await.unwrap();
            }
        }
    });
    UdpServer { addr, task }
}

/// Over UDP.
pub async fn udp(script: Script) -> UdpServer {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    serve_udp(socket, script)
}

/// Over UDP and TCP, on one port.
pub async fn udp_and_tcp(on_udp: Script, on_tcp: Script) -> (UdpServer, Server) {
    loop {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let addr = listener.local_addr().unwrap();
        // Another test may hold the port for UDP.
        if let Ok(socket) = UdpSocket::bind(addr).await {
            let tcp = Server::on(listener, move |stream| framed(stream, on_tcp.clone()));
            return (serve_udp(socket, on_udp), tcp);
        }
    }
}

/// Over TCP.
pub async fn tcp(script: Script) -> Server {
    Server::start(move |stream| framed(stream, script.clone())).await
}

/// Over TLS.
pub async fn dot(identity: &Identity, script: Script) -> Server {
    let acceptor = tls::acceptor(identity, &[]);
    Server::start(move |stream| {
        let (acceptor, script) = (acceptor.clone(), script.clone());
        async move {
            if let Ok(stream) = acceptor.accept(stream).await {
                framed(stream, script).await;
            }
        }
    })
    .await
}

/// Over HTTPS; `head` is the head of the answer, without its length.
pub async fn doh(identity: &Identity, head: &'static str, script: Script) -> Server {
    let acceptor = tls::acceptor(identity, &[b"http/1.1"]);
    Server::start(move |stream| {
        let (acceptor, script) = (acceptor.clone(), script.clone());
        async move {
            if let Ok(stream) = acceptor.accept(stream).await {
                posted(stream, head, script).await;
            }
        }
    })
    .await
}

/// A healthy head for [`doh`].
pub const DOH_OK: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/dns-message\r\n";

async fn framed(mut stream: impl AsyncRead + AsyncWrite + Unpin, script: Script) {
    while let Ok(length) = stream.read_u16().await {
        let mut message = vec![0; usize::from(length)];
        stream.read_exact(&mut message).await.unwrap();
        let question = Message::from_vec(&message).unwrap();
        let replies = script(&question);
        if replies.is_empty() {
            std::future::pending::<()>().await;
        }
        for reply in replies {
            let length = u16::try_from(reply.len()).unwrap();
            stream.write_u16(length).await.unwrap();
            stream.write_all(&reply).await.unwrap();
            stream.flush().await.unwrap();
        }
    }
}

async fn posted(mut stream: impl AsyncRead + AsyncWrite + Unpin, head: &str, script: Script) {
    let mut seen = Vec::new();
    loop {
        let mut chunk = [0; 1024];
        match stream.read(&mut chunk).await {
            Ok(n) if n > 0 => seen.extend_from_slice(&chunk[..n]),
            _ => return,
        }
        let Some(end) = seen.windows(4).position(|w| w == b"\r\n\r\n") else {
            continue;
        };
        let request = String::from_utf8_lossy(&seen[..end]).to_lowercase();
        assert!(request.contains("content-type: application/dns-message"));
        let length: usize = request
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "))
            .map_or(0, |value| value.parse().unwrap());
        if seen.len() < end + 4 + length {
            continue;
        }
        let question = Message::from_vec(&seen[end + 4..end + 4 + length]).unwrap();
        assert_eq!(question.metadata.id, 0, "RFC 8484 section 4.1");
        seen.drain(..end + 4 + length);
        let reply = script(&question).concat();
        let answer = format!("{head}Content-Length: {}\r\n\r\n", reply.len());
        stream.write_all(answer.as_bytes()).await.unwrap();
        stream.write_all(&reply).await.unwrap();
        stream.flush().await.unwrap();
    }
}
