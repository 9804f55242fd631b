//! What recurs: a stream of our own making with incidents and with things that only look like one.

use std::collections::BTreeMap;
use std::fs;

use clap::Parser;
use serde_json::{Value, json};
use zhinan::cli::Cli;
use zhinan::engine::TicketRequest;
use zhinan::people::Role;

use crate::support::app::{TestApp, help_centre};
use crate::support::kb::TestKb;

/// Ordinary tickets: a wording in either language, `{}` for what varies.
const TALK: [(&str, &str); 16] = [
    ("how do I export the history of {} as a file", "怎么导出{}的流水"),
    ("my {} card was declined in the shop", "我的{}卡在店里刷不了"),
    ("the fee for sending {} is very high", "转{}的手续费太高了"),
    ("cannot find my {} after the move", "换手机以后找不到{}"),
    ("please change the language to {}", "语言怎么换成{}"),
    ("I forgot the password of my {} phone", "{}手机上的密码忘了"),
    ("the price chart of {} does not load", "{}的行情图打不开"),
    ("staking {} gives no reward this week", "质押{}这周没有收益"),
    ("my {} transfer is still waiting", "{}转账还在等"),
    ("identity check rejected my {} passport", "{}护照认证没通过"),
    ("does the wallet support {} tokens", "钱包支持{}吗"),
    ("swap from {} keeps failing", "{}兑换老是失败"),
    ("push messages do not arrive on {}", "{}收不到推送"),
    ("how long does an {} refund take", "{}退款要多久"),
    ("someone on {} asks for my words", "{}上有人问我要助记词"),
    ("hardware device {} is not recognised", "{}硬件设备连不上"),
];
const THINGS: [&str; 12] = [
    "Nokia", "Lisbon", "copper", "maple", "delta", "Oslo", "silver", "tulip", "Zurich", "amber",
    "cedar", "Quebec",
];

/// Numbers without pattern that are the same on every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % sides) as usize
    }
}

/// A stream under construction.
#[derive(Default)]
pub(crate) struct Stream {
    tickets: Vec<(i64, Value)>,
}

impl Stream {
    fn put(&mut self, at: i64, text: &str, from: Option<&str>) {
        self.tickets.push((at, json!({"text": text, "from": from})));
    }

    /// Ordinary days: so many tickets each, more on working days, none while `away` is true.
    pub(crate) fn days(days: i64, per_day: u64, away: impl Fn(i64) -> bool) -> Stream {
        let (mut stream, mut dice) = (Stream::default(), Dice(per_day));
        for day in 0..days {
            let weekend = day % 7 >= 5;
            let count = if weekend { per_day * 7 / 10 } else { per_day };
            for _ in 0..count {
                let at = day * 86_400 + dice.roll(86_400) as i64;
                stream.talk(at, &mut dice, &away);
            }
        }
        stream
    }

    fn talk(&mut self, at: i64, dice: &mut Dice, away: &impl Fn(i64) -> bool) {
        let (en, zh) = TALK[dice.roll(TALK.len() as u64)];
        let wording = if dice.roll(2) == 0 { en } else { zh };
        let text = wording.replace("{}", THINGS[dice.roll(THINGS.len() as u64)]);
        if !away(at) {
            self.put(at, &text, Some(&format!("sender-{}", dice.roll(1_000_000))));
        }
    }

    /// Tickets every `gap` seconds from `at` on, each of another sender.
    pub(crate) fn incident(&mut self, at: i64, gap: i64, texts: &[&str], count: usize) {
        for i in 0..count {
            let text = texts[i % texts.len()];
            self.put(at + i as i64 * gap, text, Some(&format!("victim-{at}-{i}")));
        }
    }

    /// Records it through the engine so that its last ticket has just come.
    pub(crate) fn record(mut self, app: &TestApp) {
        self.tickets.sort_by_key(|(at, _)| *at);
        let last = self.tickets.last().map_or(0, |(at, _)| *at);
        let begin = zhinan::time::now().as_second() - last;
        for (at, ticket) in &self.tickets {
            let request = TicketRequest {
                text: ticket["text"].as_str().unwrap().to_owned(),
                channel: "api".to_owned(),
                ..TicketRequest::default()
            };
            let at = zhinan::time::Timestamp::from_second(begin + at).unwrap();
            app.engine().record(&request, at).unwrap();
        }
    }

