//! A workshop whose machine gets another address: the terminal says so, and the page *Join* has the new one.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use server::book::live::LiveBook;
use server::book::source::Source;
use server::config::Limits;
use server::local_name::{Naming, Standing};
use server::process::addresses::Urls;
use server::workshop::welcome::Notice;
use server::workshop_address::{self, Watch};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::sync::watch;
use tokio::time::sleep;

use crate::qr_code::Modules;
use crate::support::http::get;
use crate::support::{Attendee, Checkout, Server, soon};

const HERE: &str = "http://localhost:8000/";
const FIRST: &str = "http://192.168.77.5:8000/";
const SECOND: &str = "http://10.0.0.7:8000/";

/// A page with a place for the address, as *Join* is one.
const PAGE: &str = "# Start\n\n<div class=\"no-workshop\">\n\nNone.\n\n</div>\n";

/// Far more often than the program looks.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// A workshop on a machine whose addresses are those that the test says, with a small book, which is soon rendered.
struct Host {
    server: Server,
    checkout: Checkout,
    addresses: Arc<Mutex<Vec<&'static str>>>,
    told: UnboundedReceiver<String>,
    watch: Watch,
}

fn urls(for_others: &[&str]) -> Urls {
    Urls {
        here: HERE.to_owned(),
        for_others: for_others.iter().map(|url| (*url).to_owned()).collect(),
        in_the_room: for_others.len(),
    }
}

