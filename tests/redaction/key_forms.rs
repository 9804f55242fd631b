//! Keys by the words beside them, by the form of their chain, and in pieces; and what is spoken of as
//! a transaction.

use super::case::{Case, Dice};
use super::keys::{BASE58, hex};

const KEY: &[&str] = &["private-key-hex", "private-key"];
const BECH32: &str = "023456789acdefghjklmnpqrstuvwxyz";
const BASE64: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Sentences that speak of a key without "private key:" right before it.
const SPOKEN: &[&str] = &[
    "i sent {} (private key) to a guy on discord",
    "I accidentally sent {} which is my private key to the scammer",
    "someone got {} (my private key) in a chat",
    "把{}发给骗子了，是私钥",
    "我把 {} 发到群里了，这是我的私钥",
    "刚才转给客服 {}，那是私钥",
    "{} 我发给他了，其实是私钥",
    "the private key for it is\n\n{}\n\nplease recover",
    "this is the private key:\n\n{}",
    "私钥如下：\n\n{}\n\n请帮忙恢复",
    "const w = new ethers.Wallet(\"{}\", provider)",
    "new Wallet('{}')",
    "wallet.importKey({})",
    "web3.eth.accounts.privateKeyToAccount('{}')",
    "Wallet.fromPrivateKey(Buffer.from('{}', 'hex'))",
    "ETH_KEY = '{}'",
    "DEPLOYER_KEY={}",
    "export SIGNER_PRIVATE_KEY={}",
    "cast send --private-key {} 0x0f7d3cdbd8895b9f1a13ac4eb036d524488b2362",
    "prviate kay : {} pleas help",
    "privte key {} (12.4 eth)",
    "my pirvate key is {}",
    "privat key {} wont import",
    "private ky: {}",
    "secert key = {}",
    "my privaet keys {}",
    "priv. key: {}",
    "priv key - {}",
    "Here is my secret key, dont tell anyone {}",
    "MetaMask > Account details > Show private key shows {}",
    "密钥串：{}",
    "私鑰「{}」匯入不了",
    "我的私药是{}",
    "siyao: {}",
    "my key is {}",
    "key: {}",
    "{} <- private key",
    "{}\n^ private key",
    "I pasted {} in the private key field",
    "import {} fails: private key invalid",
    "{}这串是私钥吗",
    "{}, thats the private key",
    "{} (my key)",
    "the private key for address 0x0f7d3cdbd8895b9f1a13ac4eb036d524488b2362 is {}",
    "the secret key I sent you yesterday is {}",
    "private key of my swap account: {}",
    "地址 0x0f7d3cdbd8895b9f1a13ac4eb036d524488b2362 的私钥 {}",
    "我的地址是 0x0f7d3cdbd8895b9f1a13ac4eb036d524488b2362，私钥 {}，币没了",
    "spend key {}",
    "monero private spend key: {}",
    "private view key: {}",
    "tron wallet pk {}",
    "entropy: {}",
    "助记词的熵 {}",
    "clave privada: {}",
    "приватный ключ {}",
    "私钥第一行 {}",
    "我用这个私钥 {} 导入，显示余额为 0",
    "I copied my private key here {} and then got logged out",
    "客服让我把私钥发过去 {} 然后币就没了",
    "the scammer asked for my private key so I gave him {}",
    "he told me to type my private key and I typed {}",
    "我告诉了他私钥 {}",
    "|Private key|{}|",
    "| 私钥 | {} |",
    "Private Key（私钥）\n{}",
    "private_key:\"{}\"",
    "{\"privkey\":\"{}\"}",
    "<privateKey>{}</privateKey>",
    "account 2, private key = {}",
    "PK={}",
    "wallet 1 key: {}",
    "tangem backup key {}",
    "Public address: 0x0f7d3cdbd8895b9f1a13ac4eb036d524488b2362\nPrivate key: {}",
    "here you go {} thats my private key please check why it is empty",
    "the key from my old phone was {} but the app says invalid",
    "scammer has my key {} what now",
    "I wrote down {} as private key",
    "when I open \"show private key\" I see {}",
    "Backup from 2021: {} (this is the private key)",
    "private key (hex):\n{}",
    "priv key eth {}",
    "Private Key: {}\nPublic Key: 0x04ab",
    "Wallet address 0x0f7d3cdbd8895b9f1a13ac4eb036d524488b2362 private key {}",
    "Account 1\n0x0f7d3cdbd8895b9f1a13ac4eb036d524488b2362\nprivate key\n{}",
    "钱包私钥导出来是 {} 不知道对不对",
    "我的私钥被骗了，就是这个 {}",
    "骗子拿到了我的私钥 {}",
    "私钥给你：{}，帮我转一下",
    "這是我的私鑰 {} 請幫我看看",
    "密钥 {} 导入报错",
    "老钱包的密钥是{}",
    "秘钥：{}",
    "tron私钥{}",
    "私钥(TRX) {}",
    "私钥： “{}”",
    "导入私钥 {} 提示格式错误",
    "以太坊私鑰為 {}",
    "pls recover wallet, pvt key {}",
    "PRIVATE KEY {}",
    "prvt key: {}",
    "privatekey={}",
    "--privkey {}",
    "\"pk\": \"{}\"",
    "secret: {}",
    "SECRET_KEY=\"{}\"",
    "seed (hex) {}",
    "hex seed: {}",
    "Private spend key: {}",
    "spendkey {}",
    "secret spend key {}",
    "mnemonic entropy {}",
    "I gave support my private key {} and now they ask for a fee",
];

