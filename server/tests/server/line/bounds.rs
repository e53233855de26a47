//! How many lines there are, how much they carry, and how long they live.

use server::config::{Limits, Settings};

use super::carrying::is_free;
use super::*;
use crate::relay::metric;

async fn with_metrics(limits: Limits) -> Server {
    let mut settings = Settings::from(limits);
    settings.admin.metrics = true;
    Server::with_settings(settings).await
}

#[tokio::test]
async fn there_are_as_many_lines_as_flags_say() {
    for (limits, status, says) in [
        (
            Limits {
                max_lines_per_address: 1,
                ..Limits::default()
            },
            429,
            "--max-lines-per-address",
        ),
        (
            Limits {
                max_lines: 1,
                ..Limits::default()
            },
            503,
            "--max-lines)",
        ),
    ] {
        let server = with_metrics(limits).await;
        let line = Line::open(&server, &json!({})).await;
        let refused = http::post(&server, "/line", &[], "{}").await;
        assert_eq!(refused.status, status);
        assert!(refused.text().contains(says), "{}", refused.text());
        assert_eq!(metric(&server, "guidebook_lines").await, 1);
        assert_eq!(line.delete().await, 204);
        assert_eq!(metric(&server, "guidebook_lines").await, 0);
        Line::open(&server, &json!({})).await;
    }
}

#[tokio::test]
async fn a_line_carries_so_many_bytes_a_second_and_drops_what_comes_in_excess() {
    for limits in [
        Limits {
            max_line_bytes_per_second: 2_000,
            ..Limits::default()
        },
        Limits {
            max_line_bytes_per_second_in_all: 2_000,
            ..Limits::default()
        },
    ] {
        let server = with_metrics(limits).await;
        let (line, a, _b) = connected(&server, json!({})).await;
        for _ in 0..10 {
            a.send(line.a, &[0; 1_000]).await;
        }
        let now = line
            .is("all of them", |now| {
                let dropped = now["a"]["dropped"]["too_much"].as_u64().unwrap();
                let entered = &now["a_to_b"]["statistics"]["entered"]["packets"];
                // One of those that entered is the check.
                dropped + entered.as_u64().unwrap() == 11
            })
            .await;
        let dropped = now["a"]["dropped"]["too_much"].as_u64().unwrap();
        assert!((6..=8).contains(&dropped), "{dropped}");
        let counted = metric(&server, "guidebook_line_drops_total{reason=\"too-much\"}").await;
        assert_eq!(counted as u64, dropped);
    }
}

#[tokio::test]
async fn packets_of_no_browser_are_dropped_for_their_size() {
    let server = Server::start().await;
    let (line, a, b) = connected(&server, json!({})).await;
    a.send(line.a, &[0; 2_049]).await;
    a.send(line.a, &[1; 2_048]).await;
    assert_eq!(b.receive().await.0, [1; 2_048]);
}

#[tokio::test]
async fn so_many_bytes_are_under_way_in_all_lines_together() {
    let limits = Limits {
        max_line_queued_bytes_in_all: 3_000,
        ..Limits::default()
    };
    let server = with_metrics(limits).await;
    let (mut line, a, _b) = connected(&server, json!({})).await;
    line.order(json!({ "set": { "delay": 10_000 } })).await;
    for _ in 0..5 {
        a.send(line.a, &[0; 1_000]).await;
    }
    line.is("what finds no room", |now| {
        now["a"]["dropped"]["too_much"] == 2
    })
    .await;
    let held = "guidebook_line_held_bytes";
    assert_eq!(metric(&server, held).await, 3_000);
    line.delete().await;
    assert_eq!(metric(&server, held).await, 0);
}

#[tokio::test]
async fn a_line_that_nobody_uses_ends_and_one_that_is_used_does_not() {
    let limits = Limits {
        line_idle_time: Duration::from_millis(300),
        ..Limits::default()
    };
    let server = Server::with_limits(limits).await;
    let idle = Line::open(&server, &json!({})).await;
    let (used, a, b) = connected(&server, json!({})).await;
    let using = async {
        loop {
            a.send(used.a, b"still here").await;
            b.hears(b"still here").await;
            sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::select! {
        () = is_free(idle.a) => {}
        () = using => {}
    }
    assert_eq!(http::get(&server, &idle.path).await.status, 404);
    used.look().await;
    is_free(used.a).await;
}

#[tokio::test]
async fn a_line_ends_when_its_time_is_over() {
    let limits = Limits {
        line_lifetime: Duration::from_millis(200),
        ..Limits::default()
    };
    let server = Server::with_limits(limits).await;
    let line = Line::open(&server, &json!({})).await;
    let over = async { while http::get(&server, &line.path).await.status == 200 {} };
    soon("its end", over).await;
    is_free(line.b).await;
}

#[tokio::test]
async fn the_end_of_the_server_ends_its_lines() {
    let server = Server::start().await;
    let (line, a, b) = connected(&server, json!({})).await;
    a.send(line.a, b"last words").await;
    b.hears(b"last words").await;
    let ports = [line.a, line.b];
    assert!(server.stop().await < Duration::from_secs(2));
    for port in ports {
        UdpSocket::bind(port).await.unwrap();
    }
}

#[tokio::test]
async fn what_lines_carry_is_counted() {
    let server = with_metrics(Limits::default()).await;
    let (line, a, b) = connected(&server, json!({})).await;
    let before = metric(&server, "guidebook_line_bytes_total").await;
    a.send(line.a, &[0; 100]).await;
    b.receive().await;
    // It is counted when it was sent, which may be a moment after it arrived.
    line.look().await;
    assert_eq!(
        metric(&server, "guidebook_line_bytes_total").await,
        before + 100
    );
}
