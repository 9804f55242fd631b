//! Recovery phrases in every list, length and way of writing that people use.

use bip39::{Language, Mnemonic};

use super::case::{Case, Dice};

const MNEMONIC: &[&str] = &["mnemonic"];

pub const ALPHABETIC: [Language; 8] = [
    Language::English,
    Language::French,
    Language::Spanish,
    Language::Italian,
    Language::Portuguese,
    Language::Czech,
    Language::Japanese,
    Language::Korean,
];
pub const HAN: [Language; 2] = [Language::SimplifiedChinese, Language::TraditionalChinese];
const LENGTHS: [usize; 5] = [12, 15, 18, 21, 24];

pub fn phrase(language: Language, words: usize, dice: &mut Dice) -> Vec<String> {
    let mnemonic = Mnemonic::from_entropy_in(language, &dice.bytes(words * 4 / 3)).unwrap();
    mnemonic.words().map(str::to_owned).collect()
}

/// Words of the list in any order: no checksum holds but by chance.
fn unchecked(language: Language, words: usize, dice: &mut Dice) -> Vec<String> {
    let list = language.word_list();
    (0..words).map(|_| list[dice.below(list.len())].to_owned()).collect()
}

/// A way of writing words down; names say what it looks like.
type Form = (&'static str, fn(&[String]) -> String);

fn each(words: &[String], glue: &str, write: impl Fn(usize, &str) -> String) -> String {
    let all: Vec<String> = words.iter().enumerate().map(|(n, w)| write(n + 1, w)).collect();
    all.join(glue)
}

fn rows(words: &[String], size: usize, glue: &str, between: &str) -> String {
    words.chunks(size).map(|row| row.join(glue)).collect::<Vec<_>>().join(between)
}

/// Two columns, numbered downwards, as apps show them.
fn columns(words: &[String]) -> String {
    let half = words.len().div_ceil(2);
    (0..half)
        .map(|n| {
            let right =
                words.get(n + half).map_or(String::new(), |w| format!("   {}. {w}", n + half + 1));
            format!("{}. {}{right}", n + 1, words[n])
        })
        .collect::<Vec<_>>()
        .join("\n")
}

fn wide(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '!'..='~' => char::from_u32(c as u32 + 0xFEE0).unwrap(),
            ' ' => '\u{3000}',
            _ => c,
        })
        .collect()
}

fn title(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or(String::new(), |c| c.to_uppercase().chain(chars).collect())
}

fn jumbled(word: &str) -> String {
    word.chars()
        .enumerate()
        .map(|(n, c)| if n % 2 == 1 { c.to_uppercase().next().unwrap() } else { c })
        .collect()
}

fn circled(n: usize) -> char {
    let code = if n <= 20 { 0x2460 + n as u32 - 1 } else { 0x3251 + n as u32 - 21 };
    char::from_u32(code).unwrap()
}

fn chinese_number(n: usize) -> String {
    let digits: Vec<char> = "〇一二三四五六七八九".chars().collect();
    match n {
        1..=9 => digits[n].to_string(),
        10 => "十".to_owned(),
        11..=19 => format!("十{}", digits[n - 10]),
        20 => "二十".to_owned(),
        _ => format!("二十{}", digits[n - 20]),
    }
}