/// Sentences that speak of a transaction or of something else that is public.
const PUBLIC: &[&str] = &[
    "usdt {} not received",
    "btc {} unconfirmed",
    "{} has 3 confirmations",
    "查一下 {}，链上成功了",
    "can you check {} on tronscan",
    "{} 这笔没到账",
    "usdt trc20 {} success on tronscan",
    "对方说没收到 {}",
    "utxo {}:0",
    "{}:1 is dust",
    "rune etched in {}",
    "on-chain record {}",
    "near implicit account {}",
    "the hash of my transfer is {}",
    "{} is still unconfirmed after 6 hours",
    "I have not received {}",
    "{} never arrived",
    "{} 到账了吗",
    "{} 还没到账",
    "{} 一直没确认",
    "{} 卡住了",
    "这笔 {} 查不到",
    "转错了，{}",
    "the private key is fine, but tx {} is stuck",
    "I never shared my private key. Transaction: {}",
    "没有泄露过私钥，交易 {} 不是我做的",
    "my private key was stolen, theft tx {}",
    "gas too low for {}",
    "nonce 12 {} dropped",
    "etherscan shows {} as failed",
    "{} on etherscan says success",
    "blockchair {} 0 conf, pending",
    "mempool.space/tx/{}",
    "payment {} not credited",
    "refund {} from merchant",
    "sha256 {}  harbor-wallet.apk",
    "{}  harbor-wallet-5.2.apk: checksum ok",
    "commit {}",
    "merkle root {}",
    "public key {}",
    "pubkey: {}",
    "cache key {}",
    "contract address {}",
    "storage root {}",
    "the signature of the message, {}",
    "block {} orphaned",
    "{} 这个交易成功了，但是钱包没显示",
    "提现 {} 三天了",
    "充值的哈希 {}",
    "TRX 转账记录 {}",
    "binance says completed {} but wallet empty, deposit missing",
    "input data {}",
    "topic {}",
    "order id {}",
    "{} (tx)",
    "hash：{}，帮我看看",
    "file checksum: {}",
    "订单哈希 {}",
    "区块 {} 确认了吗",
    "coinbase sent it, {}",
    "I sent 1 ETH {}",
    "received {} from exchange, not in wallet",
    "Hello, I did a withdrawal from OKX three days ago. Hash below\n{}\nPlease help",
    "I bought ETH with MoonPay and it says completed {} but nothing in the wallet",
    "{} why is this still pending??",
    "please trace {}",
    "can you tell me the status of {}",
    "was this one refunded? {}",
    "transaction details\nFrom: 0x0f7d3cdbd8895b9f1a13ac4eb036d524488b2362\nHash: {}",
    "my friend sent me money {} and he says it is confirmed",
    "I never made this {} transaction, was my private key stolen?",
    "I exported my private key last week and yesterday this happened: tx {}",
    "after I imported the private key my tx {} disappeared",
    "{} this tx was signed with my private key on another phone",
    "我昨天从币安提了 USDT，{}，到现在没到账",
    "{}\n这个转账显示成功但是余额没变",
    "帮忙看下这个哈希 {} 是不是失败了",
    "TXID {}，对方说没收到",
    "我没有泄露私钥，但是有人转走了我的币 {}",
    "链上查到了 {}",
    "这是转账哈希：{}，手续费 0.5 TRX",
    "交易 {} 一直 pending，私钥是我自己保管的",
    "用私钥导入钱包后，这笔 {} 看不到了",
    "{} 区块高度 19283746",
    "swap 失败 {} gas 扣了",
    "跨链 {} 卡了两天",
    "浏览器里搜 {} 能看到",
    "order hash {}\nstatus filled",
    "NFT mint {} no token",
    "approve {}",
    "token id 12, tx {}",
    "my bridge transfer {} stuck on arbitrum",
    "speed up {}",
    "cancelled {} but still charged gas",
    "https://bscscan.com/tx/{}",
    "see bscscan {}",
    "nonce too low {}",
    "lost my coins in {} because wrong network",
    "Deposit to Kraken not credited, {}",
    "{} was mined in block 19283746",
    "proof of payment {}",
    "here is the transaction\n\n{}\n\nthanks",
    "交易哈希如下：\n\n{}\n\n谢谢",
    "the explorer link shows {} ok",
    "ledger live operation id {}",
    "safe tx hash {}",
    "message hash {}",
    "ipfs cid {}",
    "apk sha256 {}",
    "app hash {}",
    "user op {}",
    "BTC 交易 {} 未确认，手续费太低",
    "usdt-trc20 {} 已到账但不显示",
    "he sent the payment, this is the id {}",
];

