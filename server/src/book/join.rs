//! What a workshop adds to the book: the QR code of its address, both on the page *Join*, which is whole without them, that of its Wi-Fi if
//! the host has named one, and the address in the head of each page, by which the stage knows that demos have codes.
//!
//! May import: render, workshop.

use super::render::{File, Rendered};
use crate::workshop::Workshop;

/// Where the code is.
const CODE: &str = "workshop/qr.svg";

/// Where that of the Wi-Fi is.
const WIFI_CODE: &str = "workshop/wifi.svg";

/// What `book/workshop/join.md` has in their place, and the end of that.
const BEGIN: &[u8] = b"<div class=\"no-workshop\">";
const END: &[u8] = b"</div>";

/// The name of the element with the address in each page; `book/stage/stage.js` looks for it.
const META: &str = "guidebook-workshop";

/// Adds the file and the element, and puts picture and address into each page that has a place for them: *Join*, and the printed book.
pub(super) fn add(rendered: &mut Rendered, workshop: &Workshop) {
    for page in rendered.files.iter_mut().filter(|file| file.is_page()) {
        let Some(begin) = position(&page.contents, BEGIN) else {
            continue;
        };
        let Some(length) = position(&page.contents[begin..], END) else {
            continue;
        };
        let to_root = "../".repeat(page.path.matches('/').count());
        let figures = figures(&to_root, workshop);
        page.contents
            .splice(begin..begin + length + END.len(), figures.into_bytes());
    }
    let url = escaped(workshop.url());
    rendered.add_to_pages(
        "</head>",
        &format!("<meta name=\"{META}\" content=\"{url}\">"),
    );
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
    let link = format!("<a href=\"{url}\">{url}</a>");
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
