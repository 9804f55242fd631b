//! Card numbers with what stands beside them.

use super::case::{Case, Dice};

const PAN: &[&str] = &["pan"];

/// A card number of a length that passes Luhn's check.
pub fn card(front: &str, length: usize, dice: &mut Dice) -> String {
    let mut digits: Vec<u32> = front.chars().filter_map(|c| c.to_digit(10)).collect();
    while digits.len() < length - 1 {
        digits.push(dice.below(10) as u32);
    }
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(at, d)| if at % 2 == 0 { d * 2 / 10 + d * 2 % 10 } else { *d })
        .sum();
    digits.push((10 - sum % 10) % 10);
    digits.iter().map(ToString::to_string).collect()
}

pub const ISSUERS: &[(&str, usize)] = &[
    ("4", 16),
    ("51", 16),
    ("55", 16),
    ("2221", 16),
    ("34", 15),
    ("37", 15),
    ("6011", 16),
    ("65", 16),
    ("3530", 16),
    ("36", 14),
    ("300", 14),
    ("62", 16),
    ("62", 19),
    ("4", 13),
    ("5018", 16),
    ("6304", 19),
    ("8171", 16),
];

const FRAMES: &[&str] = &[
    "{}",
    "card {} declined",
    "my visa {} exp 09/27 cvv 123 declined again",
    "Charged twice on {}, order HB-20418877",
    "the full one is {}",
    "Card number: {}\nExpiry: 11/28\nCVC: 4821",
    "{} 04/29 737",
    "pay with {} or my other one",
    "refund to ({}) please",
    "卡号{}付款失败",
    "卡号：{}，有效期 09/27，安全码 123",
    "我的信用卡 {} 被拒了",
    "银行卡{}扣款两次",
    "信用卡號 {} 一直刷不過",
    "{}这张卡买币失败",
    "visa{}",
    "amex {} do you accept it",
    "cc: {} cvv:123",
    "\"pan\":\"{}\"",
    "card={}&amount=20",
];

fn grouped(number: &str, sizes: &[usize], glue: &str) -> String {
    let (mut rest, mut parts) = (number, Vec::new());
    let mut sizes = sizes.iter().chain(std::iter::repeat(&4));
    while !rest.is_empty() {
        let (part, tail) = rest.split_at((*sizes.next().unwrap()).min(rest.len()));
        parts.push(part);
        rest = tail;
    }
    parts.join(glue)
}

pub fn cards(seed: u64) -> Vec<Case> {
    let mut dice = Dice::new(seed);
    let mut cases = Vec::new();
    for frame in FRAMES {
        for (front, length) in ISSUERS {
            for form in 0..11 {
                let number = card(front, *length, &mut dice);
                let sizes: &[usize] = if *length <= 15 { &[4, 6, 5] } else { &[4] };
                let (name, text) = match form {
                    0 => ("plain", number),
                    1 => ("spaces", grouped(&number, sizes, " ")),
                    2 => ("dashes", grouped(&number, sizes, "-")),
                    3 => ("dots", grouped(&number, sizes, ".")),
                    4 => ("no-break", grouped(&number, sizes, "\u{A0}")),
                    5 => ("double spaces", grouped(&number, sizes, "  ")),
                    6 => (
                        "full-width",
                        number
                            .chars()
                            .map(|c| char::from_u32(c as u32 + 0xFEE0).unwrap())
                            .collect(),
                    ),
                    7 => ("zero-width", grouped(&number, sizes, "\u{200B}")),
                    8 => ("wide spaces", grouped(&number, sizes, "\u{3000}")),
                    9 => ("long dashes", grouped(&number, sizes, "–")),
                    _ => ("fours", grouped(&number, &[4], " ")),
                };
                let glued = frame.starts_with("visa{") && form != 0;
                if !glued {
                    let family = format!("{front}… {length} {name}, {frame:?}");
                    cases.push(Case::framed(family, PAN, frame, &text, true));
                }
            }
        }
    }
    cases
}

/// Texts with a card whose code and date must go as well.
pub fn beside(seed: u64) -> Vec<Case> {
    let mut dice = Dice::new(seed);
    let frames: &[&str] = &[
        "{pan} exp 09/27 cvv {}",
        "{pan} 09/27 {}",
        "{pan}, 12/2028, {}",
        "card {pan} security code {}",
        "card {pan}\nCVV: {}",
        "card {pan} cvc={}",
        "卡号 {pan} 安全码 {}",
        "卡号 {pan} 背面三位是{}",
        "卡號 {pan} 安全碼：{}",
        "卡号 {pan}，后三位{}",
        "cvv is {}",
        "my cvv2 {} was rejected",
        "CVV码{}输了也没用",
    ];
    let mut cases = Vec::new();
    for frame in frames {
        for _ in 0..6 {
            let frame = frame.replace("{pan}", &card("4", 16, &mut dice));
            let code = dice.text("0123456789", 3);
            cases.push(Case::framed(
                format!("code in {:?}", frame.get(..6)),
                &["cvv"],
                &frame,
                &code,
                false,
            ));
        }
    }
    let dates: &[&str] = &[
        "{pan} exp {}",
        "{pan} {} 123",
        "卡号 {pan} 有效期 {}",
        "card {pan}, valid thru {}",
        "卡号 {pan}，有效期至{}",
    ];
    for frame in dates {
        for date in ["09/27", "0927", "9/27", "09/2027", "09-27", "2027年9月"] {
            let frame = frame.replace("{pan}", &card("4", 16, &mut dice));
            cases.push(Case::framed(
                format!("date {date} in {frame:.6}"),
                &["card-expiry"],
                &frame,
                date,
                false,
            ));
        }
    }
    cases
}