impl Host {
    async fn begin(at: &[&'static str]) -> Self {
        Self::begin_named(at, None).await
    }

    async fn begin_named(at: &[&'static str], naming: Option<Naming>) -> Self {
        let checkout = Checkout::new();
        checkout.write("book/index.md", PAGE);
        let source = Source::Checkout {
            folder: checkout.path(),
            max_bytes: Limits::default().max_book_bytes,
        };
        let begun_with = urls(at);
        let (workshop, _) = workshop_address::begin(&begun_with, None, None).unwrap();
        let book = Arc::new(LiveBook::open_for(Some(workshop), source).unwrap());
        let addresses = Arc::new(Mutex::new(at.to_vec()));
        let now = Arc::clone(&addresses);
        let look = move || urls(&now.lock().unwrap());
        let (teller, told) = unbounded_channel();
        let tell = move |notice: Notice| drop(teller.send(notice.text));
        let watch = workshop_address::watch(&book, &begun_with, naming, LOOK_EVERY, look, tell);
        Self {
            server: Server::with_book(book).await,
            checkout,
            addresses,
            told,
            watch,
        }
    }

    fn has(&self, addresses: &[&'static str]) {
        *self.addresses.lock().unwrap() = addresses.to_vec();
    }

    /// What the terminal says next.
    async fn says(&mut self) -> String {
        soon("a text", self.told.recv()).await.unwrap()
    }
}

/// Removes the colours.
fn plain(text: &str) -> String {
    let mut parts = text.split('\x1b');
    let first = parts.next().unwrap().to_owned();
    let rest = parts.map(|part| part.split_once('m').unwrap().1);
    first + &rest.collect::<String>()
}

#[tokio::test]
async fn another_wifi_is_another_code_in_the_terminal_and_another_address_on_the_page_join() {
    let mut host = Host::begin(&[FIRST]).await;
    let first = get(&host.server, "/").await;
    assert!(first.text().contains(FIRST));
    host.has(&[SECOND]);
    let text = plain(&host.says().await);
    assert!(text.contains("The address has changed"), "{text}");
    assert!(text.lines().any(|line| line.trim() == SECOND), "{text}");
    assert_eq!(Modules::printed_in(&text).read(), SECOND);
    // The page has it by the time at which the host is told to reload it.
    for path in ["/", "/print.html"] {
        let page = get(&host.server, path).await;
        let link = format!("<a href=\"{SECOND}\">{SECOND}</a>");
        assert!(page.text().contains(&link), "{path}");
        assert!(!page.text().contains(FIRST), "{path}");
    }
    let code = get(&host.server, "/workshop/qr.svg").await;
    assert_eq!(Modules::drawn_in(code.text()).read(), SECOND);
    let page = get(&host.server, "/").await;
    assert_ne!(page.header("etag"), first.header("etag"));
}

#[tokio::test]
async fn a_machine_that_leaves_its_network_says_so_and_keeps_its_page_until_it_has_another_address()
{
    let mut host = Host::begin(&[FIRST]).await;
    for (addresses, says) in [
        (&[][..], "in no network any more"),
        (
            &[FIRST][..],
            "in its network again, at http://192.168.77.5:8000/",
        ),
        (&[][..], "in no network any more"),
    ] {
        host.has(addresses);
        let text = host.says().await;
        assert!(text.contains(says), "{text}");
        let page = get(&host.server, "/").await;
        assert!(page.text().contains(FIRST));
    }
    host.has(&[SECOND, FIRST]);
    let again = host.says().await;
    assert!(again.contains("in its network again"), "{again}");
}

#[tokio::test]
async fn a_workshop_that_begins_in_no_network_gets_its_address_with_the_first() {
    let mut host = Host::begin(&[]).await;
    host.has(&[FIRST]);
    let text = plain(&host.says().await);
    assert_eq!(Modules::printed_in(&text).read(), FIRST);
    assert!(!text.contains("No other device"), "{text}");
    let page = get(&host.server, "/").await;
    assert!(page.text().contains(FIRST));
}

#[tokio::test]
async fn a_book_that_is_rendered_again_later_has_the_new_address_too() {
    let mut host = Host::begin(&[FIRST]).await;
    host.has(&[SECOND]);
    host.says().await;
    let edited = format!("{PAGE}\nMore.\n");
    host.checkout.write("book/index.md", &edited);
    host.server.book.renew();
    let page = get(&host.server, "/").await;
    assert!(page.text().contains("More.") && page.text().contains(SECOND));
    assert!(!page.text().contains(FIRST));
}

#[tokio::test]
async fn pages_that_are_open_are_told_the_new_address_and_so_is_whoever_comes_later() {
    let mut host = Host::begin(&[FIRST]).await;
    let mut open = Attendee::comes(host.server.address).await;
    assert_eq!(open.hears("address").await["url"], FIRST);
    host.has(&[SECOND]);
    host.says().await;
    assert_eq!(open.hears("address").await["url"], SECOND);
    // What its page says may be of before.
    let mut back = Attendee::comes_with(host.server.address, open.ticket()).await;
    assert_eq!(back.hears("address").await["url"], SECOND);
}

#[tokio::test]
async fn the_name_of_the_machine_is_told_once_it_has_it_and_with_every_later_address() {
    const NAMED: &str = "http://workshop.local:8000/";

    let (decides, standing) = watch::channel(Standing::Asked);
    let host = "workshop.local".to_owned();
    let mut host = Host::begin_named(&[FIRST], Some(Naming { host, standing })).await;
    decides.send_replace(Standing::Ours);
    let text = host.says().await;
    assert!(text.contains(NAMED), "{text}");
    let page = get(&host.server, "/").await;
    assert!(page.text().contains(NAMED) && page.text().contains(FIRST));
    host.has(&[SECOND]);
    let text = plain(&host.says().await);
    assert!(text.contains(NAMED) && text.contains(SECOND), "{text}");
    assert_eq!(Modules::printed_in(&text).read(), SECOND);
    let page = get(&host.server, "/").await;
    assert!(page.text().contains(NAMED) && page.text().contains(SECOND));
}

#[tokio::test]
async fn a_name_that_another_device_has_is_told_in_words_and_not_shown() {
    let (decides, standing) = watch::channel(Standing::Asked);
    let name = "workshop.local".to_owned();
    let naming = Naming {
        host: name.clone(),
        standing,
    };
    let mut host = Host::begin_named(&[FIRST], Some(naming)).await;
    decides.send_replace(Standing::Taken);
    let text = host.says().await;
    assert!(
        text.contains("Another device") && text.contains("--local-name"),
        "{text}"
    );
    host.has(&[SECOND]);
    let text = host.says().await;
    assert!(!text.contains(&name), "{text}");
}

#[tokio::test]
async fn nobody_looks_any_more_when_the_watch_is_dropped() {
    let host = Host::begin(&[FIRST]).await;
    let Host {
        addresses, watch, ..
    } = host;
    drop(watch);
    // What looks holds them, too.
    let ended = async {
        while Arc::strong_count(&addresses) > 1 {
            sleep(LOOK_EVERY).await;
        }
    };
    soon("the end of the looks", ended).await;
}
