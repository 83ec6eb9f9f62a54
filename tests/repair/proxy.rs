//! A SOCKS5 proxy that connects every name to one site: documents may name any host. Addresses lead
//! where they say.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::thread;

/// Starts a proxy to `site`; its address.
pub fn start(site: SocketAddr) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            thread::spawn(move || serve(client, site));
        }
    });
    address
}

fn serve(mut client: TcpStream, site: SocketAddr) -> Option<()> {
    let mut head = [0; 2];
    client.read_exact(&mut head).ok()?;
    let mut methods = vec![0; usize::from(head[1])];
    client.read_exact(&mut methods).ok()?;
    client.write_all(&[5, 0]).ok()?;
    let mut request = [0; 4];
    client.read_exact(&mut request).ok()?;
    let length = match request[3] {
        1 => 4,
        4 => 16,
        _ => {
            let mut length = [0];
            client.read_exact(&mut length).ok()?;
            usize::from(length[0])
        }
    };
    let mut target = vec![0; length + 2];
    client.read_exact(&mut target).ok()?;
    let to = match target[..] {
        [a, b, c, d, high, low] if request[3] == 1 => {
            SocketAddr::from(([a, b, c, d], u16::from_be_bytes([high, low])))
        }
        _ => site,
    };
    let mut server = TcpStream::connect(to).ok()?;
    client.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).ok()?;
    let (mut from, mut to) = (client.try_clone().ok()?, server.try_clone().ok()?);
    thread::spawn(move || {
        let _ = std::io::copy(&mut from, &mut to);
        let _ = to.shutdown(Shutdown::Write);
    });
    let _ = std::io::copy(&mut server, &mut client);
    let _ = client.shutdown(Shutdown::Both);
    Some(())
}
