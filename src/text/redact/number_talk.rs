//! Number talk: numbers that are counts, amounts, dates or somebody's reference, not secrets.
//!
//! In: the view and the range of a number. Out: whether the words right before or behind it say what
//! else it is. Knows no secret.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::context::{after, before};
use super::view::View;

/// Bytes beside a number in which a word names it.
const NEAR_BYTES: usize = 48;

/// What is counted, if it stands right behind a number.
static UNIT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:\s?-?\s?(?:digits?|characters?|chars?|letters?|numbers?|times?|attempts?|tries|minutes?|mins?|hours?|hrs?|h(?-u:\b)|s(?-u:\b)|seconds?|secs?|days?|weeks?|months?|years?|or more|usd|eur|eth|btc|%)|\s?(?:位|次|分|秒|小时|天|个|年|月|日|号|元|块|遍|条|字|u(?-u:\b)|刀|折|点|位数))").ok()
});

/// Further things that are counted or named by a number before them.
static AMOUNT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^\s?(?:[km](?-u:\b)|usd[tc]?|dai|sol|bnb|trx|doge|xrp|sats?(?-u:\b)|satoshis?|gwei|wei|tokens?|coins?|iterations?|rounds?|words?|steps?|users?|people|dollars?|bucks|euros?|pounds?|yuan|rmb|cny|won(?-u:\b)|yen|baht|rupees?|blocks?|confirmations?|points?|meters?|km(?-u:\b)|kb|mb|gb|am(?-u:\b)|pm(?-u:\b)|人|万|千|百|亿|枚|美|欧|韩元|日元|港|币|聪|积分|名|版|楼|室|error|[:/.,-][0-9])").ok()
});

/// What a number is called, right before it.
static CALLED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x)(?:
            (?-u:\b)(?:err(?:or)?|errno|status|http|response|exit|version|ver|v|build|ios|android|windows|chrome|order|ticket|case|ref(?:erence)?|invoice|receipt|tracking|room|block|height|nonce|page|step|word|line|row|item|chapter|section|port|chain|network|gas|limit|memo|tag|uid|id|user|member|customer|account|zip|postcode|postal|area|branch|card|visa|mastercard|amex|ending|ends|ended|last|first|digits|phone|mobile|tel|cell|whatsapp|call(?:ed)?|text(?:ed)?\sfrom|number|no|nr|amount|balance|total|sum|paid|pay|price|cost|fee|bought|sold|spent|lost|deposit(?:ed)?|withdrew|withdraw|transfer(?:red)?|about|around|over|under|nearly|almost|than|after|before|since|until|till|by|at|on|during|year|referral|promo|coupon|invite|invitation|voucher|gift|discount|chapter|extension|ext|merchant|sort|swift|agent|employee|badge|pid|line)
            (?:\s(?:code|number|no|id|nr|with|in|of|is|was|four|six|4|6))?\s?[.:\#=]?\s?\(?
          | [$€£¥\#+-]\s?
          | (?:订单|工单|单|编|账|帐|卡|流水|凭证|会员|客户|工|房间|手机|电话|尾|区|批|序列|合同|快递|案件|受理|号码|股票|基金|项目|门牌|车牌|群|qq|群号|楼|区块|高度|报错|错误|错误码|错误代码|错误代|代码|状态码|版本|版|金额|余额|共|合计|一共|总共|大约|大概有|约|备注|标签|邮编|区号|邮政|推荐码|邀请码|优惠码|兑换码|邀请|推荐|优惠|商户|机构|买了|卖了|充了|充值|转了|花了|付了|提了|提现|转账|转出|转入|收款|支付|到账|手续费|价格|于|调到|升到|第|近|超过|不到|差)(?:号码?|码|id|为|是|的是)?\s?[:\#]?\s?[¥$￥]?
          )$",
    )
    .ok()
});

/// Returns true if and only if a count's unit stands at `at`.
pub(super) fn is_counted(view: &View, at: usize) -> bool {
    UNIT.as_ref().is_some_and(|unit| unit.is_match(after(view.keys(), at, NEAR_BYTES)))
}

/// Returns true if and only if the words beside a number say that it is no code of a person's own.
pub(super) fn is_other_number(view: &View, range: &Range<usize>) -> bool {
    let front = before(view.keys(), range.start, NEAR_BYTES);
    let amount =
        AMOUNT.as_ref().is_none_or(|a| a.is_match(after(view.keys(), range.end, NEAR_BYTES)));
    amount || is_counted(view, range.end) || CALLED.as_ref().is_none_or(|c| c.is_match(front))
}

/// A year of our time, which nobody takes for a code.
pub(super) fn is_year(text: &str) -> bool {
    text.len() == 4 && (text.starts_with("19") || text.starts_with("20"))
}
