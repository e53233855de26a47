//! A page of somebody's own, from another origin, as the reference has it word by word: refused, and told why; then let in by the flag that it was
//! told. And a page that has the modules of the package instead of the server's one file.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};

use anyhow::{Context, Error, Result, ensure};
use axum::Router;
use axum::http::{StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use server::config::{Access, Settings};
use tokio::net::TcpListener;

use crate::harness::{Browser, Kind, Page, eventually, in_browser_of, start_server_with};

const REFERENCE: &str = include_str!("../../../../book/quickconnect/reference.md");
/// Where it has the server.
const SERVER: &str = "http://127.0.0.1:8000";
/// What a page imports there.
const ONE_FILE: &str = "http://127.0.0.1:8000/code/quickconnect/js/index.js";

/// The folder of which the package is made.
const PACKAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../code/quickconnect/js");
/// Where the site has it.
const PACKAGE_PATH: &str = "/quickconnect/";

/// The page in the reference.
fn page() -> Result<&'static str> {
    let begin = REFERENCE.split_once("```html\n");
    let end = begin.and_then(|(_, from)| from.split_once("```"));
    Ok(end.context("the reference has a page")?.0)
}

/// A site of somebody's own, which is served for as long as the runtime lives.
pub(super) struct Site {
    listener: TcpListener,
    pub(super) origin: String,
}

impl Site {
    pub(super) async fn new() -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let origin = format!("http://{}", listener.local_addr()?);
        Ok(Self { listener, origin })
    }

    /// Serves a page at its root, and the modules of the package.
    fn serve(self, page: String) {
        let site = Router::new().route("/", get(async || Html(page)));
        self.serve_files(site.fallback(module));
    }

    /// Serves these files.
    pub(super) fn serve_files(self, files: Router) {
        tokio::spawn(async { axum::serve(self.listener, files).await });
    }
}

async fn module(uri: Uri) -> Response {
    let name = uri.path().strip_prefix(PACKAGE_PATH);
    let name = name.filter(|name| !name.contains(['/', '\\', '%']));
    let text = name.and_then(|name| fs::read_to_string(format!("{PACKAGE}/{name}")).ok());
    match text {
        Some(text) => ([(header::CONTENT_TYPE, "text/javascript")], text).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

pub(super) async fn open<'b>(browser: &'b Browser, origin: &str) -> Result<Page<'b>> {
    let page = browser.new_tab().await?;
    page.driver().await?.goto(format!("{origin}/")).await?;
    Ok(page)
}

/// What the page says, once it has these words in it.
async fn says(page: &Page<'_>, words: &str) -> Result<String> {
    let said = eventually(async || {
        let text = "return document.querySelector('#says').textContent;";
        let text = page.evaluate(text, []).await?;
        let text = text.as_str().unwrap_or_default().to_owned();
        Ok(text.contains(words).then_some(text))
    });
    said.await
        .with_context(|| format!("the page should say {words}"))
}

/// A server that lets a site in.
pub(super) async fn server_for(origin: &str) -> Result<SocketAddr> {
    let access = Access {
        allow_origin: vec![origin.parse().map_err(Error::msg)?],
        ..Access::default()
    };
    let settings = Settings {
        access,
        ..Settings::default()
    };
    start_server_with(settings).await
}

async fn the_page_says_why_it_is_refused(browser: &Browser) -> Result<()> {
    let site = Site::new().await?;
    let origin = site.origin.clone();
    site.serve(page()?.replace(SERVER, &browser.origin));
    let page = open(browser, &origin).await?;
    let said = says(&page, "refuses this page").await?;
    ensure!(said.contains(&format!("--allow-origin {origin}")), "{said}");
    Ok(())
}

#[test]
fn the_page_of_the_reference_says_why_it_is_refused_and_which_flag_lets_it_in_in_chromium() {
    in_browser_of(Kind::Chromium, the_page_says_why_it_is_refused);
}

#[test]
fn the_page_of_the_reference_says_why_it_is_refused_and_which_flag_lets_it_in_in_firefox() {
    in_browser_of(Kind::Firefox, the_page_says_why_it_is_refused);
}

/// Two pages of one site meet.
async fn they_meet(browser: &Browser, origin: &str) -> Result<()> {
    let one = open(browser, origin).await?;
    let other = open(browser, origin).await?;
    says(&one, " is here.").await?;
    says(&other, " is here.").await?;
    Ok(())
}

async fn the_page_works_with_that_flag(browser: &Browser) -> Result<()> {
    let site = Site::new().await?;
    let origin = site.origin.clone();
    let server = server_for(&origin).await?;
    site.serve(page()?.replace(SERVER, &format!("http://{server}")));
    they_meet(browser, &origin).await
}

#[test]
fn the_page_of_the_reference_works_with_that_flag_in_chromium() {
    in_browser_of(Kind::Chromium, the_page_works_with_that_flag);
}

#[test]
fn the_page_of_the_reference_works_with_that_flag_in_firefox() {
    in_browser_of(Kind::Firefox, the_page_works_with_that_flag);
}

async fn the_modules_of_the_package_do_as_well(browser: &Browser) -> Result<()> {
    let site = Site::new().await?;
    let origin = site.origin.clone();
    let server = server_for(&origin).await?;
    ensure!(page()?.contains(ONE_FILE), "the page imports {ONE_FILE}");
    let with_package = page()?.replace(ONE_FILE, &format!("{PACKAGE_PATH}index.js"));
    site.serve(with_package.replace(SERVER, &format!("http://{server}")));
    they_meet(browser, &origin).await
}

#[test]
fn the_modules_of_the_package_do_as_well_in_chromium() {
    in_browser_of(Kind::Chromium, the_modules_of_the_package_do_as_well);
}

#[test]
fn the_modules_of_the_package_do_as_well_in_firefox() {
    in_browser_of(Kind::Firefox, the_modules_of_the_package_do_as_well);
}
