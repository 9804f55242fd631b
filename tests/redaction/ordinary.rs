//! Texts that look like secrets and are none, and ordinary sentences: nothing may go.

use bip39::Language;

use super::case::{Case, Dice};
use super::keys::{BASE58, extended, hex, stellar};

const HASH_FRAMES: &[&str] = &[
    "transaction {} is pending since noon",
    "tx {} failed",
    "TXID: {}",
    "txid {}",
    "my tx hash is {}",
    "hash {} not found on the explorer",
    "I sent 0.5 ETH, hash {}",
    "here is the transaction hash: {}",
    "withdrawal from the exchange, {} is the txid",
    "{} is the transaction",
    "{} (tx hash)",
    "https://etherscan.io/tx/{}",
    "https://tronscan.org/#/transaction/{} shows success",
    "https://mempool.space/tx/{}",
    "block hash {}",
    "交易哈希 {} 一直没确认",
    "哈希：{}",
    "交易ID是{}",
    "这笔转账 {} 还没到账",
    "{}这笔交易失败了",
    "链上交易 {} 显示成功",
    "提币记录 {}",
    "交易雜湊 {} 一直待確認",
    "交易哈希是 {}，用的是私钥导入的钱包",
    "I imported my private key yesterday, and now tx {} is stuck",
    "sha256 of the apk: {}",
    "the signature is {}",
    "merkle root {}",
    "public key {}",
    "公钥 {}",
    "contract data {}",
    "order hash {} in the swap",
    "git commit {}",
];

const ADDRESS_FRAMES: &[&str] = &[
    "{}",
    "my address is {}, is it still mine?",
    "sent to {} by mistake",
    "转到{}了",
    "地址 {} 余额为零",
    "收款地址：{}",
    "https://explorer.example/address/{}",
    "contract {} is not shown",
    "old address {}",
    "from {} to my bank",
    "我把币转到 {}，没填 memo",
    "token {} does not appear",
    "wallet {} shows 0",
];

fn addresses(dice: &mut Dice) -> Vec<(&'static str, String)> {
    let bech32 = "023456789acdefghjklmnpqrstuvwxyz";
    let url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
    let check58 = |version: &[u8], n: usize, dice: &mut Dice| {
        let mut payload = version.to_vec();
        payload.extend(dice.bytes(n));
        bs58::encode(payload).with_check().into_string()
    };
    let ripple = {
        let mut payload = vec![0];
        payload.extend(dice.bytes(20));
        bs58::encode(payload).with_alphabet(bs58::Alphabet::RIPPLE).with_check().into_string()
    };
    vec![
        ("p2pkh", check58(&[0x00], 20, dice)),
        ("p2sh", check58(&[0x05], 20, dice)),
        ("segwit", format!("bc1q{}", dice.text(bech32, 38))),
        ("taproot", format!("bc1p{}", dice.text(bech32, 58))),
        ("litecoin", check58(&[0x30], 20, dice)),
        ("dogecoin", check58(&[0x1E], 20, dice)),
        ("tron", check58(&[0x41], 20, dice)),
        ("evm", format!("0x{}", hex(&dice.bytes(20)))),
        ("solana", bs58::encode(dice.bytes(32)).into_string()),
        ("xrp", ripple),
        ("ton", format!("EQ{}", dice.text(url, 46))),
        ("ton raw", format!("0:{}", hex(&dice.bytes(32)))),
        ("ada", format!("addr1q{}", dice.text(bech32, 97))),
        ("dot", format!("1{}", dice.text(BASE58, 46))),
        ("cosmos", format!("cosmos1{}", dice.text(bech32, 38))),
        ("stellar", stellar(0x30, dice)),
        ("sui", format!("0x{}", hex(&dice.bytes(32)))),
        ("aptos", format!("0x{}", hex(&dice.bytes(32)))),
        ("near", "harbor.near".to_owned()),
        ("xpub", extended([0x04, 0x88, 0xB2, 0x1E], false, dice)),
        ("zpub", extended([0x04, 0xB2, 0x47, 0x46], false, dice)),
        ("filecoin", format!("f1{}", dice.text("abcdefghijklmnopqrstuvwxyz234567", 39))),
        ("monero", format!("4{}", dice.text(BASE58, 94))),
        ("algorand", dice.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 58)),
        ("tezos", format!("tz1{}", dice.text(BASE58, 33))),
        ("kaspa", format!("kaspa:q{}", dice.text(bech32, 60))),
    ]
}

