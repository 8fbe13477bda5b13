//! A proxy that pools transactions, as PgBouncer does with `pool_mode = transaction`: a client keeps a session of the
//! server for one transaction, and may be given another one for the next.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

/// A proxy in front of a server that trusts its clients. It runs as long as the process.
#[derive(Debug)]
pub struct Pooler {
    port: u16,
}

struct Pool {
    server: String,
    sessions: Vec<Mutex<Option<Session>>>,
    turn: AtomicUsize,
}

struct Session {
    stream: TcpStream,
    /// What the server said when the session began, up to the first `ReadyForQuery`.
    greeting: Vec<u8>,
}

/// The address in a URL, `host:port`.
fn address(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.split(['/', '?']).next().unwrap_or_default();
    let host = rest.rsplit('@').next().unwrap_or_default();
    if host.contains(':') { host.to_owned() } else { format!("{host}:5432") }
}

impl Pooler {
    /// Lends so many sessions of the server that a URL names, one transaction after the other.
    ///
    /// # Panics
    ///
    /// When no port is free.
    #[must_use]
    pub fn start(url: &str, sessions: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap_or_else(|e| panic!("{e}"));
        let port = listener.local_addr().unwrap_or_else(|e| panic!("{e}")).port();
        let sessions = (0..sessions).map(|_| Mutex::default()).collect();
        let pool = Arc::new(Pool { server: address(url), sessions, turn: AtomicUsize::default() });
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let pool = Arc::clone(&pool);
                // A client that goes away ends its own thread only.
                thread::spawn(move || pool.serve(client).ok());
            }
        });
        Self { port }
    }

    /// The URL of a database behind it.
    #[must_use]
    pub fn url(&self, of: &str) -> String {
        of.replace(&address(of), &format!("127.0.0.1:{}", self.port))
    }
}

impl Pool {
    fn serve(&self, mut client: TcpStream) -> io::Result<()> {
        /// The code of a request for TLS (manual, 55.7).
        const TLS: [u8; 4] = 80_877_103_u32.to_be_bytes();
        client.set_nodelay(true)?;
        let mut startup = unnamed(&mut client)?;
        while startup[4..8] == TLS {
            client.write_all(b"N")?;
            startup = unnamed(&mut client)?;
        }
        let greeting = self.lend(&startup)?.as_ref().map(|s| s.greeting.clone()).unwrap_or_default();
        client.write_all(&greeting)?;
        loop {
            let first = message(&mut client)?;
            let mut lent = self.lend(&startup)?;
            let Some(session) = lent.as_mut() else { return Ok(()) };
            let mut next = first;
            loop {
                if next[0] == b'X' {
                    return Ok(());
                }
                session.stream.write_all(&next)?;
                if matches!(next[0], b'Q' | b'S') && answer(&mut session.stream, &mut client)? == b'I' {
                    break;
                }
                next = message(&mut client)?;
            }
        }
    }

    /// The next session in turn, when it is free.
    fn lend(&self, startup: &[u8]) -> io::Result<MutexGuard<'_, Option<Session>>> {
        let turn = self.turn.fetch_add(1, Ordering::SeqCst) % self.sessions.len();
        let mut session = self.sessions[turn].lock().unwrap_or_else(PoisonError::into_inner);
        if session.is_none() {
            let mut stream = TcpStream::connect(&self.server)?;
            stream.set_nodelay(true)?;
            stream.write_all(startup)?;
            let mut greeting = Vec::new();
            answer(&mut stream, &mut greeting)?;
            *session = Some(Session { stream, greeting });
        }
        Ok(session)
    }
}

/// A message without a type: the first ones of a client.
fn unnamed(from: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut whole = vec![0; 4];
    from.read_exact(&mut whole)?;
    let length = u32::from_be_bytes([whole[0], whole[1], whole[2], whole[3]]) as usize;
    whole.resize(length, 0);
    from.read_exact(&mut whole[4..])?;
    Ok(whole)
}

fn message(from: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut whole = vec![0; 1];
    from.read_exact(&mut whole)?;
    whole.extend(unnamed(from)?);
    Ok(whole)
}

/// Passes an answer on, and gives the state in which it leaves the session: `I` is outside of a transaction.
fn answer(from: &mut TcpStream, to: &mut impl Write) -> io::Result<u8> {
    loop {
        let message = message(from)?;
        to.write_all(&message)?;
        if message[0] == b'Z' {
            return Ok(message[5]);
        }
    }
}
