//! `zhinan eval`: intervals, slices, curves, two runs compared, the chatter benchmark.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

fn eval(set: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_zhinan"));
    command.args(["eval", "--lexicon", "none", "--set"]).arg(set).args(arguments);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A small set in both languages, with queries that nothing answers.
fn set() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let subjects = [
        ("refund", "how long does a refund take", "退款要多久到账"),
        ("card", "the card was declined in a shop", "在商店刷卡被拒绝"),
        ("network", "which network for a deposit", "充值应该选哪个网络"),
        ("phrase", "where is the recovery phrase", "助记词在哪里查看"),
    ];
    let (mut corpus, mut queries, mut qrels) = (String::new(), String::new(), String::new());
    for (id, en, zh) in subjects {
        let line =
            format!("{{\"id\":\"{id}\",\"lang\":\"en\",\"title\":\"{en}\",\"body\":\"{zh}\"}}\n");
        corpus.push_str(&line);
        for (lang, text) in [("en", en), ("zh", zh)] {
            let line =
                format!("{{\"id\":\"{id}-{lang}\",\"lang\":\"{lang}\",\"text\":\"{text}\"}}\n");
            queries.push_str(&line);
            qrels.push_str(&[id, "-", lang, "\t", id, "\t1\n"].concat());
        }
    }
    queries += "{\"id\":\"spam\",\"lang\":\"en\",\"text\":\"cheap followers for everyone\"}\n";
    fs::write(dir.path().join("corpus.jsonl"), corpus).unwrap();
    fs::write(dir.path().join("queries.jsonl"), queries).unwrap();
    fs::write(dir.path().join("qrels.tsv"), qrels).unwrap();
    dir
}

#[test]
fn every_figure_has_an_interval_also_by_language_and_is_drawn() {
    let set = set();
    let run = set.path().join("run.jsonl");
    let curves = set.path().join("curves");
    let arguments =
        ["--run", run.to_str().unwrap(), "--json", "--curves", curves.to_str().unwrap()];
    let figures = json(&eval(set.path(), &arguments));
    assert_eq!(figures["queries"], 9);
    assert_eq!(figures["success_at_1"], 1.0);
    assert_eq!(figures["lexicon"], "none");
    for name in ["success_at_1", "mrr_at_10", "auroc", "mcc", "p99_ms"] {
        let value = figures[name].as_f64().unwrap();
        let [low, high] = [0, 1].map(|at| figures["intervals"][name][at].as_f64().unwrap());
        assert!(low <= value + 1e-9 && value <= high + 1e-9, "{name}: {low} {value} {high}");
    }
    let (en, zh) = (&figures["by_language"]["en"], &figures["by_language"]["zh"]);
    assert_eq!((&en["queries"], &zh["queries"]), (&Value::from(5), &Value::from(4)));
    assert_eq!(zh["success_at_1"], 1.0);
    for name in ["reliability.svg", "precision-coverage.svg"] {
        let svg = fs::read_to_string(curves.join(name)).unwrap();
        assert!(svg.starts_with("<svg") && svg.contains("<desc") && svg.contains("</svg>"));
    }
    // Apart from the times, the same run says the same.
    let again = json(&eval(set.path(), &arguments));
    assert_eq!(again["by_language"], figures["by_language"]);
    assert_eq!(again["intervals"]["mcc"], figures["intervals"]["mcc"]);
}

#[test]
fn two_runs_are_compared_query_by_query() {
    let set = set();
    let (good, bad) = (set.path().join("good.jsonl"), set.path().join("bad.jsonl"));
    eval(set.path(), &["--run", good.to_str().unwrap()]);
    // The other run names the same article for everything.
    let worse: String = fs::read_to_string(&good)
        .unwrap()
        .lines()
        .map(|line| {
            let mut line: Value = serde_json::from_str(line).unwrap();
            line["results"] = serde_json::json!([{ "id": "refund", "score": 1.0 }]);
            format!("{line}\n")
        })
        .collect();
    fs::write(&bad, worse).unwrap();
    let (good, bad) = (good.to_str().unwrap(), bad.to_str().unwrap());
    let found = json(&eval(set.path(), &["--compare", bad, good, "--json"]));
    let success = &found["figures"]["success_at_1"];
    assert_eq!((&success["a"], &success["b"]), (&Value::from(0.25), &Value::from(1.0)));
    assert!(success["p"].as_f64().unwrap() < 0.1 && success["interval"][0].as_f64().unwrap() > 0.2);
    let same = eval(set.path(), &["--compare", good, good]);
    let same = String::from_utf8(same.stdout).unwrap();
    assert!(same.contains("A alone has right: 0, B alone: 0, p 1.0000"), "{same}");
    assert!(same.contains("McNemar") && same.contains("bootstrap"));

    let mut short = Command::new(env!("CARGO_BIN_EXE_zhinan"));
    fs::write(set.path().join("short.jsonl"), "").unwrap();
    let files = [good, set.path().join("short.jsonl").to_str().unwrap()].map(str::to_owned);
    let short = short.args(["eval", "--set"]).arg(set.path()).arg("--compare").args(files);
    assert_eq!(short.output().unwrap().status.code(), Some(2));
}
