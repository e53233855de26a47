//! Numbers of STUN's attributes ([the registry of IANA](https://www.iana.org/assignments/stun-parameters/)).
//!
//! May import: nothing.

pub(crate) const MAPPED_ADDRESS: u16 = 0x0001;
pub(crate) const USERNAME: u16 = 0x0006;
pub(crate) const MESSAGE_INTEGRITY: u16 = 0x0008;
pub(crate) const ERROR_CODE: u16 = 0x0009;
pub(crate) const UNKNOWN_ATTRIBUTES: u16 = 0x000a;
pub(crate) const CHANNEL_NUMBER: u16 = 0x000c;
pub(crate) const LIFETIME: u16 = 0x000d;
pub(crate) const XOR_PEER_ADDRESS: u16 = 0x0012;
pub(crate) const DATA: u16 = 0x0013;
pub(crate) const REALM: u16 = 0x0014;
pub(crate) const NONCE: u16 = 0x0015;
pub(crate) const XOR_RELAYED_ADDRESS: u16 = 0x0016;
pub(crate) const REQUESTED_ADDRESS_FAMILY: u16 = 0x0017;
pub(crate) const EVEN_PORT: u16 = 0x0018;
pub(crate) const REQUESTED_TRANSPORT: u16 = 0x0019;
pub(crate) const DONT_FRAGMENT: u16 = 0x001a;
pub(crate) const MESSAGE_INTEGRITY_SHA256: u16 = 0x001c;
pub(crate) const PASSWORD_ALGORITHM: u16 = 0x001d;
pub(crate) const USERHASH: u16 = 0x001e;
pub(crate) const XOR_MAPPED_ADDRESS: u16 = 0x0020;
pub(crate) const RESERVATION_TOKEN: u16 = 0x0022;
pub(crate) const PRIORITY: u16 = 0x0024;
pub(crate) const USE_CANDIDATE: u16 = 0x0025;
pub(crate) const PADDING: u16 = 0x0026;
pub(crate) const RESPONSE_PORT: u16 = 0x0027;
pub(crate) const CONNECTION_ID: u16 = 0x002a;
/// From here on they may be ignored by who does not know them (section 14).
pub(crate) const OPTIONAL: u16 = 0x8000;
pub(crate) const ADDITIONAL_ADDRESS_FAMILY: u16 = 0x8000;
pub(crate) const ADDRESS_ERROR_CODE: u16 = 0x8001;
pub(crate) const PASSWORD_ALGORITHMS: u16 = 0x8002;
pub(crate) const ALTERNATE_DOMAIN: u16 = 0x8003;
pub(crate) const ICMP: u16 = 0x8004;
pub(crate) const SOFTWARE: u16 = 0x8022;
pub(crate) const ALTERNATE_SERVER: u16 = 0x8023;
pub(crate) const FINGERPRINT: u16 = 0x8028;
pub(crate) const ICE_CONTROLLED: u16 = 0x8029;
pub(crate) const ICE_CONTROLLING: u16 = 0x802a;
pub(crate) const RESPONSE_ORIGIN: u16 = 0x802b;
pub(crate) const OTHER_ADDRESS: u16 = 0x802c;
pub(crate) const GOOG_NETWORK_INFO: u16 = 0xc057;