/// Keys in hexadecimal digits that are spoken of: they go whole, with `0x` or without.
pub fn spoken(seed: u64) -> Vec<Case> {
    in_frames(seed, SPOKEN, |frame, key| {
        Case::framed(format!("spoken {frame:?}"), KEY, frame, key, false)
    })
}

/// Hashes that are spoken of: they stay.
pub fn public(seed: u64) -> Vec<Case> {
    in_frames(seed, PUBLIC, |frame, hash| {
        Case::ordinary(format!("public {frame:?}"), frame.replace("{}", hash))
    })
}

fn in_frames(seed: u64, frames: &[&str], case: impl Fn(&str, &str) -> Case) -> Vec<Case> {
    let mut dice = Dice::new(seed);
    let mut cases = Vec::new();
    for frame in frames {
        for form in 0..3 {
            let digits = hex(&dice.bytes(32));
            let value = match form {
                0 => digits,
                1 => format!("0x{digits}"),
                _ => digits.to_uppercase(),
            };
            cases.push(case(frame, &value));
        }
    }
    cases
}

fn list(bytes: &[u8], each: impl Fn((usize, &u8)) -> String, glue: &str) -> String {
    bytes.iter().enumerate().map(each).collect::<Vec<_>>().join(glue)
}

/// The eight numbers of an XRP account: five digits and one that checks them.
fn secret_numbers(dice: &mut Dice) -> Vec<String> {
    let number = |place: usize| {
        let value = dice.below(65_536);
        format!("{value:05}{}", value * (place * 2 + 1) % 9)
    };
    (0..8).map(number).collect()
}

