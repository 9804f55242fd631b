//! `TestApp`: the real server on a free port, with a temporary knowledge base and a store in memory.

use std::net::SocketAddr;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use zhinan::data::DataDir;
use zhinan::engine::{Engine, Places};
use zhinan::events::Store;
use zhinan::events::memory::MemoryStore;
use zhinan::people::audit::Entry;
use zhinan::people::secret::{Secret, TOKEN_PREFIX};
use zhinan::people::{Change, NewPerson, NewToken, PersonId, Role, Scope, password};
use zhinan::text::redact::Redactor;
use zhinan::time::now;
use zhinan::web::cookie;
use zhinan::web::session::Holdout;
use zhinan::web::state::{App, Settings};
use zhinan::web::{learn, router, server, watch};

use super::kb::TestKb;

/// A server that stops when it is dropped.
pub struct TestApp {
    /// The knowledge base that it serves.
    pub kb: TestKb,
    /// What its handlers share.
    pub app: Arc<App>,
    public: SocketAddr,
    ops: SocketAddr,
    agent: ureq::Agent,
    // Held for its threads; dropped last.
    _runtime: Runtime,
    _studio: tempfile::TempDir,
}

/// Somebody who asks: headers that prove it, and their number.
#[derive(Debug, Clone, Default)]
pub struct Identity {
    /// Headers of each request.
    pub headers: Vec<(String, String)>,
    /// The person's number; 0 for nobody.
    pub person: u64,
}

/// The password of every person that a test makes, as it is typed.
pub const PASSWORD: &str = "blue bicycle key ring";
static PASSWORD_HASH: LazyLock<String> = LazyLock::new(|| password::hash(PASSWORD).unwrap());

/// The value of a hidden field of a form.
pub fn hidden(page: &str, name: &str) -> String {
    let marker = format!("name=\"{name}\" value=\"");
    page.split(&marker)
        .nth(1)
        .unwrap_or_else(|| panic!("{name}: {page}"))
        .split('"')
        .next()
        .unwrap()
        .to_owned()
}

/// An answer, read whole.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Header names in lower case with their values.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

impl Answer {
    /// A header's value; empty if there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e}: {self:?}"))
    }
}

impl TestApp {
    /// Serves a knowledge base without rate limits.
    pub fn new(kb: TestKb) -> TestApp {
        TestApp::with(kb, |_| {})
    }

    /// Serves a knowledge base with other settings.
    pub fn with(kb: TestKb, change: impl FnOnce(&mut Settings)) -> TestApp {
        TestApp::on(kb, Box::new(MemoryStore::default()), change)
    }

