//! A connection of HTTP/1.1 that stays open, as lean as it can be: the measuring shares its cores with what is
//! measured. Knows what our own servers answer with, and never repeats a request.

use std::io;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// An open connection.
pub(crate) struct Line {
    stream: TcpStream,
    address: String,
    read: Vec<u8>,
    sent: Vec<u8>,
}

/// An answer.
#[derive(Debug, Default)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    /// What `Set-Cookie` says first: name and value.
    pub(crate) cookie: Option<String>,
    pub(crate) body: Vec<u8>,
}

/// How the body's end is known.
enum Length {
    Known(usize),
    Chunks,
}

impl Line {
    /// Connects to `host:port`.
    pub(crate) async fn open(address: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, address: address.to_owned(), read: Vec::new(), sent: Vec::new() })
    }
    /// Sends one request and waits for its answer. `headers` are whole lines, each with its end.
    pub(crate) async fn exchange(
        &mut self,
        method: &str,
        path: &str,
        headers: &str,
        body: &[u8],
    ) -> io::Result<Reply> {
        self.sent.clear();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nContent-Length: {}\r\n{headers}\r\n",
            self.address,
            body.len()
        );
        self.sent.extend_from_slice(head.as_bytes());
        self.sent.extend_from_slice(body);
        self.stream.write_all(&self.sent).await?;
        self.answer().await
    }
    async fn answer(&mut self) -> io::Result<Reply> {
        let end = loop {
            if let Some(at) = find(&self.read, b"\r\n\r\n") {
                break at + 4;
            }
            self.more().await?;
        };
        let head = String::from_utf8_lossy(self.read.get(..end).unwrap_or_default()).into_owned();
        self.read.drain(..end);
        let (mut reply, length) = heading(&head)?;
        reply.body = match length {
            Length::Known(length) => self.take(length).await?,
            Length::Chunks => self.chunks().await?,
        };
        Ok(reply)
    }
    async fn take(&mut self, length: usize) -> io::Result<Vec<u8>> {
        while self.read.len() < length {
            self.more().await?;
        }
        Ok(self.read.drain(..length).collect())
    }
    async fn chunks(&mut self) -> io::Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let end = loop {
                if let Some(at) = find(&self.read, b"\r\n") {
                    break at;
                }
                self.more().await?;
            };
            let line = self.take(end + 2).await?;
            let digits = String::from_utf8_lossy(&line);
            let size = usize::from_str_radix(digits.trim(), 16).map_err(io::Error::other)?;
            let chunk = self.take(size + 2).await?;
            if size == 0 {
                return Ok(body);
            }
            body.extend_from_slice(chunk.get(..size).unwrap_or_default());
        }
    }
    async fn more(&mut self) -> io::Result<()> {
        match self.stream.read_buf(&mut self.read).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

fn heading(head: &str) -> io::Result<(Reply, Length)> {
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|s| s.parse().ok());
    let status = status.ok_or_else(|| io::Error::other("this is no answer of HTTP"))?;
    let mut reply = Reply { status, ..Reply::default() };
    let mut length = Length::Known(0);
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        let value = value.trim();
        if name.eq_ignore_ascii_case("content-length") {
            length = Length::Known(value.parse().map_err(io::Error::other)?);
        } else if name.eq_ignore_ascii_case("transfer-encoding") {
            length = Length::Chunks;
        } else if name.eq_ignore_ascii_case("set-cookie") && reply.cookie.is_none() {
            reply.cookie = value.split(';').next().map(str::to_owned);
        }
    }
    Ok((reply, length))
}

/// One request on a connection of its own.
pub(crate) async fn once(
    address: &str,
    method: &str,
    path: &str,
    headers: &str,
    body: &[u8],
) -> io::Result<Reply> {
    Line::open(address).await?.exchange(method, path, headers, body).await
}

#[cfg(test)]
mod tests {
    use super::{Length, heading};

    #[test]
    fn an_answer_s_head_tells_its_status_its_cookie_and_its_length() {
        let head = "HTTP/1.1 200 OK\r\ncontent-length: 12\r\nSet-Cookie: sid=a; Path=/\r\n\r\n";
        let (reply, length) = heading(head).unwrap();
        assert_eq!((reply.status, reply.cookie.as_deref()), (200, Some("sid=a")));
        assert!(matches!(length, Length::Known(12)));
        assert!(heading("nonsense").is_err());
    }
}
