//! What a workshop adds to the book: the QR code of its address, both on the page *Join*, which is whole without them, that of its Wi-Fi if
//! the host has named one, and the address in the head of each page, by which the stage knows that demos have codes. Where TLS is spoken, the
//! page *A secure connection* has what leads there.
//!
//! May import: render, workshop.

use super::render::{File, Rendered};
use crate::workshop::Workshop;

/// Where the code is.
const CODE: &str = "workshop/qr.svg";

/// Where that of the Wi-Fi is.
const WIFI_CODE: &str = "workshop/wifi.svg";

/// What `book/workshop/join.md` has in their place, and the end of that.
const NO_WORKSHOP: &[u8] = b"<div class=\"no-workshop\">";
/// What `book/workshop/https.md` has where TLS is not spoken.
const NO_TLS: &[u8] = b"<div class=\"no-tls\">";
/// The end of either.
const END: &[u8] = b"</div>";

/// Where the root is that devices trust (`server/src/http/authority.rs`), and the page of which a device asks whether it does.
const ROOT: &str = "workshop/authority.crt";
const PAGE: &str = "workshop/https.html";

/// The name of the element with the address in each page; `book/stage/stage.js` looks for it.
const META: &str = "guidebook-workshop";

/// Adds the file and the element, and puts picture and address into each page that has a place for them: *Join*, and the printed book.
pub(super) fn add(rendered: &mut Rendered, workshop: &Workshop) {
    for page in rendered.files.iter_mut().filter(|file| file.is_page()) {
        let to_root = page.to_root();
        replace(page, NO_WORKSHOP, || figures(&to_root, workshop));
        if let Some(url) = workshop.secure_url() {
            replace(page, NO_TLS, || secure(&to_root, &url));
        }
    }
    let url = escaped(workshop.url());
    rendered.add_to_pages("</head>", |_| {
        format!("<meta name=\"{META}\" content=\"{url}\">")
    });
    let wifi = workshop.wifi().map(|wifi| (WIFI_CODE, wifi.code()));
    for (path, code) in [(CODE, workshop.code())].into_iter().chain(wifi) {
        rendered.files.push(File {
            path: path.to_owned(),
            contents: code.to_svg().into_bytes(),
            hashed: false,
        });
    }
}

/// That of the Wi-Fi is first, as it is scanned first.
fn figures(to_root: &str, workshop: &Workshop) -> String {
    let url = escaped(workshop.url());
    let mut link = format!("<a href=\"{url}\">{url}</a>");
    if let Some(named) = workshop.named() {
        let named = escaped(named);
        link.push_str(&format!("<br>or <a href=\"{named}\">{named}</a>"));
    }
    let address = |caption: &str| figure(to_root, CODE, "QR code of the address", caption);
    let Some(wifi) = workshop.wifi() else {
        return address(&link);
    };
    let ssid = escaped(&wifi.ssid().to_string());
    let join = format!("1. Scan this to join the Wi-Fi <b>{ssid}</b>");
    let wifi = figure(to_root, WIFI_CODE, "QR code that joins the Wi-Fi", &join);
    let address = address(&format!("2. Then scan this, or type {link}"));
    format!("<div class=\"workshop-codes\">{wifi}{address}</div>")
}

/// Puts something in the place of an element without others in it, if the page has that.
fn replace(page: &mut File, begin: &[u8], with: impl FnOnce() -> String) {
    let Some(begin) = position(&page.contents, begin) else {
        return;
    };
    let Some(length) = position(&page.contents[begin..], END) else {
        return;
    };
    page.contents
        .splice(begin..begin + length + END.len(), with().into_bytes());
}

/// What leads to the root, and to the page over TLS; `book/stage/check-https.js` adds the check.
fn secure(to_root: &str, url: &str) -> String {
    let url = escaped(url);
    format!(
        "<div class=\"https-check\"><p><a href=\"{to_root}{ROOT}\">The file of the authority</a></p>\
         <p><a href=\"{url}{PAGE}\">This page over TLS: {url}</a></p></div>"
    )
}

/// The picture is square, and `page.css` says how large: its sides are here so that nothing moves when it comes.
fn figure(to_root: &str, path: &str, alt: &str, caption: &str) -> String {
    format!(
        "<figure class=\"workshop-code\"><img src=\"{to_root}{path}\" alt=\"{alt}\" width=\"1000\" height=\"1000\">\
         <figcaption>{caption}</figcaption></figure>"
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}

fn position(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}
