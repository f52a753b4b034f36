//! More than there is room for, and slower than anybody should be: over real connections.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use whatsapp_server::listen::{Bounds, serve};
use whatsapp_server::router;

use crate::requests::Ask;
use crate::webhooks::signed;
use crate::world::{World, settings};

const HOOK: &str = "/api/webhooks/whatsapp";
/// So many calls of Meta's there is room for.
const FLOOD: usize = 100;
const NOTHING: &str = r#"{"object":"whatsapp_business_account","entry":[]}"#;

/// A server on a port of its own, until the guard goes.
async fn served(app: Router, bounds: Bounds) -> (SocketAddr, tokio_util::sync::DropGuard) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let stop = CancellationToken::new();
    tokio::spawn(serve(listener, app, bounds, stop.clone()));
    (address, stop.drop_guard())
}

async fn connect(to: SocketAddr, request: &str) -> TcpStream {
    let mut stream = TcpStream::connect(to).await.expect("connects");
    stream.write_all(request.as_bytes()).await.expect("is written");
    stream
}

/// Everything the other side says until it closes, ten seconds at most.
async fn until_closed(mut stream: TcpStream) -> String {
    let mut said = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut said)).await;
    // A reset is an end as well.
    drop(read.expect("it is given up"));
    String::from_utf8_lossy(&said).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_webhooks_is_turned_away_at_once_and_what_comes_after_it_is_acknowledged() {
    let world = World::new().await;
    let mut own = settings();
    own.in_flight_of_meta = FLOOD;
    let app = router(world.test.platform.clone(), own);
    let (address, _server) = served(app.clone(), Bounds::default()).await;
    let secret = world.test.simulator.app_secret();
    let begun = format!("POST {HOOK} HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{{");
    let mut flood = Vec::new();
    for _ in 0..FLOOD {
        flood.push(connect(address, &begun).await);
    }
    let mut refused = None;
    for _ in 0..200 {
        let answer = signed(&secret, NOTHING).send(&app).await;
        if answer.status.as_u16() == 503 {
            refused = Some(answer);
            break;
        }
        // This call itself may have taken the place of one of the flood, which was turned away then.
        flood.push(connect(address, &begun).await);
    }
    let refused = refused.expect("all room for Meta is taken");
    assert_eq!(
        (refused.code().as_str(), refused.header("retry-after").as_str()),
        ("OVERLOADED", "2")
    );
    Ask::get("/api/v1/contacts").key(&world.key).send(&app).await.expect(200);
    drop(flood);
    for _ in 0..2_000 {
        if signed(&secret, NOTHING).send(&app).await.status.is_success() {
            return;
        }
    }
    panic!("webhooks are not acknowledged after the flood");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_that_never_ends_and_a_body_that_never_ends_are_given_up() {
    let world = World::new().await;
    let limit = Duration::from_millis(300);
    let mut own = settings();
    own.request_limit = limit;
    let mut bounds = Bounds::default();
    bounds.head = limit;
    let (address, _server) = served(router(world.test.platform.clone(), own), bounds).await;
    let head = connect(address, "GET /healthz HTTP/1.1\r\nhost: ").await;
    assert!(!until_closed(head).await.contains("200 OK"));
    let body = format!("POST {HOOK} HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{{");
    let said = until_closed(connect(address, &body).await).await;
    assert!(said.starts_with("HTTP/1.1 503"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_does_not_read_loses_the_connection_and_makes_room_for_the_next() {
    let world = World::new().await;
    let mut bounds = Bounds::default();
    (bounds.connections, bounds.stall) = (1, Duration::from_millis(300));
    let (address, _server) = served(world.app.clone(), bounds).await;
    let large = "GET /api/openapi.json HTTP/1.1\r\nhost: x\r\n\r\n".repeat(200);
    let deaf = connect(address, &large).await;
    let next =
        connect(address, "GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
    assert!(until_closed(next).await.starts_with("HTTP/1.1 200"), "it waited until there was room");
    drop(deaf);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_being_served_when_the_listener_ends_is_answered() {
    let world = World::new().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let stop = CancellationToken::new();
    let ends = tokio::spawn(serve(listener, world.app.clone(), Bounds::default(), stop.clone()));
    let idle = connect(address, "").await;
    let half = format!("POST {HOOK} HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{{");
    let mut begun = connect(address, &half).await;
    // Served once, the one before is being served.
    let other =
        connect(address, "GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
    assert!(until_closed(other).await.starts_with("HTTP/1.1 200"));
    stop.cancel();
    begun.write_all(b"}").await.expect("is written");
    assert!(until_closed(begun).await.starts_with("HTTP/1.1 401"), "it has no signature");
    until_closed(idle).await;
    tokio::time::timeout(Duration::from_secs(5), ends).await.expect("it ends").expect("in order");
    assert!(TcpStream::connect(address).await.is_err(), "nobody new is taken");
}