/// Forms that suit words in any script.
pub const FORMS: &[Form] = &[
    ("spaces", |w| w.join(" ")),
    ("double spaces", |w| w.join("  ")),
    ("commas", |w| w.join(", ")),
    ("tight commas", |w| w.join(",")),
    ("lines", |w| w.join("\n")),
    ("windows lines", |w| w.join("\r\n")),
    ("blank lines", |w| w.join("\n\n")),
    ("1. lines", |w| each(w, "\n", |n, w| format!("{n}. {w}"))),
    ("1.x lines", |w| each(w, "\n", |n, w| format!("{n}.{w}"))),
    ("1) in line", |w| each(w, " ", |n, w| format!("{n}){w}"))),
    ("1) lines", |w| each(w, "\n", |n, w| format!("{n}) {w}"))),
    ("(1) in line", |w| each(w, " ", |n, w| format!("({n}) {w}"))),
    ("[1] in line", |w| each(w, " ", |n, w| format!("[{n}] {w}"))),
    ("【1】", |w| each(w, " ", |n, w| format!("【{n}】{w}"))),
    ("#1 in line", |w| each(w, ", ", |n, w| format!("#{n} {w}"))),
    ("1: lines", |w| each(w, "\n", |n, w| format!("{n}: {w}"))),
    ("1 - lines", |w| each(w, "\n", |n, w| format!("{n} - {w}"))),
    ("01. lines", |w| each(w, "\n", |n, w| format!("{n:02}. {w}"))),
    ("1、lines", |w| each(w, "\n", |n, w| format!("{n}、{w}"))),
    ("1． wide dot", |w| each(w, " ", |n, w| format!("{n}．{w}"))),
    ("１．wide number", |w| each(w, "\n", |n, w| format!("{}．{w}", wide(&n.to_string())))),
    ("①", |w| each(w, " ", |n, w| format!("{}{w}", circled(n)))),
    ("word(1)", |w| each(w, " ", |n, w| format!("{w}({n})"))),
    ("word 1,", |w| each(w, ", ", |n, w| format!("{w} {n}"))),
    ("1=x", |w| each(w, "\n", |n, w| format!("{n}={w}"))),
    ("csv", |w| each(w, "\n", |n, w| format!("{n},{w}"))),
    ("tabs", |w| w.join("\t")),
    ("numbered tabs", |w| each(w, "\n", |n, w| format!("{n}\t{w}"))),
    ("table", |w| each(w, "\n", |n, w| format!("| {n} | {w} |"))),
    ("table with head", |w| {
        format!("| # | word |\n|---|---|\n{}", each(w, "\n", |n, w| format!("| {n} | {w} |")))
    }),
    ("table of four", |w| {
        w.chunks(4).map(|r| format!("| {} |", r.join(" | "))).collect::<Vec<_>>().join("\n")
    }),
    ("json", |w| format!("[\"{}\"]", w.join("\",\""))),
    ("json spaced", |w| format!("[\n  \"{}\"\n]", w.join("\",\n  \""))),
    ("json escaped", |w| format!("[\\\"{}\\\"]", w.join("\\\", \\\""))),
    ("json object", |w| format!("{{{}}}", each(w, ", ", |n, w| format!("\"{n}\": \"{w}\"")))),
    ("python list", |w| format!("['{}']", w.join("', '"))),
    ("quoted whole", |w| format!("\"{}\"", w.join(" "))),
    ("typographic quotes", |w| format!("“{}”", w.join(" "))),
    ("「」", |w| format!("「{}」", w.join(" "))),
    ("each quoted", |w| each(w, " ", |_, w| format!("'{w}'"))),
    ("backticks", |w| each(w, " ", |_, w| format!("`{w}`"))),
    ("bold", |w| each(w, " ", |_, w| format!("**{w}**"))),
    ("code block", |w| format!("```\n{}\n```", w.join(" "))),
    ("dashes", |w| w.join("-")),
    ("spaced dashes", |w| w.join(" - ")),
    ("underscores", |w| w.join("_")),
    ("slashes", |w| w.join("/")),
    ("spaced slashes", |w| w.join(" / ")),
    ("、", |w| w.join("、")),
    ("，", |w| w.join("，")),
    ("semicolons", |w| w.join("; ")),
    ("bars", |w| w.join(" | ")),
    ("tight bars", |w| w.join("|")),
    ("dots", |w| w.join(". ")),
    ("tight dots", |w| w.join(".")),
    ("middle dots", |w| w.join("·")),
    ("plus", |w| w.join("+")),
    ("arrows", |w| w.join(" -> ")),
    ("ellipses", |w| w.join("... ")),
    ("emoji", |w| w.join(" 🔑 ")),
    ("tight emoji", |w| w.join("✨")),
    ("keycaps", |w| each(w, " ", |n, w| format!("{}\u{FE0F}\u{20E3} {w}", n % 10))),
    ("bullets", |w| each(w, "\n", |_, w| format!("• {w}"))),
    ("list", |w| each(w, "\n", |_, w| format!("- {w}"))),
    ("stars", |w| each(w, "\n", |_, w| format!("* {w}"))),
    ("quoted mail", |w| {
        w.chunks(4).map(|r| format!("> {}", r.join(" "))).collect::<Vec<_>>().join("\n")
    }),
    ("no-break spaces", |w| w.join("\u{A0}")),
    ("wide spaces", |w| w.join("\u{3000}")),
    ("thin spaces", |w| w.join("\u{2009}")),
    ("zero-width", |w| each(w, " ", |_, w| w.chars().map(|c| format!("{c}\u{200B}")).collect())),
    ("zero-width between", |w| w.join(" \u{200B}\u{FEFF}")),
    ("li", |w| format!("<ol>{}</ol>", each(w, "", |_, w| format!("<li>{w}</li>")))),
    ("br", |w| w.join("<br>")),
    ("br/", |w| w.join("<br />\n")),
    ("span", |w| each(w, " ", |_, w| format!("<span>{w}</span>"))),
    ("styled span", |w| each(w, " ", |n, w| format!("<span class=\"word\">{n}. {w}</span>"))),
    ("td", |w| format!("<tr>{}</tr>", each(w, "", |n, w| format!("<td>{n}</td><td>{w}</td>")))),
    ("p", |w| each(w, "\n", |_, w| format!("<p>{w}</p>"))),
    ("&nbsp;", |w| w.join("&nbsp;")),
    ("escaped lines", |w| w.join("\\n")),
    ("two lines", |w| rows(w, w.len().div_ceil(2), " ", "\n")),
    ("two lines after blank", |w| rows(w, w.len().div_ceil(2), " ", "\n\n")),
    ("rows of 3", |w| rows(w, 3, " ", "\n")),
    ("rows of 4", |w| rows(w, 4, " ", "\n")),
    ("rows of 4 commas", |w| rows(w, 4, ", ", ",\n")),
    ("rows of 6", |w| rows(w, 6, "  ", "\n")),
    ("rows of 3 bars", |w| rows(w, 3, " ", " / ")),
    ("columns", columns),
    ("and", |w| format!("{} and {}", w[..w.len() - 1].join(", "), w[w.len() - 1])),
    ("第1个词", |w| each(w, "\n", |n, w| format!("第{n}个词：{w}"))),
    ("第1个 in line", |w| each(w, "，", |n, w| format!("第{n}个{w}"))),
    ("第一个", |w| each(w, "，", |n, w| format!("第{}个 {w}", chinese_number(n)))),
    ("一、", |w| each(w, "\n", |n, w| format!("{}、{w}", chinese_number(n)))),
    ("word 1:", |w| each(w, "\n", |n, w| format!("word {n}: {w}"))),
    ("Word #1", |w| each(w, "\n", |n, w| format!("Word #{n} - {w}"))),
    ("word1=", |w| each(w, " ", |n, w| format!("word{n}={w}"))),
    ("1st", |w| {
        each(w, ", ", |n, w| {
            format!(
                "{n}{} {w}",
                ["th", "st", "nd", "rd"].get(if n / 10 == 1 { 0 } else { n % 10 }).unwrap_or(&"th")
            )
        })
    }),
    ("yaml", |w| each(w, "\n", |_, w| format!("  - {w}"))),
    ("env", |w| format!("SEED=\"{}\"", w.join(" "))),
    ("markdown escapes", |w| each(w, "\n", |n, w| format!("{n}\\. {w}"))),
];