pub fn hashes(seed: u64) -> Vec<Case> {
    let mut dice = Dice::new(seed);
    let mut cases = Vec::new();
    for frame in HASH_FRAMES {
        for form in 0..3 {
            for _ in 0..3 {
                let hash = hex(&dice.bytes(32));
                let text = match form {
                    0 => hash,
                    1 => format!("0x{hash}"),
                    _ => hash.to_uppercase(),
                };
                cases.push(Case::ordinary(format!("hash {frame:?}"), frame.replace("{}", &text)));
            }
        }
        let signature = bs58::encode([&dice.bytes(63)[..], &[3]].concat()).into_string();
        if !frame.contains("commit") {
            cases.push(Case::ordinary(
                format!("signature {frame:?}"),
                frame.replace("{}", &signature),
            ));
        }
    }
    cases
}

pub fn addresses_stay(seed: u64) -> Vec<Case> {
    let mut dice = Dice::new(seed);
    let mut cases = Vec::new();
    for frame in ADDRESS_FRAMES {
        for _ in 0..3 {
            for (name, address) in addresses(&mut dice) {
                cases.push(Case::ordinary(
                    format!("{name}, {frame:?}"),
                    frame.replace("{}", &address),
                ));
            }
        }
    }
    cases
}

#[expect(clippy::too_many_lines, reason = "a list of shapes")]
pub fn numbers(seed: u64) -> Vec<Case> {
    let mut dice = Dice::new(seed);
    let d = "0123456789";
    let mut cases = Vec::new();
    let mut add = |name: &str, text: String| cases.push(Case::ordinary(name, text));
    for _ in 0..60 {
        add("order", format!("order HB-{} not delivered", dice.text(d, 8)));
        add("uuid", {
            let h = hex(&dice.bytes(16));
            format!(
                "error id {}-{}-{}-{}-{} when swapping",
                &h[..8],
                &h[8..12],
                &h[12..16],
                &h[16..20],
                &h[20..]
            )
        });
        add(
            "phone",
            format!("call me at +1 {} {} {}", dice.text(d, 3), dice.text(d, 3), dice.text(d, 4)),
        );
        add("phone zh", format!("我的手机号是 13{}，一直收不到验证码", dice.text(d, 9)));
        add(
            "iban",
            format!(
                "IBAN DE{} {} {} {} {} {}",
                dice.text(d, 2),
                dice.text(d, 4),
                dice.text(d, 4),
                dice.text(d, 4),
                dice.text(d, 4),
                dice.text(d, 2)
            ),
        );
        add(
            "iban tight",
            format!("pay out to GB{}NWBK{} please", dice.text(d, 2), dice.text(d, 14)),
        );
        add(
            "version",
            format!("app 5.{}.{} on Android {}", dice.below(30), dice.below(10), dice.below(15)),
        );
        add(
            "amount",
            format!(
                "paid {},{}.{} USD, got {}.{} ETH",
                dice.below(900),
                dice.text(d, 3),
                dice.text(d, 2),
                dice.below(9),
                dice.text(d, 8)
            ),
        );
        add(
            "amount zh",
            format!("金额¥{}.{}，手续费{}", dice.text(d, 6), dice.text(d, 2), dice.text(d, 3)),
        );
        add("commit", format!("broken since commit {}", hex(&dice.bytes(20))));
        add(
            "tracking",
            format!("tracking 1Z{}", dice.text("ABCDEFGHJKLMNPRSTUVWXYZ0123456789", 16)),
        );
        add("tracking zh", format!("顺丰单号 SF{}", dice.text(d, 13)));
        add("imei", format!("IMEI {} pixel 8", luhn_valid(&mut dice)));
        add(
            "time",
            format!(
                "since 2026-11-{:02} {:02}:{:02}:{:02} UTC",
                dice.below(30),
                dice.below(24),
                dice.below(60),
                dice.below(60)
            ),
        );
        add("not luhn", format!("my number is {}, why not accepted", not_luhn(&mut dice)));
        add("serial zh", format!("银行流水号 {} 请核对", dice.text(d, 18)));
        add("arn", format!("ARN 7{} given by the provider", dice.text(d, 22)));
        add("last four", format!("ends in {}, exp 11/26", dice.text(d, 4)));
        add("masked", format!("card **** **** **** {}", dice.text(d, 4)));
        add(
            "wei",
            format!(
                "value {}000000000000000000 wei, gas 0x{}",
                dice.below(90) + 1,
                hex(&dice.bytes(4))
            ),
        );
        add("calldata", format!("data 0xa9059cbb{}{}", "0".repeat(24), hex(&dice.bytes(20))));
        add("block", format!("block 2{} confirmed, nonce {}", dice.text(d, 7), dice.below(300)));
        add(
            "ip",
            format!(
                "from {}.{}.{}.{}",
                dice.below(255),
                dice.below(255),
                dice.below(255),
                dice.below(255)
            ),
        );
        add("timestamp", format!("at 17{} it failed", dice.text(d, 11)));
        add("error code", format!("error code {} when I buy", dice.text(d, 4)));
        add("error code zh", format!("报错代码 {}，怎么办", dice.text(d, 5)));
        add("code zip", format!("zip code {}", dice.text(d, 5)));
        add("id zh", format!("工单号 {}，会员号 {}", dice.text(d, 6), dice.text(d, 10)));
        add("md5", format!("md5 {} of the apk", hex(&dice.bytes(16))));
        add("ticket", format!("ticket #{} and order {}", dice.text(d, 6), dice.text(d, 12)));
        add(
            "chain id",
            format!(
                "chain id {} rpc https://rpc.example/{}",
                dice.below(50000),
                dice.text("abcdefghij", 8)
            ),
        );
    }
    cases
}

