//! Passwords, codes and tokens, known by the words beside them or by the issuer's form.

use super::case::{Case, Dice};
use super::keys::base32;

const PASSWORD: &[&str] = &["password", "one-time-code"];
const CODE: &[&str] = &["one-time-code", "password"];
const TOKEN: &[&str] = &["api-token", "private-key", "private-key-hex", "password"];

const PASSWORD_FRAMES: &[&str] = &[
    "cant log in, my password is {} can you check",
    "username: hwebb  password: {}",
    "password: {}",
    "Password = {}",
    "pwd: {}",
    "pw {}",
    "pass: {}",
    "passwd={}",
    "PASSWORD:{}",
    "my app password was {} before the update",
    "the password i use is {}",
    "login with tom@example.com / password {}",
    "i set the password to {} yesterday",
    "old password {} does not work any more",
    "keystore password is \"{}\"",
    "backup password: '{}' is rejected",
    "wallet passphrase: {}",
    "my wifi... i mean wallet password is {}, thanks",
    "{} is my password and it is refused",
    "passcode {} not accepted",
    "{\"user\":\"tom\",\"password\":\"{}\"}",
    "credentials: tom@example.com {}",
    "user tom pass {}",
    "我的交易密码是 {}，显示错误",
    "登录密码：{} 帮我试下",
    "密码{}不对",
    "密码是{}",
    "密码为 {}",
    "账号 tom88 密码 {}",
    "账号：tom88，密码：{}",
    "支付密码:{}",
    "用户名tom 密码{}，登不上去",
    "密碼是 {} 但登入失敗",
    "登入密碼：{}",
    "我一直用的密码是{}，现在提示错误",
    "钱包密码我设的是 {}",
    "{}是我的密码，一直用的这个",
    "备份密码「{}」不对",
    "口令：{}",
    "password是{}，一直login不了",
    "pwd是{}",
    "wallet password 我设成了 {}",
];

fn strong(dice: &mut Dice) -> String {
    let words = [
        "bluefin", "Qingdao", "tr0mbone", "Harbor", "sunset", "xiaoming", "Dragon", "wo.ai.NI",
        "Summer",
    ];
    let word = dice.pick(&words);
    let number = dice.below(9000) + 1000;
    match dice.below(7) {
        0 => format!("{word}!Tuna_{number}"),
        1 => format!("{word}#{number}"),
        2 => format!("{word}{number}"),
        3 => format!("{word}-Cliff{}", number % 10),
        4 => format!("{}${}", dice.text("abcdefghkmnpqrstuvwxyzABCDEFGHKMNPQRSTUVWXYZ", 8), number),
        5 => format!("{}{}", dice.text("abcdefghkmnpqrstuvwxyz23456789", 7), number),
        _ => format!("{word}@{number}!"),
    }
}

pub fn passwords(seed: u64) -> Vec<Case> {
    let mut dice = Dice::new(seed);
    let mut cases = Vec::new();
    for frame in PASSWORD_FRAMES {
        for _ in 0..8 {
            let (before, after) = frame.split_once("{}").unwrap();
            let password = strong(&mut dice);
            let text = format!("{before}{password}{after}");
            let spans = vec![(before.len(), before.len() + password.len())];
            cases.push(Case {
                family: format!("password, {frame:?}"),
                kinds: PASSWORD,
                text,
                spans,
                valid: false,
            });
        }
    }
    for frame in [
        "my pin is {}",
        "PIN: {}",
        "pin码 {} 不对",
        "PIN码是{}",
        "解锁密码 {}",
        "支付密码是{}",
        "my app pin {} is refused",
        "交易密码{}错误",
        "passcode: {}",
        "密码：{}",
        "i typed pin {} three times",
    ] {
        for _ in 0..6 {
            let length = 4 + 2 * dice.below(2);
            let pin = dice.text("0123456789", length);
            cases.push(Case::framed(format!("pin, {frame:?}"), PASSWORD, frame, &pin, false));
        }
    }
    for frame in ["password: {}", "my password is \"{}\"", "密码：{}", "密码是{}。", "pwd={}"]
    {
        for word in
            ["sunshine", "iloveyou", "letmein", "dragonfly", "woaini", "qwertyuiop", "monkeyking"]
        {
            cases.push(Case::framed(
                format!("plain password, {frame:?}"),
                PASSWORD,
                frame,
                word,
                false,
            ));
        }
    }
    cases
}

const CODE_FRAMES: &[&str] = &[
    "verification code {} does not work",
    "the code is {}",
    "my verification code: {}",
    "the sms code i got was {} and it says expired",
    "OTP {}",
    "otp: {}",
    "2fa code {} is rejected",
    "one-time password {}",
    "your verification code is {}. do not share it",
    "{} is your verification code",
    "got code {} but the page hangs",
    "authenticator code {} invalid",
    "passcode from the email: {}",
    "security code: {}",
    "验证码 {}",
    "验证码是{}，一直提示错误",
    "验证码：{}",
    "短信验证码{}无效",
    "收到的验证码是 {}",
    "动态码 {} 不对",
    "谷歌验证码{}",
    "{}（验证码）输进去没反应",
    "驗證碼 {} 無效",
    "簡訊驗證碼是{}",
    "一次性密码：{}",
    "我输入的验证码为{}",
    "【港湾钱包】您的验证码是{}，5分钟内有效",
    "verification code是{}，一直不对",
];