    /// Replays it: the alerts, and the texts by line number.
    fn replay(mut self, kb: &TestKb) -> (Vec<Value>, BTreeMap<u64, String>) {
        self.tickets.sort_by_key(|(at, _)| *at);
        let begin: i64 =
            "2026-01-05T00:00:00Z".parse::<zhinan::time::Timestamp>().unwrap().as_second();
        let dir = tempfile::tempdir().unwrap();
        let mut texts = BTreeMap::new();
        let mut lines = String::new();
        for (number, (at, ticket)) in self.tickets.iter().enumerate() {
            let at = zhinan::time::Timestamp::from_second(begin + at).unwrap();
            let line =
                json!({"at": at.to_string(), "text": ticket["text"], "from": ticket["from"]});
            lines.extend([line.to_string(), "\n".to_owned()]);
            texts.insert(number as u64 + 1, ticket["text"].as_str().unwrap().to_owned());
        }
        fs::write(dir.path().join("in"), lines).unwrap();
        (replay(kb, dir.path()), texts)
    }
}

fn replay(kb: &TestKb, dir: &std::path::Path) -> Vec<Value> {
    let path = |name: &str| dir.join(name).display().to_string();
    let (stream, out, kb) = (path("in"), path("out"), kb.path().display().to_string());
    let args = ["zhinan", "trends", "--stream", &stream, "--out", &out, "--kb", &kb];
    zhinan::cmd::run(Cli::parse_from(args)).unwrap();
    let written = fs::read_to_string(dir.join("out")).unwrap();
    written.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn opened(alerts: &[Value]) -> Vec<&Value> {
    alerts.iter().filter(|a| a["kind"] != "end").collect()
}

fn evidence<'a>(alert: &Value, texts: &'a BTreeMap<u64, String>) -> Vec<&'a str> {
    let lines = alert["lines"].as_array().unwrap();
    lines.iter().map(|line| texts[&line.as_u64().unwrap()].as_str()).collect()
}

pub(crate) const OUTAGE: [&str; 9] = [
    "Zephyrchain is down, my transfer hangs",
    "Zephyrchain 是不是挂了，转账全卡",
    "nothing goes through on Zephyrchain since noon",
    "Zephyrchain 转出去半天没确认",
    "explorer does not know my Zephyrchain hash",
    "用 Zephyrchain 转账 pending 好久",
    "Zephyrchain sends stay submitted",
    "Zephyrchain 鏈轉賬一直等待",
    "is there an outage of Zephyrchain",
];
const SCAM: [&str; 8] = [
    "钱包年检要交工本费吗",
    "收到通知说钱包年检没过",
    "wallet annual inspection certificate, is it real",
    "wallet 年检 certificate 要 renew 吗",
    "钱包年检不做会停用吗",
    "they say my wallet needs an annual inspection certificate",
    "群里说钱包年检周五截止",
    "錢包年檢小程序讓我交費",
];
pub(crate) const DAY: i64 = 86_400;

#[test]
fn an_outage_and_a_new_scam_are_each_raised_once_and_early() {
    let mut stream = Stream::days(24, 60, |_| false);
    stream.incident(15 * DAY + 40_000, 400, &OUTAGE, 27);
    stream.incident(19 * DAY, 7_000, &SCAM, 32);
    let (alerts, texts) = stream.replay(&TestKb::real());
    let opened = opened(&alerts);
    assert_eq!(opened.len(), 2, "{opened:#?}");
    let (outage, scam) = (opened[0], opened[1]);
    assert!(outage["tickets"].as_u64().unwrap() <= 8, "{outage}");
    assert!(outage["label"].as_str().unwrap().to_lowercase().contains("zephyrchain"), "{outage}");
    assert!(scam["tickets"].as_u64().unwrap() <= 12, "{scam}");
    assert!(scam["label"].as_str().unwrap().contains("年检"), "{scam}");
    for (alert, words) in [(outage, OUTAGE.as_slice()), (scam, SCAM.as_slice())] {
        let evidence = evidence(alert, &texts);
        let right = evidence.iter().filter(|text| words.contains(text)).count();
        assert!(right * 10 >= evidence.len() * 8, "{evidence:?}");
    }
    // Each is ended once, with both languages among its tickets.
    let ends: Vec<&Value> = alerts.iter().filter(|a| a["kind"] == "end").collect();
    assert_eq!(ends.len(), 2, "{ends:#?}");
    for end in ends {
        assert!(end["langs"]["en"].as_u64().unwrap() > 3, "{end}");
        assert!(end["langs"]["zh"].as_u64().unwrap() > 3, "{end}");
    }
}

