//! What may be imported: our own files, other people's Markdown, Zendesk's JSON, tables.

use zhinan::exchange::plan::{Arrive, Options, Verdict};
use zhinan::kb::front_matter::{Audience, Status};
use zhinan::lang::Lang;

use super::{files, imported, planned, reasons, verdicts};
use crate::support::app::help_centre;
use crate::support::kb::{TestKb, article_file};

fn into_help() -> Options {
    Options {
        section: Some("help".parse().unwrap()),
        owner: "support".into(),
        ..Options::default()
    }
}

#[test]
fn what_arrives_is_a_draft_unless_somebody_says_otherwise() {
    let kb = help_centre();
    let new = article_file("New", "public", "Text.");
    let changed = article_file("Card declined", "public", "Ask the bank.");
    let import =
        files(&[("kb/help/new-one/en.md", &new), ("kb/help/card-declined/en.md", &changed)]);
    let plan = planned(&kb, &import, &Options::default());
    assert_eq!(verdicts(&plan), [("card-declined", "skipped"), ("new-one", "new")].into());
    assert_eq!(plan.batch.articles.len(), 1);
    let replace = Options { replace: true, ..Options::default() };
    let plan = imported(&kb, &import, &replace);
    let item = plan.items.iter().find(|i| i.id.as_str() == "card-declined").unwrap();
    assert_eq!(item.verdict, Verdict::Changed(vec!["en: body".to_owned()]));
    let library = kb.library();
    let status = |id: &str| library.pairs[&id.parse().unwrap()].en.as_ref().unwrap().meta.status;
    assert_eq!((status("new-one"), status("card-declined")), (Status::Draft, Status::Published));
    // The same again is nothing new, whatever its status was set to.
    assert!(planned(&kb, &import, &replace).batch.articles.is_empty());
    let keep = Options { replace: true, arrive: Arrive::Keep, ..Options::default() };
    let plan = planned(&kb, &import, &keep);
    assert_eq!(verdicts(&plan)["new-one"], "changed");
}

#[test]
fn one_article_that_is_refused_refuses_all_and_is_named_with_its_line() {
    let kb = help_centre();
    let good = article_file("Good", "public", "Text.");
    let phrase = "legal winner thank year wave sausage worth useful legal winner thank yellow";
    for (name, text, expected) in [
        ("help/bad/en.md", "---\naudience: public\ntitel: x\n---\n".to_owned(), "help/bad/en.md:"),
        (
            "help/bad/en.md",
            "---\naudience: public\n".to_owned(),
            "help/bad/en.md:1: the front matter is never closed",
        ),
        (
            "help/bad/en.md",
            article_file("A", "public", "One.\n\n<b>x</b>"),
            "help/bad/en.md:15: raw HTML",
        ),
        (
            "help/bad/en.md",
            article_file("A", "public", "[x](article:gone)"),
            "help/bad/en.md:13: there is no article `gone`",
        ),
        (
            "help/bad/en.md",
            article_file("A", "public", phrase),
            "help/bad/en.md:13: this looks like a secret",
        ),
        (
            "nowhere/bad/en.md",
            article_file("A", "public", "x"),
            "nowhere/bad/en.md:0: there is no section `nowhere`",
        ),
        (
            "guide/plain.md",
            "# Plain\n\nOne.\n\n<b>x</b>\n".to_owned(),
            "guide/plain.md:5: raw HTML",
        ),
        ("guide/foreign.md", "---\ntitle: [a\n---\n\nx\n".to_owned(), "guide/foreign.md:"),
    ] {
        let options = if name.starts_with("guide") { into_help() } else { Options::default() };
        let plan = planned(&kb, &files(&[("help/good/en.md", &good), (name, &text)]), &options);
        assert!(plan.is_refused(), "{name}: {text}");
        let reasons = reasons(&plan);
        assert!(reasons.iter().any(|r| r.starts_with(expected)), "{expected}: {reasons:?}");
        assert!(!reasons.iter().any(|r| r.contains("sausage")), "{reasons:?}");
    }
    // What readers see elsewhere would lead to a draft.
    let draft = article_file("Fees", "public", "x").replace("published", "draft");
    let zh = article_file("矿工费", "public", "x").replace("published", "draft");
    let import = files(&[("help/network-fees/en.md", &draft), ("help/network-fees/zh.md", &zh)]);
    let keep = Options { replace: true, arrive: Arrive::Keep, ..Options::default() };
    let reasons = reasons(&planned(&kb, &import, &keep));
    assert!(reasons[0].starts_with("help/transaction-pending/en.md:"), "{reasons:?}");
    let empty = planned(&kb, &files(&[("notes.txt", "hello")]), &Options::default());
    assert!(empty.is_refused() && empty.left_out[0].0 == "notes.txt");
}