    /// Serves a knowledge base and what is in a store.
    pub fn on(kb: TestKb, store: Box<dyn Store>, change: impl FnOnce(&mut Settings)) -> TestApp {
        let runtime = Runtime::new().unwrap();
        let studio = tempfile::tempdir().unwrap();
        let places = Places { kb: kb.path().to_owned(), indexes: None, bilingual: None };
        let changes = watch::Changes::of(kb.path());
        let engine = Engine::open(places, store, Redactor::new([7; 32])).unwrap();
        let mut settings = Settings {
            public_url: "https://help.example".to_owned(),
            rate_limit: false,
            trusted_proxies: Vec::new(),
            widget_origins: Vec::new(),
            holdout: Holdout::new(0.0, [7; 32]),
            notify: Vec::new(),
            data: DataDir::new(studio.path()),
        };
        change(&mut settings);
        let app = Arc::new(App::new(engine, settings).unwrap());
        watch::spawn(&app, changes).unwrap();
        learn::spawn(&app).unwrap();
        let serve = |router| {
            let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
            let address = listener.local_addr().unwrap();
            runtime.spawn(server::serve(listener, router, std::future::pending()));
            address
        };
        let (public, ops) = (serve(router::public(&app)), serve(router::ops(&app)));
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(Duration::from_secs(60)))
            .build();
        TestApp { kb, app, public, ops, agent: config.into(), _runtime: runtime, _studio: studio }
    }

    /// Somebody new of this role who has signed in.
    pub fn person(&self, role: Role) -> Identity {
        self.person_named(
            &format!("{role}-{}", Secret::new("").unwrap().text().get(..12).unwrap()),
            role,
        )
    }

    /// Somebody new of this name who has signed in; the password is [`PASSWORD`].
    pub fn person_named(&self, name: &str, role: Role) -> Identity {
        let store = self.app.engine().store();
        let new = NewPerson {
            name: name.to_owned(),
            display: name.to_owned(),
            role,
            password: Some(PASSWORD_HASH.clone()),
        };
        let entry = Entry::new(now(), "test", "person-added", "");
        let person = store.change(&Change::Add(new), &entry).unwrap();
        let secret = Secret::new("").unwrap();
        let session = Change::OpenSession {
            person: PersonId(person),
            hash: secret.hash(),
            password: PASSWORD_HASH.clone(),
        };
        store.change(&session, &Entry::new(now(), "test", "signed-in", "")).unwrap();
        let cookie = format!("{}={}", cookie::name(&self.app.settings), secret.text());
        Identity { headers: vec![("cookie".to_owned(), cookie)], person }
    }

    /// A token of this scope, of somebody new of this role.
    pub fn token(&self, role: Role, scope: Scope) -> Identity {
        let owner = self.person(role);
        let secret = Secret::new(TOKEN_PREFIX).unwrap();
        self.make_token(owner.person, secret.hash(), scope);
        let bearer = format!("Bearer {}", secret.text());
        Identity { headers: vec![("authorization".to_owned(), bearer)], ..owner }
    }

    /// The number of a new ticket.
    pub fn ticket(&self, text: &str) -> u64 {
        let answer = self.post_json("/api/v1/tickets", &serde_json::json!({ "text": text }));
        answer.json()["ticket"].as_u64().unwrap()
    }

    /// The number of a new token of somebody's.
    pub fn token_of(&self, owner: &Identity) -> u64 {
        // Nobody has none.
        if owner.person == 0 {
            return 9999;
        }
        self.make_token(owner.person, Secret::new("").unwrap().hash(), Scope::Suggest)
    }

    fn make_token(&self, person: u64, hash: String, scope: Scope) -> u64 {
        let new = NewToken {
            person: PersonId(person),
            name: "test".to_owned(),
            scopes: vec![scope],
            until: now() + jiff::SignedDuration::from_hours(1),
            hash,
        };
        let entry = Entry::new(now(), "test", "token-made", "");
        self.app.engine().store().change(&Change::MakeToken(new), &entry).unwrap()
    }

    /// `GET` as somebody.
    pub fn get_as(&self, who: &Identity, path: &str) -> Answer {
        let headers: Vec<_> = who.headers.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        self.get_with(path, &headers)
    }

    /// `POST` as somebody: `-` without a body, JSON if it begins with a brace, else a form of ours.
    pub fn post_as(&self, who: &Identity, path: &str, body: &str) -> Answer {
        let mut headers: Vec<(&str, &str)> =
            who.headers.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        headers.push(("sec-fetch-site", "same-origin"));
        let form = "application/x-www-form-urlencoded";
        match body {
            "-" => self.post(path, &headers, b""),
            json if json.starts_with('{') => {
                headers.push(("content-type", "application/json"));
                self.post(path, &headers, json.as_bytes())
            }
            fields => {
                headers.push(("content-type", form));
                self.post(path, &headers, fields.as_bytes())
            }
        }
    }

    /// `POST` of a form from one of our own pages, as somebody.
    pub fn form_as(&self, who: &Identity, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body: Vec<String> =
            fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        self.post_as(who, path, &body.join("&"))
    }

    /// The engine behind it.
    pub fn engine(&self) -> &Engine {
        self.app.engine()
    }

    /// The address of the public listener.
    pub fn address(&self) -> SocketAddr {
        self.public
    }

    /// `GET` on the public listener.
    pub fn get(&self, path: &str) -> Answer {
        self.get_with(path, &[])
    }

    /// `GET` with headers.
    pub fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = self.agent.get(format!("http://{}{path}", self.public));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        read(request.call().unwrap())
    }

    /// `GET` on the operators' listener.
    pub fn ops(&self, path: &str) -> Answer {
        read(self.agent.get(format!("http://{}{path}", self.ops)).call().unwrap())
    }

    /// `POST` of a body.
    pub fn post(&self, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut request = self.agent.post(format!("http://{}{path}", self.public));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        read(request.send(body).unwrap())
    }

    /// `PUT` of JSON as somebody.
    pub fn put_as(&self, who: &Identity, path: &str, tag: Option<&str>, body: &Value) -> Answer {
        let mut request = self.agent.put(format!("http://{}{path}", self.public));
        for (name, value) in &who.headers {
            request = request.header(name.as_str(), value.as_str());
        }
        if let Some(tag) = tag {
            request = request.header("if-match", tag);
        }
        let request = request
            .header("content-type", "application/json")
            .header("sec-fetch-site", "same-origin");
        read(request.send(body.to_string().as_bytes()).unwrap())
    }

    /// `POST` of JSON.
    pub fn post_json(&self, path: &str, body: &Value) -> Answer {
        let json = [("content-type", "application/json")];
        self.post(path, &json, body.to_string().as_bytes())
    }

    /// `POST` of a form from one of our own pages.
    pub fn post_form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body: Vec<String> =
            fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        let headers = [
            ("content-type", "application/x-www-form-urlencoded"),
            ("sec-fetch-site", "same-origin"),
        ];
        self.post(path, &headers, body.join("&").as_bytes())
    }

    /// Asks until the answer is as expected, at most two seconds: the promise of hot reload.
    pub fn soon(&self, path: &str, expected: impl Fn(&Answer) -> bool) -> Answer {
        let begun = Instant::now();
        loop {
            let answer = if path.starts_with("/readyz") { self.ops(path) } else { self.get(path) };
            if expected(&answer) || begun.elapsed() > Duration::from_secs(2) {
                assert!(expected(&answer), "not within two seconds: {answer:?}");
                return answer;
            }
            std::thread::sleep(Duration::from_millis(30));
        }
    }
}