#[test]
fn what_only_looks_like_an_incident_raises_nothing() {
    // Two holidays without tickets, and an hour lost and one doubled by a clock.
    let away =
        |at: i64| (9 * DAY..11 * DAY).contains(&at) || (14 * DAY..14 * DAY + 3600).contains(&at);
    let mut stream = Stream::days(24, 60, away);
    // A day that is busy with everything.
    let mut dice = Dice(99);
    for _ in 0..120 {
        let at = 16 * DAY + dice.roll(86_400) as i64;
        stream.talk(at, &mut dice, &|_| false);
    }
    // One person who pastes the same sixty times, and one whom nobody knows.
    for i in 0..60 {
        stream.put(
            18 * DAY + i * 60,
            "Your vault is broken give me my gold doubloons",
            Some("angry"),
        );
        stream.put(20 * DAY + i * 60, "Marmalade has evaporated from the larder", None);
    }
    let (alerts, _) = stream.replay(&help_centre());
    assert_eq!(alerts, Vec::<Value>::new());
}

#[test]
fn a_flood_from_one_source_changes_no_count() {
    let mut stream = Stream::days(20, 60, |_| false);
    for i in 0..10_000 {
        let text = format!("Obelisk coin is the best coin, buy Obelisk number {i}");
        stream.put(15 * DAY + i * 8, &text, Some("bot"));
    }
    stream.incident(16 * DAY, 400, &OUTAGE, 27);
    let (alerts, texts) = stream.replay(&help_centre());
    let opened = opened(&alerts);
    assert_eq!(opened.len(), 1, "{opened:#?}");
    assert!(evidence(opened[0], &texts).iter().all(|text| !text.contains("Obelisk")));
}

#[test]
fn an_issue_that_comes_back_is_called_a_recurrence() {
    let mut stream = Stream::days(40, 60, |_| false);
    stream.incident(15 * DAY + 40_000, 400, &OUTAGE, 27);
    stream.incident(30 * DAY + 40_000, 400, &OUTAGE, 27);
    let (alerts, _) = stream.replay(&help_centre());
    let opened = opened(&alerts);
    assert_eq!(opened.len(), 2, "{opened:#?}");
    assert_eq!(opened[1]["kind"], "recurrence");
    assert_eq!(opened[1]["before"], opened[0]["episode"]);
}

#[test]
fn the_same_stream_gives_the_same_alerts_and_bad_lines_are_skipped() {
    let dir = tempfile::tempdir().unwrap();
    let line = |minute: i64, text: &str| {
        json!({"at": format!("2026-01-0{}T00:{:02}:00Z", 1 + minute / 60, minute % 60), "text": text}).to_string()
    };
    let mut lines: Vec<String> = (0..200).map(|i| line(i, OUTAGE[i as usize % 9])).collect();
    lines.insert(7, "{\"at\": \"yesterday\", \"text\": \"x\"}".to_owned());
    // Ten years ahead and back again: nothing panics, nothing is raised for it.
    lines.push(json!({"at": "2036-01-01T00:00:00Z", "text": "hello"}).to_string());
    lines.push(json!({"at": "2026-01-05T00:00:00Z", "text": "hello"}).to_string());
    fs::write(dir.path().join("in"), lines.join("\n")).unwrap();
    let kb = help_centre();
    let first = replay(&kb, dir.path());
    assert_eq!(first, replay(&kb, dir.path()));
}