fn luhn_valid(dice: &mut Dice) -> String {
    super::cards::card("35", 15, dice)
}

fn not_luhn(dice: &mut Dice) -> String {
    let mut number = super::cards::card("48", 16, dice);
    let last = number.pop().unwrap().to_digit(10).unwrap();
    number.push(char::from_digit((last + 1) % 10, 10).unwrap());
    number
}

/// Sentences with as many list words as English and Chinese allow, made from a grammar.
pub fn prose(seed: u64) -> Vec<Case> {
    let mut dice = Dice::new(seed);
    let mut cases = Vec::new();
    let subjects = [
        "the phone",
        "my daughter",
        "this wallet",
        "the bank",
        "another device",
        "my brother",
        "the old laptop",
        "an agent",
    ];
    let verbs = ["will", "can", "should", "must", "did not", "may"];
    let acts = [
        "open the app",
        "check the address twice",
        "keep the phrase safe",
        "update the phone today",
        "wait for more than one hour",
        "send the coin to the right network",
        "record the phrase on paper",
        "share the screen",
        "visit the shop",
    ];
    let links = ["and", "but", "because", "then", "so", "while"];
    for _ in 0..150 {
        let mut text = String::new();
        for _ in 0..3 {
            let clause =
                format!("{} {} {} ", dice.pick(&subjects), dice.pick(&verbs), dice.pick(&acts));
            text = format!("{text}{clause}{} ", dice.pick(&links));
        }
        cases.push(Case::ordinary("English prose", format!("{text}nothing works")));
    }
    let subjects = ["我", "我的手机", "这个钱包", "客服", "银行", "我朋友", "昨天那笔钱", "新手机"];
    let verbs = ["一直", "突然", "已经", "还是", "今天早上", "从昨天开始", "最近"];
    let acts = [
        "打不开",
        "没有到账",
        "显示网络错误",
        "看不到余额",
        "收不到短信",
        "不能转出去",
        "少了一部分钱",
        "提示失败",
    ];
    for _ in 0..150 {
        let mut text = String::new();
        for _ in 0..4 {
            let clause =
                format!("{}{}{}", dice.pick(&subjects), dice.pick(&verbs), dice.pick(&acts));
            text = format!("{text}{clause}{}", dice.pick(&["，", "。", "，", "\n", " "]));
        }
        cases.push(Case::ordinary("Chinese prose", text));
    }
    // A few list words in a row are a list of things, not a phrase.
    for _ in 0..150 {
        let words = Language::English.word_list();
        let n = 3 + dice.below(5);
        let list: Vec<&str> = (0..n).map(|_| words[dice.below(2048)]).collect();
        cases.push(Case::ordinary("short list", format!("route: {}, then home", list.join(", "))));
    }
    cases
}

