//! The workshop's name in a network: what a device hears that asks for it, and that the server answers at it.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream, UdpSocket};
use std::time::{Duration, Instant};

use anyhow::{Result, bail, ensure};

use super::namespaces::{AccessPoint, Clients, Machine, apart};
use super::workshop::Workshop;

/// Where all devices of a network are asked ([RFC 6762, section 3](https://www.rfc-editor.org/rfc/rfc6762#section-3)).
const EVERYBODY: (Ipv4Addr, u16) = (Ipv4Addr::new(224, 0, 0, 251), 5353);

/// Who has an address of IPv4 by the name of `workshop.local`?
const QUESTION: &[u8] = b"\0\0\0\0\0\x01\0\0\0\0\0\0\x08workshop\x05local\0\0\x01\0\x01";

const PATIENCE: Duration = Duration::from_secs(10);
const ASK_AGAIN: Duration = Duration::from_millis(300);

/// Asks as a device does that is at this machine, until somebody answers with this address.
fn hears(machine: &Machine, address: Ipv4Addr) -> Result<()> {
    machine.run(|| {
        let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0))?;
        socket.set_read_timeout(Some(ASK_AGAIN))?;
        let begin = Instant::now();
        while begin.elapsed() < PATIENCE {
            socket.send_to(QUESTION, EVERYBODY)?;
            let mut answer = [0; 1500];
            let Ok((len, from)) = socket.recv_from(&mut answer) else {
                continue;
            };
            let octets = address.octets();
            let has_address = answer[..len].windows(4).any(|window| window == octets);
            if has_address && from.ip() == address {
                return Ok(());
            }
        }
        bail!("nobody has answered with {address}")
    })
}

/// The status of the page that a device gets by the name.
fn status_by_name(machine: &Machine, address: Ipv4Addr) -> Result<String> {
    machine.run(|| {
        let mut socket = TcpStream::connect((address, 8000))?;
        socket.write_all(
            b"GET /healthz HTTP/1.1\r\nhost: workshop.local:8000\r\nconnection: close\r\n\r\n",
        )?;
        let mut answer = String::new();
        socket.read_to_string(&mut answer)?;
        Ok(answer.lines().next().unwrap_or_default().to_owned())
    })
}

#[test]
fn a_device_that_asks_its_network_for_the_name_hears_the_hosts_address_and_is_served_there() {
    let name = "networks::name::a_device_that_asks_its_network_for_the_name_hears_the_hosts_address_and_is_served_there";
    apart(name, || {
        let wifi = AccessPoint::new()?;
        let host = wifi.join("host", 2, Clients::Reachable)?;
        let phone = wifi.join("phone", 3, Clients::Reachable)?;
        let (mut workshop, _) = Workshop::start(&host)?;
        workshop.prints_to("http://workshop.local:8000/")?;
        hears(&phone, host.address)?;
        let status = status_by_name(&phone, host.address)?;
        ensure!(status == "HTTP/1.1 200 OK", "{status}");
        // Another host in the room hears that the name has somebody, and has none.
        let other = wifi.join("other", 4, Clients::Reachable)?;
        let (mut second, _) = Workshop::start(&other)?;
        second.prints_to("is called workshop.local")?;
        Ok(())
    });
}