#[test]
fn an_outbreak_is_what_a_lead_sees_first_in_the_morning() {
    let app = TestApp::new(help_centre());
    let mut stream = Stream::days(20, 40, |_| false);
    stream.incident(19 * DAY + 76_000, 400, &OUTAGE, 27);
    stream.record(&app);
    let lead = app.person(Role::Lead);
    let page = |path: &str| {
        let answer = app.get_as(&lead, path);
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        answer
    };
    let morning = page("/trends?lang=en").body;
    let burning = morning.split("id=\"rose\"").next().unwrap();
    assert!(burning.to_lowercase().contains("zephyrchain"), "{burning}");
    assert!(burning.contains("were expected"), "{burning}");
    assert!(page("/trends?lang=zh").body.contains("正在发生"));
    let episode = burning.split("/trends/episodes/").nth(1).unwrap().split('"').next().unwrap();
    let html = page(&format!("/trends/episodes/{episode}")).body;
    assert!(html.contains("It is going on.") || html.contains("仍在持续"), "{html}");
    assert!(html.contains("<svg") && html.contains("role=\"img\""));
    let csv = page(&format!("/trends/episodes/{episode}/tickets.csv"));
    assert!(csv.header("content-type").starts_with("text/csv"));
    let lines: Vec<&str> = csv.body.lines().collect();
    let right = lines.iter().filter(|l| l.to_lowercase().contains("zephyrchain")).count();
    assert!(lines.len() > 8 && right * 10 >= (lines.len() - 1) * 8, "{}", csv.body);
    let none = page("/trends/issues/none?lang=en").body;
    assert!(none.contains("What they are about"), "{none}");
    // The same text from one source is one voice, and the page says so.
    for _ in 0..60 {
        app.ticket("Your vault ate my gold doubloons, answer me!");
    }
    let morning = page("/trends?lang=en").body;
    assert!(morning.contains("it counts as one voice"), "{morning}");
    // Copies beyond those by which it was noticed change no list.
    let until = zhinan::time::now() + jiff::SignedDuration::from_secs(5);
    let since = until - jiff::SignedDuration::from_secs(120);
    let count = || {
        let counts = app.app.engine().store().issue_counts(since, until).unwrap();
        counts.iter().map(|c| c.tickets).sum::<u64>()
    };
    let before = count();
    for n in 0..200 {
        app.ticket(&format!("Your vault ate my gold doubloons, answer me! {n}"));
    }
    page("/trends");
    assert!(count() <= before + 5, "{} after {before}", count());
}

#[test]
fn the_weekly_report_names_incidents_and_figures_in_both_languages_and_leaks_no_markup() {
    let kb = help_centre();
    let app = TestApp::new(kb);
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    fs::create_dir(&data).unwrap();
    let store = zhinan::events::sqlite::SqliteStore::open(&data.join("events.sqlite")).unwrap();
    let mut stream = Stream::days(20, 30, |_| false);
    stream.incident(18 * DAY + 30_000, 400, &OUTAGE, 27);
    stream.put(19 * DAY, "<script>alert(1)</script> | zorblax", None);
    stream.record(&app);
    for ticket in app.app.engine().store().tickets(None, usize::MAX).unwrap().into_iter().rev() {
        zhinan::events::Store::record_ticket(&store, &ticket.ticket).unwrap();
    }
    let report = |more: &[&str]| {
        let (data, kb) = (data.to_str().unwrap(), app.kb.path().to_str().unwrap());
        let all = [&["report", "--since", "7d", "--data", data, "--kb", kb], more].concat();
        let made = std::process::Command::new(env!("CARGO_BIN_EXE_zhinan")).args(all).output();
        let made = made.unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        String::from_utf8(made.stdout).unwrap()
    };
    let english = report(&[]);
    let incidents = english.split("## Incidents").nth(1).unwrap().split("\n## ").next().unwrap();
    assert!(incidents.to_lowercase().contains("zephyrchain"), "{english}");
    assert!(english.contains("Causal deflection: not enough data."), "{english}");
    let chinese = report(&["--lang", "zh", "--format", "html"]);
    assert!(chinese.contains("<html lang=\"zh-CN\">") || chinese.contains("<html lang=\"zh"));
    assert!(chinese.contains("事故") && chinese.to_lowercase().contains("zephyrchain"));
    assert!(!chinese.contains("<script>alert"), "a ticket is text");
    let json: Value = serde_json::from_str(&report(&["--json"])).unwrap();
    assert!(json["incidents"][0]["tickets"].as_u64().unwrap() > 8, "{json}");
}

/// What a poisoner sends: a number, signs, an emoji and a word that change each time.
fn spam(n: usize) -> String {
    const WORDS: [&str; 50] = [
        "amber", "basil", "cedar", "dune", "ember", "fjord", "grove", "heron", "iris", "jade",
        "kelp", "lotus", "moss", "nectar", "opal", "pine", "quartz", "reed", "sage", "tulip",
        "umber", "violet", "willow", "yarrow", "zinnia", "acorn", "birch", "clover", "daisy",
        "elm", "fern", "ginger", "hazel", "ivy", "juniper", "kiwi", "lilac", "maple", "nutmeg",
        "olive", "peony", "quince", "rowan", "sorrel", "thyme", "ulmus", "vetch", "walnut",
        "yucca", "zebra",
    ];
    let signs = ["!", "!!", "?", " …", ""][n % 5];
    let emoji = ["🚀", "🔥", "💎", "😀"][n % 4];
    let word = WORDS[n % WORDS.len()];
    format!(
        "{emoji} Claim your Obelisk airdrop bonus {n}{signs} visit the {word} fountain portal tonight"
    )
}

