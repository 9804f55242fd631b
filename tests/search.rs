//! What a reader's words must find, and must not: cases that other systems fail.

use std::sync::Arc;

use zhinan::index::build::in_memory;
use zhinan::index::search::{Found, SearchIndex, Wanted};
use zhinan::kb::library::{Library, Reader};
use zhinan::kb::load::load_with;
use zhinan::lang::Lang;
use zhinan::text::bilingual::Bilingual;

use crate::support::kb::TestKb;

fn search(library: &Library, reader: Reader, query: &str, lang: Lang) -> Found {
    let index = in_memory(library, reader).unwrap();
    let index = SearchIndex::new(&index, library, reader).unwrap();
    index.search(library, query, lang, Wanted::best(10)).unwrap()
}

fn ids(found: &Found) -> Vec<&str> {
    found.hits.iter().map(|hit| hit.article.id.as_str()).collect()
}

/// Each body is an article of its own; `query` must find exactly those at the given places.
fn check(bodies: &[&str], query: &str, expected: &[usize]) {
    let mut kb = TestKb::new();
    for (n, body) in bodies.iter().enumerate() {
        kb = kb.article(&format!("doc-{n}"), "zh", &format!("标题{n}"), body);
    }
    let library = kb.library();
    let found = search(&library, Reader::Public, query, Lang::Zh);
    let mut found = ids(&found);
    found.sort_unstable();
    let expected: Vec<String> = expected.iter().map(|n| format!("doc-{n}")).collect();
    assert_eq!(found, expected, "{query} in {bodies:?}");
}

#[test]
fn finds_words_inside_chinese_text() {
    check(&["安装简单", "别的"], "简单", &[0]);
    check(&["待处理的工单"], "处理", &[0]);
    check(&["中国农业发展银行"], "农业", &[0]);
    check(&["测试工具箱"], "工具", &[0]);
    check(&["如何製作"], "制作", &[0]);
    check(&["如何製作"], "製作", &[0]);
    check(&["國際論壇"], "论坛", &[0]);
    check(&["这是一个测试文档"], "测试", &[0]);
    check(&["重跑gen-itgc后"], "gen", &[0]);
    check(&["重跑gen-itgc后"], "itgc", &[0]);
    check(&["用ＵＳＤＴ付款"], "usdt", &[0]);
    check(&["用 usdt 付款"], "ＵＳＤＴ", &[0]);
}

#[test]
fn takes_every_spelling_of_transfer_as_one_word() {
    for query in ["转账", "轉帳", "转帐", "轉賬"] {
        check(&["转账失败", "轉帳失敗", "收款"], query, &[0, 1]);
    }
}

#[test]
fn does_not_equate_words_that_only_sound_or_look_alike() {
    check(&["旅游景点介绍", "经典影片", "一点点"], "景点", &[0]);
    check(&["经典影片", "旅游景点"], "经典", &[0]);
}

#[test]
fn answers_queries_of_one_and_two_characters() {
    check(&["币在路上", "没有"], "币", &[0]);
    check(&["提币未到"], "提币", &[0]);
    check(&["卡丢了"], "卡", &[0]);
}

#[test]
fn finds_a_quoted_phrase_only_as_it_stands() {
    let bodies = ["用招商银行付款", "招商的银行", "银行招商"];
    check(&bodies, "\"招商银行\"", &[0]);
    check(&bodies, "“招商银行”", &[0]);
}

#[test]
fn finds_names_that_no_dictionary_knows_as_a_whole() {
    check(&["联系龘靐客服", "靐先生"], "龘靐", &[0]);
}

