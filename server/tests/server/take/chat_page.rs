//! *From a demo to your own page*: what its page loads, and how it is let in.

use serde_json::Value;

use super::{commands, options};
use crate::support::{PROGRAM, Running, Server, guidebook, http, project_file};

/// Where the page has the server.
const SERVER: &str = "http://127.0.0.1:8000";
/// Where the book serves the page, and where Vite does.
const SERVED: &str = "http://127.0.0.1:9000";
const SERVED_BY_VITE: &str = "http://localhost:5173";

#[tokio::test]
async fn its_import_map_leads_to_the_library_which_pages_of_every_origin_may_load() {
    let html = project_file("code/take/chat.html");
    let map = html.split("<script type=\"importmap\">").nth(1);
    let map = map.and_then(|rest| rest.split("</script>").next()).unwrap();
    let map: Value = serde_json::from_str(map).unwrap();
    let imports: Vec<_> = map["imports"].as_object().unwrap().iter().collect();
    let [(name, address)] = imports[..] else {
        panic!("one name: {map}");
    };
    let program = project_file("code/take/chat.js");
    assert!(program.contains(&format!("from '{name}'")));
    assert!(program.contains(&format!("SERVER = '{SERVER}'")));
    let path = address.as_str().unwrap().strip_prefix(SERVER).unwrap();
    let server = Server::start().await;
    let library = http::get_with(&server, path, &[("origin", SERVED)]).await;
    assert_eq!(library.status, 200);
    assert_eq!(library.header("access-control-allow-origin"), "*");
    assert_eq!(
        library.header("content-type"),
        "text/javascript; charset=utf-8"
    );
}

#[tokio::test]
async fn it_is_refused_with_the_flag_that_lets_it_in_until_the_server_is_started_with_that() {
    let shown = commands("own-page");
    let files = "python3 -m http.server --bind 127.0.0.1 9000";
    assert!(shown.iter().any(|command| command == files), "{shown:?}");
    let servers = shown.iter().filter_map(|command| options(command));
    let servers: Vec<_> = servers.collect();
    let [plain, for_page, for_both] = &servers[..] else {
        panic!("three servers: {servers:?}");
    };
    for (options, let_in) in [
        (plain, vec![]),
        (for_page, vec![SERVED]),
        (for_both, vec![SERVED, SERVED_BY_VITE]),
    ] {
        let mut program = guidebook(PROGRAM);
        let running = Running::start(program.args(options));
        for origin in [SERVED, SERVED_BY_VITE] {
            // As the library asks why a socket was refused.
            let headers = [("origin", origin)];
            let answer = http::post_at_with(running.address(), "/primus", &headers, "").await;
            if let_in.contains(&origin) {
                assert_eq!(answer.status, 204, "{options:?} {origin}");
            } else {
                assert_eq!(answer.status, 403, "{options:?} {origin}");
                let flag = format!("--allow-origin {origin}.");
                assert!(answer.text().contains(&flag), "{}", answer.text());
            }
        }
    }
}