/// Forms that suit letters with case only.
pub const LETTER_FORMS: &[Form] = &[
    ("upper", |w| w.join(" ").to_uppercase()),
    ("title", |w| each(w, " ", |_, w| title(w))),
    ("jumbled case", |w| each(w, " ", |_, w| jumbled(w))),
    ("every second upper", |w| {
        each(w, " ", |n, w| if n % 2 == 0 { w.to_uppercase() } else { w.to_owned() })
    }),
];

/// Forms for English words only.
pub const ENGLISH_FORMS: &[Form] = &[
    ("full-width", |w| wide(&w.join(" "))),
    ("full-width with narrow spaces", |w| each(w, " ", |_, w| wide(w))),
    ("fronts", |w| each(w, " ", |_, w| w[..w.len().min(4)].to_owned())),
    ("fronts lines", |w| each(w, "\n", |n, w| format!("{n}. {}", &w[..w.len().min(4)]))),
    ("fronts upper", |w| each(w, " ", |_, w| w[..w.len().min(4)].to_uppercase())),
    ("%20", |w| w.join("%20")),
    ("%2C", |w| w.join("%2C")),
    ("%0A", |w| w.join("%0A")),
    ("glued", |w| w.concat()),
    ("camel case", |w| each(w, "", |_, w| title(w))),
    ("one-letter case", |w| each(w, " ", |_, w| format!("{}.", title(w)))),
    ("fullwidth commas", |w| w.join(" ， ")),
    ("zero-width space only", |w| w.join("\u{200B}")),
    ("soft hyphens", |w| each(w, " ", |_, w| format!("{}\u{AD}{}", &w[..2], &w[2..]))),
    ("bidi marks", |w| format!("\u{202A}{}\u{202C}", w.join(" "))),
    ("a) b)", |w| each(w, "\n", |n, w| format!("{}) {w}", (b'a' + n as u8 - 1) as char))),
    ("i. ii.", |w| each(w, "\n", |n, w| format!("{}. {w}", roman(n)))),
    ("one: two:", |w| each(w, "\n", |n, w| format!("{}: {w}", ENGLISH_NUMBERS[n - 1]))),
];