#[test]
fn marks_whole_words_on_character_borders() {
    let kb = TestKb::new().article(
        "vm",
        "zh",
        "运行环境",
        "请先安装 VMware 虚拟机，再启动ＵＳＢ調試。虚与机是两个字。",
    );
    let library = kb.library();
    for (query, expected) in [("虚拟机", vec!["虚拟机"]), ("usb调试", vec!["ＵＳＢ調試"])]
    {
        let found = search(&library, Reader::Public, query, Lang::Zh);
        let snippet = &found.hits[0].snippet;
        let chars: Vec<char> = snippet.text.chars().collect();
        let marked: Vec<String> =
            snippet.highlights.iter().map(|r| chars[r.clone()].iter().collect()).collect();
        assert_eq!(marked, expected, "{query} in {}", snippet.text);
    }
}

#[test]
fn has_a_clear_answer_for_queries_that_say_nothing() {
    let library = TestKb::new().article("a", "en", "Hello", "world").library();
    let long = "钱包 wallet ".repeat(10_000);
    for query in ["", "   ", "?!……", "\0", "\u{FFFD}", "\"\"", "「", long.as_str()] {
        let found = search(&library, Reader::Public, query, Lang::En);
        assert!(found.hits.len() <= 1, "{query:.20}");
    }
}

#[test]
fn answers_in_the_language_of_the_reader() {
    let library = TestKb::new()
        .article("refund", "en", "Refund times", "A refund takes five days.")
        .article("refund", "zh", "退款时效", "退款需要五天。")
        .article("only-en", "en", "Refund by cheque", "No.")
        .library();
    let found = search(&library, Reader::Public, "refund", Lang::Zh);
    let langs: Vec<(&str, Lang)> =
        found.hits.iter().map(|h| (h.article.id.as_str(), h.article.lang)).collect();
    assert!(langs.contains(&("refund", Lang::Zh)), "{langs:?}");
    assert!(langs.contains(&("only-en", Lang::En)), "{langs:?}");
}

#[test]
fn suggests_another_spelling_only_from_what_the_reader_may_see() {
    let library = TestKb::new()
        .article("a", "en", "Withdrawal limits", "How much you can withdraw.")
        .runbook("b", "en", "Chargeback evidence", "Collect the evidence.")
        .library();
    let meant = |reader, query| search(&library, reader, query, Lang::En).did_you_mean;
    assert_eq!(meant(Reader::Public, "withdrawl"), Some("withdrawal".to_owned()));
    assert_eq!(meant(Reader::Public, "chargebakc"), None);
    assert_eq!(meant(Reader::Staff, "chargebakc"), Some("chargeback".to_owned()));
}

/// Four lines in the format of CC-CEDICT.
const LEXICON: &str = "\
提現 提现 [ti2 xian4] /to withdraw funds/
限額 限额 [xian4 e2] /limit/quota/
退款 退款 [tui4 kuan3] /to refund/refund/
証據 证据 [zheng4 ju4] /evidence/proof/
";

/// A knowledge base where some articles exist in one language only.
fn half_translated() -> TestKb {
    TestKb::new()
        .article("limits", "zh", "提现限额", "每天最多提现一万元。")
        .article("both", "en", "Refund times", "A refund takes five days.")
        .article("both", "zh", "退款时效", "退款需要五天。")
        .article("cheque", "en", "Refund by cheque", "We send no cheques.")
        .runbook("evidence", "zh", "拒付证据", "收集证据。")
}

fn with_lexicon(kb: &TestKb, lexicon: Option<&str>) -> Library {
    let lexicon = lexicon.map(|text| Arc::new(Bilingual::parse(text)));
    load_with(kb.path(), None, lexicon.as_ref()).unwrap().library
}

