//! The load: many raw sockets in one thread. They are read when epoll says so, and written to at once.

use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use rustix::event::epoll;
use rustix::fd::OwnedFd;
use rustix::net::{AddressFamily, RecvFlags, SocketType};

use crate::wire;

const BUFFER_BYTES: usize = 256 * 1024;
/// Ports of one address that clients may have; then the next loopback address has its turn.
const CLIENTS_PER_ADDRESS: usize = 20_000;
/// Nothing that is measured pauses for so long.
const PATIENCE: Duration = Duration::from_secs(20);

/// Finds the first whole message of `bytes` and says where it ends.
pub(crate) type Split = fn(&[u8]) -> Option<usize>;

pub(crate) struct Crowd {
    poll: OwnedFd,
    clients: Vec<Client>,
    /// The first client connects to the first, the second to the second, and so on in turns.
    servers: Vec<SocketAddr>,
    split: Split,
    events: Vec<epoll::Event>,
    buffer: Vec<u8>,
}

struct Client {
    stream: TcpStream,
    rest: Vec<u8>,
}

impl Crowd {
    pub(crate) fn new(server: SocketAddr, split: Split) -> Result<Self> {
        Self::over(vec![server], split)
    }

    fn over(servers: Vec<SocketAddr>, split: Split) -> Result<Self> {
        Ok(Self {
            poll: epoll::create(epoll::CreateFlags::CLOEXEC)?,
            clients: Vec::new(),
            servers,
            split,
            events: Vec::with_capacity(1024),
            buffer: vec![0; BUFFER_BYTES],
        })
    }

    /// Clients of a signaling server.
    pub(crate) fn of_peers(server: SocketAddr) -> Result<Self> {
        Self::new(server, frames)
    }

    /// Clients that are upgraded and in their rooms, of several servers in turns.
    pub(crate) fn in_rooms_over(
        servers: Vec<SocketAddr>,
        count: usize,
        room_size: usize,
    ) -> Result<Self> {
        let mut crowd = Self::over(servers, frames)?;
        crowd.grow_to(count, room_size)?;
        Ok(crowd)
    }

    /// Clients that are upgraded and in their rooms: the first so many in the first room, and so on.
    pub(crate) fn in_rooms(server: SocketAddr, count: usize, room_size: usize) -> Result<Self> {
        let mut crowd = Self::of_peers(server)?;
        crowd.grow_to(count, room_size)?;
        Ok(crowd)
    }

    /// Lets more of them join, until there are so many.
    pub(crate) fn grow_to(&mut self, count: usize, room_size: usize) -> Result<()> {
        // A few at a time, as a listener's queue is short.
        while self.len() < count {
            let begin = self.len();
            let end = count.min(begin + 100);
            for _ in begin..end {
                let client = self.connect()?;
                self.say(client, wire::UPGRADE)?;
            }
            let mut joined = 0;
            self.listen_until(|client, message, replies| {
                if message.starts_with(b"HTTP") {
                    replies.push((client, announcement(client, room_size)));
                }
                joined += usize::from(is_room_info(message));
                joined == end - begin
            })?;
        }
        self.drain()
    }

    pub(crate) fn len(&self) -> usize {
        self.clients.len()
    }

    /// Opens another connection and returns its number.
    pub(crate) fn connect(&mut self) -> Result<usize> {
        let number = self.clients.len();
        let socket = rustix::net::socket(AddressFamily::INET, SocketType::STREAM, None)?;
        if number >= CLIENTS_PER_ADDRESS {
            let host = 1 + number / CLIENTS_PER_ADDRESS;
            let address = IpAddr::from(Ipv4Addr::new(127, 0, 0, u8::try_from(host)?));
            rustix::net::bind(&socket, &SocketAddr::new(address, 0))?;
        }
        let server = self.servers[number % self.servers.len()];
        rustix::net::connect(&socket, &server).context("the server accepts")?;
        let stream = TcpStream::from(socket);
        stream.set_nodelay(true)?;
        let data = epoll::EventData::new_u64(number as u64);
        epoll::add(&self.poll, &stream, data, epoll::EventFlags::IN)?;
        self.clients.push(Client {
            stream,
            rest: Vec::new(),
        });
        Ok(number)
    }