pub fn codes(seed: u64) -> Vec<Case> {
    let mut dice = Dice::new(seed);
    let mut cases = Vec::new();
    for frame in CODE_FRAMES {
        for _ in 0..6 {
            let code = match dice.below(4) {
                0 => format!("{} {}", dice.text("123456789", 3), dice.text("0123456789", 3)),
                1 if frame.contains('验') || frame.contains("verif") => dice.text("0123456789", 4),
                _ => format!("{}{}", dice.text("123456789", 1), dice.text("0123456789", 5)),
            };
            cases.push(Case::framed(format!("code, {frame:?}"), CODE, frame, &code, false));
        }
    }
    for frame in [
        "2FA secret: {}",
        "authenticator key {}",
        "谷歌验证器密钥：{}",
        "otpauth://totp/Harbor:tom?secret={}&issuer=Harbor",
    ] {
        for _ in 0..4 {
            let secret = base32(&dice.bytes(20));
            cases.push(Case::framed(
                format!("otp secret, {frame:?}"),
                &["one-time-code", "api-token"],
                frame,
                &secret,
                false,
            ));
        }
    }
    cases
}

const ALNUM: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const HEX: &str = "0123456789abcdef";

fn issued(dice: &mut Dice) -> Vec<(&'static str, String)> {
    let mut t =
        |prefix: &str, alphabet: &str, n: usize| format!("{prefix}{}", dice.text(alphabet, n));
    let upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
    vec![
        ("github", t("ghp_", ALNUM, 36)),
        ("github fine", format!("{}_{}", t("github_pat_", ALNUM, 22), t("", ALNUM, 59))),
        ("gitlab", t("glpat-", ALNUM, 20)),
        (
            "slack",
            format!(
                "xoxb-{}-{}-{}",
                t("", "123456789", 12),
                t("", "123456789", 12),
                t("", ALNUM, 24)
            ),
        ),
        (
            "slack hook",
            format!(
                "https://hooks.slack.com/services/{}/{}/{}",
                t("T", upper, 8),
                t("B", upper, 8),
                t("", ALNUM, 24)
            ),
        ),
        ("openai", t("sk-", ALNUM, 48)),
        ("openai project", t("sk-proj-", url, 60)),
        ("anthropic", t("sk-ant-api03-", url, 80)),
        ("stripe", t("sk_live_", ALNUM, 24)),
        ("stripe test", t("sk_test_", ALNUM, 32)),
        ("stripe restricted", t("rk_live_", ALNUM, 24)),
        ("aws", t("AKIA", upper, 16)),
        ("google", t("AIza", url, 35)),
        ("google oauth", t("ya29.", url, 60)),
        ("sendgrid", format!("SG.{}.{}", t("", url, 22), t("", url, 43))),
        ("twilio", t("SK", HEX, 32)),
        ("npm", t("npm_", ALNUM, 36)),
        ("pypi", t("pypi-", url, 80)),
        ("huggingface", t("hf_", ALNUM, 34)),
        ("telegram", format!("{}:{}", t("", "123456789", 10), t("AA", url, 33))),
        ("jwt", format!("eyJhbGciOiJIUzI1NiJ9.{}.{}", t("eyJ", url, 60), t("", url, 43))),
        ("jwt odd body", format!("eyJhbGciOiJIUzI1NiJ9.{}.{}", t("", url, 38), t("", url, 43))),
        ("aliyun", t("LTAI", ALNUM, 20)),
        ("tencent", t("AKID", ALNUM, 32)),
        ("shopify", t("shpat_", HEX, 32)),
        ("digitalocean", t("dop_v1_", HEX, 64)),
    ]
}

pub fn tokens(seed: u64) -> Vec<Case> {
    let mut dice = Dice::new(seed);
    let mut cases = Vec::new();
    let frames = [
        "{}",
        "接口报401，token {}",
        "my api key is {} why 403",
        "curl fails: Authorization: Bearer {}",
        "key={}",
        "用了这个 {} 还是报错",
        "export TOKEN={}",
        "\"{}\"",
        "api key：{}，请帮忙看看",
    ];
    for frame in frames {
        for _ in 0..2 {
            for (name, token) in issued(&mut dice) {
                cases.push(Case::framed(format!("{name}, {frame:?}"), TOKEN, frame, &token, false));
            }
        }
    }
    let labelled = [
        "Authorization: Bearer {}",
        "authorization: bearer {}",
        "Authorization: Basic {}",
        "-H 'X-Api-Key: {}'",
        "api_key={}",
        "apiKey: \"{}\"",
        "access_token={}&expires=3600",
        "client_secret: {}",
        "API密钥：{}",
        "访问令牌 {} 失效",
        "aws_secret_access_key = {}",
        "refresh token: {}",
        "session token {} expired",
        "API secret {} leaked?",
    ];
    for frame in labelled {
        for length in [24, 32, 40, 64] {
            let token = format!("{}7k{}", dice.text(ALNUM, length - 4), dice.text("0123456789", 2));
            cases.push(Case::framed(format!("labelled, {frame:?}"), TOKEN, frame, &token, false));
        }
    }
    cases
}
