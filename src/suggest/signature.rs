//! The name that a ticket is signed with, for the greeting of the reply.
//!
//! Only where the writer says so: "my name is", 我叫, or a line of its own after a farewell. A wrong
//! name in a greeting is worse than a placeholder, so anything doubtful is no name.

/// Farewells, in lower case, as the whole of a line or its end.
const FAREWELLS: [&str; 14] = [
    "thanks",
    "thank you",
    "many thanks",
    "regards",
    "best regards",
    "kind regards",
    "best",
    "cheers",
    "sincerely",
    "best wishes",
    "谢谢",
    "多谢",
    "此致",
    "祝好",
];
/// What stands before a name.
const SAID: [&str; 4] = ["my name is ", "我叫", "我的名字是", "本人姓名"];
/// How many lines after a farewell may hold the name.
const LINES_AFTER: usize = 2;
/// The longest name in characters.
const CHARS_MAX: usize = 30;

/// The writer's name.
pub fn name(text: &str) -> Option<String> {
    said(text).or_else(|| signed(text))
}

fn said(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    // Lower case may change lengths outside of the scripts at hand; then nothing is found.
    let find = |cue: &&str| lower.find(*cue).and_then(|at| text.get(at + cue.len()..));
    let rest = SAID.iter().find_map(find)?;
    let end = |c: char| matches!(c, ',' | '.' | '，' | '。' | '!' | '！' | '\n' | '、' | ';');
    let head = rest.split(end).next()?.trim_start_matches([':', '：', ' ']);
    let head = head.split(" and ").next()?.trim();
    plausible(head)
}

fn signed(text: &str) -> Option<String> {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
    let is_farewell = |line: &str| {
        let line = line.to_lowercase();
        let line = line.trim_end_matches([',', '.', '!', '，', '。', '！']);
        FAREWELLS.contains(&line)
    };
    let farewell = lines.iter().rposition(|line| is_farewell(line))?;
    let mut after = lines.iter().skip(farewell + 1).take(LINES_AFTER);
    after.find_map(|line| plausible(line))
}

/// One to three capitalised words, or two to four Han characters, and nothing else.
fn plausible(text: &str) -> Option<String> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || "-–—~*_".contains(c));
    let chars = text.chars().count();
    let han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    if (2..=4).contains(&chars) && text.chars().all(han) {
        return Some(text.to_owned());
    }
    let words: Vec<&str> = text.split(' ').collect();
    let capitalised = |word: &&str| {
        let mut letters = word.chars();
        letters.next().is_some_and(char::is_uppercase)
            && letters.all(|c| c.is_alphabetic() || matches!(c, '\'' | '’' | '-' | '.'))
    };
    let fits = chars <= CHARS_MAX && words.len() <= 3 && words.iter().all(capitalised);
    fits.then(|| text.trim_end_matches('.').to_owned())
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn reads_a_name_where_it_is_said_or_signed_and_nowhere_else() {
        for (text, expected) in [
            ("My card fails.\n\nThanks,\nAnna Kovács", Some("Anna Kovács")),
            ("Hello, my name is Tom O'Neil and my card fails", Some("Tom O'Neil")),
            ("你好，我叫王小芳，转账没到", Some("王小芳")),
            ("转账没到账\n谢谢\n李伟", Some("李伟")),
            ("转账没到账，谢谢", None),
            ("thanks\nsent from my phone", None),
            ("Thanks,\nHB-48864652", None),
            ("I'm stuck. Please help me", None),
            ("我叫了客服三次都没人理我", None),
        ] {
            assert_eq!(name(text).as_deref(), expected, "{text}");
        }
    }
}