    /// Hears nothing of a client any more, also not that its server has gone.
    pub(crate) fn ignore(&self, client: usize) -> Result<()> {
        Ok(epoll::delete(&self.poll, &self.clients[client].stream)?)
    }

    /// Writes at once.
    pub(crate) fn say(&mut self, client: usize, bytes: &[u8]) -> Result<()> {
        Ok(self.clients[client].stream.write_all(bytes)?)
    }

    /// Hands each message to `hear`, which may answer, until it returns true.
    pub(crate) fn listen_until(
        &mut self,
        mut hear: impl FnMut(usize, &[u8], &mut Vec<(usize, Rc<[u8]>)>) -> bool,
    ) -> Result<()> {
        let begin = Instant::now();
        let mut is_done = false;
        while !is_done {
            let heard = self.listen(Duration::from_secs(1), |client, message, replies| {
                is_done |= hear(client, message, replies);
            })?;
            ensure!(
                heard > 0 || begin.elapsed() < PATIENCE,
                "the server has been silent for {PATIENCE:?}"
            );
        }
        Ok(())
    }

    /// Reads what is there, waiting for at most `timeout` if nothing is, and says how many messages came.
    pub(crate) fn listen(
        &mut self,
        timeout: Duration,
        mut hear: impl FnMut(usize, &[u8], &mut Vec<(usize, Rc<[u8]>)>),
    ) -> Result<usize> {
        let timeout = timeout.try_into()?;
        self.events.clear();
        epoll::wait(
            &self.poll,
            rustix::buffer::spare_capacity(&mut self.events),
            Some(&timeout),
        )?;
        let (mut heard, mut replies) = (0, Vec::new());
        for event in &self.events {
            let number = event.data.u64() as usize;
            let client = &mut self.clients[number];
            let kept = client.rest.len();
            self.buffer[..kept].copy_from_slice(&client.rest);
            client.rest.clear();
            let free = &mut self.buffer[kept..];
            let (len, _) = rustix::net::recv(&client.stream, free, RecvFlags::DONTWAIT)?;
            ensure!(len > 0, "the server closed a connection");
            let mut bytes = &self.buffer[..kept + len];
            while let Some(end) = (self.split)(bytes) {
                let (message, rest) = bytes.split_at(end);
                hear(number, message, &mut replies);
                heard += 1;
                bytes = rest;
            }
            client.rest.extend(bytes);
            for (client, bytes) in replies.drain(..) {
                self.clients[client].stream.write_all(&bytes)?;
            }
        }
        Ok(heard)
    }

    /// Reads until nothing has come for a moment.
    pub(crate) fn drain(&mut self) -> Result<()> {
        while self.listen(Duration::from_millis(200), |_, _, _| {})? > 0 {}
        Ok(())
    }
}

fn frames(bytes: &[u8]) -> Option<usize> {
    match bytes.starts_with(b"HTTP") {
        true => wire::http_head(bytes),
        false => wire::frame(bytes).map(|head| head.end),
    }
}

/// The id of a client.
pub(crate) fn id(client: usize) -> String {
    format!("client-{client}")
}

/// The frame by which a client joins its room.
pub(crate) fn announcement(client: usize, room_size: usize) -> Rc<[u8]> {
    let (id, room) = (id(client), client / room_size);
    let text = format!(r#"/announce|{id}|{{"id":"{id}","room":"room-{room}"}}"#);
    wire::masked(&text).into()
}

/// Whether the server says that a client has joined.
pub(crate) fn is_room_info(message: &[u8]) -> bool {
    message.len() > 2 && message[2..].starts_with(b"/roominfo|")
}
