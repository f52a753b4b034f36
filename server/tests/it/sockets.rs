//! A console that does not read: it is cut at a bounded buffer, misses nothing when it comes again, and nobody else
//! notices.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use whatsapp_core::event::Recorded;
use whatsapp_core::{By, Event, Secret, Timestamp};
use whatsapp_platform::Realtime as _;
use whatsapp_platform::testing::{TestPlatform, TestTenant};
use whatsapp_server::listen::{Bounds, serve};
use whatsapp_server::{Hub, router};

use crate::requests::ORIGIN;
use crate::world::settings;

/// A Socket.IO client over a WebSocket, as small as it can be.
struct Console {
    stream: TcpStream,
}

impl Console {
    /// Opens the console's namespace; `after` is how far it was.
    async fn open(server: SocketAddr, token: &str, after: Option<i64>) -> Self {
        let mut stream = TcpStream::connect(server).await.expect("connects");
        let hello = format!(
            "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\n\
             upgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\
             origin: {ORIGIN}\r\ncookie: sid={token}\r\n\r\n"
        );
        stream.write_all(hello.as_bytes()).await.expect("is written");
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.expect("a head"));
        }
        assert!(head.starts_with(b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(&head));
        let mut console = Self { stream };
        assert!(console.hear().await.is_some_and(|said| said.starts_with('0')));
        let after = after.map_or("{}".to_owned(), |after| format!("{{\"after\":{after}}}"));
        console.say(&format!("40/console,{after}")).await;
        console
    }
    async fn say(&mut self, text: &str) {
        // A mask of zeros is a mask.
        let length = u8::try_from(text.len()).expect("short");
        let mut frame = vec![0x81, 0x80 | length, 0, 0, 0, 0];
        frame.extend_from_slice(text.as_bytes());
        self.stream.write_all(&frame).await.expect("is written");
    }
    /// The next text, or `None` when the connection is closed.
    async fn hear(&mut self) -> Option<String> {
        tokio::time::timeout(Duration::from_secs(20), self.frame()).await.expect("something comes")
    }
    async fn frame(&mut self) -> Option<String> {
        loop {
            let kind = self.stream.read_u8().await.ok()?;
            let length = match self.stream.read_u8().await.ok()? {
                126 => u64::from(self.stream.read_u16().await.ok()?),
                127 => self.stream.read_u64().await.ok()?,
                short => u64::from(short),
            };
            let mut text = vec![0; usize::try_from(length).expect("fits")];
            self.stream.read_exact(&mut text).await.ok()?;
            match kind & 0x0f {
                1 if text == b"2" => self.say("3").await,
                1 => return Some(String::from_utf8(text).expect("text")),
                8 => return None,
                _ => {}
            }
        }
    }
    /// Hears until somebody says this; gives how far that is.
    async fn until(&mut self, event: &str) -> i64 {
        let start = format!("42/console,[\"{event}\",");
        loop {
            let said = self.hear().await.expect("is open");
            if let Some(body) = said.strip_prefix(&start) {
                let body: Value =
                    serde_json::from_str(body.trim_end_matches(']')).unwrap_or_default();
                return body["position"].as_i64().unwrap_or_default();
            }
        }
    }
}

/// A message of a customer, and the event that tells of it, as often as it is wanted.
async fn long_message(test: &mut TestPlatform, shop: &TestTenant) -> Event {
    test.customer("+5511988887777").says(&"long ".repeat(800)).await;
    let page = shop.workspace.conversations().page(Default::default(), Default::default()).await;
    let thread = page.expect("lists").items.remove(0);
    let message = thread.last.expect("a message").message.id;
    Event::MessageReceived { conversation: thread.conversation.id, message }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_console_that_does_not_read_is_cut_and_gets_what_it_missed_when_it_comes_again() {
    let hub = Hub::new();
    let realtime = hub.clone();
    let mut test = TestPlatform::with(move |builder, _| builder.realtime(realtime)).await;
    let shop = test.tenant("Casa Aurora").await;
    let app = router(test.platform.clone(), settings().with_hub(hub.clone()));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let server = listener.local_addr().expect("an address");
    let stop = CancellationToken::new();
    let _guard = stop.clone().drop_guard();
    tokio::spawn(serve(listener, app, Bounds::default(), stop));
    let password = Secret::from("correct horse battery staple");
    let session = test.platform.login("owner0@example.com", &password, "x").await;
    let token = session.expect("a session").token.expose().to_owned();
    let event = long_message(&mut test, &shop).await;
    let mut deaf = Console::open(server, &token, None).await;
    let mut awake = Console::open(server, &token, None).await;
    let position = deaf.until("ready").await;
    awake.until("ready").await;
    let heard: Arc<AtomicUsize> = Arc::default();
    let counted = Arc::clone(&heard);
    let hears = tokio::spawn(async move {
        while let Some(said) = awake.hear().await {
            counted.fetch_add(1, Ordering::SeqCst);
            if said.contains("the one that matters") {
                return true;
            }
        }
        false
    });
    // More than the sockets of both systems and the buffer hold.
    let batch: Vec<_> = (0..100)
        .map(|_| Recorded {
            id: test.platform.env().id(),
            tenant: shop.tenant,
            position,
            event: event.clone(),
            by: By::System,
            at: Timestamp::ZERO,
        })
        .collect();
    for published in 0..60 {
        hub.publish(&batch).await;
        // The other one reads along.
        while heard.load(Ordering::SeqCst) + 8 < published {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
    test.customer("+5511988887777").says("the one that matters").await;
    assert!(hears.await.expect("it hears"), "who reads is not held up");
    while let Some(said) = deaf.hear().await {
        assert!(!said.contains("the one that matters"), "after a gap nothing more is said");
        if said.starts_with("41/console") {
            break;
        }
    }
    let mut again = Console::open(server, &token, Some(position)).await;
    let mut missed = false;
    while let Some(said) = again.hear().await {
        missed |= said.contains("the one that matters");
        if said.starts_with("42/console,[\"ready\"") {
            break;
        }
    }
    assert!(missed, "it gets what it missed before anything new");
}