/// Words of a sentence between those of an English phrase: no list of them can be complete.
const DICTATED: &[Form] = &[
    ("then", |w| w.join(", then ")),
    ("followed by", |w| w.join(" followed by ")),
    ("the first word is", |w| each(w, ". ", |n, w| format!("the {} word is {w}", ordinal(n)))),
    ("first comes", |w| each(w, ", ", |n, w| format!("{} comes {w}", ordinal(n)))),
    ("(first)", |w| each(w, " ", |n, w| format!("{w} ({})", ordinal(n)))),
    ("number 1", |w| each(w, ", ", |n, w| format!("number {n} {w}"))),
    ("1 is x and", |w| each(w, " and ", |n, w| format!("{n} is {w}"))),
    ("#1 is x", |w| each(w, ", ", |n, w| format!("#{n} is {w}"))),
    ("letters counted", |w| each(w, "\n", |_, w| format!("{w} - {} letters", w.len()))),
    ("chat", |w| each(w, "\n", |n, w| format!("[09:{n:02}] anna: {w}"))),
    ("two a message", |w| rows(w, 2, " ", "\nMe: ")),
    ("with a gloss", |w| each(w, "\n", |_, w| format!("{w} 放弃"))),
    ("接着", |w| w.join("，接着是 ")),
    ("单词1", |w| each(w, "\n", |n, w| format!("单词{n}：{w}"))),
    ("bare roman", |w| each(w, "\n", |n, w| format!("{} {w}", roman(n).to_uppercase()))),
    ("row 1", |w| {
        w.chunks(4).enumerate().map(|(n, r)| format!("row {}: {}\n", n + 1, r.join(" "))).collect()
    }),
    ("0 for o", |w| w.join(" ").replace('o', "0")),
    ("1 for l", |w| w.join(" ").replace('l', "1")),
    ("a word broken", |w| {
        each(w, " ", |n, w| if n == 5 { format!("{} {}", &w[..1], &w[1..]) } else { w.to_owned() })
    }),
];

