//! Networks of a test's own, made of the network namespaces of Linux: an access point, and machines at it, each with its own addresses and
//! its own loopback interface. Nothing of it is seen outside, and all of it is gone when the test's process ends.
//!
//! May import: `harness`.

use std::net::Ipv4Addr;
use std::os::fd::AsFd;
use std::process::{Child, Command, Stdio};
use std::{env, fs, thread};

use anyhow::{Context, Result, bail, ensure};
use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};

use crate::harness::places::{self, Mostly};

/// Is set in the process that a test runs in, whose network is its own.
const INSIDE: &str = "GUIDEBOOK_TEST_INSIDE";

const NOT_POSSIBLE: &str = "the tests of networks need `unshare`, `nsenter` and `ip` (Debian: `apt-get install util-linux iproute2`), and \
     network namespaces: be root, or let users have namespaces (Ubuntu: `sysctl kernel.apparmor_restrict_unprivileged_userns=0`)";

/// The access point has the first address of each network that it is in.
const fn access_point_in(network: u8) -> Ipv4Addr {
    Ipv4Addr::new(10, 77, network, 1)
}
/// The network of everybody who is behind no firewall.
const WIFI: u8 = 0;
/// Bits of an address that all machines of a network share.
const PREFIX: u8 = 24;

/// Runs the rest of a test in a process of its own, which is root in a network of its own.
///
/// `name` is that of the test, with its module, since the process is this program once more.
pub(crate) fn apart(name: &str, test: impl FnOnce() -> Result<()>) {
    if env::var_os(INSIDE).is_some() {
        return test().unwrap_or_else(|error| panic!("{error:?}"));
    }
    let program = env::current_exe().expect("the path of a running program is known");
    let mut command = Command::new("unshare");
    if !rustix::process::geteuid().is_root() {
        command.args(["--user", "--map-root-user"]);
    }
    let command = command.arg("--net").arg(program);
    let command = command.args(["--exact", name, "--nocapture"]);
    let output = places::run(Mostly::Works, async { command.env(INSIDE, "yes").output() });
    let output = output.expect(NOT_POSSIBLE);
    let said = String::from_utf8_lossy(&output.stdout);
    let failed = String::from_utf8_lossy(&output.stderr);
    assert!(!failed.contains("unshare failed"), "{NOT_POSSIBLE}");
    assert!(said.contains("1 passed"), "{said}\n{failed}");
}

/// An access point, which passes packets between machines. There is one in each process.
pub(crate) struct AccessPoint;

/// What an access point does with packets from one client to another.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Clients {
    Reachable,
    /// "Client isolation": what comes from one isolated machine is not passed on to another one.
    Isolated,
}

/// A machine in the network, until it is dropped.
pub(crate) struct Machine {
    name: &'static str,
    pub(crate) address: Ipv4Addr,
    router: Ipv4Addr,
    /// Does nothing, and holds the namespace. It ends when its standard input closes, as it does however this process ends.
    holder: Child,
}

impl AccessPoint {
    pub(crate) fn new() -> Result<Self> {
        ip("link set lo up")?;
        ip("link add wifi type bridge")?;
        ip(&format!(
            "addr add {}/{PREFIX} dev wifi",
            access_point_in(WIFI)
        ))?;
        ip("link set wifi up")?;
        // It is the router, too.
        fs::write("/proc/sys/net/ipv4/ip_forward", "1").context(NOT_POSSIBLE)?;
        Ok(Self)
    }

    /// Lets a machine join, as the last byte of its address. `name` is one for people, and for an interface: at most 15 letters.
    pub(crate) fn join(&self, name: &'static str, last: u8, clients: Clients) -> Result<Machine> {
        let machine = Machine::new(name, WIFI, last)?;
        ip(&format!("link set {name} master wifi up"))?;
        if clients == Clients::Isolated {
            run("bridge", &format!("link set dev {name} isolated on"))?;
        }
        machine.take_address(machine.address)?;
        Ok(machine)
    }

