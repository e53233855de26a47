//! Debian's coturn, with which the relay is compared.

use std::net::{SocketAddr, UdpSocket};
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

/// Who may use it.
pub(crate) const USER: &str = "bench";
pub(crate) const PASSWORD: &str = "secret";

/// For a server that does not come.
const PATIENCE: Duration = Duration::from_secs(10);

/// With which it is started to serve on a free port, and where that is. What it writes goes into the folder.
pub(crate) fn arguments(folder: &Path) -> Result<(SocketAddr, Vec<String>)> {
    // It can't tell which port it was given. Nobody else takes this one within a moment.
    let address = UdpSocket::bind("127.0.0.1:0")?.local_addr()?;
    let folder = folder.display();
    let arguments = format!(
        "-n -L 127.0.0.1 -E 127.0.0.1 -p {} -a -u {USER}:{PASSWORD} -r bench --allow-loopback-peers --no-cli --no-tls --no-dtls --no-rfc5780 \
         --no-stdout-log --log-file {folder}/log --simple-log --pidfile {folder}/pid -b {folder}/users",
        address.port()
    );
    let arguments = arguments.split_whitespace().map(str::to_owned);
    Ok((address, arguments.collect()))
}

/// Waits until a server answers to a Binding request.
pub(crate) fn answers(server: SocketAddr) -> Result<()> {
    let began = Instant::now();
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    socket.set_read_timeout(Some(Duration::from_millis(1)))?;
    let request = b"\x00\x01\x00\x00\x21\x12\xa4\x42a transaction".first_chunk::<20>();
    let mut buffer = [0; 200];
    loop {
        // Where nobody listens yet, the system says so: that is no reason to end.
        let _ = socket.send_to(request.unwrap_or(&[0; 20]), server);
        if socket.recv_from(&mut buffer).is_ok() {
            return Ok(());
        }
        ensure!(began.elapsed() < PATIENCE, "no server of STUN answers");
    }
}
