//! The UDP sockets of peer connections. Those of the webrtc crate let the kernel join datagrams, and so keep 96 KB for
//! each socket, and once more for each connection, to take them in; these receive one datagram at a time.
//!
//! May import: backlog, rand, socket2, tokio, webrtc.

use std::future::Future;
use std::io::{self, IoSliceMut};
use std::net::{Ipv4Addr, SocketAddr};
use std::ops::RangeInclusive;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use socket2::SockRef;
use tokio::io::{Interest, ReadBuf};
use tokio::net::UdpSocket;
use webrtc::runtime::{
    AsyncInterval, AsyncTcpListener, AsyncTcpStream, AsyncUdpSocket, JoinHandle, RecvMeta, Runtime,
    TokioRuntime, Transmit, UdpSockRef, UdpSocketState,
};

use super::backlog::CallBacklog;

/// Bytes of the kernel's receive buffer; it grants as many as its own bound allows. The default, 208 KiB with all that
/// it keeps beside each datagram, is overrun by what a browser sends in one go.
const RECEIVE_BUFFER: usize = 1024 * 1024;

/// Datagrams that are handed over before the connection gets to acknowledge them. Browsers' SCTP answers each
/// acknowledgment with at most four packets (`max_burst` of libwebrtc's dcsctp), and so would fall into step with one
/// that comes less often.
const BURST: usize = 4;

/// The same before the connection has opened its channels. It opens them after it has taken in all that it was handed, and
/// drops what is for a channel that is not open: so what may tell it to open them is handed over alone.
const FIRST_BURST: usize = 1;

/// Bytes from which on a datagram must carry a message, or a part of one. Acknowledgments are shorter.
const LARGE_DATAGRAM: usize = 512;
/// The first byte of a datagram up to which it is of STUN ([RFC 7983](https://www.rfc-editor.org/rfc/rfc7983#section-7)).
const LAST_OF_STUN: u8 = 3;
/// The same of those of RTP and RTCP. They hold no messages, and have bounds of their own.
const OF_MEDIA: RangeInclusive<u8> = 128..=191;

type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Tokio, with sockets of our own, for one connection.
#[derive(Debug, Clone)]
pub(super) struct Sockets {
    are_channels_open: Arc<AtomicBool>,
    backlog: CallBacklog,
}

impl Sockets {
    /// For the connection of a call with this backlog.
    pub(super) fn new(backlog: CallBacklog) -> Self {
        Self {
            are_channels_open: Arc::default(),
            backlog,
        }
    }

    /// The connection has opened its first channels.
    pub(super) fn channels_are_open(&self) {
        self.are_channels_open.store(true, Ordering::Relaxed);
    }
}

impl Runtime for Sockets {
    fn wrap_udp_socket(&self, socket: std::net::UdpSocket) -> io::Result<Arc<dyn AsyncUdpSocket>> {
        socket.set_nonblocking(true)?;
        SockRef::from(&socket).set_recv_buffer_size(RECEIVE_BUFFER)?;
        // To ask what the kernel can do is to have it join datagrams: so another socket is asked.
        let asked = std::net::UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
        Ok(Arc::new(Socket {
            io: UdpSocket::from_std(socket)?,
            burst: AtomicUsize::new(0),
            are_channels_open: Arc::clone(&self.are_channels_open),
            backlog: self.backlog.clone(),
            sends: UdpSocketState::new(UdpSockRef::from(&asked))?,
        }))
    }

    fn spawn(&self, future: Boxed<'static, ()>) -> Box<dyn JoinHandle> {
        TokioRuntime.spawn(future)
    }

    fn wrap_tcp_listener(
        &self,
        listener: std::net::TcpListener,
    ) -> io::Result<Arc<dyn AsyncTcpListener>> {
        TokioRuntime.wrap_tcp_listener(listener)
    }

    fn connect_tcp<'a>(
        &'a self,
        address: SocketAddr,
    ) -> Boxed<'a, io::Result<Arc<dyn AsyncTcpStream>>> {
        TokioRuntime.connect_tcp(address)
    }

    fn resolve_host<'a>(&'a self, host: &'a str) -> Boxed<'a, io::Result<Vec<SocketAddr>>> {
        TokioRuntime.resolve_host(host)
    }

    fn sleep(&self, duration: Duration) -> Boxed<'static, ()> {
        TokioRuntime.sleep(duration)
    }

    fn interval(&self, period: Duration) -> Box<dyn AsyncInterval> {
        TokioRuntime.interval(period)
    }

    fn block_on(&self, future: Pin<Box<dyn Future<Output = ()> + '_>>) {
        TokioRuntime.block_on(future);
    }

    fn yield_now(&self) -> Boxed<'static, ()> {
        TokioRuntime.yield_now()
    }
}

/// Sends many datagrams at once, and receives one at a time. While the user is behind, large ones are taken as lost, and of small
/// ones the more the farther it is behind: what the user sends in return depends on acknowledgments, but small messages come
/// in datagrams of the same size. Connectivity checks and media always pass.
///
/// The crate has no other way to slow down a sender by bytes: its queues hold 256 messages for each channel, and only when one
/// is full does SCTP's window close.
struct Socket {
    io: UdpSocket,
    sends: UdpSocketState,
    /// Datagrams that were handed over since the connection had a pause.
    burst: AtomicUsize,
    are_channels_open: Arc<AtomicBool>,
    backlog: CallBacklog,
}

impl Socket {
    fn takes(&self, datagram: &[u8]) -> bool {
        let Some(excess) = self.backlog.excess() else {
            return true;
        };
        let is_small = datagram.len() < LARGE_DATAGRAM;
        let passes = |first: &u8| *first <= LAST_OF_STUN || OF_MEDIA.contains(first);
        datagram.first().is_none_or(passes) || (is_small && rand::random::<f64>() >= excess)
    }
}

