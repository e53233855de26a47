//! To which address of the machine a packet was sent, and from which one another goes out: `IP_PKTINFO` and `IPV6_PKTINFO` of Linux.
//!
//! May import: nix, tokio.

use std::io::{self, IoSlice, IoSliceMut};
use std::net::{IpAddr, SocketAddr};
use std::os::fd::AsRawFd;

use nix::cmsg_space;
use nix::libc::{in_addr, in_pktinfo, in6_addr, in6_pktinfo};
use nix::sys::socket::sockopt::{Ipv4PacketInfo, Ipv6RecvPacketInfo};
use nix::sys::socket::{
    ControlMessage, ControlMessageOwned, MsgFlags, SockaddrStorage, recvmsg, sendmsg, setsockopt,
};
use tokio::io::Interest;
use tokio::net::UdpSocket;

/// Has the system say it of each packet.
pub(super) fn request(socket: &UdpSocket) -> io::Result<()> {
    match socket.local_addr()? {
        SocketAddr::V4(_) => setsockopt(socket, Ipv4PacketInfo, &true)?,
        SocketAddr::V6(_) => setsockopt(socket, Ipv6RecvPacketInfo, &true)?,
    }
    Ok(())
}

/// The next packet: its length, who sent it, and the address of this machine that it was sent to, as the socket has it.
pub(super) fn receive(
    socket: &UdpSocket,
    buffer: &mut [u8],
) -> io::Result<(usize, SocketAddr, Option<IpAddr>)> {
    socket.try_io(Interest::READABLE, || {
        let mut said = cmsg_space!(in6_pktinfo);
        let mut parts = [IoSliceMut::new(buffer)];
        let received = recvmsg::<SockaddrStorage>(
            socket.as_raw_fd(),
            &mut parts,
            Some(&mut said),
            MsgFlags::empty(),
        )?;
        let source = received.address.as_ref().and_then(endpoint);
        let source = source.ok_or(io::ErrorKind::InvalidData)?;
        let to = received.cmsgs()?.find_map(|said| address(&said));
        Ok((received.bytes, source, to))
    })
}

/// Sends a packet from this address of the machine.
pub(super) fn send(
    socket: &UdpSocket,
    packet: &[u8],
    to: SocketAddr,
    from: IpAddr,
) -> io::Result<usize> {
    let send = |from: ControlMessage<'_>| {
        socket.try_io(Interest::WRITABLE, || {
            let (socket, parts) = (socket.as_raw_fd(), [IoSlice::new(packet)]);
            let to = SockaddrStorage::from(to);
            Ok(sendmsg(
                socket,
                &parts,
                &[from],
                MsgFlags::empty(),
                Some(&to),
            )?)
        })
    };
    match from {
        IpAddr::V4(from) => send(ControlMessage::Ipv4PacketInfo(&in_pktinfo {
            ipi_ifindex: 0,
            ipi_spec_dst: in_addr {
                s_addr: u32::from(from).to_be(),
            },
            ipi_addr: in_addr { s_addr: 0 },
        })),
        IpAddr::V6(from) => send(ControlMessage::Ipv6PacketInfo(&in6_pktinfo {
            ipi6_addr: in6_addr {
                s6_addr: from.octets(),
            },
            ipi6_ifindex: 0,
        })),
    }
}

fn endpoint(address: &SockaddrStorage) -> Option<SocketAddr> {
    let v4 = address.as_sockaddr_in();
    let v4 = v4.map(|address| SocketAddr::V4((*address).into()));
    v4.or_else(|| Some(SocketAddr::V6((*address.as_sockaddr_in6()?).into())))
}

/// A socket of IPv6 has addresses of IPv4 in a form of IPv6, here too. One of many receivers is no address to answer from.
fn address(said: &ControlMessageOwned) -> Option<IpAddr> {
    let address = match said {
        ControlMessageOwned::Ipv4PacketInfo(info) => {
            IpAddr::V4(u32::from_be(info.ipi_spec_dst.s_addr).into())
        }
        ControlMessageOwned::Ipv6PacketInfo(info) => IpAddr::V6(info.ipi6_addr.s6_addr.into()),
        _ => return None,
    };
    (!address.is_multicast()).then_some(address)
}
