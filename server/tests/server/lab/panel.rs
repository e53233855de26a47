//! What the panel *NATs* is told of a lab.

use super::*;

/// Dropped packets that are told of each NAT.
const MAX_DROPS: usize = 64;

fn nat<'r>(report: &'r Value, name: &str) -> &'r Value {
    let nats = report["nats"].as_array().unwrap();
    nats.iter().find(|nat| nat["name"] == name).unwrap()
}

fn drops(of: &Value) -> &Vec<Value> {
    of["drops"].as_array().unwrap()
}

#[tokio::test]
async fn each_nat_tells_its_kind_its_mappings_and_what_it_has_dropped() {
    let server = Server::start().await;
    let opening = json!({ "a": "restricted", "b": "symmetric" });
    let lab = Lab::open(&server, &opening).await;
    let before = lab.get("/nats").await;
    assert_eq!(
        before["a"],
        json!({ "inside": "10.0.0.2:5000", "locked": false })
    );
    let mut agents = lab.agents().await;
    assert!(find_a_way(&mut agents).await);

    let report = lab.get("/nats").await;
    assert_eq!(report["a"]["locked"], true);
    let [a, b] = ["a", "b"].map(|name| nat(&report, name));
    assert_eq!(a["outside"], "203.0.113.1");
    assert_eq!(a["behaviour"]["filtering"], "address-dependent");
    let [mapping] = &a["mappings"].as_array().unwrap()[..] else {
        panic!("{a}");
    };
    assert_eq!(mapping["outside"], "203.0.113.1:5000");
    assert_eq!(mapping["toward"], Value::Null);
    let permitted = mapping["permitted"].as_array().unwrap();
    assert!(permitted.contains(&json!("203.0.113.2")), "{mapping}");
    assert!(mapping["seconds"].as_f64().unwrap() > 0.0, "{mapping}");
    assert!(
        mapping["seconds_left"].as_f64().unwrap() > 100.0,
        "{mapping}"
    );
    assert_eq!(a["more_mappings"], 0);
    assert!(a["passed"].as_u64().unwrap() > 0, "{a}");
    assert!(b["mappings"].as_array().unwrap().len() >= 2, "{b}");

    // Who sends first is not let in; and nobody outside has an address of a home.
    let dropped = drops(a).iter().chain(drops(b)).find(|drop| {
        drop["reason"] == "filtered" && drop["protocol"] == "stun" && drop["length"].is_u64()
    });
    assert!(dropped.is_some(), "{report}");
    let nowhere = &drops(&report["internet"])[0];
    assert_eq!(nowhere["reason"], "no-route");
    assert!(
        nowhere["why"].as_str().unwrap().contains(":5000"),
        "{nowhere}"
    );
}

#[tokio::test]
async fn a_carrier_that_does_not_hairpin_says_that_it_drops_for_that() {
    let server = Server::start().await;
    let carrier = json!({ "hairpinning": false, "filtering": "endpoint-independent" });
    let opening = json!({ "a": "full-cone", "b": "full-cone", "carrier": carrier });
    let lab = Lab::open(&server, &opening).await;
    let mut agents = lab.agents().await;
    assert!(!find_a_way(&mut agents).await);
    let report = lab.get("/nats").await;
    let carrier = nat(&report, "carrier");
    assert_eq!(carrier["behaviour"]["hairpinning"], false);
    let is_hairpin = |drop: &&Value| drop["reason"] == "no-hairpinning";
    assert!(drops(carrier).iter().any(|drop| is_hairpin(&drop)));
}

#[tokio::test]
async fn of_many_dropped_packets_the_newest_are_told_and_all_are_counted() {
    let server = Server::start().await;
    let lab = Lab::open(&server, &json!({ "a": "full-cone", "b": "full-cone" })).await;
    let [mut a, b] = lab.agents().await;
    let all = u64::try_from(MAX_DROPS).unwrap() + 6;
    let report = soon("packets that are for nobody", async {
        loop {
            // One of its candidates is an address of the other's home.
            a.check_all(&b.peer).await;
            let report = lab.get("/nats").await;
            if report["internet"]["dropped"].as_u64().unwrap() >= all {
                return report;
            }
        }
    })
    .await;
    let shown = drops(&report["internet"]);
    assert_eq!(shown.len(), MAX_DROPS);
    let mut numbers = shown.iter().map(|drop| drop["number"].as_u64().unwrap());
    assert!(numbers.clone().is_sorted(), "{report}");
    let last = numbers.next_back().unwrap();
    assert!(last >= all, "{report}");
}

#[tokio::test]
async fn of_a_lab_that_has_ended_nothing_is_told() {
    let server = Server::start().await;
    let lab = Lab::open(&server, &json!({ "a": "open", "b": "open" })).await;
    let report = lab.get("/nats").await;
    assert_eq!(report["nats"], json!([]));
    assert_eq!(report["a"]["inside"], "203.0.113.1:5000");
    http::request(&server, "DELETE", &lab.path, &[]).await;
    let path = format!("{}/nats", lab.path);
    assert_eq!(http::get(&server, &path).await.status, 404);
}
