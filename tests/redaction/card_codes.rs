//! Security codes of cards as people describe them, card numbers in pieces and in words; and numbers
//! that only look like them.

use super::cards::card;
use super::case::{Case, Dice};

/// `{}` is the code, `{pan}` a card number.
const CODES: &[&str] = &[
    "the code on the back is {}",
    "the 3 digits on the back are {}",
    "cvv number {}",
    "my cvv number is {}",
    "the 3 digit code is {}",
    "卡背面的数字是{}",
    "信用卡背后三个数字 {}",
    "卡背后的末三码{}",
    "驗證碼（卡背三碼）{}",
    "csc {}",
    "CSC: {}",
    "{pan} back code {}",
    "card {pan} back number {}",
    "visa {pan} security number {}",
    "卡号 {pan} 背面{}",
    "my cvv, {}, is right",
    "cvc{} not accepted",
    "three digit code on the card {}",
    "the three numbers behind: {} card {pan}",
    "{} is the code on the back",
    "{} are the three digits on the back of my card",
    "code on the back of the card: {}",
    "the security digits on my card are {}",
    "the number on the back of my visa is {}",
    "3-digit security code {}",
    "three digit cvv code: {}",
    "last 3 digits on the back {}",
    "last three digits on the signature strip: {}",
    "背面三位数 {}",
    "信用卡背面的三位數字是{}",
    "卡片背面後三碼：{}",
    "背后三位安全码 {}",
    "签名栏后三位 {}，卡号 {pan}",
    "卡背面那三个数字{}",
    "反面的三位数是 {}，卡号{pan}",
    "卡背面签名栏的后三位{}",
    "末三碼 {} 卡號 {pan}",
    "后三码是{}，信用卡付不了",
    "{pan}\n背面：{}",
    "the cvc number on it is {}, declined",
    "cvv code {}",
    "cvv2: {}",
    "CVV （背面三位） {}",
    "安全碼（背面）{}",
    "card {pan} 09/27, digits on back {}",
    "numbers on the reverse side: {}",
    "{pan}, the 3 digits behind are {}",
    "cvv （three digits on the back）: {}",
    "My Visa {pan}, expires March 2027, code on the back {}",
    "{pan}, expires March 2027, cvv {}",
    "{pan} 有效期 2027年3月 安全码{}",
    "| Name | Number | Exp | CVV |\n| Li Na | {pan} | 03/27 | {} |",
    "Cardholder: LI NA\nCard number: {pan}\nValid thru: 03/27\nSecurity code: {}",
    "持卡人 李娜\n卡号 {pan}\n有效期 03/27\n安全码 {}",
    "招商银行信用卡{pan}，后三位{}",
    "工商银行 {pan}，背后三位 {}",
    "中国银行卡号：{pan}，cvv：{}",
    "建行卡 {pan} 03/27 {}",
    "the digits printed on the back were {}",
    "code at the back: {}",
    "The CVV （the 3 digit number on back） is {}",
    "CVV/CVC: {}",
    "cvv = {}",
    "cvv-{}",
    "cvc code is {}",
    "security code on the card: {}",
    "card verification number {}",
    "it asks for the three-digit number on the back, I typed {}",
    "I entered {} as the cvv",
    "my cvv ends up being {}",
    "我输入的cvv是{}",
    "cvv我填的{}",
    "后面三个数字{}，卡号{pan}",
    "卡后面的三位数是{}",
    "背面三个数{}",
    "背面的三位码 {}",
    "安全码（卡背面后三位）：{}",
];

/// `{4}` is a piece of four digits.
const PIECES: &[&str] = &[
    "my card is {8} and the rest is {8}",
    "卡号前八位{8}后八位{8}",
    "first half {8}, second half {8}",
    "my card number is {4}, {4}, {4} and {4}",
    "visa {8} and then {8}",
    "card starts with {4} then {4} then {4} and ends with {4}",
    "卡号 {8}，后面是 {8}",
    "card first 8 digits {8} last 8 digits {8}",
    "信用卡前8位是{8}，後8位是{8}",
    "銀行卡號前四碼 {4}、接著 {4}、{4}、最後 {4}",
    "卡号前六位{6}，后十位{10}",
    "my mastercard: first 4 digits {4}, next 4 {4}, next 4 {4}, last 4 {4}",
    "招商银行信用卡 {4} {4} 然后 {4} {4}",
    "card part 1: {8}\npart 2: {8}",
    "debit card {4}-{4} and {4}-{4}",
    "卡号开头{8}，结尾{8}",
    "the front half is {8} and the back half is {8} of my card",
    "支付宝绑定的卡 {4} {4} {4} {4} 扣款失败",
];

