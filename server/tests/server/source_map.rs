//! The source map of the client library, as a debugger reads it (<https://tc39.es/ecma426/>).

use serde_json::Value;

use crate::support::{Server, http};

/// Of base 64, by value.
const DIGITS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// A place in a source that has another name in the file: all are counted from 0.
struct Named {
    source: usize,
    line: usize,
    column: usize,
    name: usize,
}

/// The numbers of one segment. Each has five bits a digit, the lowest first, and its sign in the lowest of all.
fn numbers(segment: &str) -> Vec<i64> {
    let (mut found, mut value, mut shift) = (Vec::new(), 0, 0);
    for digit in segment.chars() {
        let digit = i64::try_from(DIGITS.find(digit).expect("a digit of base 64")).unwrap();
        value |= (digit & 31) << shift;
        shift += 5;
        if digit & 32 == 0 {
            let number: i64 = value >> 1;
            found.push(if value & 1 == 1 { -number } else { number });
            (value, shift) = (0, 0);
        }
    }
    found
}

/// All of them in a map. Numbers are relative to those of the segment before.
fn named(mappings: &str) -> Vec<Named> {
    let mut place = [0_i64; 4];
    let mut found = Vec::new();
    let segments = mappings.split([';', ',']);
    for segment in segments.filter(|segment| !segment.is_empty()) {
        let numbers = numbers(segment);
        // The first is the column in the file.
        for (at, number) in place.iter_mut().zip(&numbers[1..]) {
            *at += number;
        }
        if numbers.len() == 5 {
            let [source, line, column, name] = place.map(|at| usize::try_from(at).unwrap());
            found.push(Named {
                source,
                line,
                column,
                name,
            });
        }
    }
    found
}

async fn map(server: &Server) -> Value {
    let answer = http::get(server, "/code/quickconnect/js/index.js.map").await;
    assert_eq!(answer.status, 200);
    serde_json::from_str(answer.text()).unwrap()
}

#[tokio::test]
async fn it_has_the_modules_as_they_are() {
    let server = Server::start().await;
    let map = map(&server).await;
    assert_eq!(map["version"], 3);
    let sources = map["sources"].as_array().unwrap();
    let contents = map["sourcesContent"].as_array().unwrap();
    assert!(sources.len() > 20 && sources.len() == contents.len());
    for (source, content) in sources.iter().zip(contents) {
        let file = format!(
            "{}/../../code/quickconnect/js/{}",
            env!("CARGO_MANIFEST_DIR"),
            source.as_str().unwrap()
        );
        let module = std::fs::read_to_string(file).unwrap();
        assert_eq!(content.as_str().unwrap(), module, "{source}");
    }
}

#[tokio::test]
async fn every_name_stands_where_it_says() {
    let server = Server::start().await;
    let map = map(&server).await;
    let text = |list: &str, index: usize| map[list][index].as_str().unwrap().to_owned();
    let mappings = map["mappings"].as_str().unwrap();
    assert!(
        mappings.starts_with(';'),
        "the line that says the version is of no module"
    );
    let named = named(mappings);
    assert!(named.len() > 1_000, "{}", named.len());
    for place in named {
        let source = text("sourcesContent", place.source);
        let line = source.lines().nth(place.line).unwrap();
        let rest: String = line.chars().skip(place.column).collect();
        let name = text("names", place.name);
        assert!(rest.starts_with(&name), "{name} in {line}");
    }
}
