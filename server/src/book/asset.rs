//! One file in memory: its headers, and its representations (plain, brotli, gzip).
//!
//! May import: hex, negotiate, policy, render, security_headers, axum, brotli, flate2, mime_guess, sha2.

use std::io::Write as _;
use std::sync::OnceLock;

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, header};
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use super::negotiate::{AcceptEncoding, Encoding};
use super::policy::Policy;
use super::render::File;
use crate::hex;
use crate::security_headers::SECURITY_HEADERS;

/// A year, the longest that caches keep anything.
pub(super) const FOREVER: HeaderValue =
    HeaderValue::from_static("public, max-age=31536000, immutable");

/// Caches may keep it, but have to revalidate it each time.
const REVALIDATE: HeaderValue = HeaderValue::from_static("no-cache");

/// brotli's default window, which every browser takes.
const BROTLI_WINDOW_BITS: u32 = 22;

/// A file that is served.
#[derive(Debug)]
pub struct Asset {
    headers: HeaderMap,
    /// The only header that depends on the request; pages alone have it.
    policy: Option<Policy>,
    identity: Representation,
    /// Filled later, by [`Asset::compress`]; with `None` if compression saves nothing.
    brotli: OnceLock<Option<Representation>>,
    gzip: OnceLock<Option<Representation>>,
    compressible: bool,
}

/// The bytes of one representation, and the strong ETag of exactly these bytes.
#[derive(Debug, Clone)]
pub struct Representation {
    /// The bytes.
    pub body: Bytes,
    /// Their ETag.
    pub etag: HeaderValue,
    /// How they are encoded.
    pub encoding: Encoding,
    /// All headers of a response that carries them, ready to be copied.
    pub headers: HeaderMap,
}

impl Asset {
    /// Takes over the bytes of a rendered file.
    pub(super) fn new(file: File) -> Self {
        let media_type = media_type(&file.path);
        let compressible = is_text(&media_type);
        let mut headers = HeaderMap::from_iter(SECURITY_HEADERS);
        headers.insert(header::CONTENT_TYPE, content_type(&media_type));
        headers.insert(
            header::CACHE_CONTROL,
            if file.hashed { FOREVER } else { REVALIDATE },
        );
        if compressible {
            headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        }
        if file.is_for_frames() {
            headers.insert(
                header::ACCESS_CONTROL_ALLOW_ORIGIN,
                HeaderValue::from_static("*"),
            );
        }
        let policy = file.is_html().then(|| {
            let html = String::from_utf8_lossy(&file.contents);
            match file.is_for_frames() {
                true => Policy::of_frame(&html),
                false => Policy::of_page(&html),
            }
        });
        let identity = Representation::new(file.contents.into(), Encoding::Identity, &headers);
        Self {
            headers,
            policy,
            identity,
            brotli: OnceLock::new(),
            gzip: OnceLock::new(),
            compressible,
        }
    }

    /// What a page may load; it depends on the address at which a browser asks for the page.
    pub fn policy(&self) -> Option<&Policy> {
        self.policy.as_ref()
    }

    /// The file as it is.
    pub fn identity(&self) -> &Representation {
        &self.identity
    }

    pub(super) fn is_same_as(&self, other: &Self) -> bool {
        self.identity.etag == other.identity.etag
            && self.headers == other.headers
            && self.policy == other.policy
    }

    /// The representation that a client prefers, out of those that are ready.
    pub fn best_for(&self, accepted: &AcceptEncoding) -> &Representation {
        let compressed = [&self.brotli, &self.gzip]
            .into_iter()
            .filter_map(|form| form.get()?.as_ref());
        accepted
            .choose(compressed, |form| form.encoding)
            .unwrap_or(&self.identity)
    }

    /// Takes over the compressed forms of the same file in an earlier book, if it has them.
    pub(super) fn take_compressed(&mut self, twin: &Self) {
        self.brotli = twin.brotli.clone();
        self.gzip = twin.gzip.clone();
    }

    pub(super) fn compress(&self) {
        if self.compressible {
            let (original, headers) = (&self.identity.body, &self.headers);
            self.brotli.get_or_init(|| {
                Representation::if_smaller(brotli(original), Encoding::Brotli, original, headers)
            });
            self.gzip.get_or_init(|| {
                Representation::if_smaller(gzip(original), Encoding::Gzip, original, headers)
            });
        }
    }
}

impl Representation {
    fn new(body: Bytes, encoding: Encoding, common: &HeaderMap) -> Self {
        let hash = hex::of(&Sha256::digest(&body)[..16]);
        let etag = HeaderValue::from_str(&format!("\"{hash}\""))
            .expect("hex digits in quotes fit into a header");
        let mut headers = common.clone();
        headers.insert(header::ETAG, etag.clone());
        headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
        if encoding != Encoding::Identity {
            let encoding = HeaderValue::from_static(encoding.name());
            headers.insert(header::CONTENT_ENCODING, encoding);
        }
        Self {
            body,
            etag,
            encoding,
            headers,
        }
    }

    fn if_smaller(
        body: Vec<u8>,
        encoding: Encoding,
        original: &Bytes,
        common: &HeaderMap,
    ) -> Option<Self> {
        (body.len() < original.len()).then(|| Self::new(body.into(), encoding, common))
    }
}

fn brotli(original: &[u8]) -> Vec<u8> {
    const BEST: u32 = 11;
    let mut writer =
        brotli::CompressorWriter::new(Vec::new(), original.len().max(1), BEST, BROTLI_WINDOW_BITS);
    writer
        .write_all(original)
        .expect("a vector takes everything");
    writer.into_inner()
}

fn gzip(original: &[u8]) -> Vec<u8> {
    let mut writer = GzEncoder::new(Vec::new(), flate2::Compression::best());
    writer
        .write_all(original)
        .and_then(|()| writer.finish())
        .expect("a vector takes everything")
}

/// By the name of a file. Declarations of TypeScript are text to read and to copy, and have the ending of a kind of film.
fn media_type(path: &str) -> mime_guess::Mime {
    match path.ends_with(".d.ts") {
        true => mime_guess::mime::TEXT_PLAIN,
        false => mime_guess::from_path(path).first_or_octet_stream(),
    }
}

/// Text is UTF-8 here, and worth compressing.
fn is_text(media_type: &mime_guess::Mime) -> bool {
    media_type.type_() == "text"
        || matches!(
            media_type.essence_str(),
            "application/json" | "application/javascript" | "image/svg+xml"
        )
}

fn content_type(media_type: &mime_guess::Mime) -> HeaderValue {
    let text = if is_text(media_type) {
        format!("{}; charset=utf-8", media_type.essence_str())
    } else {
        media_type.to_string()
    };
    HeaderValue::from_str(&text).expect("a media type fits into a header")
}
