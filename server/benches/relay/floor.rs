//! The floor: a relay that does the least a relay can do, on bare epoll. It knows the two kinds of frames that are measured, trusts
//! every byte, and has no bound, no check and no way to end. One event, one read, and one write for each delivery.

use std::collections::HashMap;
use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};

use rustix::event::epoll;

use crate::wire;

const BUFFER_BYTES: usize = 64 * 1024;
const LISTENER: u64 = u64::MAX;

struct Connection {
    stream: TcpStream,
    is_upgraded: bool,
    room: String,
    /// The beginning of a frame whose end has not come.
    rest: Vec<u8>,
}

#[derive(Default)]
struct Relay {
    connections: Vec<Connection>,
    /// Ids are the bench's, and unique in all rooms.
    ids: HashMap<Vec<u8>, usize>,
    rooms: HashMap<String, Vec<usize>>,
    frame: Vec<u8>,
}

/// Serves until it is killed.
pub(crate) fn run() -> std::io::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    println!("The floor is at http://{}/", listener.local_addr()?);
    let poll = epoll::create(epoll::CreateFlags::CLOEXEC)?;
    epoll::add(
        &poll,
        &listener,
        epoll::EventData::new_u64(LISTENER),
        epoll::EventFlags::IN,
    )?;
    let mut events = Vec::with_capacity(1024);
    let mut buffer = vec![0; BUFFER_BYTES];
    let mut relay = Relay::default();
    loop {
        events.clear();
        epoll::wait(&poll, rustix::buffer::spare_capacity(&mut events), None)?;
        for event in &events {
            if event.data.u64() == LISTENER {
                let (stream, _) = listener.accept()?;
                stream.set_nonblocking(true)?;
                stream.set_nodelay(true)?;
                let data = epoll::EventData::new_u64(relay.connections.len() as u64);
                epoll::add(&poll, &stream, data, epoll::EventFlags::IN)?;
                relay.connections.push(Connection {
                    stream,
                    is_upgraded: false,
                    room: String::new(),
                    rest: Vec::new(),
                });
            } else {
                relay.read(event.data.u64() as usize, &mut buffer);
            }
        }
    }
}

impl Relay {
    fn read(&mut self, index: usize, buffer: &mut [u8]) {
        let connection = &mut self.connections[index];
        let kept = connection.rest.len();
        buffer[..kept].copy_from_slice(&connection.rest);
        connection.rest.clear();
        let len = match connection.stream.read(&mut buffer[kept..]) {
            Ok(0) => return self.forget(index),
            Ok(len) => kept + len,
            Err(error) if error.kind() == ErrorKind::WouldBlock => return,
            Err(_) => return self.forget(index),
        };
        let mut begin = 0;
        if !connection.is_upgraded {
            let Some(end) = wire::http_head(&buffer[..len]) else {
                connection.rest.extend(&buffer[..len]);
                return;
            };
            connection.is_upgraded = true;
            write(&mut connection.stream, wire::UPGRADED);
            begin = end;
        }
        while let Some(head) = wire::frame(&buffer[begin..len]) {
            let payload = &mut buffer[begin + head.begin..begin + head.end];
            if let Some(mask) = head.mask {
                unmask(payload, mask);
            }
            if head.first == wire::TEXT {
                self.handle(index, payload);
            }
            begin += head.end;
        }
        self.connections[index].rest.extend(&buffer[begin..len]);
    }

    fn handle(&mut self, from: usize, payload: &[u8]) {
        if payload.starts_with(b"/to|") {
            let id = payload[4..].split(|byte| *byte == b'|').next();
            if let Some(target) = id.and_then(|id| self.ids.get(id)) {
                let target = *target;
                self.encode(payload);
                write(&mut self.connections[target].stream, &self.frame);
            }
        } else if payload.starts_with(b"/announce|") {
            self.announce(from, payload);
        } else {
            self.encode(payload);
            for member in &self.rooms[&self.connections[from].room] {
                if *member != from {
                    write(&mut self.connections[*member].stream, &self.frame);
                }
            }
        }
    }

    fn announce(&mut self, from: usize, payload: &[u8]) {
        let text = String::from_utf8_lossy(payload);
        let id = text.split('|').nth(1).unwrap_or_default();
        let room = text.rsplit('"').nth(1).unwrap_or_default();
        self.ids.insert(id.as_bytes().to_vec(), from);
        let members = self.rooms.entry(room.to_owned()).or_default();
        members.push(from);
        let answer = format!("/roominfo|{{\"memberCount\":{}}}", members.len());
        room.clone_into(&mut self.connections[from].room);
        self.encode(answer.as_bytes());
        write(&mut self.connections[from].stream, &self.frame);
        self.encode(payload);
        for member in &self.rooms[room] {
            if *member != from {
                write(&mut self.connections[*member].stream, &self.frame);
            }
        }
    }

    fn encode(&mut self, payload: &[u8]) {
        self.frame.clear();
        self.frame.extend(wire::head(payload.len(), 0));
        self.frame.extend(payload);
    }

    /// Its descriptor is closed when all of them are; it must only not be polled again.
    fn forget(&mut self, index: usize) {
        let connection = &mut self.connections[index];
        // Fails if it is closed already, which is as good.
        let _ = connection.stream.shutdown(std::net::Shutdown::Both);
        let room = std::mem::take(&mut connection.room);
        if let Some(members) = self.rooms.get_mut(&room) {
            members.retain(|member| *member != index);
        }
    }
}

/// Eight bytes at a time.
fn unmask(payload: &mut [u8], mask: [u8; 4]) {
    let wide = u64::from_ne_bytes(
        [mask, mask]
            .concat()
            .try_into()
            .expect("it has eight bytes"),
    );
    let (chunks, rest) = payload.as_chunks_mut::<8>();
    for chunk in chunks {
        *chunk = (u64::from_ne_bytes(*chunk) ^ wide).to_ne_bytes();
    }
    for (byte, mask) in rest.iter_mut().zip(mask.iter().cycle()) {
        *byte ^= mask;
    }
}

/// The bench keeps fewer bytes in flight than a socket takes.
fn write(stream: &mut TcpStream, bytes: &[u8]) {
    if let Err(error) = stream.write_all(bytes) {
        assert!(error.kind() != ErrorKind::WouldBlock, "a socket is full");
    }
}