/// Keys whose form or file says what they are, `{}` in a frame being the key.
pub fn forms(seed: u64) -> Vec<Case> {
    const ANY: &[&str] =
        &["private-key", "private-key-hex", "xprv", "bip38", "keystore", "wif", "api-token"];
    let mut dice = Dice::new(seed);
    let mut cases = Vec::new();
    let mut add = |frame: &str, key: &str| {
        cases.push(Case::framed(format!("form {frame:?}"), ANY, frame, key, true));
    };
    for _ in 0..3 {
        let d = &mut dice;
        let (key, half) = (hex(&d.bytes(32)), hex(&d.bytes(16)));
        add("aptos: {}", &format!("ed25519-priv-0x{key}"));
        add("entropy {} gives which words?", &half);
        add("助记词的熵：{}", &half);
        add(
            "{\"type\":\"PaymentSigningKeyShelley_ed25519\",\"cborHex\":\"{}\"}",
            &format!("5820{key}"),
        );
        add("payment.skey says cborHex: {}", &format!("5820{key}"));
        add("hedera {}", &format!("302e020100300506032b657004220420{key}"));
        add("lotus export {}", &format!("7b2254797065223a22736563703235366b31222c22{key}227d"));
        add("nostr+walletconnect://ab?relay=wss://relay.example&secret={}", &key);
        for front in ["addr_xsk1", "acct_xsk1", "root_xsk1", "acct_shared_xsk1"] {
            add("{} import fails", &format!("{front}{}", d.text(BECH32, 150)));
        }
        add("eos {}", &format!("PVT_K1_{}", d.text(BASE58, 49)));
        add("avax {}", &format!("PrivateKey-{}", d.text(BASE58, 49)));
        add("{} 导入失败", &format!("APrivateKey1{}", d.text(BASE58, 47)));
        add("zcash {}", &format!("secret-extended-key-main1{}", d.text(BECH32, 270)));
        add("{}", &format!("ncryptsec1{}", d.text(BECH32, 150)));
        add("{}", &format!("AGE-SECRET-KEY-1{}", d.text(BECH32, 58).to_uppercase()));
        add("tezos {}", &format!("spsk{}", d.text(BASE58, 50)));
        let mut extended = vec![0x01, 0x9D, 0x9C, 0xFE, 3];
        extended.extend(d.bytes(40));
        extended.push(0);
        extended.extend(d.bytes(32));
        add("ltc {}", &bs58::encode(extended).with_check().into_string());
        let numbers = secret_numbers(d);
        add("xaman {}", &numbers.join(" "));
        add("{}", &numbers.join("\n"));
        let rows: Vec<String> =
            "BCDEFGH".chars().zip(&numbers[1..]).map(|(l, n)| format!("{l}: {n}")).collect();
        add("A: {}", &format!("{}\n{}", numbers[0], rows.join("\n")));
        let base64 = format!("A{}", d.text(BASE64, 43));
        add("sui keytool: {} private key with scheme", &base64);
        add("私钥（base64）：{}", &format!("{}=", d.text(BASE64, 43)));
        add("decimal private key {}", &format!("9{}", d.text("0123456789", 76)));
        let bytes = d.bytes(64);
        add("[{}]", &list(&bytes, |(_, b)| format!("0x{b:02x}"), ", "));
        add("{{}}", &list(&bytes, |(at, b)| format!("\"{at}\":{b}"), ","));
        add("Uint8Array { {} }", &list(&bytes, |(at, b)| format!("{at}: {b}"), ", "));
        add("[ {}, ]", &list(&bytes, |(_, b)| b.to_string(), ",\n  "));
        add("privkey [{}]", &list(&bytes[..32], |(_, b)| format!("0x{b:02x}"), ", "));
        add(
            "let private_key: [u8; 32] = [{}];",
            &list(&bytes[..32], |(_, b)| format!("0x{b:02x}"), ", "),
        );
        let encoded = d.text(BASE64, 268);
        let encoding = "\"encoding\":{\"type\":[\"scrypt\",\"xsalsa20-poly1305\"]}";
        add("polkadot {}", &format!("{{\"encoded\":\"{encoded}\",{encoding},\"address\":\"\"}}"));
        let lines: Vec<String> = (0..4).map(|_| d.text(BASE64, 64)).collect();
        add(
            "PuTTY-User-Key-File-3: ssh-ed25519\nPrivate-Lines: 4\n{}\nPrivate-MAC: 0a1b",
            &lines.join("\n"),
        );
    }
    cases
}

