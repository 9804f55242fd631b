//! Passwords, PINs, codes and answers in the sentences in which people give them away (`said.txt`), and
//! the same words in talk that gives nothing away (`talk.txt`).

use super::case::{Case, Dice};
use super::keys::base32;

const ALNUM: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const DIGITS: &str = "0123456789";
const HEX: &str = "0123456789abcdef";
/// What issuers of backup codes leave out: letters and digits that look alike.
const CLEAR: &str = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const SMALL: &str = "abcdefghijklmnopqrstuvwxyz234567";

const PASSWORD: &[&str] = &["password", "one-time-code"];
const CODE: &[&str] = &["one-time-code", "password", "cvv"];
const SETUP: &[&str] = &["one-time-code", "api-token"];
const ANSWER: &[&str] = &["security-answer"];

/// A value for a letter of a sentence.
type Value<'a> = &'a mut dyn FnMut(&mut Dice, char) -> Vec<String>;

/// The sentences of a section; a break is written ⏎.
fn section(name: &str) -> Vec<String> {
    let all = include_str!("said.txt");
    let lines = all.lines().skip_while(|line| *line != format!("[{name}]")).skip(1);
    let lines: Vec<String> =
        lines.take_while(|line| !line.starts_with('[')).map(|l| l.replace('⏎', "\n")).collect();
    assert!(!lines.is_empty(), "no section {name}");
    lines
}

/// `times` cases of each sentence of a section.
fn cases(
    name: &str,
    kinds: &'static [&'static str],
    times: usize,
    dice: &mut Dice,
    value: Value<'_>,
) -> Vec<Case> {
    let mut cases = Vec::new();
    for frame in section(name) {
        for _ in 0..times {
            let (mut text, mut spans, mut rest) = (String::new(), Vec::new(), frame.as_str());
            while let Some((before, after)) = rest.split_once('{') {
                text.push_str(before);
                let letter = after.chars().next().unwrap();
                let parts = value(dice, letter);
                let (between, numbered) = divider(letter, dice);
                for (at, part) in parts.iter().enumerate() {
                    text.push_str(if at > 0 { between } else { "" });
                    if numbered {
                        text.push_str(&(at + 1).to_string());
                        text.push_str(". ");
                    }
                    spans.push((text.len(), text.len() + part.len()));
                    text.push_str(part);
                }
                rest = after.split_once('}').unwrap().1;
            }
            text.push_str(rest);
            cases.push(Case {
                family: format!("{name}, {frame:?}"),
                kinds,
                text,
                spans,
                valid: false,
            });
        }
    }
    cases
}

/// What stands between the codes of a list, and whether its lines are numbered.
fn divider(letter: char, dice: &mut Dice) -> (&'static str, bool) {
    match letter {
        'V' => (dice.pick(&["\n", "\n- "]), false),
        'W' => ("\n", dice.below(2) == 0),
        'C' => (dice.pick(&["、", "，", " "]), false),
        _ => (dice.pick(&[" ", ", ", " / "]), false),
    }
}

/// A password that hardly anybody writes but as one.
fn strange(dice: &mut Dice) -> String {
    let words = ["Maple", "tiger", "Qwerty", "sunny", "Hainan", "Lobster", "xiaomin", "moonlight"];
    let word = dice.pick(&words);
    let number = 1000 + dice.below(9000);
    match dice.below(6) {
        0 => format!("{word}{}{number}", dice.pick(&["#", "!", "_", "@", "$"])),
        1 => format!("{word}{number}{}", dice.pick(&["", "Kk", "x", "!"])),
        2 => format!("{}{}{}", dice.text(ALNUM, 5), number % 100, dice.text(ALNUM, 5)),
        3 => format!("bonfire-{}{}", dice.text(SMALL, 4), dice.text("ABCDEFGH", 1)),
        4 => format!("{}{}", word.replace('a', "@").replace('i', "1"), number),
        _ => format!("{word}.{word}{}", number % 1000),
    }
}

pub fn passwords(seed: u64) -> Vec<Case> {
    let mut dice = Dice::new(seed);
    cases("password", PASSWORD, 8, &mut dice, &mut |dice, _| vec![strange(dice)])
}

/// Words and digits: sentences that point at them.
pub fn plain_passwords(seed: u64) -> Vec<Case> {
    let mut dice = Dice::new(seed);
    let words = ["sunshine", "moonlight", "iloveyou", "woaizhongguo", "letmein", "liverpool"];
    let mut all =
        cases("plain", PASSWORD, 6, &mut dice, &mut |dice, _| vec![dice.pick(&words).to_owned()]);
    all.extend(cases("digits", PASSWORD, 6, &mut dice, &mut |dice, _| {
        let length = 6 + 2 * dice.below(2);
        vec![dice.text(DIGITS, length)]
    }));
    all.extend(cases("pin", PASSWORD, 6, &mut dice, &mut |dice, letter| {
        let length = if letter == 'M' { 6 } else { 4 + 2 * dice.below(2) };
        vec![format!("{}{}", dice.text("03456789", 1), dice.text(DIGITS, length - 1))]
    }));
    all
}

pub fn codes(seed: u64) -> Vec<Case> {
    let mut dice = Dice::new(seed);
    let mut all = cases("code", CODE, 6, &mut dice, &mut |dice, _| {
        let (front, back) = (dice.text("123456789", 3), dice.text(DIGITS, 3));
        vec![format!("{front}{}{back}", dice.pick(&["", "", "", " ", "-"]))]
    });
    let mut form = 0;
    all.extend(cases("backup", CODE, 7, &mut dice, &mut |dice, letter| {
        form += 1;
        let count = if letter == 'B' { 1 } else { 3 + dice.below(8) };
        (0..count).map(|_| backup_code(form, dice)).collect()
    }));
    all.extend(cases("setup", SETUP, 4, &mut dice, &mut |dice, _| {
        let bytes = if dice.below(2) == 0 { 10 } else { 20 };
        vec![base32(&dice.bytes(bytes))]
    }));
    all
}

fn backup_code(form: usize, dice: &mut Dice) -> String {
    let mut groups = |mark: &str, alphabet: &str, size: usize, count: usize| {
        (0..count).map(|_| dice.text(alphabet, size)).collect::<Vec<_>>().join(mark)
    };
    match form % 7 {
        0 => groups("", DIGITS, 8, 1),
        1 => groups(" ", DIGITS, 4, 2),
        2 => groups("-", DIGITS, 4, 2),
        3 => groups("-", HEX, 5, 2),
        4 => groups("-", CLEAR, 4, 2),
        5 => format!("{}7{}", groups("", SMALL, 4, 1), groups("", SMALL, 5, 1)),
        _ => groups("-", CLEAR, 4, 3),
    }
}

pub fn answers(seed: u64) -> Vec<Case> {
    let mut dice = Dice::new(seed);
    let latin = ["Kowalczyk", "Bramblepaw", "Fiat Uno", "Rusty Biscuit", "O'Neill", "Snowy"];
    let han = ["旺财", "王秀英", "实验二小", "李桂兰", "阳光小学", "小黑", "Lucky"];
    let mut all =
        cases("answer", ANSWER, 6, &mut dice, &mut |dice, _| vec![dice.pick(&latin).to_owned()]);
    all.extend(cases("answer-zh", ANSWER, 6, &mut dice, &mut |dice, _| {
        vec![dice.pick(&han).to_owned()]
    }));
    all
}

/// Talk that holds no secret.
pub fn talk() -> Vec<Case> {
    let lines = include_str!("talk.txt").lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| Case::ordinary(line, line.replace('⏎', "\n"))).collect()
}
