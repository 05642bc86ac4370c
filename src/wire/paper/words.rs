//! What a printed document says by itself, in its languages.

use jiff::civil::Date;

use crate::domain::money::Money;
use crate::domain::paper::{Kind, Language, Paper};

/// A phrase in both languages.
pub(super) type Phrase = (&'static str, &'static str);

pub(super) const FROM: Phrase = ("Seller", "卖方");
pub(super) const FOR: Phrase = ("Customer", "客户");
pub(super) const CONTACT: Phrase = ("Contact", "联系人");
pub(super) const TAX_ID: Phrase = ("Tax ID", "税号");
pub(super) const DATE: Phrase = ("Date", "日期");
pub(super) const DUE: Phrase = ("To be paid by", "付款期限");
pub(super) const PROMISED: Phrase = ("Delivery by", "交货日期");
pub(super) const VALID: Phrase = ("Valid until", "有效期至");
pub(super) const POSITION: Phrase = ("No.", "序号");
pub(super) const ITEM: Phrase = ("Description", "项目");
pub(super) const QUANTITY: Phrase = ("Quantity", "数量");
pub(super) const PRICE: Phrase = ("Unit price", "单价");
pub(super) const DISCOUNT: Phrase = ("Discount", "折扣");
pub(super) const TAX: Phrase = ("Tax", "税");
pub(super) const TAX_INCLUDED: Phrase = ("Tax included", "含税");
pub(super) const AMOUNT: Phrase = ("Amount", "金额");
pub(super) const SUBTOTAL: Phrase = ("Subtotal", "小计");
pub(super) const SHIPPING: Phrase = ("Shipping", "运费");
pub(super) const TOTAL: Phrase = ("Total", "合计");
pub(super) const PLAN: Phrase = ("Payment plan", "付款计划");
pub(super) const PAYMENTS: Phrase = ("Payments", "付款记录");
pub(super) const PAID: Phrase = ("Paid", "已付");
pub(super) const BALANCE: Phrase = ("Balance due", "待付余额");
pub(super) const REFUND: Phrase = ("Refund", "退款");
pub(super) const METHOD: Phrase = ("Method", "方式");
pub(super) const REFERENCE: Phrase = ("Reference", "参考号");
pub(super) const ACCOUNT: Phrase = ("Payment to", "收款账户");
pub(super) const TERMS: Phrase = ("Terms", "条款");
const ORDER: Phrase = ("Order", "订单");
const QUOTE: Phrase = ("Quote", "报价单");
const DRAFT: Phrase = ("Draft", "草稿");
const VOID: Phrase = ("Void", "作废");

/// How money comes.
const METHODS: &[(&str, Phrase)] = &[
    ("bank_transfer", ("Bank transfer", "银行转账")),
    ("cash", ("Cash", "现金")),
    ("cheque", ("Cheque", "支票")),
    ("alipay", ("Alipay", "支付宝")),
    ("wechat_pay", ("WeChat Pay", "微信支付")),
    ("card", ("Card", "银行卡")),
    ("post", ("Post", "邮局汇款")),
    ("other", ("Other", "其他")),
];

/// A phrase in one language.
pub(super) fn say((english, chinese): Phrase, language: Language) -> &'static str {
    match language {
        Language::English => english,
        Language::Chinese => chinese,
    }
}

/// What the document is, with its number: `Order O12`.
pub(super) fn heading(paper: &Paper) -> String {
    let kind = match paper.kind {
        Kind::Order => ORDER,
        Kind::Quote => QUOTE,
    };
    format!("{} {}", say(kind, paper.language), paper.number)
}

/// What must not be overlooked; none where the document holds.
pub(super) fn mark(paper: &Paper) -> Option<&'static str> {
    let mark = match (paper.is_void, paper.is_draft) {
        (true, _) => VOID,
        (false, true) => DRAFT,
        (false, false) => return None,
    };
    Some(say(mark, paper.language))
}

/// How money came.
pub(super) fn method(word: &str, language: Language) -> String {
    let known = METHODS.iter().find(|(known, _)| *known == word);
    known.map_or_else(
        || word.replace('_', " "),
        |(_, phrase)| say(*phrase, language).to_owned(),
    )
}

/// A day as people of the language write it.
pub(super) fn day(day: Date, language: Language) -> String {
    match language {
        Language::English => day.strftime("%-d %B %Y").to_string(),
        Language::Chinese => day.strftime("%Y年%-m月%-d日").to_string(),
    }
}

/// An amount with its currency, thousands apart: `12,345.60 EUR`.
pub(super) fn amount(money: Money) -> String {
    let decimal = money.decimal();
    let (sign, rest) = match decimal.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", decimal.as_str()),
    };
    let (whole, part) = match rest.split_once('.') {
        Some((whole, part)) => (whole, format!(".{part}")),
        None => (rest, String::new()),
    };
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{sign}{grouped}{part} {}", money.currency.code())
}
