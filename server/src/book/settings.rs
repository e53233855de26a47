//! Reads `book.toml`, and refuses what a stranger's checkout must not do: use paths outside of it, or run programs.
//!
//! May import: error, paths, mdbook_driver, mdbook_summary, serde_json.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use mdbook_driver::config::Config;
use mdbook_summary::{Summary, SummaryItem, parse_summary};
use serde_json::Value;

use super::error::RenderError;
use super::paths::within;

/// Where they stand.
pub(super) const FILE: &str = "book.toml";

/// The preprocessors that are a part of mdBook. Any other is a program that it would run.
const OWN_PREPROCESSORS: [&str; 2] = ["links", "index"];

/// The settings of the book in this folder. Only its HTML is made, whatever else they say.
pub(super) fn read(folder: &Path) -> Result<Config, RenderError> {
    let file = folder.join(FILE);
    // The only errors of mdBook that do not name their file.
    let in_file = |error: mdbook_driver::errors::Error| {
        RenderError::mdbook(error.context(file.display().to_string()))
    };
    let mut settings = Config::from_disk(&file).map_err(in_file)?;
    let preprocessors: BTreeMap<String, Value> = settings.preprocessors().map_err(in_file)?;
    let foreign = |name: &&String| !OWN_PREPROCESSORS.contains(&name.as_str());
    if let Some(name) = preprocessors.keys().find(foreign) {
        return Err(RenderError::Program(name.clone()));
    }
    let mut outputs: BTreeMap<String, Value> = settings.outputs().map_err(in_file)?;
    outputs.retain(|name, _| name == "html");
    settings.set("output", outputs).map_err(in_file)?;
    check_paths(&settings)?;
    Ok(settings)
}

/// Every path that mdBook reads from, or writes to.
fn check_paths(settings: &Config) -> Result<(), RenderError> {
    let html = settings.html_config().unwrap_or_default();
    // It writes a page at each of these, relative to its output.
    let redirected = html.redirect.keys().map(|url| url.trim_start_matches('/'));
    let paths = [&settings.book.src].into_iter().map(PathBuf::as_path);
    let paths = paths
        .chain(html.theme.as_deref())
        .chain(html.additional_css.iter().map(PathBuf::as_path))
        .chain(html.additional_js.iter().map(PathBuf::as_path))
        .chain(html.input_404.as_deref().map(Path::new))
        .chain(redirected.map(Path::new));
    check(paths, FILE)
}

/// A chapter that `SUMMARY.md` names is read from there, and written relative to the output.
pub(super) fn check_summary(text: &str) -> Result<(), RenderError> {
    // What can't be parsed is mdBook's to complain of.
    let Ok(summary) = parse_summary(text) else {
        return Ok(());
    };
    let Summary {
        prefix_chapters,
        numbered_chapters,
        suffix_chapters,
        ..
    } = summary;
    let mut items = [prefix_chapters, numbered_chapters, suffix_chapters].concat();
    let mut chapters = Vec::new();
    while let Some(item) = items.pop() {
        if let SummaryItem::Link(link) = item {
            chapters.extend(link.location);
            items.extend(link.nested_items);
        }
    }
    check(chapters.iter().map(PathBuf::as_path), "SUMMARY.md")
}

fn check<'a>(
    mut paths: impl Iterator<Item = &'a Path>,
    named_in: &'static str,
) -> Result<(), RenderError> {
    match paths.find(|path| within(path).is_none()) {
        Some(path) => Err(RenderError::Outside {
            path: path.to_owned(),
            named_in,
        }),
        None => Ok(()),
    }
}