    /// Lets a machine in that has a network of its own, and a firewall in front that lets no UDP out of it.
    pub(crate) fn join_behind_firewall(&self, name: &'static str, network: u8) -> Result<Machine> {
        let machine = Machine::new(name, network, 2)?;
        let router = access_point_in(network);
        ip(&format!("addr add {router}/{PREFIX} dev {name}"))?;
        ip(&format!("link set {name} up"))?;
        ip(&format!("rule add iif {name} ipproto udp blackhole"))?;
        machine.take_address(machine.address)?;
        Ok(machine)
    }
}

impl Machine {
    /// With a cable to the access point, whose end there has the machine's name and is in no network yet.
    fn new(name: &'static str, network: u8, last: u8) -> Result<Self> {
        let holder = Command::new("unshare")
            .args(["--net", "cat"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .context(NOT_POSSIBLE)?;
        let router = access_point_in(network);
        let [a, b, c, _] = router.octets();
        let machine = Self {
            name,
            address: Ipv4Addr::new(a, b, c, last),
            router,
            holder,
        };
        machine.wait_for_namespace()?;
        let process = machine.holder.id();
        ip(&format!(
            "link add {name} type veth peer name wlan0 netns {process}"
        ))?;
        machine.ip("link set lo up")?;
        // Otherwise it had an address of IPv6, too, which is good for nothing until it is known to be nobody else's.
        machine.ip("link set wlan0 addrgenmode none")?;
        machine.ip("link set wlan0 up")?;
        Ok(machine)
    }

    /// Changes the network as this machine sees it: the arguments of `ip`.
    pub(crate) fn ip(&self, arguments: &str) -> Result<()> {
        let process = self.holder.id();
        run(
            "nsenter",
            &format!("--target {process} --net ip {arguments}"),
        )
        .with_context(|| format!("on the machine {:?}", self.name))
    }

    /// Has another address from now on, and its way into the network by that one.
    pub(crate) fn take_address(&self, address: Ipv4Addr) -> Result<()> {
        self.ip("addr flush dev wlan0 scope global")?;
        self.ip(&format!("addr add {address}/{PREFIX} dev wlan0"))?;
        self.ip(&format!("route replace default via {}", self.router))
    }

    /// Runs something on this machine. Sockets that it opens, and programs that it starts, are there, if it stays on its thread.
    pub(crate) fn run<T: Send>(&self, work: impl FnOnce() -> Result<T> + Send) -> Result<T> {
        let namespace = self.namespace()?;
        let on_machine = || {
            move_into_link_name_space(namespace.as_fd(), Some(LinkNameSpaceType::Network))
                .context(NOT_POSSIBLE)?;
            work()
        };
        thread::scope(|scope| match scope.spawn(on_machine).join() {
            Ok(outcome) => outcome,
            Err(panic) => std::panic::resume_unwind(panic),
        })
    }

    fn namespace(&self) -> Result<fs::File> {
        Ok(fs::File::open(format!(
            "/proc/{}/ns/net",
            self.holder.id()
        ))?)
    }

    /// `unshare` has a namespace of its own only some time after it was started, and becomes `cat` then.
    fn wait_for_namespace(&self) -> Result<()> {
        let path = format!("/proc/{}/comm", self.holder.id());
        loop {
            match fs::read_to_string(&path)?.trim() {
                "cat" => return Ok(()),
                "" => bail!(NOT_POSSIBLE),
                _ => thread::yield_now(),
            }
        }
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        // Waiting closes its standard input first.
        let _ = self.holder.wait();
    }
}

fn ip(arguments: &str) -> Result<()> {
    run("ip", arguments)
}

fn run(program: &str, arguments: &str) -> Result<()> {
    let mut command = Command::new(program);
    let output = command.args(arguments.split(' ')).output();
    let output = output.context(NOT_POSSIBLE)?;
    ensure!(
        output.status.success(),
        "`{program} {arguments}` failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(())
}