/// The same for Chinese characters.
const HAN_DICTATED: &[Form] = &[
    ("然后", |w| w.join("，然后")),
    ("还有", |w| w.join("，还有")),
    ("和", |w| w.join("和")),
    ("1是", |w| each(w, "，", |n, w| format!("{n}是{w}"))),
    ("1号词", |w| each(w, "\n", |n, w| format!("{n}号词：{w}"))),
];

/// A way of writing two halves down.
type Halves = (&'static str, fn(&[String], &[String]) -> String);

/// The same with a label before each half; the first one stands in the frame.
const HAN_HALVES: &[Halves] = &[
    ("前一半：{}", |a, b| format!("{}，后一半：{}", a.concat(), b.concat())),
    ("第一排 {}", |a, b| format!("{}\n第二排 {}", a.join(" "), b.join(" "))),
    ("助记词前面几个是 {} 这样", |a, b| {
        format!("{}，后{}个是{}", a.join(" "), chinese_number(b.len()), b.join(" "))
    }),
];

fn ordinal(n: usize) -> &'static str {
    const ORDINALS: [&str; 24] = [
        "first",
        "second",
        "third",
        "fourth",
        "fifth",
        "sixth",
        "seventh",
        "eighth",
        "ninth",
        "tenth",
        "eleventh",
        "twelfth",
        "thirteenth",
        "fourteenth",
        "fifteenth",
        "sixteenth",
        "seventeenth",
        "eighteenth",
        "nineteenth",
        "twentieth",
        "twenty-first",
        "twenty-second",
        "twenty-third",
        "twenty-fourth",
    ];
    ORDINALS[n - 1]
}

/// Phrases with words of a sentence between theirs, digits for letters, broken words; and Chinese
/// ones touched by the sentence around them, with a character wrong or missing.
pub fn dictated(seed: u64) -> Vec<Case> {
    const TOUCHING: &[&str] = &["我把{}发给客服了", "我的助记词是{}，为什么不对"];
    const NAMED: &[&str] = &["助记词：{}，最后一个字忘了", "助記詞：{}"];
    let mut dice = Dice::new(seed);
    let mut cases = Vec::new();
    let mut add = |name: &str, frame: &str, secret: &str| {
        cases.push(Case::framed(name, MNEMONIC, frame, secret, false));
    };
    for _ in 0..4 {
        for (name, write) in DICTATED {
            let words = phrase(Language::English, LENGTHS[dice.below(5)], &mut dice);
            add(name, frame(&mut dice), &write(&words));
        }
        for language in HAN {
            for (name, write) in HAN_DICTATED {
                let words = phrase(language, LENGTHS[dice.below(5)], &mut dice);
                add(&format!("Chinese {name}"), frame(&mut dice), &write(&words));
            }
            for (frame, write) in HAN_HALVES {
                let words = phrase(language, LENGTHS[dice.below(5)], &mut dice);
                let (front, back) = words.split_at(words.len() / 2);
                add(&format!("Chinese {frame}"), frame, &write(front, back));
            }
            for frame in TOUCHING {
                let words = phrase(language, LENGTHS[dice.below(5)], &mut dice);
                add("Chinese touching", frame, &rows(&words, 2, "", " "));
            }
            for frame in NAMED {
                let mut words = phrase(language, LENGTHS[dice.below(5)], &mut dice);
                words.pop();
                add("Chinese missing", frame, &words.concat());
                words.push("饕".to_owned());
                add("Chinese wrong", frame, &words.concat());
            }
        }
    }
    cases
}

fn roman(n: usize) -> String {
    let ones = ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"];
    format!("{}{}", "x".repeat(n / 10), ones[n % 10])
}

const ENGLISH_NUMBERS: [&str; 24] = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
    "twenty-one",
    "twenty-two",
    "twenty-three",
    "twenty-four",
];

