//! What a reader's words must find, and must not: cases that other systems fail.

use zhinan::index::build::in_memory;
use zhinan::index::search::{Found, SearchIndex};
use zhinan::kb::library::{Library, Reader};
use zhinan::lang::Lang;

use crate::support::kb::TestKb;

fn search(library: &Library, reader: Reader, query: &str, lang: Lang) -> Found {
    let index = in_memory(library, reader).unwrap();
    let index = SearchIndex::new(&index, library, reader).unwrap();
    index.search(library, query, lang, 10).unwrap()
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
