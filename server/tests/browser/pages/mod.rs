//! Page objects: what is on a page, by accessible names and roles. May import [`harness`](crate::harness).

mod console;
mod control;
pub(crate) mod demo;
mod page;

/// The chapter with the three demos.
pub(crate) const CHAPTER: &str = "connecting/";

/// The chapter about the instruments.
pub(crate) const INSTRUMENTS: &str = "connecting/instruments.html";

/// The reference of the library, with its examples.
pub(crate) const REFERENCE: &str = "quickconnect/reference.html";

/// All pages.
pub(crate) const PAGES: [&str; 7] = [
    "",
    CHAPTER,
    INSTRUMENTS,
    REFERENCE,
    "quickconnect/how-to.html",
    "quickconnect/migration.html",
    "glossary.html",
];

/// The demos of the chapter.
pub(crate) const CREATE_OFFER: &str = "createoffer.js";
pub(crate) const SINGLE_BROWSER: &str = "p2p-singlebrowser.js";
pub(crate) const QUICKCONNECT: &str = "quickconnect-intro.js";
pub(crate) const DEMOS: [&str; 3] = [CREATE_OFFER, SINGLE_BROWSER, QUICKCONNECT];
