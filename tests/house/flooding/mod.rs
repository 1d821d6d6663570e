//! Strangers who take all that they can get, from many addresses of 127.0.0.0/8 or from the visitors' own.
//!
//! What they do is bounded, and what counts is that everybody else gets through, not how long it takes.

mod codes;
mod sockets;

use std::net::{Ipv4Addr, SocketAddr};

use tokio::net::{TcpSocket, TcpStream};

/// Addresses that flooders have: 127.0.1.1 and on. Everybody else comes from 127.0.0.1.
fn flooder(number: usize) -> Ipv4Addr {
    Ipv4Addr::new(127, 0, 1, u8::try_from(number + 1).unwrap())
}

/// A connection to the house from an address.
async fn connected(house: SocketAddr, from: Ipv4Addr) -> std::io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.bind((from, 0).into())?;
    socket.connect(house).await
}
