//! Listening sockets, and the sentences for when there are none.
//!
//! `app` calls this once at start. A socket for `[::]` takes both families, whatever the system's default is.
//! An address that the machine does not have yet, as its network comes up later, is listened at all the same.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::TcpListener;

use crate::limits;

/// Why the house cannot listen, and what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    #[error(
        "{0} is taken: another program listens there, perhaps a house that is already running. \
         Stop it, or use another port"
    )]
    Taken(SocketAddr),
    #[error(
        "this user may not listen on {0}: ports below 1024 need the capability CAP_NET_BIND_SERVICE. \
         Let a systemd socket unit open the port (\"Port 80\" in install.md, in /usr/share/doc/parlour/docs \
         or in docs of the sources), or use a port from 1024 on"
    )]
    NotAllowed(SocketAddr),
    #[error("this machine does not have the address {0}: use one that it has, or [::] for all")]
    NotHere(SocketAddr),
    #[error("the house cannot listen on {address}: {source}")]
    Other { address: SocketAddr, source: io::Error },
}

impl BindError {
    fn new(address: SocketAddr, source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::AddrInUse => Self::Taken(address),
            io::ErrorKind::PermissionDenied => Self::NotAllowed(address),
            io::ErrorKind::AddrNotAvailable => Self::NotHere(address),
            _ => Self::Other { address, source },
        }
    }
}

/// Listens at each address, or at none. Must be called within the runtime. `[::]` takes IPv4 as well, unless
/// `0.0.0.0` is asked for with the same port; where there is no IPv6, it is `0.0.0.0`.
pub fn bind(addresses: &[SocketAddr]) -> Result<Vec<TcpListener>, BindError> {
    let open = |address: &SocketAddr| {
        listener(*address, families(*address, addresses)).map_err(|error| BindError::new(*address, error))
    };
    addresses.iter().map(open).collect()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Families {
    One,
    Both,
}

fn families(address: SocketAddr, addresses: &[SocketAddr]) -> Families {
    let everywhere = SocketAddr::from((Ipv6Addr::UNSPECIFIED, address.port()));
    let apart = addresses.contains(&SocketAddr::from((Ipv4Addr::UNSPECIFIED, address.port())));
    if address == everywhere && !(apart && address.port() > 0) { Families::Both } else { Families::One }
}

fn listener(address: SocketAddr, families: Families) -> io::Result<TcpListener> {
    let bound = match (socket(address, families), families) {
        (Err(error), Families::Both) if may_lack_ipv6(&error) => {
            let older = SocketAddr::from((Ipv4Addr::UNSPECIFIED, address.port()));
            socket(older, Families::One).map_err(|_| error)
        }
        (socket, _) => socket,
    }?;
    TcpListener::from_std(bound.into())
}

/// A kernel without IPv6 says so when the socket is made; one in which it is switched off, when it is bound.
fn may_lack_ipv6(error: &io::Error) -> bool {
    !matches!(error.kind(), io::ErrorKind::AddrInUse | io::ErrorKind::PermissionDenied)
}

fn socket(address: SocketAddr, families: Families) -> io::Result<Socket> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    if address.is_ipv6() {
        socket.set_only_v6(families == Families::One)?;
    }
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    match socket.bind(&address.into()) {
        Err(error) if error.kind() == io::ErrorKind::AddrNotAvailable && !address.ip().is_unspecified() => {
            bind_ahead(&socket, address, error)?;
        }
        bound => bound?,
    }
    socket.listen(limits::LISTEN_BACKLOG)?;
    Ok(socket)
}

/// Nobody may be there to start a house again that was faster than its network (ip(7), `IP_FREEBIND`).
fn bind_ahead(socket: &Socket, address: SocketAddr, missing: io::Error) -> io::Result<()> {
    let freed = if address.is_ipv4() { socket.set_freebind_v4(true) } else { socket.set_freebind_v6(true) };
    freed.map_err(|_| missing)?;
    socket.bind(&address.into())?;
    log::warn!(
        "this machine does not have the address {address} yet: nobody can reach the house there until it does"
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use tokio::net::TcpStream;

    use super::*;

    fn at(address: &str) -> SocketAddr {
        address.parse().unwrap()
    }

    #[tokio::test]
    async fn everywhere_means_both_families() {
        let listener = bind(&[at("[::]:0")]).unwrap().remove(0);
        let port = listener.local_addr().unwrap().port();
        for address in [at("127.0.0.1:0"), at("[::1]:0")] {
            let client = TcpStream::connect((address.ip(), port)).await.unwrap();
            let (_, from) = listener.accept().await.unwrap();
            assert_eq!(from.port(), client.local_addr().unwrap().port());
            assert_eq!(from.ip().to_canonical(), address.ip());
        }
    }

    #[tokio::test]
    async fn both_families_can_be_asked_for_apart() {
        let port = bind(&[at("[::]:0")]).unwrap().remove(0).local_addr().unwrap().port();
        let everywhere: [SocketAddr; 2] =
            [(Ipv6Addr::UNSPECIFIED, port).into(), (Ipv4Addr::UNSPECIFIED, port).into()];
        assert_eq!(bind(&everywhere).unwrap().len(), 2);
    }

    #[tokio::test]
    async fn a_taken_port_is_said_to_be_taken() {
        let first = bind(&[at("127.0.0.1:0")]).unwrap();
        let error = bind(&[first[0].local_addr().unwrap()]).unwrap_err();
        assert!(matches!(error, BindError::Taken(_)), "{error}");
        assert!(error.to_string().contains("use another port"));
    }

    #[tokio::test]
    #[allow(clippy::print_stdout, reason = "what cannot be tried says so")]
    async fn an_address_that_is_not_there_yet_is_waited_for_and_held() {
        for absent in ["198.51.100.1:0", "[2001:db8:ffff::1]:0"] {
            if at(absent).is_ipv6() && std::net::UdpSocket::bind("[::1]:0").is_err() {
                println!("SKIPPED: this machine has no IPv6");
                continue;
            }
            let held = bind(&[at(absent)]).unwrap();
            let address = held[0].local_addr().unwrap();
            assert_eq!(address.ip(), at(absent).ip());
            let error = bind(&[address]).unwrap_err();
            assert!(matches!(error, BindError::Taken(_)), "{error}");
        }
    }

    #[test]
    fn where_an_address_cannot_be_waited_for_the_error_names_it() {
        let error = BindError::new(at("198.51.100.1:0"), io::ErrorKind::AddrNotAvailable.into());
        assert!(error.to_string().starts_with("this machine does not have the address 198.51.100.1:0"));
    }

    #[test]
    fn what_the_system_forbids_is_said_to_be_forbidden() {
        let error = BindError::new(at("[::]:80"), io::ErrorKind::PermissionDenied.into());
        assert!(error.to_string().starts_with("this user may not listen on [::]:80"));
        let error = BindError::new(at("[::]:80"), io::ErrorKind::OutOfMemory.into());
        assert!(matches!(error, BindError::Other { .. }));
    }
}