#[test]
fn other_peoples_markdown() {
    let kb = TestKb::new();
    let import = files(&[
        ("docs/README.md", "# About"),
        (
            "docs/en/help/how-to-withdraw.md",
            "# How to withdraw\n\nOpen the wallet.\n\n## Steps\n\n1. Tap\n",
        ),
        ("docs/zh-CN/help/how-to-withdraw.md", "# 如何提现\n\n打开钱包。\n\n## 步骤\n\n1. 点\n"),
        (
            "docs/runbooks/轉帳.md",
            "---\ntitle: 轉賬一直待確認\nlang: zh-TW\ntags: [轉帳, pending]\nweight: 3\n---\n\n請等待。\n",
        ),
        ("docs/help/Fees & limits.md", "Fees are paid to miners.\n"),
    ]);
    let plan = imported(&kb, &import, &Options { owner: "desk".into(), ..Options::default() });
    let library = kb.library();
    let ids: Vec<&str> = library.pairs.keys().map(zhinan::id::ArticleId::as_str).collect();
    assert_eq!(ids, ["fees-limits", "how-to-withdraw", "zhuan-zhang"]);
    assert_eq!(plan.left_out[0].0, "docs/README.md");
    let pair = &library.pairs[&"how-to-withdraw".parse().unwrap()];
    let (en, zh) = (pair.en.as_ref().unwrap(), pair.zh.as_ref().unwrap());
    assert_eq!((en.meta.title.as_str(), zh.meta.title.as_str()), ("How to withdraw", "如何提现"));
    assert_eq!(en.meta.summary, "Open the wallet.");
    assert_eq!(en.source.trim(), "## Steps\n\n1. Tap");
    assert_eq!(en.meta.owner, "desk");
    let zh = library.pairs[&"zhuan-zhang".parse().unwrap()].zh.as_ref().unwrap();
    assert_eq!((zh.meta.title.as_str(), zh.source.trim()), ("转账一直待确认", "请等待。"));
    assert_eq!(zh.meta.tags, ["轉帳", "pending"]);
    assert_eq!(zh.section, "runbooks");
}

const ARTICLES: &str = r#"{"count": 3, "next_page": null, "articles": [
 {"id": 360001, "title": "Card declined", "locale": "en-us", "source_locale": "en-us", "section_id": 77,
  "html_url": "https://harbor.zendesk.com/hc/en-us/articles/360001-Card-declined",
  "body": "<p>Your <strong>bank</strong> said no.</p><h2>Steps</h2><ol><li>Call the bank</li><li>See <a href=\"/hc/en-us/articles/360002\">fees</a></li></ol><script>x</script>",
  "label_names": ["card", "05"], "draft": false, "user_segment_id": null, "edited_at": "2026-03-04T05:06:07Z", "vote_sum": 3,
  "translations": [{"locale": "zh-tw", "title": "銀行卡被拒", "body": "<p>請聯絡發卡行。</p>", "draft": false}, {"locale": "de", "title": "Karte", "body": "x"}]},
 {"id": 360002, "title": "手续费", "locale": "zh-cn", "section_id": 77, "body": "<p>付给矿工。</p><p>按拥堵程度变化。</p>", "draft": false},
 {"id": 360003, "title": "Refund rules", "locale": "en-us", "section_id": 78, "body": "<p>For agents.</p><p>Only after review.</p>", "user_segment_id": 5, "draft": true}
]}"#;
const SECTIONS: &str = r#"{"sections": [{"id": 77, "name": "Cards", "locale": "en-us", "description": "Paying by card"}, {"id": 78, "name": "runbooks", "locale": "en-us"}]}"#;
const TRANSLATIONS: &str = r#"{"translations": [{"id": 1, "source_id": 360001, "source_type": "Article", "locale": "zh-cn", "title": "银行卡被拒", "body": "<p>发卡行拒绝了付款。</p><p>请联系他们。</p>", "draft": false},
 {"id": 2, "source_id": 77, "source_type": "Section", "locale": "zh-cn", "title": "银行卡", "body": ""}]}"#;

