//! Measures pages over HTTP on 50 connections that are kept open: the time from request to the whole
//! answer, beside the shortest answer of the same server, `/livez`.
//!
//! `cargo run --release --example page_rate -- http://127.0.0.1:8080`
//!
//! Start the server with `--rate-limit off`. First every connection asks as soon as it has its
//! answer, so that the figures are about waiting for the processor that the clients use as well;
//! then each asks ten times a second, as many readers at once would.
#![expect(clippy::print_stdout, reason = "a measurement prints what it measured")]
#![expect(clippy::disallowed_methods, reason = "a measurement needs the clock, and waits")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

const CONNECTIONS: usize = 50;
const SPAN: Duration = Duration::from_secs(4);
const PAUSE: Duration = Duration::from_millis(100);

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// One connection to the server.
struct Client {
    stream: BufReader<TcpStream>,
    host: String,
}

impl Client {
    fn connect(host: &str) -> Result<Client, Failure> {
        let stream = TcpStream::connect(host)?;
        stream.set_nodelay(true)?;
        Ok(Client { stream: BufReader::new(stream), host: host.to_owned() })
    }

    /// Asks and reads the whole answer.
    fn get(&mut self, path: &str) -> Result<(), Failure> {
        let host = &self.host;
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept-Encoding: gzip\r\n\r\n");
        self.stream.get_mut().write_all(request.as_bytes())?;
        let (mut length, mut chunked, mut line) = (0, false, String::new());
        loop {
            line.clear();
            self.stream.read_line(&mut line)?;
            let header = line.trim().to_ascii_lowercase();
            if header.is_empty() {
                break;
            }
            if header.starts_with("http/1.1 ") && !header.contains(" 200 ") {
                return Err(format!("{path}: {header}").into());
            }
            chunked |= header == "transfer-encoding: chunked";
            if let Some(value) = header.strip_prefix("content-length: ") {
                length = value.parse()?;
            }
        }
        while chunked {
            line.clear();
            self.stream.read_line(&mut line)?;
            let size = usize::from_str_radix(line.trim(), 16)?;
            self.skip(size + 2)?;
            chunked = size > 0;
        }
        self.skip(length)
    }

    fn skip(&mut self, bytes: usize) -> Result<(), Failure> {
        let read = std::io::copy(&mut (&mut self.stream).take(bytes as u64), &mut std::io::sink())?;
        if read == bytes as u64 { Ok(()) } else { Err("the answer broke off".into()) }
    }
}

/// Every connection asks for `paths` in turn, with `pause` between; the times in order.
fn measure(host: &str, paths: &[String], pause: Duration) -> Result<Vec<Duration>, Failure> {
    let begun = Instant::now();
    let ask = |connection: usize| -> Result<Vec<Duration>, Failure> {
        let mut client = Client::connect(host)?;
        let mut took = Vec::new();
        thread::sleep(pause * connection as u32 / CONNECTIONS as u32);
        for path in paths.iter().cycle().skip(connection * 7 % paths.len()) {
            if begun.elapsed() > SPAN {
                break;
            }
            let asked = Instant::now();
            client.get(path)?;
            took.push(asked.elapsed());
            thread::sleep(pause);
        }
        Ok(took)
    };
    let ask = &ask;
    let mut all = thread::scope(|scope| -> Result<Vec<Duration>, Failure> {
        let asking: Vec<_> = (0..CONNECTIONS).map(|c| scope.spawn(move || ask(c))).collect();
        let mut all = Vec::new();
        for thread in asking {
            all.extend(thread.join().map_err(|_| "a client panicked")??);
        }
        Ok(all)
    })?;
    all.sort();
    Ok(all)
}

fn at(times: &[Duration], share: f64) -> f64 {
    let index = (times.len().saturating_sub(1) as f64 * share) as usize;
    times.get(index).map_or(0.0, |time| time.as_secs_f64() * 1000.0)
}

fn main() -> Result<(), Failure> {
    let root = std::env::args().nth(1).unwrap_or_else(|| "http://127.0.0.1:8080".to_owned());
    let host = root.trim_start_matches("http://").trim_end_matches('/').to_owned();
    let sitemap = {
        let mut stream = TcpStream::connect(&host)?;
        let request =
            format!("GET /sitemap.xml HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes())?;
        let mut text = String::new();
        stream.read_to_string(&mut text)?;
        text
    };
    let of_articles = |part: &str| {
        let url = part.split("</loc>").next()?;
        let path = url.get(url.find("/en/articles/").or_else(|| url.find("/zh/articles/"))?..)?;
        Some(path.to_owned())
    };
    let articles: Vec<String> = sitemap.split("<loc>").skip(1).filter_map(of_articles).collect();
    // Words of the addresses, two at a time: every query is another one, so none is answered twice
    // within the few seconds for which a page is kept.
    let words: Vec<&str> = articles
        .iter()
        .filter_map(|path| path.rsplit('/').next())
        .flat_map(|s| s.split('-'))
        .collect();
    let query = |(n, word): (usize, &&str)| {
        let other = words.get((n * 31 + 17) % words.len()).copied().unwrap_or_default();
        format!("/en/search?q={word}+{other}+{n}")
    };
    let searches: Vec<String> = words.iter().enumerate().map(query).collect();
    let hello = vec!["/livez".to_owned()];
    println!("{} articles, {} searches, {CONNECTIONS} connections", articles.len(), searches.len());
    for (name, pause) in [("at once", Duration::ZERO), ("10 a second each", PAUSE)] {
        let mut base = 0.0;
        for (what, paths) in [("hello", &hello), ("article", &articles), ("search", &searches)] {
            let times = measure(&host, paths, pause)?;
            let (p50, p99) = (at(&times, 0.5), at(&times, 0.99));
            if what == "hello" {
                base = p50;
            }
            println!(
                "{name:16} {what:8} {:7.0}/s  p50 {p50:7.2} ms  p99 {p99:7.2} ms  {:5.1} × hello",
                times.len() as f64 / SPAN.as_secs_f64(),
                p50 / base
            );
        }
    }
    Ok(())
}