pub const SENTENCES: &[&str] = &[
    // Lines of twelve characters whose checksum holds by chance.
    "网上认识的女朋友带我炒币",
    "短时间连刷容易被银行锁卡",
    "请不要先卸载。\n\n  商店里搜不到",
    "麻烦您回复收到提醒的时间",
    "| 解锁时被抢，对方不知道应用密码 | 中：输错会锁 1 分钟、15 分钟 | 一小时内 |",
    "Please keep keys, keystore files and passwords to yourself. We never ask for them.",
    "I forgot my password and do not know the PIN either, how do I reset it?",
    "My password is wrong every time",
    "what is the password for the backup file?",
    "password: required field is shown",
    "the password must have 8 characters and a number",
    "Is my password stored on your server?",
    "the password reset email never arrives",
    "passwords longer than 32 characters are refused",
    "my pin is 4 digits but the app asks for 6 digits",
    "I changed my PIN 3 times today",
    "PIN codes are not saved in 2026 version?",
    "verification code never arrives",
    "I asked for the code 5 times in 10 minutes",
    "code 4004 is shown when I pay",
    "error code 05, card declined",
    "use promo code HARBOR20 at checkout",
    "the 6-digit code expired after 60 seconds",
    "the QR code does not scan",
    "country code +86 is not in the list",
    "密码错误，提示还有3次机会",
    "密码忘记了怎么办",
    "我的密码是对的，为什么登不上",
    "密码必须是8位以上吗",
    "交易密码和登录密码有什么区别",
    "密码输错5次被锁24小时",
    "验证码一直收不到，密码也忘了，怎么办",
    "验证码60秒后过期",
    "收不到验证码，手机号138开头",
    "验证码要等10分钟",
    "助记词有12个词还是24个词？",
    "助记词和私钥有什么区别，都要备份吗？",
    "我把助记词抄在纸上了，一共十二个字，放在家里",
    "我的助记词好像少抄了一个词，还能恢复吗",
    "助记词第3个词看不清了",
    "私钥导入之后地址不一样",
    "怎么导出私钥",
    "private key import fails with error 12",
    "where do I find my private key?",
    "my seed phrase has 24 words, the box has 12",
    "the phrase is rejected: word 7 is not in the list",
    "I have a 12 word phrase and a 24 word phrase, which one do I use?",
    "which words are allowed in a recovery phrase",
    "My daughter and my brother both use the same camera phone; one day the battery was empty, the screen broken, the cable lost, and the shop about to close early",
    "please ask your team to add a short video guide about how to protect a wallet: record the phrase, never share it, keep it safe, check the address twice, and then sign",
    "words in my language setting: english, chinese, korean, spanish, french, italian, japanese, czech",
    "route: hotel, airport, train, bridge, lagoon, island, beach, forest, hotel again",
    "shopping list: apple, banana, orange, bread, cheese, rice, sugar, salad",
    "今天早上起来看到钱包里面少了一大部分，不知道是不是自己前几天转出去的时候没有看清楚，请你们帮我查一下到底是怎么回事",
    "上个月开始用的，一直都很好，昨天下午三点左右突然就打不开了，重新安装也没有用",
    "我在家里用电脑打开网页可以看到，但是手机上面就是不行，这个问题已经有一个多月了，希望能够早日解决",
    "床前明月光，疑是地上霜。举头望明月，低头思故乡。",
    "春眠不觉晓，处处闻啼鸟。夜来风雨声，花落知多少。",
    "白日依山尽\n黄河入海流\n欲穷千里目\n更上一层楼",
    "千山鸟飞绝，万径人踪灭。孤舟蓑笠翁，独钓寒江雪。",
    "空山不见人，但闻人语响。返景入深林，复照青苔上。",
    "红豆生南国\n春来发几枝\n愿君多采撷\n此物最相思",
    "一二三四五六七八九十",
    "东 南 西 北",
    "甲、乙、丙、丁、戊、己、庚、辛",
    "赵钱孙李周吴郑王冯陈褚卫",
    "语言列表里有中文、英文、日文、韩文、法文、德文",
    "收到 好的 谢谢 麻烦了",
    "在 吗 ？ 人 呢",
    "急 急 急 急 急 急 急 急 急 急 急 急 急",
    "快！快！快！快！快！快！快！快！快！快！快！快！",
    "test test test test test test test test test test test test",
    "cat dog fish bird horse mouse rabbit tiger lion monkey",
    "the rooms are called apple, banana, orange, lemon, cherry and grape, which one is ours?",
    "北京 上海 广州 深圳 杭州 成都 重庆 武汉 西安 南京 苏州 天津",
    "token USDT on BSC is not shown, token contract 0x55d398326f99059ff775485246999027b3197955",
    "session expired, please sign in again",
    "cookie banner covers the button",
    "the secret is to wait",
    "Two roads diverged in a yellow wood, and sorry I could not travel both and be one traveler, long I stood",
    "Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday",
    "one two three four five six seven eight nine ten eleven twelve",
    "I can not wait any more, this is the last time I call, you must help me today or I will tell the police that you have my money",
    "Please update the app and then try again",
    "bank, card, coin, cash, fee, time, network, address: all wrong",
    "iPhone 15 Pro Max, iOS 18.1, 5.23.1, WiFi",
    "I bought 1234567890 SHIB for 20 USD",
    "0x0000000000000000000000000000000000000000 is the burn address",
    "fee was 0.000021 ETH, gas limit 21000, nonce 41",
    "my email is tom.hardy77@example.com and the order is HB-20418877",
    "https://harborwallet.example/en/articles/seed-phrase-backup#steps",
];

pub fn sentences() -> Vec<Case> {
    SENTENCES
        .iter()
        .map(|text| Case::ordinary(text.chars().take(24).collect::<String>(), *text))
        .collect()
}