pub const FRAMES: &[&str] = &[
    "{}",
    "my seed phrase is: {}",
    "hi, my wallet shows nothing since the update. {}\nplease help",
    "these were on the paper: {} but app says bad checksum",
    "{} <- typed these in the box, it said invalid",
    "pls restore {} thx",
    "Hello team, \n\n{}\n\nregards, Tom",
    "I AM LOCKED OUT!!! {} FIX IT",
    "words: {} (that is all of them)",
    "imported this into the new phone but nothing is in there:\n{}",
    "我的助记词是 {} 导入以后余额为零，帮我看看",
    "你好，钱包打不开了。{}\n麻烦处理一下",
    "助記詞如下：{}\n無法匯入，請幫忙",
    "备份：{}。提示校验失败",
    "这是我抄的：\n{}\n少抄了吗？",
    "{}\n导不进去",
    "wallet address 0x0f7d3cdbd8895b9f1a13ac4eb036d524488b2362, backup {}",
    "Ticket #643029\nApp 5.23.1, Android 14\n{}\nbalance 0",
];

fn frame(dice: &mut Dice) -> &'static str {
    FRAMES[dice.below(FRAMES.len())]
}

/// Every form in every list at least once, valid.
pub fn valid_in_every_form(seed: u64) -> Vec<Case> {
    let mut dice = Dice::new(seed);
    let mut cases = Vec::new();
    for language in ALPHABETIC {
        let letters = !matches!(language, Language::Japanese | Language::Korean);
        let english = language == Language::English;
        let forms = FORMS
            .iter()
            // Japanese words come decomposed: nothing stands between a letter and its mark.
            .filter(|(name, _)| *name != "zero-width" || language != Language::Japanese)
            .chain(LETTER_FORMS.iter().filter(|_| letters))
            .chain(ENGLISH_FORMS.iter().filter(|_| english));
        for (name, write) in forms {
            for _ in 0..if english { 6 } else { 1 } {
                let length = LENGTHS[dice.below(5)];
                let words = phrase(language, length, &mut dice);
                let family = format!("{language:?} {name}");
                cases.push(Case::framed(family, MNEMONIC, frame(&mut dice), &write(&words), true));
            }
        }
    }
    cases
}

/// Chinese phrases: characters apart in every form, and touching each other.
pub fn chinese(seed: u64) -> Vec<Case> {
    let mut dice = Dice::new(seed);
    let mut cases = Vec::new();
    for language in HAN {
        for (name, write) in FORMS.iter().filter(|(name, _)| *name != "and") {
            for _ in 0..3 {
                let length = LENGTHS[dice.below(5)];
                let words = phrase(language, length, &mut dice);
                let family = format!("{language:?} {name}");
                cases.push(Case::framed(family, MNEMONIC, frame(&mut dice), &write(&words), true));
            }
        }
        for length in LENGTHS {
            for (name, write, frames) in GLUED {
                for frame in *frames {
                    for _ in 0..2 {
                        let words = phrase(language, length, &mut dice);
                        let family = format!("{language:?} glued {name} {frame:?}");
                        cases.push(Case::framed(family, MNEMONIC, frame, &write(&words), true));
                    }
                }
            }
        }
    }
    cases
}

