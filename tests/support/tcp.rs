//! TCP servers, good and bad.

use std::future::Future;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use socket2::{Domain, Socket, Type};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A listening server; stops when dropped.
pub struct Server {
    pub addr: SocketAddr,
    task: JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Server {
    /// Hands each connection to `handle`, in a separate task.
    pub async fn start<F, Fut>(handle: F) -> Self
    where
        F: Fn(TcpStream) -> Fut + Send + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        Self::on(listener, handle)
    }

    /// The same on an existing listener.
    pub fn on<F, Fut>(listener: TcpListener, handle: F) -> Self
    where
        F: Fn(TcpStream) -> Fut + Send + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        let addr = listener.local_addr().unwrap();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(handle(stream));
            }
        });
        Self { addr, task }
    }

    /// Accepts connections, and sends nothing.
    pub async fn silent() -> Self {
        Self::start(|stream| async move {
            let _held = stream;
            std::future::pending::<()>().await;
        })
        .await
    }

    /// Waits for the first bytes, then resets.
    pub async fn resetting() -> Self {
        Self::start(|mut stream| async move {
            let _ = stream.read(&mut [0; 1]).await;
            reset(stream);
        })
        .await
    }

    /// Waits for the first bytes, sends `reply`, and closes after the client has.
    pub async fn replying(reply: &'static [u8]) -> Self {
        Self::start(move |mut stream| async move {
            let mut seen = [0; 4096];
            let _ = stream.read(&mut seen).await;
            let _ = stream.write_all(reply).await;
            let _ = stream.shutdown().await;
            while matches!(stream.read(&mut seen).await, Ok(n) if n > 0) {}
        })
        .await
    }
}

/// Ends a connection with RST.
pub fn reset(stream: TcpStream) {
    let socket = Socket::from(stream.into_std().unwrap());
    socket.set_linger(Some(Duration::ZERO)).unwrap();
}

/// A port that refuses connections; it stays reserved while this value lives.
pub struct Refusing {
    pub addr: SocketAddr,
    _bound: Socket,
}

/// The port is bound and not listening, so the system answers RST.
pub fn refusing() -> Refusing {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    let any: SocketAddr = (Ipv4Addr::LOCALHOST, 0).into();
    socket.bind(&any.into()).unwrap();
    Refusing {
        addr: socket.local_addr().unwrap().as_socket().unwrap(),
        _bound: socket,
    }
}

/// A port whose SYN is not answered.
pub struct Unanswered {
    pub addr: SocketAddr,
    _listener: Socket,
    _queue: Vec<std::net::TcpStream>,
}

/// Listens with the shortest queue, and fills it until the system drops new connections.
pub fn unanswered() -> Unanswered {
    let listener = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    let any: SocketAddr = (Ipv4Addr::LOCALHOST, 0).into();
    listener.bind(&any.into()).unwrap();
    listener.listen(0).unwrap();
    let addr = listener.local_addr().unwrap().as_socket().unwrap();
    let mut queue = Vec::new();
    while let Ok(held) = std::net::TcpStream::connect_timeout(&addr, Duration::from_millis(100)) {
        assert!(queue.len() < 64, "the queue does not fill");
        queue.push(held);
    }
    Unanswered {
        addr,
        _listener: listener,
        _queue: queue,
    }
}