impl std::fmt::Debug for Socket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.io.fmt(f)
    }
}

impl AsyncUdpSocket for Socket {
    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.io.local_addr()
    }

    fn poll_send(
        &self,
        context: &mut Context<'_>,
        datagrams: &Transmit<'_>,
    ) -> Poll<io::Result<usize>> {
        loop {
            ready!(self.io.poll_send_ready(context))?;
            let sent = self.io.try_io(Interest::WRITABLE, || {
                self.sends.try_send(UdpSockRef::from(&self.io), datagrams)
            });
            match sent {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                sent => return Poll::Ready(sent.map(|()| datagrams.contents.len())),
            }
        }
    }

    fn max_gso_segments(&self) -> usize {
        self.sends.max_gso_segments()
    }

    fn poll_recv(
        &self,
        context: &mut Context<'_>,
        buffers: &mut [IoSliceMut<'_>],
        meta: &mut [RecvMeta],
    ) -> Poll<io::Result<usize>> {
        let (Some(buffer), Some(meta)) = (buffers.first_mut(), meta.first_mut()) else {
            return Poll::Ready(Ok(0));
        };
        let longest = match self.are_channels_open.load(Ordering::Relaxed) {
            true => BURST,
            false => FIRST_BURST,
        };
        let mut buffer = ReadBuf::new(buffer);
        loop {
            if self.burst.load(Ordering::Relaxed) >= longest {
                self.burst.store(0, Ordering::Relaxed);
                context.waker().wake_by_ref();
                return Poll::Pending;
            }
            let received = self.io.poll_recv_from(context, &mut buffer);
            if received.is_pending() {
                self.burst.store(0, Ordering::Relaxed);
            }
            meta.addr = ready!(received)?;
            self.burst.fetch_add(1, Ordering::Relaxed);
            meta.len = buffer.filled().len();
            if self.takes(buffer.filled()) {
                break;
            }
            buffer.clear();
        }
        // The length of each datagram in the buffer. It must not be 0, even where that of the only one is.
        meta.stride = meta.len.max(1);
        Poll::Ready(Ok(1))
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::task::Waker;

    use super::*;
    use crate::client::backlog::{Backlog, MESSAGE_OVERHEAD};
    use crate::client::channel::MAX_MESSAGE;

    #[tokio::test]
    async fn while_the_user_is_behind_datagrams_are_lost_large_ones_first_and_connectivity_checks_never()
     {
        let bind = || std::net::UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let (other, ours) = (bind(), bind());
        other
            .connect(ours.local_addr().expect("a bound socket"))
            .expect("an address");
        let backlog = Backlog::new(MAX_MESSAGE, MAX_MESSAGE).of_a_call();
        let sockets = Sockets::new(backlog.clone());
        sockets.channels_are_open();
        let socket = sockets.wrap_udp_socket(ours).expect("a socket for tokio");
        let receive = |context: &mut Context<'_>| {
            let mut bytes = [0; 2048];
            let mut meta = [RecvMeta::default()];
            let received = socket.poll_recv(context, &mut [IoSliceMut::new(&mut bytes)], &mut meta);
            received.map(|count| (count.expect("a datagram"), meta[0].len))
        };
        let send = |first: u8, len: usize| other.send(&vec![first; len]).expect("a place");
        let (stun, dtls) = (0, 23);
        send(dtls, LARGE_DATAGRAM);
        assert_eq!(poll_fn(receive).await, (1, LARGE_DATAGRAM));
        let full = backlog.charge(MAX_MESSAGE - MESSAGE_OVERHEAD);
        send(dtls, LARGE_DATAGRAM);
        send(dtls, 1);
        assert_eq!(poll_fn(receive).await, (1, 1));
        let twice = backlog.charge(MAX_MESSAGE - MESSAGE_OVERHEAD);
        send(dtls, 2);
        send(stun, 3);
        assert_eq!(poll_fn(receive).await, (1, 3));
        drop((full, twice));
        send(dtls, LARGE_DATAGRAM);
        assert_eq!(poll_fn(receive).await, (1, LARGE_DATAGRAM));
    }

    #[tokio::test]
    async fn after_each_burst_the_connection_gets_a_pause_and_nothing_is_lost() {
        let bind = || std::net::UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let (other, ours) = (bind(), bind());
        other
            .connect(ours.local_addr().expect("a bound socket"))
            .expect("an address");
        let sockets = Sockets::new(Backlog::default().of_a_call());
        let socket = sockets.wrap_udp_socket(ours).expect("a socket for tokio");
        for number in 0..7 {
            other.send(&[number]).expect("a place in its buffer");
        }
        let receive = |context: &mut Context<'_>| {
            let mut byte = [0];
            let mut meta = [RecvMeta::default()];
            let received = socket.poll_recv(context, &mut [IoSliceMut::new(&mut byte)], &mut meta);
            received.map(|count| (count.expect("a datagram"), meta[0].len, byte[0]))
        };
        assert_eq!(poll_fn(receive).await, (1, 1, 0));
        let mut context = Context::from_waker(Waker::noop());
        assert_eq!(receive(&mut context), Poll::Pending);
        sockets.channels_are_open();
        for number in 1..5 {
            assert_eq!(receive(&mut context), Poll::Ready((1, 1, number)));
        }
        assert_eq!(receive(&mut context), Poll::Pending);
        for number in 5..7 {
            assert_eq!(receive(&mut context), Poll::Ready((1, 1, number)));
        }
    }
}
