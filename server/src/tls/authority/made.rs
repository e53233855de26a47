//! A root or a certificate as it is made and kept: with its key, and what it is for. Neither files nor a clock.
//!
//! May import: error, names, secret, rcgen, rustls, serde.

use std::time::{Duration, SystemTime};

use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    NameConstraints,
};
use rustls::pki_types::PrivateKeyDer;
use serde::{Deserialize, Serialize};

use super::error::NoAuthority;
use super::names::{LOCAL, Names, PRIVATE};
use crate::secret::random_bytes;

/// How long a root is good, from a little before it was made: clocks of devices differ.
const LIFETIME: Duration = Duration::from_secs(30 * 24 * 3600);
/// That little.
const BEFORE: Duration = Duration::from_secs(3600);

/// How the names of roots and certificates begin, and end with what tells them apart.
const SUBJECT: &str = "Creating Connections workshop";

/// A certificate with its key. The names of a root are those beyond the ones that every root is for.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Made {
    subject: String,
    /// The subject of the root that has signed it.
    issuer: String,
    /// Seconds since 1970.
    begins: u64,
    ends: u64,
    pub(super) names: Names,
    /// DER.
    certificate: Vec<u8>,
    /// PKCS #8, DER.
    key: Vec<u8>,
}

impl Made {
    /// A new root, for private networks, local names, and these.
    pub(super) fn root(named: &Names, now: SystemTime) -> Result<Self, NoAuthority> {
        let subject = format!("{SUBJECT} {:08x}", u32::from_be_bytes(random_bytes()?));
        let begins = now - BEFORE;
        let key = KeyPair::generate()?;
        let params = params_of_root(&subject, named, begins);
        let certificate = params.self_signed(&key)?;
        Ok(Self {
            issuer: subject.clone(),
            subject,
            begins: seconds(begins),
            ends: seconds(begins + LIFETIME),
            names: named.clone(),
            certificate: certificate.der().to_vec(),
            key: key.serialize_der(),
        })
    }

    /// A new certificate of a server with these names, signed by a root. It is good for as long as the root.
    pub(super) fn leaf(root: &Self, names: Names) -> Result<Self, NoAuthority> {
        let issuer = Issuer::new(
            params_of_root(&root.subject, &root.names, root.begins()),
            KeyPair::try_from(&root.key[..])?,
        );
        let key = KeyPair::generate()?;
        let addresses = names.addresses.iter().map(ToString::to_string);
        let all: Vec<_> = names.dns.iter().cloned().chain(addresses).collect();
        let mut params = CertificateParams::new(all)?;
        let subject = format!("{SUBJECT} server");
        params.distinguished_name = named(&subject);
        params.not_before = root.begins().into();
        params.not_after = (root.begins() + LIFETIME).into();
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        let certificate = params.signed_by(&key, &issuer)?;
        Ok(Self {
            subject,
            issuer: root.subject.clone(),
            begins: root.begins,
            ends: root.ends,
            names,
            certificate: certificate.der().to_vec(),
            key: key.serialize_der(),
        })
    }

    pub(super) fn subject(&self) -> &str {
        &self.subject
    }

    pub(super) fn certificate(&self) -> &[u8] {
        &self.certificate
    }

    pub(super) fn key(&self) -> Result<PrivateKeyDer<'static>, NoAuthority> {
        let key = PrivateKeyDer::try_from(self.key.clone());
        key.map_err(|error| NoAuthority::Tls(rustls::Error::General(error.to_owned())))
    }

    /// Whether this root has signed it.
    pub(super) fn is_of(&self, root: &Self) -> bool {
        self.issuer == root.subject && self.ends == root.ends
    }

    /// Whether it is good for so long from now on.
    pub(super) fn lasts(&self, time: Duration, now: SystemTime) -> bool {
        self.ends > seconds(now + time)
    }

    /// Whether it is good already; one from the future is that of a clock that was wrong.
    pub(super) fn has_begun(&self, now: SystemTime) -> bool {
        self.begins <= seconds(now)
    }

    fn begins(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(self.begins)
    }
}

/// The constraints are critical ([RFC 5280, section 4.2.1.10](https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.10)): who does not know
/// them has to refuse the root. What is of a kind that they name, and not among what they permit, is forbidden.
fn params_of_root(subject: &str, names: &Names, begins: SystemTime) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = named(subject);
    params.not_before = begins.into();
    params.not_after = (begins + LIFETIME).into();
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    let own = names.addresses.iter().map(|address| {
        let bits = if address.is_ipv4() { 32 } else { 128 };
        (*address, bits)
    });
    let networks = PRIVATE.into_iter().chain(own);
    let networks = networks.map(|(address, bits)| {
        GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(address, bits))
    });
    let below = LOCAL.iter().map(|name| (*name).to_owned());
    let dns = below
        .chain(names.dns.iter().cloned())
        .map(GeneralSubtree::DnsName);
    params.name_constraints = Some(NameConstraints {
        permitted_subtrees: dns.chain(networks).collect(),
        excluded_subtrees: Vec::new(),
    });
    params
}

fn named(subject: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, subject);
    name
}

/// Since 1970; 0 before.
fn seconds(time: SystemTime) -> u64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH);
    since.unwrap_or_default().as_secs()
}
