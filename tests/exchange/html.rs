//! HTML of other systems → Markdown: what it must show, and that every real article comes back.

use zhinan::exchange::html::to_markdown;
use zhinan::kb::markdown::render;

use crate::support::kb::TestKb;

fn check(html: &str, markdown: &str) {
    assert_eq!(to_markdown(html, &|href| Some(href.to_owned())).unwrap(), markdown, "{html}");
}

#[test]
fn every_real_article_comes_back_from_its_html() {
    let library = TestKb::real().library();
    let mut compared = 0;
    for article in library.pairs.values().flat_map(zhinan::kb::library::Pair::versions) {
        let url = |slug: &str| format!("/a/{slug}");
        let html = render(&article.source, url).html;
        let link = |href: &str| match href.strip_prefix("/a/") {
            Some(slug) => Some(format!("article:{slug}")),
            None => Some(href.to_owned()),
        };
        let markdown = to_markdown(&html, &link).unwrap();
        let again = render(&markdown, url);
        assert_eq!(again.html, html, "{}/{}:\n{markdown}", article.id, article.lang);
        assert_eq!(again.raw_html, Vec::<usize>::new());
        compared += 1;
    }
    assert!(compared > 150, "{compared}");
}

#[test]
fn what_editors_of_other_systems_produce() {
    check("<p>Tap <b>Send </b>now&nbsp;!</p>", "Tap **Send** now !");
    check("<div>one<br><br>two</div><div>three</div>", "one\\\n\\\ntwo\n\nthree");
    check("<h1>A</h1><h3>B</h3><h3>C</h3><h1>D</h1>", "## A\n\n### B\n\n### C\n\n## D");
    check("<ul><li>a<ul><li>b</li></ul></li><li><p>c</p></li></ul>", "- a\n  - b\n\n- c");
    check("<ol start=\"3\"><li>x<li>y</ol><p>z", "3. x\n4. y\n\nz");
    check("<b><p>all bold</p><p>two</p></b>", "**all bold**\n\n**two**");
    check("<strong><em>both</strong> tail</em>", "***both*** *tail*");
    check(
        "<p>a*b_c_d `e` [f] &lt;g&gt; &amp;amp; 1 &lt; 2</p>",
        "a\\*b_c_d \\`e\\` \\[f\\] \\<g> \\&amp; 1 \\< 2",
    );
    check(
        "<p>1. no list</p><p># no heading</p><p>- no item</p>",
        "1\\. no list\n\n\\# no heading\n\n\\- no item",
    );
    check("<pre><code>let a = 1;\n\n```\n</code></pre>", "````\nlet a = 1;\n\n```\n````");
    check("<p><code>a`b</code></p>", "``a`b``");
    check("<p><a href=\"https://x.example/a (b)\">t</a></p>", "[t](https://x.example/a%20%28b%29)");
    check(
        "<p><a href=\"https://x.example\"><img src=\"https://x.example/i.png\" alt=\"shot\"></a></p>",
        "[shot](https://x.example/i.png)",
    );
    check("<img src=\"data:image/png;base64,AAAA\" alt=\"logo\">", "logo");
    check(
        "<script>alert(1)</script><style>p{}</style><p onclick=x>ok</p><svg><p>no</p></svg>",
        "ok",
    );
    check(
        "<table><tr><td>a|b</td><td><p>c</p><p>d</p></td></tr><tr><td>e</td></tr></table>",
        "| a\\|b | c d |\n|---|---|\n| e |  |",
    );
    check(
        "<blockquote><p>one</p><p>two</p></blockquote><blockquote>three</blockquote>",
        "> one\n>\n> two\n\n> three",
    );
    check("<p>他说<strong>“不要”</strong>然后</p>", "他说 **“不要”** 然后");
    check("<dl><dt>Term</dt><dd>What it is</dd></dl>", "**Term**\n\nWhat it is");
    check("<ul><li>a</li></ul><ul><li>b</li></ul>", "- a\n\n* b");
    check("plain text", "plain text");
    check("", "");
}

#[test]
fn no_html_takes_stack_or_time() {
    let many = |text: &str, n: usize| text.repeat(n);
    let begun = std::time::Instant::now();
    for html in [
        many("<div>", 200_000),
        many("<ul><li>", 100_000),
        many("<blockquote>", 100_000),
        many("<b>", 200_000) + &many("<p>x</p>", 50_000),
        many("<a href=x>", 100_000),
        many("<table><tr><td>", 60_000),
        many("<pre>", 100_000),
        many("</div></ul></table></li>", 50_000),
        many("&amp;", 300_000),
        many("<!--", 100_000),
        format!("<p>{}</p>", many("**_`[", 200_000)),
    ] {
        let _ = to_markdown(&html, &|href| Some(href.to_owned()));
    }
    let attributes =
        format!("<p {}>x</p>", (0..50_000).map(|n| format!("a{n}=1 ")).collect::<String>());
    assert!(to_markdown(&attributes, &|_| None).is_err());
    let picture =
        format!("<p><img src=\"data:image/png;base64,{}\" alt=\"x\">y</p>", many("Ab/+", 100_000));
    assert_eq!(to_markdown(&picture, &|_| None).unwrap(), "xy");
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
}