#[test]
fn finds_articles_that_exist_in_the_other_language_only_and_says_so() {
    let kb = half_translated();
    let library = with_lexicon(&kb, Some(LEXICON));
    let check = |reader, query: &str, lang, expected: &[(&str, bool)]| {
        let found = search(&library, reader, query, lang);
        let found: Vec<(&str, bool)> =
            found.hits.iter().map(|h| (h.article.id.as_str(), h.other_language)).collect();
        assert_eq!(found, expected, "{query}");
    };
    check(Reader::Public, "withdrawal limits", Lang::En, &[("limits", true)]);
    check(Reader::Public, "提现限额", Lang::Zh, &[("limits", false)]);
    check(Reader::Public, "退款", Lang::Zh, &[("both", false), ("cheque", true)]);
    // A runbook stays where it is, whatever the language.
    check(Reader::Public, "evidence", Lang::En, &[]);
    check(Reader::Staff, "evidence", Lang::En, &[("evidence", true)]);
    let marked = search(&library, Reader::Public, "withdrawal limits", Lang::En);
    let snippet = &marked.hits[0].snippet;
    let chars: Vec<char> = snippet.text.chars().collect();
    let first: String = chars[snippet.highlights[0].clone()].iter().collect();
    assert_eq!(first, "提现限额", "{}", snippet.text);

    let without = with_lexicon(&kb, None);
    assert!(search(&without, Reader::Public, "withdrawal limits", Lang::En).hits.is_empty());
}

#[test]
fn finds_what_a_reader_is_in_the_middle_of_typing() {
    let library = TestKb::new()
        .article("a", "en", "Withdrawal limits", "How much you can withdraw.")
        .article("a", "zh", "提现限额", "每天最多可以提现多少。")
        .article("b", "en", "Recovery phrase", "Twelve words on paper.")
        .article("b", "zh", "助记词备份", "把十二个单词写在纸上。")
        .runbook("c", "en", "Chargeback evidence", "Collect the evidence.")
        .library();
    let check = |query: &str, lang, expected: &[&str]| {
        let found = search(&library, Reader::Public, query, lang);
        assert_eq!(ids(&found), expected, "{query}");
    };
    for typed in ["with", "withdr", "withdrawal", "how much withd"] {
        check(typed, Lang::En, &["a"]);
    }
    check("recovery ph", Lang::En, &["b"]);
    check("recov", Lang::En, &["b"]);
    // A finished word is no beginning, and nothing of a runbook is ever completed.
    check("withdr ", Lang::En, &[]);
    check("charg", Lang::En, &[]);
    // Each character that an input method has finished counts at once …
    for typed in ["提", "提现", "提现限", "提现限额"] {
        check(typed, Lang::Zh, &["a"]);
    }
    for typed in ["助", "助记", "助记词", "助记词备", "助記詞"] {
        check(typed, Lang::Zh, &["b"]);
    }
    // … and the letters that it still composes change nothing.
    for typed in ["提现x", "提现xian", "提现xian'e", "提现with"] {
        check(typed, Lang::Zh, &["a"]);
    }
    for typed in ["zhu'ji'ci", "tixian", "t", "ti'x"] {
        check(typed, Lang::Zh, &[]);
        assert_eq!(search(&library, Reader::Public, typed, Lang::Zh).did_you_mean, None);
    }
}

#[test]
fn offers_the_chinese_word_that_sounds_or_looks_like_the_query() {
    let library = TestKb::new()
        .article("a", "zh", "提现限额", "每天最多可以提现多少。")
        .article("b", "zh", "助记词备份", "把十二个单词写在纸上。")
        .article("c", "zh", "贷款说明", "我们不提供贷款。")
        .runbook("d", "zh", "拒付证据", "收集证据。")
        .library();
    let check = |reader, query: &str, expected: Option<&str>| {
        let found = search(&library, reader, query, Lang::Zh);
        assert_eq!(found.did_you_mean.as_deref(), expected, "{query}");
        assert!(expected.is_none() || found.hits.is_empty(), "{query} is never folded in");
    };
    check(Reader::Public, "提先", Some("提现"));
    check(Reader::Public, "贷宽", Some("贷款"));
    check(Reader::Public, "货款", Some("贷款"));
    check(Reader::Public, "提现", None);
    // A runbook's words are offered to staff alone.
    check(Reader::Public, "据付", None);
    check(Reader::Staff, "据付", Some("拒付"));
}
