//! The page *Join* of a workshop whose Wi-Fi has a code: two codes, which a camera can tell from each other.

use anyhow::{Context, Result, ensure};
use server::workshop::wifi::Wifi;

use crate::harness::{eventually, in_wifi};

const JOIN: &str = "workshop/join.html";

/// Left, top, right and bottom of each code, once both are drawn.
const CODES: &str = "const pictures = [...document.querySelectorAll('.workshop-codes img')];
    if (!pictures.every((one) => one.complete && one.naturalWidth > 0)) return null;
    return pictures.map((one) => one.getBoundingClientRect())
        .map(({ left, top, right, bottom }) => [left, top, right, bottom]);";

fn guests() -> Result<Wifi> {
    let ssid = "Guests of the library".parse()?;
    Ok(Wifi::new(ssid, Some(&"correct horse".parse()?))?)
}

#[test]
fn both_codes_are_seen_beside_each_other_on_a_laptop_and_below_each_other_on_a_phone() {
    in_wifi(guests().expect("a name and a password"), async |browser| {
        let page = browser.new_tab().await?;
        for (width, height, is_phone) in [(320, 640, true), (1366, 768, false)] {
            page.become_screen(width, height, is_phone).await?;
            page.go_to(JOIN).await?;
            let codes = eventually(async || {
                let codes = page.evaluate(CODES, []).await?;
                Ok(serde_json::from_value::<Option<[[f64; 4]; 2]>>(codes)?)
            });
            let [wifi, book] = codes.await.context("two codes")?;
            let ([_, top, right, bottom], [left, book_top, ..]) = (wifi, book);
            match is_phone {
                true => ensure!(book_top > bottom, "{wifi:?} {book:?}"),
                false => ensure!(
                    (top - book_top).abs() < 1.0 && left > right,
                    "{wifi:?} {book:?}"
                ),
            }
            page.fits_its_width().await?;
        }
        Ok(())
    });
}