#[test]
fn zendesk_articles_in_both_languages() {
    let kb = TestKb::new();
    let import = files(&[
        ("articles.json", ARTICLES),
        ("sections.json", SECTIONS),
        ("translations.json", TRANSLATIONS),
        ("other.json", "{\"users\": []}"),
    ]);
    let plan = planned(&kb, &import, &Options { owner: "desk".into(), ..Options::default() });
    assert!(
        reasons(&plan).iter().any(|r| r.contains("there is no section `Cards`")),
        "{:?}",
        reasons(&plan)
    );
    let options = Options {
        owner: "desk".into(),
        arrive: Arrive::Keep,
        add_sections: true,
        ..Options::default()
    };
    let plan = imported(&kb, &import, &options);
    assert_eq!(plan.sections, ["Cards"]);
    let left: Vec<&str> = plan.left_out.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(left, ["articles.json: article 360001", "other.json"]);
    let library = kb.library();
    let section = library.section("cards").unwrap();
    assert_eq!(
        (section.title.zh.as_str(), section.summary.en.as_str()),
        ("银行卡", "Paying by card")
    );
    let card = &library.pairs[&"card-declined".parse().unwrap()];
    let (en, zh) = (card.en.as_ref().unwrap(), card.zh.as_ref().unwrap());
    assert_eq!(en.meta.summary, "Your bank said no.");
    assert_eq!(
        en.source.trim(),
        "## Steps\n\n1. Call the bank\n2. See [fees](article:shou-xu-fei)"
    );
    assert_eq!(
        (zh.meta.title.as_str(), zh.meta.summary.as_str()),
        ("银行卡被拒", "发卡行拒绝了付款。")
    );
    assert_eq!((en.meta.status, en.meta.audience), (Status::Published, Audience::Public));
    assert_eq!(en.meta.reviewed.to_string(), "2026-03-04");
    assert_eq!(en.meta.tags, ["card", "05"]);
    let fees = library.pairs[&"shou-xu-fei".parse().unwrap()].zh.as_ref().unwrap();
    assert_eq!((fees.meta.status, fees.meta.summary.as_str()), (Status::Published, "付给矿工。"));
    let rules = library.pairs[&"refund-rules".parse().unwrap()].en.as_ref().unwrap();
    assert_eq!((rules.meta.audience, rules.meta.status), (Audience::Internal, Status::Draft));
    assert_eq!(rules.section, "runbooks");
    assert!(verdicts(&planned(&kb, &import, &options)).values().all(|v| *v == "same"));
    for (text, line) in [
        ("{\"articles\": [\n{\"id\": ", 2),
        ("{\"articles\": [\n{\"title\": \"x\"}]}", 2),
        ("[1]", 1),
    ] {
        let plan = planned(&kb, &files(&[("articles.json", text)]), &options);
        assert!(
            reasons(&plan)[0].starts_with(&format!("articles.json:{line}: ")),
            "{:?}",
            reasons(&plan)
        );
    }
}

#[test]
fn tables_of_questions_and_answers() {
    let kb = TestKb::new();
    let english = "\u{FEFF}id,Question,Answer,Language,Category,Tags\nfees,Why are fees high?,\"Miners are paid, by demand.\n\nWait for a quiet hour.\",en,help,\"gas, fees\"\nfees,why is gas so expensive,,en,help,\nfees,矿工费为什么这么高,付给矿工。,zh,help,\n,How do I export?,<p>Tap <b>Export</b>.</p>,,help,\n";
    let chinese = "问题;答案;分类\n怎么退款;联系客服。;help\n";
    let wide = "id\tquestion_en\tanswer_en\tquestion_zh\tanswer_zh\tsection\npin\tForgot the PIN?\tUse the phrase.\t忘了密码？\t用助记词恢复。\thelp\n";
    imported(&kb, &files(&[("a.csv", english), ("b.csv", chinese), ("c.CSV", wide)]), &into_help());
    let library = kb.library();
    let ids: Vec<&str> = library.pairs.keys().map(zhinan::id::ArticleId::as_str).collect();
    assert_eq!(ids, ["fees", "how-do-i-export", "pin", "zen-me-tui-kuan"]);
    let fees = &library.pairs[&"fees".parse().unwrap()];
    let en = fees.en.as_ref().unwrap();
    assert_eq!(en.meta.questions, ["Why are fees high?", "why is gas so expensive"]);
    assert_eq!(en.meta.summary, "Miners are paid, by demand.");
    assert_eq!(en.meta.tags, ["gas", "fees"]);
    assert_eq!(fees.zh.as_ref().unwrap().meta.title, "矿工费为什么这么高");
    let export = &library.pairs[&"how-do-i-export".parse().unwrap()];
    assert_eq!(export.get(Lang::En).unwrap().source.trim(), "Tap **Export**.");
    assert!(library.pairs[&"pin".parse().unwrap()].zh.is_some());
    let gbk = zhinan::exchange::archive::File {
        name: "g.csv".into(),
        bytes: b"id,question,answer\n1,a,b\n2,\xd7\xaa\xd5\xcb,c\n".to_vec(),
    };
    assert!(
        reasons(&planned(&kb, &[gbk], &into_help()))[0]
            .starts_with("g.csv:3: the text is not UTF-8")
    );
    for (text, expected) in [
        ("question\nx\n", "t.csv:1: there is no column"),
        ("question,answer\nx\n", "t.csv:2: a line with too many or too few cells"),
        ("question,answer\n,y\n", "t.csv:2: an answer without a question"),
        ("question,answer\nx,\n", "t.csv:2: a question without an answer"),
        ("question,answer,language\nx,y,fr\n", "t.csv:2: the language `fr`"),
        ("id,question,answer\na,x,y\na,z,w\n", "t.csv:3: id `a` has another answer on line 2"),
    ] {
        let reasons = reasons(&planned(&kb, &files(&[("t.csv", text)]), &into_help()));
        assert!(reasons.iter().any(|r| r.starts_with(expected)), "{expected}: {reasons:?}");
    }
}
