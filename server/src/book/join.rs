//! What a workshop adds to the book: the QR code of its address, both on the page *Join*, which is whole without them, and the address in the
//! head of each page, by which the stage knows that demos have codes.
//!
//! May import: render, workshop.

use super::render::{File, Rendered};
use crate::workshop::Workshop;

/// Where the code is.
const CODE: &str = "workshop/qr.svg";

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
        let figure = figure(&to_root, workshop.url());
        page.contents
            .splice(begin..begin + length + END.len(), figure.into_bytes());
    }
    let url = escaped(workshop.url());
    rendered.add_to_pages(
        "</head>",
        &format!("<meta name=\"{META}\" content=\"{url}\">"),
    );
    rendered.files.push(File {
        path: CODE.to_owned(),
        contents: workshop.code().to_svg().into_bytes(),
        hashed: false,
    });
}

/// The picture is square, and `page.css` says how large: its sides are here so that nothing moves when it comes.
fn figure(to_root: &str, url: &str) -> String {
    let url = escaped(url);
    format!(
        "<figure class=\"workshop-code\"><img src=\"{to_root}{CODE}\" alt=\"QR code of the address\" width=\"1000\" height=\"1000\">\
         <figcaption><a href=\"{url}\">{url}</a></figcaption></figure>"
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