const LINES: &[&str] = &[
    "{}",
    "你好\n{}\n谢谢",
    "Please check:\n{}",
    "助记词\n{}\n导入失败",
    "第一次用。\n\n{}\n\n余额为零",
];
const NAMED: &[&str] = &[
    "助记词：{}，导不进去",
    "助记词 {} 导不进去",
    "我的助记词是{}。",
    "助記詞「{}」匯入失敗",
    "种子短语：{}",
    "seed phrase: {} not working",
    "recovery phrase “{}” rejected",
    "備份詞是 {} 麻煩了",
    "12个字：{}，少抄了吗",
];
type Glued = (&'static str, fn(&[String]) -> String, &'static [&'static str]);
const GLUED: &[Glued] = &[
    ("whole", |w| w.concat(), LINES),
    ("whole", |w| w.concat(), NAMED),
    ("threes", |w| rows(w, 3, "", " "), LINES),
    ("threes", |w| rows(w, 3, "", " "), NAMED),
    ("two lines", |w| rows(w, w.len().div_ceil(2), "", "\n"), LINES),
    ("rows of 3", |w| rows(w, 3, "", "\n"), LINES),
];

/// No checksum holds: words at random, one wrong, one misspelt, one missing.
pub fn damaged(seed: u64) -> Vec<Case> {
    let mut dice = Dice::new(seed);
    let mut cases = Vec::new();
    let plain: Vec<&Form> = FORMS
        .iter()
        .filter(|(name, _)| {
            [
                "spaces",
                "commas",
                "lines",
                "1. lines",
                "1) in line",
                "json",
                "rows of 4",
                "two lines",
                "table",
                "、",
            ]
            .contains(name)
        })
        .collect();
    for round in 0..24 {
        for (name, write) in &plain {
            for damage in
                ["random", "other word", "misspelt", "missing", "two misspelt", "gap", "stranger"]
            {
                let length = LENGTHS[dice.below(5)];
                let mut words = phrase(Language::English, length, &mut dice);
                let at = dice.below(length);
                match damage {
                    "random" => words = unchecked(Language::English, length, &mut dice),
                    "other word" => {
                        words[at] = unchecked(Language::English, 1, &mut dice).remove(0);
                    }
                    "misspelt" => words[at] = misspelt(&words[at], &mut dice),
                    "missing" => drop(words.remove(at)),
                    "two misspelt" => {
                        let other = (at + length / 2) % length;
                        words[at] = misspelt(&words[at], &mut dice);
                        words[other] = misspelt(&words[other], &mut dice);
                    }
                    "gap" => {
                        dice.pick(&["???", "____", "?", "(smudged)", "xxxx"])
                            .clone_into(&mut words[at]);
                    }
                    _ => {
                        let strangers = ["gateway", "bitcoin", "wallets", "keyboard", "florida"];
                        dice.pick(&strangers).clone_into(&mut words[at]);
                    }
                }
                let family = format!("English {damage}, {name}");
                let frame = frame(&mut dice);
                cases.push(Case::framed(family, MNEMONIC, frame, &write(&words), false));
            }
            for language in [HAN[round % 2], ALPHABETIC[1 + round % 7]] {
                let words = unchecked(language, LENGTHS[dice.below(5)], &mut dice);
                let family = format!("{language:?} random, {name}");
                cases.push(Case::framed(family, MNEMONIC, frame(&mut dice), &write(&words), false));
            }
        }
    }
    cases
}

fn misspelt(word: &str, dice: &mut Dice) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    let at = dice.below(letters.len() - 1);
    match dice.below(4) {
        0 => letters.swap(at, at + 1),
        1 => drop(letters.remove(at)),
        2 => letters.insert(at, letters[at]),
        _ => letters[at] = if letters[at] == 'e' { 'a' } else { 'e' },
    }
    letters.into_iter().collect()
}

/// A phrase in two parts of a text.
pub fn in_parts(seed: u64) -> Vec<Case> {
    const FRAMES: &[[&str; 3]] = &[
        ["the first half is ", " and the second half is ", ", it says invalid"],
        ["part one: ", "\npart two: ", "\nthanks"],
        ["words 1-6: ", ". words 7-12: ", "."],
        ["前半部分：", "，后半部分：", "，导不进去"],
        ["first line ", " then ", " that is all"],
        ["", "\n\n(other side of the card)\n\n", ""],
        ["助记词前一半 ", "。后一半 ", "。"],
    ];
    let mut dice = Dice::new(seed);
    let mut cases = Vec::new();
    for _ in 0..30 {
        for [a, b, c] in FRAMES {
            let length = LENGTHS[dice.below(5)];
            let words = phrase(Language::English, length, &mut dice);
            let (first, second) = words.split_at(length / 2);
            let (first, second) = (first.join(" "), second.join(" "));
            let text = format!("{a}{first}{b}{second}{c}");
            let start = a.len() + first.len() + b.len();
            cases.push(Case {
                family: format!("parts {a}…{b}"),
                kinds: MNEMONIC,
                spans: vec![(a.len(), a.len() + first.len()), (start, start + second.len())],
                text,
                valid: true,
            });
        }
    }
    cases
}
