//! Exports: the same articles give the same bytes, what goes out comes back, the site works from a
//! disk and holds nothing internal.

use std::path::Path;

use std::collections::BTreeSet;

use zhinan::exchange::archive::{File, files, pack};
use zhinan::exchange::plan::{Arrive, Options};
use zhinan::exchange::{folder, to_zendesk};
use zhinan::kb::library::{Library, Reader};
use zhinan::kb::markdown::render;
use zhinan::lang::Lang;
use zhinan::web::pages::templates::Templates;
use zhinan::web::site;

use super::{imported, planned, tree, verdicts};
use crate::support::app::{help_centre, with_runbooks};
use crate::support::kb::TestKb;

#[test]
fn markdown_goes_out_and_comes_back_the_same() {
    let real = TestKb::real();
    let out = folder::knowledge_base(real.path()).unwrap();
    let archive = pack(&out).unwrap();
    assert_eq!(archive, pack(&folder::knowledge_base(real.path()).unwrap()).unwrap());
    let back = files("markdown.zip", archive).unwrap();
    assert_eq!(back, out);
    let replace = Options { replace: true, ..Options::default() };
    let plan = planned(&real, &back, &replace);
    assert!(verdicts(&plan).values().all(|v| *v == "same"), "{:?}", verdicts(&plan));
    assert!(plan.batch.articles.is_empty() && !plan.is_refused());
    // Into an empty knowledge base: every article file, byte by byte, and the sections.
    let empty = TestKb::new().write("sections.toml", "");
    std::fs::copy(real.path().join("glossary.toml"), empty.path().join("glossary.toml")).unwrap();
    let whole = Options { arrive: Arrive::Keep, add_sections: true, ..Options::default() };
    imported(&empty, &back, &whole);
    let articles = |kb: &TestKb| {
        let mut all = tree(kb.path());
        all.retain(|name, _| name.matches('/').count() == 2);
        all
    };
    assert_eq!(articles(&empty), articles(&real));
    let sections = |library: Library| library.sections.into_iter().collect::<BTreeSetOf<_>>();
    assert_eq!(sections(empty.library()).0.len(), sections(real.library()).0.len());
}

/// Sections by their print: they have no order of their own here.
struct BTreeSetOf<T>(BTreeSet<String>, std::marker::PhantomData<T>);

impl<T: std::fmt::Debug> FromIterator<T> for BTreeSetOf<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let printed = items.into_iter().map(|item| format!("{item:?}")).collect();
        BTreeSetOf(printed, std::marker::PhantomData)
    }
}

#[test]
fn zendesk_json_comes_back_as_the_same_articles() {
    let kb = TestKb::real();
    let library = kb.library();
    let out = to_zendesk::files(&library, Reader::Public);
    assert_eq!(out, to_zendesk::files(&library, Reader::Public));
    let empty = TestKb::new().write("sections.toml", "");
    std::fs::copy(kb.path().join("glossary.toml"), empty.path().join("glossary.toml")).unwrap();
    let options = Options {
        arrive: Arrive::Keep,
        add_sections: true,
        owner: "desk".into(),
        ..Options::default()
    };
    imported(&empty, &out, &options);
    let back = empty.library();
    let html = |library: &Library, id: &zhinan::id::ArticleId, lang| {
        let article = library.article(id, lang, Reader::Public).unwrap();
        let body = render(&article.source, str::to_owned).html;
        // Labels are an article's there, and come from its source.
        let tags = (lang == Lang::En).then(|| article.meta.tags.clone());
        (article.meta.title.clone(), tags, body)
    };
    assert_eq!(back.visible(Reader::Public).count(), library.visible(Reader::Public).count());
    for id in library.visible(Reader::Public) {
        for lang in Lang::ALL {
            assert_eq!(html(&back, id, lang), html(&library, id, lang), "{id} {lang}");
        }
    }
    let staff = to_zendesk::files(&with_runbooks(help_centre()).library(), Reader::Staff);
    let public = to_zendesk::files(&with_runbooks(help_centre()).library(), Reader::Public);
    assert!(text(&staff).contains("anzibar") && !text(&public).contains("anzibar"));
}

#[test]
fn the_site_works_from_a_disk_and_holds_nothing_internal() {
    let kb = with_runbooks(help_centre()).article(
        "leads-inside",
        "en",
        "Leads inside",
        "See [fees](article:network-fees#fees).",
    );
    let templates = Templates::new().unwrap();
    let pages = site::files(&templates, &kb.library()).unwrap();
    assert_eq!(pages, site::files(&templates, &kb.library()).unwrap());
    let whole = text(&pages);
    for internal in ["anzibar", "桑给巴尔", "桑給巴爾", "rpc-degradation", "refund-fraud"] {
        assert!(!whole.contains(internal), "{internal}");
    }
    let names: BTreeSet<&str> = pages.iter().map(|f| f.name.as_str()).collect();
    for name in [
        "index.html",
        "en/index.html",
        "zh/articles/card-declined.html",
        "zh-hant/sections/help.html",
        "zh/articles/only-english.html",
    ] {
        assert!(names.contains(name), "{name}: {names:?}");
    }
    for page in pages.iter().filter(|f| Path::new(&f.name).extension().is_some_and(|e| e == "html"))
    {
        let html = String::from_utf8(page.bytes.clone()).unwrap();
        assert!(!html.contains("<form") && !html.contains("<script"), "{}", page.name);
        let folder = page.name.rsplit_once('/').map_or("", |(folder, _)| folder);
        for link in html.split(" href=\"").skip(1) {
            let target = link.split('"').next().unwrap();
            let file = target.split('#').next().unwrap();
            if file.is_empty() || file.starts_with("https://") {
                continue;
            }
            let mut parts: Vec<&str> = folder.split('/').filter(|p| !p.is_empty()).collect();
            for part in file.split('/') {
                if part == ".." {
                    parts.pop().unwrap();
                } else {
                    parts.push(part);
                }
            }
            assert!(names.contains(parts.join("/").as_str()), "{}: {target}", page.name);
        }
    }
    let of = |name: &str| text(&[pages.iter().find(|f| f.name == name).unwrap().clone()]);
    assert!(of("zh-hant/articles/card-declined.html").contains("銀行卡"));
    assert!(of("en/articles/transaction-pending.html").contains("<h2 id=\"speed-up\">"));
    // The real one, without its runbooks: not a word of theirs that is not said in public.
    let real = TestKb::real().library();
    let whole = text(&site::files(&templates, &real).unwrap());
    let internal = real.pairs.keys().filter(|id| !real.visible(Reader::Public).any(|p| p == *id));
    for id in internal {
        let title = real.article(id, Lang::En, Reader::Staff).map(|a| a.meta.title.clone());
        assert!(!whole.contains(&format!("articles/{id}")), "{id}");
        assert!(title.is_none_or(|title| !whole.contains(&format!(">{title}<"))), "{id}");
    }
    for console in ["Switchboard", "Gatehouse", "#support-night"] {
        assert!(!whole.contains(console), "{console}");
    }
}

fn text(files: &[File]) -> String {
    files.iter().map(|f| String::from_utf8_lossy(&f.bytes).into_owned()).collect()
}
