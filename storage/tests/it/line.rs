//! A line to PostgreSQL that can be bad: it refuses, hangs, is slow, breaks, strands whoever is on it, and loses the
//! answer to a commit. Changes no byte of what it carries.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// What the line does with who comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weather {
    Good,
    /// Nobody gets through.
    Down,
    /// Each packet takes so long.
    Slow(Duration),
}

#[derive(Debug)]
struct State {
    weather: watch::Sender<Weather>,
    /// Connections of an older generation are broken …
    cut: watch::Sender<u64>,
    /// … or stay open and carry nothing any more.
    stranded: AtomicU64,
    generation: AtomicU64,
    lose_commit: AtomicBool,
    /// After so many bytes to the server the connection breaks; 0 is never.
    cut_after: AtomicUsize,
}

/// The line.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    /// Where a store connects to.
    pub(crate) url: String,
    state: Arc<State>,
}

impl Line {
    /// A line to the database of this address.
    pub(crate) async fn to(url: &str) -> Self {
        let (before, after) = url.split_once('@').expect("an address has a user");
        let (server, database) = after.split_once('/').expect("an address has a database");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let state = Arc::new(State {
            weather: watch::Sender::new(Weather::Good),
            cut: watch::Sender::new(0),
            stranded: AtomicU64::new(0),
            generation: AtomicU64::new(1),
            lose_commit: AtomicBool::new(false),
            cut_after: AtomicUsize::new(0),
        });
        tokio::spawn(listen(listener, server.to_owned(), Arc::clone(&state)));
        Self { url: format!("{before}@127.0.0.1:{port}/{database}"), state }
    }
    pub(crate) fn set(&self, weather: Weather) {
        self.state.weather.send_replace(weather);
    }
    /// Breaks every connection there is.
    pub(crate) fn cut(&self) {
        self.state.cut.send_modify(|times| *times += 1);
    }
    /// Every connection there is stays open and carries nothing any more, as after a failover to another machine.
    pub(crate) fn strand(&self) {
        let now = self.state.generation.fetch_add(1, Ordering::SeqCst);
        self.state.stranded.store(now, Ordering::SeqCst);
    }
    /// Waits until what is under way has arrived.
    pub(crate) async fn quiet(&self) {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    /// The next commit reaches the server; its answer is lost with the connection.
    pub(crate) fn lose_the_next_commit(&self) {
        self.state.lose_commit.store(true, Ordering::SeqCst);
    }
    /// A connection breaks after so many bytes to the server; 0 for never.
    pub(crate) fn cut_after(&self, bytes: usize) {
        self.state.cut_after.store(bytes, Ordering::SeqCst);
    }
}

async fn listen(listener: TcpListener, server: String, state: Arc<State>) {
    while let Ok((client, _)) = listener.accept().await {
        if *state.weather.borrow() == Weather::Down {
            continue;
        }
        let (server, state) = (server.clone(), Arc::clone(&state));
        tokio::spawn(async move {
            if let Ok(server) = TcpStream::connect(server).await {
                carry(client, server, &state).await;
            }
        });
    }
}

async fn carry(client: TcpStream, server: TcpStream, state: &State) {
    let generation = state.generation.load(Ordering::SeqCst);
    let mut cut = state.cut.subscribe();
    let swallow = AtomicBool::new(false);
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    tokio::select! {
        _ = cut.changed() => {}
        () = up(from_client, to_server, state, generation, &swallow) => {}
        () = down(from_server, to_client, state, generation, &swallow) => {}
    }
}

async fn up(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    state: &State,
    generation: u64,
    swallow: &AtomicBool,
) {
    let (mut buffer, mut carried) = (vec![0; 64 * 1024], 0);
    while let Ok(n) = from.read(&mut buffer).await {
        let limit = state.cut_after.load(Ordering::SeqCst);
        carried += n;
        if n == 0 || (limit > 0 && carried > limit) {
            return;
        }
        passes(state, generation).await;
        let commit = buffer[..n].windows(7).any(|bytes| bytes == b"COMMIT\0");
        if commit && state.lose_commit.swap(false, Ordering::SeqCst) {
            swallow.store(true, Ordering::SeqCst);
        }
        if to.write_all(&buffer[..n]).await.is_err() {
            return;
        }
    }
}

async fn down(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    state: &State,
    generation: u64,
    swallow: &AtomicBool,
) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(n) = from.read(&mut buffer).await {
        // The server has answered, so the commit has happened; nobody will know.
        if n == 0 || swallow.load(Ordering::SeqCst) {
            return;
        }
        passes(state, generation).await;
        if to.write_all(&buffer[..n]).await.is_err() {
            return;
        }
    }
}

async fn passes(state: &State, generation: u64) {
    if generation <= state.stranded.load(Ordering::SeqCst) {
        std::future::pending::<()>().await;
    }
    let weather = *state.weather.borrow();
    if let Weather::Slow(by) = weather {
        tokio::time::sleep(by).await;
    }
}
