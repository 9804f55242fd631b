//! Help pages: languages, forms without JavaScript, headers, what crawlers see, what nobody sees.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use crate::support::app::{Answer, TestApp, help_centre, with_runbooks};
use crate::support::kb::TestKb;

/// For tests that record nothing.
static APP: LazyLock<TestApp> = LazyLock::new(|| TestApp::new(with_runbooks(help_centre())));
/// The real knowledge base, for what depends on the quality of suggestions.
static REAL: LazyLock<TestApp> = LazyLock::new(|| TestApp::new(TestKb::real()));

const TICKET: &str = "My USDT transfer has been stuck on pending for six hours, how can I speed it up or cancel it? The transaction is still pending on Ethereum and the fee was low.";

#[track_caller]
fn page(path: &str) -> String {
    let answer = APP.get(path);
    assert_eq!(answer.status, 200, "{path}: {answer:?}");
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8", "{path}");
    answer.body
}

#[test]
fn the_root_leads_to_the_browsers_language() {
    for (asked, expected) in [("zh-TW,en;q=0.5", "/zh-hant/"), ("zh-CN", "/zh/"), ("", "/en/")] {
        let answer = APP.get_with("/", &[("accept-language", asked)]);
        assert_eq!((answer.status, answer.header("location")), (307, expected), "{asked}");
        assert!(answer.header("vary").contains("accept-language"));
    }
}

#[test]
fn every_page_comes_in_three_languages_and_the_switch_keeps_it() {
    for rest in ["", "sections/help", "articles/card-declined", "contact", "search?q=card"] {
        for (lang, tag) in [("en", "en"), ("zh", "zh-Hans"), ("zh-hant", "zh-Hant")] {
            let html = page(&format!("/{lang}/{rest}"));
            assert!(html.contains(&format!("<html lang=\"{tag}\">")), "{lang}/{rest}");
            for other in ["en", "zh", "zh-hant"] {
                let link = format!("<a href=\"/{other}/{rest}\" lang=");
                assert!(html.contains(&link), "{lang}/{rest} does not lead to {link}");
            }
        }
    }
    assert!(page("/zh-hant/articles/card-declined").contains("銀行卡被拒"));
}

#[test]
fn an_article_links_to_its_neighbours_in_the_pages_language() {
    assert!(
        page("/zh/articles/transaction-pending").contains("href=\"/zh/articles/network-fees\"")
    );
    let hant = page("/zh-hant/articles/transaction-pending");
    assert!(hant.contains("href=\"/zh-hant/articles/network-fees\""));
    assert!(!hant.contains("href=\"/zh/articles/network-fees\""));
}

#[test]
fn an_article_missing_in_a_language_is_shown_in_the_other_with_a_notice() {
    let html = page("/zh/articles/only-english");
    assert!(html.contains("本文暂无中文版"));
    assert!(html.contains("<div lang=\"en\">"), "the text says which language it is in");
    assert!(!page("/en/articles/only-english").contains("class=\"notice\""));
}

#[test]
fn long_articles_have_a_table_of_contents_that_leads_somewhere() {
    let html = page("/zh-hant/articles/transaction-pending");
    assert!(html.contains("href=\"#報錯\"") && html.contains("id=\"報錯\""), "{html}");
    assert!(!page("/en/articles/card-declined").contains("class=\"contents\""));
}

#[test]
fn an_outdated_translation_says_so() {
    let kb = help_centre();
    let library = kb.library();
    let article = library.article(
        &"card-declined".parse().unwrap(),
        zhinan::lang::Lang::En,
        zhinan::kb::library::Reader::Public,
    );
    let accepted = zhinan::kb::stale::accept(article.unwrap());
    let lock = format!("[card-declined]\nsource = \"en\"\nblocks = {:?}\n", accepted.blocks);
    let changed = crate::support::kb::article_file(
        "Card declined",
        "public",
        "1. Wait 24 hours\n2. Call the bank",
    );
    let kb = kb.write("translations.lock", &lock).write("help/card-declined/en.md", &changed);
    let app = TestApp::new(kb);
    let html = app.get("/zh-hant/articles/card-declined").body;
    assert!(
        html.contains("class=\"notice\"") && html.contains("href=\"/en/articles/card-declined\"")
    );
    assert!(!app.get("/en/articles/card-declined").body.contains("class=\"notice\""));
}

