//! Too much at once, and clients that never finish: a bounded part is done, the rest is told to come
//! back, and whoever asks for little is answered.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use zhinan::events::sqlite::SqliteStore;

use crate::support::app::{TestApp, help_centre};

/// More than run and wait at a time.
const REQUESTS: usize = 600;
const SLOW: usize = 300;
/// Generous, since tests share their machine; without bounds it would be the five seconds for which
/// the store waits, or for ever.
const SOON: Duration = Duration::from_secs(3);

fn open(address: SocketAddr, text: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    stream.write_all(text.as_bytes()).unwrap();
    stream
}

fn ticket(n: usize) -> String {
    let body = format!("{{\"text\":\"my transfer {n} is stuck\"}}");
    format!(
        "POST /api/v1/tickets HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

#[test]
fn what_is_too_much_is_refused_at_once_and_the_rest_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("events.sqlite");
    let store = Box::new(SqliteStore::open(&path).unwrap());
    let app = TestApp::on(help_centre(), store, |_| {});
    app.ticket("the matcher is fitted");
    // While another process writes, nobody's ticket is kept, so that all of them wait.
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let waiting: Vec<TcpStream> = (0..REQUESTS).map(|n| open(app.address(), &ticket(n))).collect();
    let asked = Instant::now();
    assert_eq!(app.get("/livez").status, 200);
    assert!(asked.elapsed() < SOON, "alive after {:?}", asked.elapsed());
    other.execute_batch("ROLLBACK").unwrap();

    let answers: Vec<String> = waiting.into_iter().map(read).collect();
    let of = |status: &str| answers.iter().filter(|a| a.starts_with(status)).count();
    let (kept, refused) = (of("HTTP/1.1 201"), of("HTTP/1.1 503"));
    assert_eq!(kept + refused, REQUESTS, "others among {:?}", answers.first());
    assert!(kept >= REQUESTS / 2 && refused > 0, "{kept} kept, {refused} refused");
    let told =
        |answer: &&String| answer.starts_with("HTTP/1.1 503") && !answer.contains("retry-after");
    assert_eq!(answers.iter().find(told), None);
    let tickets = app.engine().store().tickets(None, usize::MAX).unwrap().len();
    assert_eq!(tickets, kept + 1, "kept and acknowledged are the same");
    assert_eq!(app.get("/api/v1/search?q=card").status, 200, "well again");
}

fn read(mut stream: TcpStream) -> String {
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn clients_that_never_finish_keep_nobody_waiting() {
    let app = TestApp::new(help_centre());
    let body = ticket(1);
    let begun = ["GET /en/ HTTP/1.1\r\nhost: a\r\nx-", &body[..body.len() - 9]];
    let slow: Vec<TcpStream> =
        (0..SLOW).map(|n| open(app.address(), begun[n % begun.len()])).collect();
    for path in ["/livez", "/en/", "/en/articles/card-declined", "/api/v1/search?q=card"] {
        let asked = Instant::now();
        assert_eq!(app.get(path).status, 200, "{path}");
        assert!(asked.elapsed() < SOON, "{path} after {:?}", asked.elapsed());
    }
    app.ticket("an ordinary one");
    drop(slow);
}
