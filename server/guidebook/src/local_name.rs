//! The name of a workshop in its network.

use std::net::SocketAddr;

use server::config::{HostName, Label, LocalName, PublicUrl, Serving};
use server::local_name::Published;
use server::workshop_address::can_change;

/// The name that a workshop at this address shall have: none where somebody has named another, or one address alone, which the other networks of this
/// machine don't reach.
pub(crate) fn wanted<'a>(
    options: &'a LocalName,
    public: SocketAddr,
    public_url: Option<&PublicUrl>,
) -> Option<&'a Label> {
    let is_wanted = !options.no_mdns && can_change(public, public_url);
    is_wanted.then_some(&options.local_name)
}

/// Answers for the name in the network, and at it.
pub(crate) fn publish(label: &Label, serving: &mut Serving) -> Published {
    let host = label.host().parse::<HostName>();
    serving.settings.access.host_name.extend(host);
    Published::begin(label)
}