fn encoded(text: &str) -> String {
    text.bytes().map(|b| format!("%{b:02X}")).collect()
}

fn read(mut response: ureq::http::Response<ureq::Body>) -> Answer {
    let headers = response.headers().iter();
    let headers = headers
        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into()))
        .collect();
    let bytes = response.body_mut().read_to_vec().unwrap();
    let body = String::from_utf8_lossy(&bytes).into_owned();
    Answer { status: response.status().as_u16(), headers, body }
}

/// A small help centre: three public articles in two languages, one in English only, one runbook.
pub fn help_centre() -> TestKb {
    let en = "Open **Activity**, tap the pending transaction, then Speed up. See [fees](article:network-fees).\n\n## Wait\n\nA transaction waits for a block.\n\n## Speed up\n\n1. Tap Speed up\n2. Confirm\n\n## Cancel\n\nTap Cancel.\n\n## Errors\n\n| code | meaning |\n|---|---|\n| E-12 | fee too low |\n";
    let zh = "打开**记录**，点进待确认的交易，再点加速。见[矿工费](article:network-fees)。\n\n## 等待\n\n交易在等待打包。\n\n## 加速\n\n1. 点加速\n2. 确认\n\n## 取消\n\n点取消。\n\n## 报错\n\n| 代码 | 含义 |\n|---|---|\n| E-12 | 手续费太低 |\n";
    TestKb::new()
        .article("transaction-pending", "en", "Transaction stuck on pending", en)
        .article("transaction-pending", "zh", "转账一直待确认", zh)
        .article(
            "network-fees",
            "en",
            "Why network fees are high",
            "Miners are paid by network fees.",
        )
        .article("network-fees", "zh", "矿工费为什么这么高", "矿工费付给打包交易的矿工。")
        .article("card-declined", "en", "Card declined", "Your bank declined the card payment.")
        .article("card-declined", "zh", "银行卡被拒", "发卡行拒绝了这笔银行卡付款。")
        .article(
            "only-english",
            "en",
            "Export the history as CSV",
            "Choose Export to get a CSV file.",
        )
}

/// The same with internal articles, which no public answer may show.
pub fn with_runbooks(kb: TestKb) -> TestKb {
    kb.runbook("rpc-degradation", "en", "Zanzibar RPC degradation", "Pending transactions: check the zanzibar dashboard. Fees, card, export, transaction, speed up.")
        .runbook("rpc-degradation", "zh", "节点故障 桑给巴尔", "待确认的交易：查看桑给巴尔面板。矿工费、银行卡、转账、加速。")
        .runbook("refund-fraud", "en", "Zanzibar fraud rules", "Card refund limits for zanzibar.")
}