/// Keys in pieces, `{}` being each piece.
const PIECES: &[&str] = &[
    "私钥第一行 {}\n第二行 {}",
    "private key part 1: {} part 2: {}",
    "private key first half {} second half {}",
    "私钥前半 {} 后半 {}",
    "私钥分两段：{} 和 {}",
    "my private key in two parts: {} and then {}",
    "私鑰前32位：{}\n後32位：{}",
    "the first half of my private key is {}, the rest is {}",
    "secret key line 1 {} line 2 {}",
    "private key in 4 parts: 1) {} 2) {} 3) {} 4) {}",
    "私钥分四段 第一段{} 第二段{} 第三段{} 第四段{}",
];

pub fn in_pieces(seed: u64) -> Vec<Case> {
    let mut dice = Dice::new(seed);
    let case = |frame: &&str| {
        let count = frame.matches("{}").count();
        let pieces: Vec<String> = (0..count).map(|_| hex(&dice.bytes(32 / count))).collect();
        Case::pieces(format!("pieces {frame:?}"), KEY, frame, &pieces)
    };
    PIECES.iter().map(case).collect()
}

/// Public things with forms like those of keys.
pub fn stay(seed: u64) -> Vec<Case> {
    let mut dice = Dice::new(seed);
    let mut cases = Vec::new();
    for _ in 0..3 {
        let d = &mut dice;
        let (hash, half) = (hex(&d.bytes(32)), hex(&d.bytes(16)));
        let bytes = d.bytes(32);
        let near = bs58::encode(&bytes).into_string();
        let texts = [
            format!("addr_vk1{}", d.text(BECH32, 58)),
            format!("acct_xvk1{}", d.text(BECH32, 110)),
            format!("npub1{}", d.text(BECH32, 58)),
            format!("age1{}", d.text(BECH32, 58)),
            format!("PUB_K1_{}", d.text(BASE58, 50)),
            format!("SIG_K1_{}", d.text(BASE58, 94)),
            format!("edpk{}", d.text(BASE58, 50)),
            format!("{{\"type\":\"PaymentVerificationKey\",\"cborHex\":\"5820{hash}\"}}"),
            format!("302a300506032b6570032100{hash}"),
            format!("public key ed25519:{near}"),
            format!("signature {hash}{hash}"),
            format!("导入私钥后 {near} 余额为零"),
            format!("I imported my private key and now {near} has no balance"),
            format!("{near} is my wallet, the private key is safe"),
            format!("私钥对应的地址是 {near}"),
            format!("stake key {near}"),
            format!("0x{hash}{hash}1b"),
            format!("calldata 0xa9059cbb{hash}{hash}"),
            format!("sha256: {}=", d.text(BASE64, 43)),
            format!("[{}]", list(&bytes, |(_, b)| b.to_string(), ",")),
            format!("signature bytes [{}]", list(&d.bytes(64), |(_, b)| b.to_string(), ", ")),
            "codes 123456 234567 345678 456789 567890 678901 789012 890123".to_owned(),
            format!("allowance 1157{}", d.text("0123456789", 74)),
            format!("md5 first {half} second {half}"),
            format!("hash part 1 {half} part 2 {half}"),
            format!("aptos wallet 0x{hash} shows zero, I still have the private key"),
            format!("我的 sui 钱包 0x{hash} 里没有币"),
            format!("coin type 0x{hash}::usdc::USDC"),
        ];
        cases.extend(
            texts
                .into_iter()
                .map(|text| Case::ordinary(text.chars().take(16).collect::<String>(), text)),
        );
    }
    cases
}
