//! Nothing that is echoed becomes markup: hundreds of hostile texts through every field of every
//! page, read again as a browser reads it, against a list of what our pages are made of.
//!
//! `tests/browser/injection.mjs` sends the same kinds of texts and sees that none of them runs.

use std::cell::RefCell;
use std::collections::BTreeSet;

use html5ever::buffer_queue::BufferQueue;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

use crate::support::app::{TestApp, help_centre};

/// Elements of our pages.
const ELEMENTS: &str = "html head meta title link script body a header div nav svg path circle \
    span main h1 h2 h3 p form label input button ul ol li section article footer details summary \
    table thead tbody tr th td strong em b code pre blockquote mark textarea fieldset legend aside \
    hr br dl dt dd img del";
/// Attributes of our pages, `data-` and `aria-` aside.
const ATTRIBUTES: &str = "lang charset name content rel hreflang href type title class viewbox width \
    height d cx cy r id tabindex role action for value placeholder maxlength autocomplete \
    autocapitalize spellcheck enterkeyhint method src property hidden rows required start \
    align alt colspan rowspan open defer autofocus";

/// What an attacker would have run; harmless if it is ever seen.
const CODE: &str = "alert(1)";

/// Hostile texts: each way to start code, in each place that a page might put it in.
pub fn payloads() -> BTreeSet<String> {
    let starts = [
        "<script>CODE</script>",
        "<ScRiPt >CODE</sCrIpT >",
        "<script/x>CODE</script>",
        "<script src=//evil.example></script>",
        "<img src=x onerror=CODE>",
        "<img/src=x/onerror=CODE>",
        "<svg onload=CODE>",
        "<svg/onload=CODE//",
        "<svg><script>CODE</script></svg>",
        "<svg><animate onbegin=CODE attributeName=x dur=1s>",
        "<math><mtext><style><img src=x onerror=CODE></style></mtext></math>",
        "<iframe src=javascript:CODE>",
        "<iframe srcdoc='<script>CODE</script>'>",
        "<object data=javascript:CODE>",
        "<embed src=javascript:CODE>",
        "<a href=javascript:CODE>x</a>",
        "<a href='java\tscript:CODE'>x</a>",
        "<form action=javascript:CODE><button>x</button></form>",
        "<button formaction=javascript:CODE>x</button>",
        "<input autofocus onfocus=CODE>",
        "<details open ontoggle=CODE>",
        "<body onload=CODE>",
        "<video><source onerror=CODE></video>",
        "<base href=//evil.example/>",
        "<meta http-equiv=refresh content='0;url=javascript:CODE'>",
        "<link rel=stylesheet href=//evil.example>",
        "<style>@import '//evil.example'</style>",
        "<noscript><p title='</noscript><img src=x onerror=CODE>'>",
        "<template><img src=x onerror=CODE></template>",
        "<marquee onstart=CODE>x</marquee>",
        "{{ CODE }}",
        "{% raw %}<script>CODE</script>{% endraw %}",
        "javascript:CODE",
        "&lt;script&gt;CODE&lt;/script&gt;",
        "&#60;script&#62;CODE&#60;/script&#62;",
        "＜script＞CODE＜/script＞",
        "\u{2028}<script>CODE</script>",
        "[x](javascript:CODE)",
        "![x](x\" onerror=CODE)",
        "<javascript:CODE>",
    ];
    let places = [
        "PAYLOAD",
        "\"PAYLOAD",
        "'PAYLOAD",
        "\">PAYLOAD",
        "'>PAYLOAD",
        "</title>PAYLOAD",
        "</textarea>PAYLOAD",
        "</script>PAYLOAD",
        "-->PAYLOAD",
        "]]>PAYLOAD",
        "</mark>PAYLOAD",
        "\" autofocus onfocus=CODE x=\"PAYLOAD",
    ];
    let fill = |place: &str, start: &str| place.replace("PAYLOAD", start).replace("CODE", CODE);
    places.iter().flat_map(|place| starts.iter().map(|start| fill(place, start))).collect()
}

/// What stands on a page that should not: elements and attributes that are not ours, links that run.
#[derive(Default)]
struct Foreign {
    found: RefCell<Vec<String>>,
}

impl Foreign {
    fn look(&self, tag: &Tag) {
        let is_one_of = |list: &str, name: &str| list.split_whitespace().any(|known| known == name);
        if !is_one_of(ELEMENTS, &tag.name) {
            self.found.borrow_mut().push(format!("<{}>", tag.name));
        }
        for attribute in &tag.attrs {
            let (name, value) = (&*attribute.name.local, attribute.value.to_lowercase());
            let known = is_one_of(ATTRIBUTES, name)
                || name.starts_with("data-")
                || name.starts_with("aria-");
            let leads = matches!(name, "href" | "src" | "action");
            let fine =
                ["/", "#", "https://help.example/", "https://harborwallet.example", "mailto:"];
            if !known
                || (leads
                    && (!fine.iter().any(|f| value.starts_with(f)) || value.starts_with("//")))
            {
                self.found.borrow_mut().push(format!("<{} {name}={value}>", tag.name));
            }
        }
    }
}