#[test]
fn search_marks_what_matched_and_helps_when_nothing_does() {
    assert!(page("/en/search?q=pending").contains("<mark>pending</mark>"));
    assert!(page("/zh/search?q=%E8%BD%89%E5%B8%B3").contains("转账一直待确认"));
    let nothing = page("/en/search?q=pendng");
    assert!(nothing.contains("value=\"pending\""), "did you mean");
    assert!(
        nothing.contains("href=\"/en/contact\"") && nothing.contains("href=\"/en/sections/help\"")
    );
    let echo = page("/en/search?q=%3Cscript%3Ealert(1)%3C/script%3E");
    assert!(!echo.contains("<script>alert"));
}

#[test]
fn contact_without_javascript_suggests_once_and_then_sends() {
    let form = REAL.get("/en/contact");
    assert_eq!(form.header("cache-control"), "no-store");
    let key = form.body.split("name=\"key\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let between =
        REAL.post_form("/en/contact", &[("text", TICKET), ("key", key), ("step", "write")]);
    let link = "href=\"/en/articles/transaction-pending?session=";
    assert!(between.body.contains(link), "{}", between.body);
    assert!(between.body.contains("value=\"send\"") && between.body.contains(key));
    let fields = [("text", TICKET), ("key", key), ("step", "send")];
    let sent = REAL.post_form("/en/contact", &fields);
    assert!(sent.body.contains("Your ticket is number "), "{}", sent.body);
    let number = |a: &Answer| {
        let rest = a.body.split("Your ticket is number ").nth(1).unwrap();
        rest.split('.').next().unwrap().to_owned()
    };
    assert_eq!(
        number(&sent),
        number(&REAL.post_form("/en/contact", &fields)),
        "sent twice, one ticket"
    );
}

#[test]
fn contact_says_what_is_missing() {
    let empty = APP.post_form("/zh/contact", &[("text", " "), ("key", "k"), ("step", "write")]);
    assert_eq!(empty.status, 422);
    assert!(empty.body.contains("aria-invalid=\"true\"") && empty.body.contains("请先写明"));
}

#[test]
fn feedback_says_what_happens_next() {
    let app = TestApp::new(help_centre());
    let send =
        |outcome| app.post_form("/en/articles/card-declined/feedback", &[("outcome", outcome)]);
    let sorry = send("not-helpful").body;
    assert!(sorry.contains("href=\"/en/contact?from=card-declined\""), "{sorry}");
    assert!(sorry.contains("value=\"failed\"") && sorry.contains("value=\"outdated\""));
    assert!(send("failed").body.contains("at the next review"));
    let counts = app.engine().store().outcome_counts("2020-01-01T00:00:00Z".parse().unwrap());
    let said: Vec<&str> = counts.unwrap().iter().map(|(_, outcome, _)| outcome.code()).collect();
    assert_eq!(said, ["not-helpful", "failed"]);
    assert_eq!(send("helpful").status, 200);
    assert_eq!(send("used").status, 403);
}

#[test]
fn a_banner_shows_in_its_time_in_the_readers_language() {
    let banner = |id: &str, start: &str, end: &str, article: &str| {
        format!(
            "[[banner]]\nid = \"{id}\"\nkind = \"scam\"\nstart = {start}\nend = {end}\ntext = {{ en = \"{id} now\", zh = \"{id} 现在\" }}\narticle = \"{article}\"\n"
        )
    };
    let (past, future) = ("2020-01-01T00:00:00Z", "2999-01-01T00:00:00Z");
    let text = banner("over", past, "2020-01-02T00:00:00Z", "card-declined")
        + &banner("yet", future, "2999-01-02T00:00:00Z", "card-declined")
        + &banner("shown", past, future, "card-declined")
        + &banner("inner", past, future, "rpc-degradation");
    let app = TestApp::new(with_runbooks(help_centre()).write("banners.toml", &text));
    let html = app.get("/zh-hant/articles/card-declined").body;
    assert!(
        html.contains("shown 現在") && html.contains("href=\"/zh-hant/articles/card-declined\"")
    );
    assert!(!html.contains("over 現在") && !html.contains("yet 現在"));
    assert!(html.contains("inner 現在") && !html.contains("rpc-degradation"));
    app.kb.put("banners.toml", "");
    app.soon("/en/", |answer| !answer.body.contains("shown now"));
}

#[test]
fn the_home_page_shows_what_is_asked_a_lot() {
    let app = TestApp::new(TestKb::real());
    let usual = app.get("/en/").body;
    assert!(usual.contains("Popular articles") && !usual.contains("Asked a lot today"));
    for n in 0..4 {
        let text = format!("My card was declined by the bank when I tried to buy crypto, try {n}");
        assert_eq!(
            app.post_json("/api/v1/tickets", &serde_json::json!({ "text": text })).status,
            201
        );
    }
    // Counts are kept for half a minute; another server counts anew.
    let counts = zhinan::web::recent::Recent::default();
    let counts = counts.counts(app.engine(), zhinan::time::now()).unwrap();
    assert_eq!(counts.rising().first().unwrap().tickets, 4);
}

#[test]
fn a_search_without_results_is_kept_as_a_gap() {
    let app = TestApp::new(help_centre());
    app.get("/en/search?q=Lightning++invoice");
    app.get("/zh/search?q=lightning%20invoice");
    app.get("/en/search?q=pending");
    let (first, last) = ("2020-01-01T00:00:00Z", "2999-01-01T00:00:00Z");
    let gaps = app.engine().store().gaps(first.parse().unwrap(), last.parse().unwrap(), 9).unwrap();
    let gaps: Vec<_> = gaps.iter().map(|gap| (gap.query.as_str(), gap.searches)).collect();
    assert_eq!(gaps, [("lightning invoice", 2)]);
}

#[test]
fn forms_from_other_sites_are_refused() {
    let form = ("content-type", "application/x-www-form-urlencoded");
    let send = |from: &[(&str, &str)]| {
        let headers: Vec<(&str, &str)> = [form].into_iter().chain(from.iter().copied()).collect();
        APP.post("/en/contact", &headers, b"text=a&key=k").status
    };
    assert_eq!(send(&[("sec-fetch-site", "cross-site")]), 403);
    assert_eq!(send(&[("origin", "https://evil.example")]), 403);
    assert_eq!(send(&[]), 403);
}

#[test]
fn every_answer_carries_the_same_headers() {
    let paths = [
        "/",
        "/en/",
        "/zh-hant/articles/card-declined",
        "/en/nope",
        "/nope/",
        "/en/articles/UPPER",
        "/api/v1/search?q=card",
        "/api/v1/nothing",
        "/api/v1/tickets",
        "/openapi.json",
        "/livez",
        "/readyz",
        "/sitemap.xml",
        "/robots.txt",
        "/llms.txt",
        "/en/atom.xml",
        "/assets/none.css",
        "/en/search?q=%FF",
        "/agent",
        "/%FF/",
    ];
    let answers = paths.map(|path| APP.get(path)).into_iter().chain([
        APP.ops("/metrics"),
        APP.ops("/none"),
        APP.post("/en/contact", &[], b""),
        APP.post("/api/v1/tickets", &[("content-type", "application/json")], &vec![b' '; 300_000]),
    ]);
    for answer in answers {
        let csp = answer.header("content-security-policy");
        assert!(csp.starts_with("default-src 'none'") && !csp.contains("unsafe"), "{answer:?}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "same-origin");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin");
        assert_eq!(answer.header("access-control-allow-origin"), "");
        assert!(answer.status < 500, "{answer:?}");
    }
}

#[test]
fn pages_have_validators_and_assets_are_kept() {
    let first = APP.get("/en/articles/card-declined");
    let tag = first.header("etag").to_owned();
    let again = APP.get_with("/en/articles/card-declined", &[("if-none-match", &tag)]);
    assert_eq!((again.status, again.body.as_str()), (304, ""));
    let modified = first.header("last-modified").to_owned();
    let status =
        |headers: &[(&str, &str)]| APP.get_with("/en/articles/card-declined", headers).status;
    assert_eq!(status(&[("if-modified-since", &modified)]), 304);
    assert_eq!(status(&[("if-modified-since", "Sat, 01 Jan 2000 00:00:00 GMT")]), 200);
    assert_eq!(status(&[("if-modified-since", &modified), ("if-none-match", "\"other\"")]), 200);
    let packed = APP.get_with("/en/", &[("accept-encoding", "gzip")]);
    assert_eq!(packed.header("content-encoding"), "gzip");
    let style = first.body.split("rel=\"stylesheet\" href=\"").nth(1).unwrap();
    let style = APP.get(style.split('"').next().unwrap());
    assert_eq!(style.status, 200);
    assert!(style.header("cache-control").contains("immutable"));
}

#[test]
fn a_first_view_weighs_little() {
    let html = REAL.get_with("/en/", &[("accept-encoding", "gzip")]);
    let mut sum: usize = html.header("content-length").parse().unwrap_or(15_000);
    let plain = REAL.get("/en/").body;
    for part in plain.split("\"/assets/").skip(1) {
        sum += REAL.get(&format!("/assets/{}", part.split('"').next().unwrap())).body.len();
    }
    assert!(sum < 60_000, "{sum} bytes");
}

#[test]
fn crawlers_find_every_public_page_and_no_other() {
    let sitemap = APP.get("/sitemap.xml").body;
    assert!(sitemap.contains("<loc>https://help.example/zh-hant/articles/only-english</loc>"));
    assert!(sitemap.contains("hreflang=\"x-default\""));
    assert!(!sitemap.contains("rpc-degradation") && !sitemap.contains("runbooks"));
    let html = page("/zh/articles/card-declined");
    assert!(
        html.contains("rel=\"canonical\" href=\"https://help.example/zh/articles/card-declined\"")
    );
    assert!(html.contains("\"@type\":\"BreadcrumbList\""));
    let twin = APP.get("/en/articles/transaction-pending.md");
    assert!(twin.header("content-type").starts_with("text/markdown"));
    assert!(twin.body.contains("(/en/articles/network-fees.md)"), "{}", twin.body);
    assert!(
        APP.get("/llms.txt").body.contains("https://help.example/en/articles/card-declined.md")
    );
    assert!(APP.get("/zh/atom.xml").body.contains("<title>银行卡被拒</title>"));
    assert!(APP.get("/robots.txt").body.contains("Sitemap: https://help.example/sitemap.xml"));
    assert!(APP.get("/en/opensearch.xml").body.contains("/en/search?q={searchTerms}"));
}

#[test]
fn public_answers_are_byte_equal_with_and_without_internal_articles() {
    let (bare, full) = (TestApp::new(help_centre()), TestApp::new(with_runbooks(help_centre())));
    let mut paths: Vec<String> = [
        "/sitemap.xml",
        "/llms.txt",
        "/robots.txt",
        "/openapi.json",
        "/api/v1/trends?since=2020-01-01T00:00:00Z",
    ]
    .map(String::from)
    .into();
    for lang in ["en", "zh", "zh-hant"] {
        for rest in [
            "",
            "sections/help",
            "sections/runbooks",
            "sections/none",
            "articles/transaction-pending",
            "articles/rpc-degradation",
            "articles/rpc-degradation.md",
            "articles/refund-fraud",
            "articles/none",
            "atom.xml",
            "opensearch.xml",
        ] {
            paths.push(format!("/{lang}/{rest}"));
        }
        for word in [
            "zanzibar",
            "zanzibr",
            "transaction",
            "pending",
            "fees",
            "card",
            "speed+up",
            "degradation",
            "%E8%BD%AC%E8%B4%A6",
            "%E6%A1%91%E7%BB%99%E5%B7%B4%E5%B0%94",
            "%E7%9F%BF%E5%B7%A5%E8%B4%B9",
            "",
        ] {
            paths.push(format!("/{lang}/search?q={word}"));
            paths.push(format!("/{lang}/search?q={word}&section=runbooks"));
            let code = if lang == "zh-hant" { "zh-Hant" } else { lang };
            paths.push(format!("/api/v1/search?q={word}&lang={code}&limit=50"));
        }
    }
    let without_time = |mut answer: Answer| {
        answer.headers.retain(|(name, _)| name != "date" && name != "last-modified");
        // The window of the trends ends now.
        if let Some((head, tail)) = answer.body.split_once("\"until\":\"") {
            answer.body = format!("{head}{}", tail.split_once('"').unwrap().1);
            answer.headers.retain(|(name, _)| name != "etag" && name != "content-length");
        }
        answer
    };
    for path in &paths {
        assert_eq!(without_time(bare.get(path)), without_time(full.get(path)), "{path}");
    }
    for text in
        ["zanzibar dashboard", "my card was declined", "节点故障 桑给巴尔", "待确认的交易怎么加速"]
    {
        for path in ["/api/v1/suggest", "/api/v1/tickets"] {
            let body = serde_json::json!({ "text": text });
            let (a, b) = (bare.post_json(path, &body), full.post_json(path, &body));
            assert_eq!(without_time(a), without_time(b), "{path} {text}");
        }
    }
}

#[test]
fn the_console_shows_runbooks_to_staff_only() {
    let text = [("text", "zanzibar rpc degradation dashboard")];
    let agent = APP.person(zhinan::people::Role::Agent);
    let shown = APP.form_as(&agent, "/agent?lang=en", &text);
    assert!(shown.body.contains("rpc-degradation"), "{}", shown.body);
    assert_eq!(shown.header("cache-control"), "no-store");
    let other = APP.post_form("/agent?lang=en", &text);
    assert_eq!((other.status, other.header("location")), (303, "/sign-in?next=%2Fagent"));
}

#[test]
fn every_page_has_its_template_and_every_string_its_use() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let names = |dir: &str, ending: &str| -> BTreeSet<String> {
        let entries = fs::read_dir(root.join(dir)).unwrap();
        let files = entries.map(|e| e.unwrap().file_name().into_string().unwrap());
        files.filter_map(|f| f.strip_suffix(ending).map(str::to_owned)).collect()
    };
    let mut pages = names("src/web/pages", ".rs");
    pages.retain(|name| name != "mod" && name != "templates");
    let mut templates = names("templates", ".html");
    templates.remove("base");
    assert_eq!(pages, templates);

    let mut used = String::new();
    let dirs = [
        "templates",
        "templates/parts",
        "templates/staff",
        "templates/agent",
        "templates/trends",
        "templates/report",
        "templates/studio",
        "src/web",
        "src/web/pages",
        "src/web/pages/staff",
        "src/web/pages/agent",
        "src/web/pages/trends",
        "src/web/pages/studio",
    ];
    for dir in dirs {
        for entry in fs::read_dir(root.join(dir)).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                used.push_str(&fs::read_to_string(path).unwrap());
            }
        }
    }
    let strings = fs::read_to_string(root.join("templates/i18n/en.toml")).unwrap();
    for line in strings.lines().filter(|l| l.contains(" = ")) {
        let key = line.split(" = ").next().unwrap();
        let advice = key.strip_suffix("_advice").filter(|k| k.starts_with("error_"));
        let key = advice.unwrap_or(key);
        // Families of strings are chosen by a code: `t["state_" ~ ticket.state]`.
        let families = key.match_indices('_').map(|(at, _)| &key[..=at]);
        let in_family = families.into_iter().any(|f| used.contains(&format!("t[\"{f}\" ~")));
        let in_template = in_family || used.contains(&format!("t.{key}"));
        assert!(in_template || used.contains(&format!("\"{key}\"")), "`{key}` is never shown");
    }
}
