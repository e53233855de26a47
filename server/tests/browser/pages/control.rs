//! Controls by role and accessible name, both as the browser computes them for a screen reader. Imports nothing of this crate.

use anyhow::{Result, bail};
use thirtyfour::common::command::FormatRequestData;
use thirtyfour::common::types::SessionId;
use thirtyfour::prelude::*;
use thirtyfour::{ElementId, RequestData};

/// The element inside `region` with this role and name.
pub(super) async fn find(region: &WebElement, role: &str, name: &str) -> Result<WebElement> {
    let mut others = Vec::new();
    for element in region.find_all(By::Css(candidates(role))).await? {
        let label = label_of(&element).await?;
        if label == name && role_of(&element).await? == role {
            return Ok(element);
        }
        others.push(label);
    }
    bail!("no {role} is named {name:?}: there are {others:?}")
}

/// What may have the role: a narrow search, because each candidate costs a round trip, and may be gone by then.
fn candidates(role: &str) -> &'static str {
    match role {
        "button" => "button",
        "link" => "a[href]",
        "textbox" => "textarea",
        "log" | "status" => "[role]",
        "Iframe" => "iframe",
        "slider" => "input[type=range]",
        "spinbutton" => "input[type=number]",
        _ => "*",
    }
}

/// The accessible name.
pub(crate) async fn label_of(element: &WebElement) -> Result<String> {
    ask(element, "computedlabel").await
}

/// The role.
pub(crate) async fn role_of(element: &WebElement) -> Result<String> {
    ask(element, "computedrole").await
}

async fn ask(element: &WebElement, property: &'static str) -> Result<String> {
    let answer = element
        .handle()
        .cmd(Computed {
            element: element.element_id(),
            property,
        })
        .await?;
    Ok(answer.value()?)
}

/// A command that WebDriver has and thirtyfour has not.
#[derive(Debug)]
struct Computed {
    element: ElementId,
    property: &'static str,
}

impl FormatRequestData for Computed {
    fn format_request(&self, session: &SessionId) -> RequestData {
        let Self { element, property } = self;
        RequestData::new(
            axum::http::Method::GET,
            format!("session/{session}/element/{element}/{property}"),
        )
    }
}