impl TokenSink for Foreign {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let Token::TagToken(tag) = token else { return TokenSinkResult::Continue };
        self.look(&tag);
        match (tag.kind, &*tag.name) {
            (TagKind::StartTag, "title" | "textarea") => TokenSinkResult::RawData(RawKind::Rcdata),
            (TagKind::StartTag, "script") => TokenSinkResult::RawData(RawKind::ScriptData),
            _ => TokenSinkResult::Continue,
        }
    }
}

fn foreign(html: &str) -> Vec<String> {
    let tokenizer = Tokenizer::new(Foreign::default(), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(html));
    // The sink never asks to stop, so one run reads everything.
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.found.take()
}

fn encoded(text: &str) -> String {
    text.bytes().map(|b| format!("%{b:02X}")).collect()
}

#[test]
fn the_reader_of_pages_sees_what_is_foreign() {
    assert_eq!(foreign("<p class=a><a href=/x>x</a></p>"), [""; 0]);
    assert_eq!(foreign("<textarea><img onerror=x></textarea>"), [""; 0]);
    for wrong in [
        "<img src=x onerror=y>",
        "<p onclick=x>",
        "<a href=javascript:x>",
        "<a href=//evil.example>",
        "<iframe>",
        "<textarea></textarea><style>",
        "<script>x</script><svg onload=y>",
    ] {
        assert_ne!(foreign(wrong), [""; 0], "{wrong}");
    }
}

#[test]
fn what_readers_send_stays_text() {
    let app = TestApp::new(help_centre());
    let payloads = payloads();
    assert!(payloads.len() >= 400, "{}", payloads.len());
    for (n, payload) in payloads.iter().enumerate() {
        let lang = ["en", "zh", "zh-hant"][n % 3];
        let (at, key) = (encoded(payload), format!("k{n}"));
        let mut answers = vec![
            app.get(&format!("/{lang}/search?q={at}&section={at}")),
            app.get(&format!("/{lang}/contact?from={at}")),
        ];
        // Every text through the fields that pages echo, every third through the others.
        let fields =
            [("text", payload.as_str()), ("key", &key), ("from", payload), ("session", payload)];
        answers.push(app.post_form(&format!("/{lang}/contact"), &fields));
        if n % 3 == 0 {
            let header = payload.replace(['\n', '\r', '\t'], " ");
            let header = if header.is_ascii() { header } else { String::new() };
            let headers = [
                ("accept-language", header.as_str()),
                ("referer", &header),
                ("user-agent", &header),
            ];
            answers.extend([
                app.get_with(&format!("/{lang}/articles/{at}"), &headers),
                app.get(&format!("/{lang}/sections/{at}")),
                app.get(&format!("/{at}")),
                app.get(&format!("/{lang}/articles/card-declined?session={at}")),
                app.post_form(
                    &format!("/{lang}/articles/card-declined/feedback"),
                    &[("outcome", payload)],
                ),
                app.get(&format!("/sign-in?next={at}&lang={at}")),
                app.get(&format!("/widget/demo?lang={at}")),
            ]);
        }
        for answer in answers {
            let media_type = answer.header("content-type");
            assert!(media_type.starts_with("text/html"), "{payload}: {media_type}");
            assert_eq!(foreign(&answer.body), [""; 0], "{payload}");
        }
        let json = app.get(&format!("/api/v1/search?q={at}"));
        assert!(json.header("content-type").ends_with("json"), "{payload}: {json:?}");
    }
}

#[test]
fn what_stands_in_a_file_stays_text() {
    let payloads: Vec<String> = payloads().into_iter().collect();
    let mut kb = help_centre();
    for (n, chunk) in payloads.chunks(40).enumerate() {
        let body = chunk.join("\n\n");
        // JSON strings are YAML strings.
        let quoted = |text: &String| serde_json::to_string(text).unwrap();
        let title: String = chunk.iter().find(|p| p.len() < 60).map(quoted).unwrap();
        let title = title[1..title.len() - 1].to_owned();
        let file =
            crate::support::kb::article_file("TITLE", "public", &body).replace("TITLE", &title);
        kb = kb.write(&format!("help/hostile-{n}/en.md"), &file);
    }
    let app = TestApp::new(kb);
    let mut seen = 0;
    for n in 0..payloads.chunks(40).len() {
        for path in ["/en/articles/hostile-", "/zh-hant/articles/hostile-"] {
            let answer = app.get(&format!("{path}{n}"));
            seen += usize::from(answer.status == 200);
            assert_eq!(foreign(&answer.body), [""; 0], "{path}{n}");
        }
    }
    assert!(seen >= 10, "only {seen} hostile articles were served");
    for path in ["/en/", "/en/sections/help", "/en/search?q=script", "/en/search?q=onerror"] {
        assert_eq!(foreign(&app.get(path).body), [""; 0], "{path}");
    }
    for path in ["/sitemap.xml", "/en/atom.xml", "/llms.txt", "/en/articles/hostile-0.md"] {
        let media_type = app.get(path).header("content-type").to_owned();
        assert!(!media_type.contains("html"), "{path}: {media_type}");
    }
}
