//! Signaling in a program of your own, for `http://127.0.0.1:3000/rooms`.

use std::io;
use std::net::SocketAddr;

use axum::{Router, routing::get};
use quickconnect_signaling::{NotAdmitted, Signaling, access_token};
use tokio::{net::TcpListener, signal::ctrl_c};

/// The tokens of your users, and who they are.
const USERS: [(&str, &str); 2] = [("sesame", "anna"), ("mellon", "ben")];

const STRANGER: NotAdmitted = NotAdmitted {
    code: "stranger",
    words: "Only our users may connect: log in first.",
};
const OF_ANNA: NotAdmitted = NotAdmitted {
    code: "not-yours",
    words: "This room is Anna's.",
};

pub(crate) async fn serve(
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let signaling = Signaling::builder()
        .may_connect(|request| {
            let token = access_token(request);
            let user = USERS.iter().find(|user| Some(user.0) == token);
            user.map(|user| Some(user.1.to_owned())).ok_or(STRANGER)
        })
        .may_join(|peer, room| match room.as_str() {
            "office" if peer.who != Some("anna") => Err(OF_ANNA),
            _ => Ok(()),
        })
        .on_event(|event| println!("{event:?}"))
        .build();
    let app = Router::new()
        .route("/", get(|| async { "the rest of your program" }))
        .merge(signaling.router("/rooms"))
        .into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, app)
        .with_graceful_shutdown(stop)
        .await?;
    signaling.close().await;
    Ok(())
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    serve(listener, async { drop(ctrl_c().await) }).await
}