#[test]
fn ten_thousand_near_identical_tickets_change_no_list_and_are_one_notice() {
    for sender in [Some("bot"), None] {
        let app = TestApp::new(help_centre());
        let mut stream = Stream::days(12, 40, |_| false);
        let last = 11 * DAY + 40_000;
        for text in OUTAGE.iter().take(4) {
            stream.put(last, &format!("{text}?"), None);
        }
        stream.record(&app);
        let engine = app.app.engine();
        let lead = app.person(Role::Lead);
        let lists = || {
            let page = app.get_as(&lead, "/trends?days=7&lang=en").body;
            let rose = page.split("id=\"rose\"").nth(1).unwrap().split("</table>").next().unwrap();
            let write = page.split("id=\"write\"").nth(1).unwrap().split("</ol>").next().unwrap();
            let open = page.matches("class=\"badge ").count();
            let names = |part: &str, tag: &str| -> Vec<String> {
                part.split(tag)
                    .skip(1)
                    .map(|p| p.split("</a>").next().unwrap().to_owned())
                    .collect()
            };
            (names(rose, "<tr><th scope=\"row\">"), names(write, "<li>"), open)
        };
        let counts = || {
            let (since, until) =
                (zhinan::time::now() - jiff::SignedDuration::from_hours(24), zhinan::time::now());
            engine
                .store()
                .issue_counts(since, until)
                .unwrap()
                .iter()
                .map(|c| c.tickets)
                .sum::<u64>()
        };
        let (before, counted) = (lists(), counts());
        // Recorded as the engine records them; only the first is matched, since they are all alike.
        let request = TicketRequest {
            text: spam(0),
            channel: "api".to_owned(),
            sender: sender.map(str::to_owned),
            ..TicketRequest::default()
        };
        let first = engine.record(&request, zhinan::time::now()).unwrap().ticket;
        let like = engine.store().ticket(first).unwrap().ticket;
        for n in 1..10_000 {
            let clean_text = engine.redact(&spam(n)).clean_text;
            let new =
                zhinan::events::NewTicket { clean_text, at: zhinan::time::now(), ..like.clone() };
            engine.store().record_ticket(&new).unwrap();
        }
        let behind = || app.app.incidents.look(engine, |seen| seen.behind).unwrap();
        while behind() > 0 {}
        assert_eq!(lists(), before, "{sender:?}");
        assert!(counts() <= counted + 3, "{sender:?}: {} after {counted}", counts());
        let notices = app.app.incidents.look(engine, |seen| seen.notices).unwrap();
        assert_eq!(notices, 1, "{sender:?}");
    }
}

#[test]
fn an_episode_says_which_chains_and_versions_its_tickets_name() {
    let app = TestApp::new(TestKb::real());
    let mut stream = Stream::days(20, 40, |_| false);
    let crash = [
        "app 5.22.0 closes itself when I open Polygon, Samsung",
        "5.22.0 一打开 Polygon 就闪退",
        "since 5.22.0 the wallet crashes on Polygon, android 14.1",
        "更新到 5.22.0 后切到 Polygon 闪退",
        "crash after update to v5.22.0",
    ];
    stream.incident(19 * DAY + 76_000, 300, &crash, 30);
    stream.record(&app);
    let token = app.token(Role::Lead, zhinan::people::Scope::Trends);
    let episodes = app.get_as(&token, "/api/v1/staff/episodes").json();
    let episode = &episodes["episodes"][0];
    let versions = episode["versions"].as_object().unwrap();
    assert!(versions["5.22.0"].as_u64().unwrap() >= 20, "{episode}");
    assert!(!versions.contains_key("14.1"), "a system's version is not the app's: {episode}");
    let chains = episode["chains"].as_object().unwrap();
    let polygon = chains.iter().find(|(name, _)| name.contains("Polygon"));
    assert!(polygon.unwrap().1.as_u64().unwrap() >= 15, "{episode}");
    let page = |path: &str| app.get_as(&app.person(Role::Agent), path).body;
    let id = episode["episode"].as_u64().unwrap();
    let html = page(&format!("/trends/episodes/{id}?lang=zh"));
    assert!(html.contains("应用版本： 5.22.0") && html.contains("链： Polygon"), "{html}");
    let csv = page(&format!("/trends/episodes/{id}/tickets.csv"));
    assert!(csv.starts_with("ticket,at,lang,channel,best,chains,versions,text"), "{csv}");
    assert!(csv.contains(",5.22.0,"), "{csv}");
}
