//! The numbers as Prometheus reads them, with the files that the book shows: how to scrape, when to raise an alarm, and a dashboard of Grafana. No
//! test runs Grafana, which Debian lacks: what its panels ask for is asked of Prometheus.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use server::config::{Admin, Limits, Settings};
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::time::sleep;

use crate::cluster::broker::Broker;
use crate::cluster::settings;
use crate::support::http::{get_at, get_with};
use crate::support::{Peer, Server, soon};

const OPEN_METRICS: &str = "application/openmetrics-text";

/// A file of the project.
fn read(path: &str) -> String {
    fs::read_to_string(format!("{}/../../{path}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

async fn server_with_metrics() -> Server {
    Server::with_settings(with_metrics(Settings::default())).await
}

fn with_metrics(settings: Settings) -> Settings {
    let admin = Admin {
        metrics: true,
        ..Admin::default()
    };
    Settings { admin, ..settings }
}

/// As an instance of a cluster, in which all has happened that is counted of one: another instance has stopped, and a stranger has sent a message.
async fn instance_with_metrics(broker: &Broker) -> Server {
    let url = broker.url();
    let server = Server::with_settings(with_metrics(settings(&url, Limits::default()))).await;
    let other = Server::with_settings(settings(&url, Limits::default())).await;
    let mut peer = Peer::join(&server, "b", "s", 1).await;
    let guest = Peer::join(&other, "c", "s", 2).await;
    peer.hears(&guest.announcement("s")).await;
    broker.publishes_to_all_instances("strange");
    other.stop().await;
    soon("both are counted", async {
        let counted = ["cluster_links_down_total{", "cluster_dropped_total{"];
        loop {
            let page = get_at(server.address, "/metrics").await;
            if counted.iter().all(|name| page.text().contains(name)) {
                return;
            }
            sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
    server
}

/// A program of Debian's package `prometheus`, which the tests need.
fn program(name: &str) -> Command {
    let mut command = Command::new(name);
    command.stdin(Stdio::null()).stdout(Stdio::null());
    command
}

fn is_missing(name: &str, error: &std::io::Error) -> String {
    format!("{name} is missing, get it by `apt-get install prometheus`: {error}")
}

#[tokio::test]
async fn promtool_finds_nothing_wrong_with_the_text() {
    let server = server_with_metrics().await;
    let page = get_with(&server, "/metrics", &[]).await;
    assert!(
        page.header("content-type")
            .starts_with("text/plain; version=0.0.4")
    );
    let mut promtool = program("promtool");
    promtool.args(["check", "metrics"]).stdin(Stdio::piped());
    let child = promtool
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = child.unwrap_or_else(|error| panic!("{}", is_missing("promtool", &error)));
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(page.text().as_bytes()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    let says = [output.stdout, output.stderr].concat();
    let says = String::from_utf8(says).unwrap();
    // It also has an opinion on names, and none of ours is against it.
    assert!(output.status.success() && says.is_empty(), "{says}");
}

#[tokio::test]
async fn open_metrics_is_what_its_reader_asks_for() {
    let server = server_with_metrics().await;
    let accept = [("accept", OPEN_METRICS)];
    let page = get_with(&server, "/metrics", &accept).await;
    assert!(page.header("content-type").starts_with(OPEN_METRICS));
    assert_eq!(page.header("vary"), "accept");
    assert!(page.text().ends_with("\n# EOF\n"));
    assert!(
        page.text()
            .contains("# UNIT guidebook_relayed_bytes bytes\n")
    );
}

/// It answers before it can be asked for numbers.
async fn is_ready(prometheus: SocketAddr) -> bool {
    let is_listening = TcpStream::connect(prometheus).await.is_ok();
    is_listening && get_at(prometheus, "/-/ready").await.status == 200
}

/// A Prometheus that ends with the test.
struct Prometheus {
    child: Child,
    address: SocketAddr,
    _folder: TempDir,
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Prometheus {
    /// With the files of the book, for this server, and in a hurry.
    async fn start(server: &Server) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let text = read("code/take/prometheus.yaml");
        for shown in ["127.0.0.1:9000", "interval: 15s"] {
            assert!(text.contains(shown), "{shown}");
        }
        let text = text
            .replace("127.0.0.1:9000", &server.address.to_string())
            .replace("interval: 15s", "interval: 200ms");
        let config = folder.path().join("prometheus.yaml");
        fs::write(&config, text).unwrap();
        let alerts = "guidebook-alerts.yaml";
        fs::write(
            folder.path().join(alerts),
            read(&format!("code/take/{alerts}")),
        )
        .unwrap();
        // An address of this process alone, so that no other test wants its port.
        let [.., high, low] = std::process::id().to_be_bytes();
        let address: SocketAddr = (Ipv4Addr::new(127, high | 0x80, low, 200), 9090).into();
        let child = program("prometheus")
            .arg(format!("--config.file={}", config.display()))
            .arg(format!(
                "--storage.tsdb.path={}",
                folder.path().join("data").display()
            ))
            .arg(format!("--web.listen-address={address}"))
            .arg("--log.level=error")
            .current_dir(folder.path())
            .spawn();
        let child = child.unwrap_or_else(|error| panic!("{}", is_missing("prometheus", &error)));
        let mut prometheus = Self {
            child,
            address,
            _folder: folder,
        };
        let ready = async {
            while !is_ready(address).await {
                let ended = prometheus.child.try_wait().unwrap();
                assert!(ended.is_none(), "Prometheus has ended: {ended:?}");
                sleep(Duration::from_millis(20)).await;
            }
        };
        soon("Prometheus", ready).await;
        prometheus
    }

    /// What it answers at this path of its interface.
    async fn asks(&self, path: &str) -> Value {
        let answer = get_at(self.address, &format!("/api/v1/{path}")).await;
        let answer: Value = serde_json::from_str(answer.text()).unwrap();
        assert_eq!(answer["status"], "success", "{path}: {answer}");
        answer["data"].clone()
    }

    /// The series that an expression gives.
    async fn series(&self, expression: &str) -> Vec<Value> {
        let encoded: String = expression
            .bytes()
            .map(|byte| format!("%{byte:02X}"))
            .collect();
        let data = self.asks(&format!("query?query={encoded}")).await;
        data["result"].as_array().unwrap().clone()
    }

    /// The alerts, when each was looked at.
    async fn rules(&self) -> Vec<Value> {
        loop {
            let rules = self.asks("rules").await;
            let rules = rules["groups"][0]["rules"].as_array().unwrap();
            if rules.iter().all(|rule| rule["health"] != "unknown") {
                return rules.clone();
            }
            sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits until it has read the numbers often enough for a rate.
    async fn has_read(&self) {
        let read = async {
            loop {
                let counted = self.series("count_over_time(up[1m])").await;
                let count = counted.first().and_then(|one| one["value"][1].as_str());
                if count.is_some_and(|count| count.parse::<u32>().unwrap() >= 3) {
                    return;
                }
                sleep(Duration::from_millis(50)).await;
            }
        };
        soon("three looks at the numbers", read).await;
    }
}

/// Every expression of the dashboard, as Grafana would ask when everything is chosen.
fn expressions() -> Vec<(String, String)> {
    let dashboard: Value = serde_json::from_str(&read("book/take/grafana-dashboard.json")).unwrap();
    let panels = dashboard["panels"].as_array().unwrap();
    let mut expressions = Vec::new();
    for panel in panels.iter().filter(|panel| panel["type"] != "row") {
        let title = panel["title"].as_str().unwrap();
        for target in panel["targets"].as_array().unwrap() {
            let expression = target["expr"].as_str().unwrap();
            let expression = expression
                .replace("$__rate_interval", "1m")
                .replace("$instance", ".*")
                .replace("$job", ".*");
            assert!(!expression.contains('$'), "{title}: {expression}");
            expressions.push((title.to_owned(), expression));
        }
    }
    expressions
}

#[tokio::test]
async fn prometheus_has_an_answer_to_every_panel_of_the_dashboard_and_takes_every_alert() {
    let broker = Broker::start();
    let server = instance_with_metrics(&broker).await;
    let mut peer = Peer::join(&server, "a", "r", 1).await;
    peer.says("/to|nobody|/hello|a").await;
    let prometheus = Prometheus::start(&server).await;
    prometheus.has_read().await;

    let targets = prometheus.asks("targets").await;
    let target = &targets["activeTargets"][0];
    assert_eq!(target["lastError"], "", "{target}");
    assert_eq!(target["health"], "up", "{target}");
    // The text format has no units: so it was OpenMetrics that was read.
    let metadata = prometheus
        .asks("metadata?metric=guidebook_queued_bytes")
        .await;
    let unit = &metadata["guidebook_queued_bytes"][0]["unit"];
    assert_eq!(unit, "bytes", "{metadata}");

    let expressions = expressions();
    assert!(expressions.len() > 30, "{}", expressions.len());
    for (title, expression) in &expressions {
        let series = prometheus.series(expression).await;
        assert!(!series.is_empty(), "{title}: nothing for {expression}");
    }

    let rules = soon("a look at every rule", prometheus.rules()).await;
    assert!(rules.len() >= 8, "{}", rules.len());
    for rule in &rules {
        let name = &rule["name"];
        assert_eq!(rule["health"], "ok", "{name}: {rule}");
        assert_eq!(rule["state"], "inactive", "{name}: {rule}");
        let query = rule["query"].as_str().unwrap();
        for metric in metrics_in(query) {
            let series = prometheus.series(&metric).await;
            assert!(!series.is_empty(), "{name} asks for {metric}");
        }
    }
    // What there is, and no panel shows.
    let all = prometheus.asks("label/__name__/values").await;
    let shown: BTreeSet<String> = expressions
        .iter()
        .flat_map(|(_, expression)| metrics_in(expression))
        .collect();
    for name in all.as_array().unwrap() {
        let name = name.as_str().unwrap();
        let is_ours = name.starts_with("guidebook_");
        assert!(!is_ours || shown.contains(name), "no panel shows {name}");
    }
    server.stop().await;
}

/// Names of this program's metrics, and those of every program, in an expression.
fn metrics_in(expression: &str) -> BTreeSet<String> {
    let words = expression.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    words
        .filter(|word| word.starts_with("guidebook_") || word.starts_with("process_"))
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_panels_of_the_dashboard_lie_beside_each_other_and_say_what_they_show() {
    let dashboard: Value = serde_json::from_str(&read("book/take/grafana-dashboard.json")).unwrap();
    let mut ids = BTreeSet::new();
    let mut taken = BTreeSet::new();
    for panel in dashboard["panels"].as_array().unwrap() {
        let title = panel["title"].as_str().unwrap();
        assert!(ids.insert(panel["id"].as_u64().unwrap()), "{title}");
        let place = |name: &str| panel["gridPos"][name].as_u64().unwrap();
        for x in place("x")..place("x") + place("w") {
            assert!(x < 24, "{title} is wider than the page");
            for y in place("y")..place("y") + place("h") {
                assert!(taken.insert((x, y)), "{title} lies on another");
            }
        }
        let is_row = panel["type"] == "row";
        let says = panel["description"].as_str().unwrap_or_default();
        assert!(is_row || says.len() > 5, "{title} says nothing");
        for target in panel["targets"].as_array().into_iter().flatten() {
            // Whoever imports it chooses which Prometheus that is.
            assert_eq!(target["datasource"]["uid"], "${datasource}", "{title}");
        }
    }
}