const ORDINARY: &[&str] = &[
    "room 345 back at 9",
    "back in 345 minutes",
    "the security number of the building is 338",
    "phone back camera 123 not working",
    "手机背面 123 是什么",
    "背面有 200 个字",
    "3 digit number is needed",
    "the code on the back is unreadable, 3 times tried",
    "cvv is 3 digits",
    "cvv must be 3 or 4 digits",
    "安全码是三位数",
    "卡背面的数字是几位",
    "my order has 3 digits 123456 on the back",
    "the number on the back of the box is 4006021",
    "call the number on the back of the card 800 555 1234",
    "the number on the back of my card is 1-800-432-1000",
    "拨打卡背面的号码 95588",
    "卡背面的电话 400-820-8820",
    "error code 404 on the back end",
    "back number 12345",
    "first 4 digits are 4111 and last 4 are 1234",
    "card ending 4242 was charged, first 6 411111",
    "I paid 4500, 5000, 5500 and 6000 for it",
    "years 2013, 2014, 2015 and 2016",
    "in 2021 and then 2022 and 2023",
    "order 41591113 and then order 65562889",
    "ticket 41591113 and 65562891",
    "csc team",
    "4 digit code is needed",
    "the 3 digits after the point are 0.358",
    "port 443 on the back end",
    "step 358 on the back",
    "csc 2024 report",
    "the three digit extension 123",
    "the back is 100 times slower",
    "number 3 on the back of the list",
    "there are 3 digits on the back",
    "the code on the back of the device is HB-20418877",
    "背面三个孔",
    "卡背面三位数是什么",
    "卡背面的数字看不清，3次都失败",
    "卡背面的号码磨掉了 2024年办的",
    "behind 3 proxies",
    "the last 4 digits are 4242",
    "my card ending in 4242, last 4 digits of the other 1234",
    "card 4111 was declined and then 4222 as well",
    "phone 13800138000 and 13900139000",
    "first 4 letters and the last 8 digits 20418877",
    "first six 411111, last four 1111",
    "订单前八位20231105后八位12345678",
    "serial part 1: 12345678 part 2: 87654322",
    "one two three four five six seven eight nine card",
    "一二三四五六七八九十一二三四五六 卡",
    "订单号后面三个数字是 123",
];

/// Codes that a description gives away, with or without a card beside them.
pub fn codes(seed: u64) -> Vec<Case> {
    let mut dice = Dice::new(seed);
    let mut cases = Vec::new();
    for frame in CODES {
        for front in ["4", "6225"] {
            let number = card(front, 16, &mut dice);
            let frame = frame.replace("{pan}", &number);
            let code = dice.text("0123456789", 3);
            let family = format!("code in {frame:?}");
            cases.push(Case::framed(family, &["cvv"], &frame, &code, false));
        }
    }
    cases.push(Case::framed(
        "four digits",
        &["cvv"],
        "amex 374272378791662 4 digit code {}",
        "7291",
        false,
    ));
    cases
}

/// Card numbers in pieces with words between.
pub fn in_pieces(seed: u64) -> Vec<Case> {
    let mut dice = Dice::new(seed);
    let mut cases = Vec::new();
    for frame in PIECES {
        for front in ["4", "6225"] {
            let number = card(front, 16, &mut dice);
            let (mut rest, mut text, mut pieces) = (number.as_str(), String::new(), Vec::new());
            for part in frame.split('{') {
                let (size, words) = part.split_once('}').unwrap_or(("", part));
                if let Ok(size) = size.parse() {
                    let (piece, tail) = rest.split_at(size);
                    pieces.push(piece.to_owned());
                    rest = tail;
                    text.push_str("{}");
                }
                text.push_str(words);
            }
            cases.push(Case::pieces(format!("card {frame:?}"), &["pan"], &text, &pieces));
        }
    }
    cases
}

/// Card numbers whose digits are words.
pub fn in_words(seed: u64) -> Vec<Case> {
    const ENGLISH: [&str; 10] =
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
    const CHINESE: [&str; 10] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let mut dice = Dice::new(seed);
    let mut cases = Vec::new();
    for _ in 0..6 {
        let number = card("4", 16, &mut dice);
        for (frame, words, glue) in [
            ("my card number is {} and it is declined", ENGLISH, " "),
            ("visa card: {}", ENGLISH, ", "),
            ("卡号{}，付款失败", CHINESE, ""),
        ] {
            let digits = number.bytes().map(|b| words[usize::from(b - b'0')]);
            let text = digits.collect::<Vec<_>>().join(glue);
            cases.push(Case::framed(format!("words {frame:?}"), &["pan"], frame, &text, true));
        }
    }
    cases
}

/// Counts, phone numbers, ends of card numbers.
pub fn stay() -> Vec<Case> {
    ORDINARY.iter().map(|text| Case::ordinary(*text, *text)).collect()
}
