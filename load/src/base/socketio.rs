//! base-socketio: a signed call comes in, and what is in it goes to one room of a bare socketioxide. Nothing is stored
//! and nobody signs in.

use std::net::Ipv4Addr;
use std::sync::Arc;

use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use socketioxide::SocketIo;
use socketioxide::extract::SocketRef;
use tokio::net::TcpListener;

use crate::Outcome;
use crate::hooks::Signer;
use crate::serve::{Answer, serve_with};

const NAMESPACE: &str = "/console";
const ROOM: &str = "all";

/// Serves until the process ends: calls on one port, sockets on another.
///
/// # Errors
/// When it cannot listen.
pub(crate) async fn run(secret: &str) -> Outcome {
    let (service, io) = SocketIo::new_svc();
    io.ns(NAMESPACE, async |socket: SocketRef| {
        socket.join(ROOM);
        // Whoever has gone already needs no greeting.
        drop(socket.emit("ready", &json!({"position": 0})));
    });
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let sockets = listener.local_addr()?.to_string();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let service = service.clone();
            tokio::spawn(async move {
                if stream.set_nodelay(true).is_err() {
                    return;
                }
                let connection =
                    http1::Builder::new().serve_connection(TokioIo::new(stream), service);
                // A connection that ends, ends.
                drop(connection.with_upgrades().await);
            });
        }
    });
    let signer = Arc::new(Signer::new(secret));
    serve_with(&json!({"sockets": sockets}), move |asked| {
        let (signer, io) = (Arc::clone(&signer), io.clone());
        async move {
            let signature = asked.signature.as_deref().unwrap_or_default();
            if !signer.holds(&asked.body, signature) {
                return Answer::Say(401, String::new());
            }
            let Ok(call) = serde_json::from_slice::<Value>(&asked.body) else {
                return Answer::Say(400, String::new());
            };
            // The call itself is about as large as what the product tells its consoles.
            let event = json!({"position": 1, "events": [call]});
            let told = match io.of(NAMESPACE) {
                Some(namespace) => namespace.to(ROOM).emit("events", &event).await.is_ok(),
                None => false,
            };
            Answer::Say(if told { 200 } else { 500 }, String::new())
        }
    })
    .await
}
