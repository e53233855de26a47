//! What the options say of TLS: whose certificate it is, and what the host is told of it.

use std::net::IpAddr;
use std::time::SystemTime;

use anyhow::{Context as _, Result};
use server::config::{HostName, PublicUrl, Serving};
use server::file_watch::{LOOK_EVERY, Watch};
use server::process::{addresses, folders};
use server::tls::Tls;
use server::tls::authority::names::Names;
use server::tls::authority::{self, Authority};
use server::tls::files::Files;

pub(crate) const NO_FOLDER: &str = "The certificate of --tls has no place: nobody says where this user's files are. Set XDG_CONFIG_HOME to a folder \
                         that you can write to";

/// How each kind of device forgets a root.
const REMOVE: &str = "\
Devices that trust it go on to do so until it ends, 30 days after it was made at
most. Its key is gone, so nobody can use it. To remove it from

  Android         Settings: search for \"user credentials\", and remove it there
  iPhone, iPad    Settings, General, VPN & Device Management: Remove Profile
  a Mac           Keychain Access, login, Certificates: delete it
  Windows         certmgr.msc, Trusted Root Certification Authorities: delete
  Firefox         Settings, View Certificates, Authorities: delete it
  Chrome, Linux   chrome://certificate-manager, Custom: remove it

It is called \"Creating Connections workshop\", with eight characters behind.
";

/// TLS, and what keeps its certificate up to date.
pub(crate) struct Spoken {
    pub(crate) tls: Tls,
    /// What the host reads of it; empty if there is nothing to do.
    pub(crate) says: String,
    pub(crate) _watch: Watch,
}

/// As the options say; nothing where TLS is not spoken. `local_name` is what the machine is called in its network. `port` is that of the server, if it has one.
pub(crate) fn open(
    serving: &Serving,
    public_url: Option<&PublicUrl>,
    local_name: Option<String>,
    port: Option<u16>,
) -> Result<Option<Spoken>> {
    if let (Some(cert), Some(key)) = (&serving.tls.cert, &serving.tls.key) {
        let (cert, key) = (cert.clone(), key.clone());
        let (tls, watch) = Files { cert, key }.open(LOOK_EVERY)?;
        let says = String::new();
        return Ok(Some(Spoken {
            tls,
            says,
            _watch: watch,
        }));
    }
    if !serving.tls.tls {
        return Ok(None);
    }
    let folder = folders::config().context(NO_FOLDER)?;
    let named = named(&serving.settings.access.host_name, public_url);
    let of_machine = move || of_machine(local_name.as_ref());
    let authority = Authority::open(folder, named, &of_machine(), SystemTime::now())?;
    let mut says = format!(
        "https:// works at the same address. Browsers warn of it until a device trusts\n\
         \"{}\": the page workshop/https.html says\n\
         how, and to compare the fingerprint (SHA-256) with this one:\n\n    {}\n",
        authority.name(),
        in_two_lines(&authority.fingerprint()),
    );
    for address in of_machine().addresses {
        // Those of IPv6 on the internet are everywhere, and nobody types them.
        if let Some(port) = port
            && address.is_ipv4()
            && !authority.covers(address)
        {
            says.push_str(&not_covered(address, port));
        }
    }
    let (tls, watch) = authority.serve(authority::LOOK_EVERY, of_machine, SystemTime::now)?;
    Ok(Some(Spoken {
        tls,
        says,
        _watch: watch,
    }))
}

/// The constraints of the root permit no address that somebody may have on the internet, unless the host names it.
fn not_covered(address: IpAddr, port: u16) -> String {
    format!(
        "\nNot at {address}, which is no address of a private network. If the room\n\
         opens that one, name it: workshop --public-url http://{address}:{port}\n"
    )
}

/// Deletes the authority, and says how devices do.
pub(crate) fn forget() -> Result<String> {
    let folder = folders::config().context(NO_FOLDER)?;
    let shown = folder.display().to_string();
    Ok(match authority::forget(folder)? {
        true => format!("The authority in {shown} is deleted.\n\n{REMOVE}"),
        false => format!("There is no authority in {shown}.\n"),
    })
}

/// Names that the host has given this server.
fn named(host_names: &[HostName], public_url: Option<&PublicUrl>) -> Names {
    let of_url = public_url.and_then(PublicUrl::name);
    let names = host_names.iter().chain(of_url).filter_map(HostName::name);
    Names {
        dns: names.map(str::to_owned).collect(),
        addresses: public_url
            .and_then(PublicUrl::address)
            .into_iter()
            .collect(),
    }
}

/// Those of the machine. It answers at no name that it was not given, so it has no other here.
fn of_machine(local_name: Option<&String>) -> Names {
    Names {
        dns: local_name.into_iter().cloned().collect(),
        addresses: addresses::of_this_machine(),
    }
}

/// 95 characters do not fit a terminal of 80 columns.
fn in_two_lines(fingerprint: &str) -> String {
    let middle = fingerprint.len() / 2 + 1;
    let (first, second) = fingerprint.split_at(middle);
    format!("{first}\n    {second}")
}
