//! What somebody wrote, without what they quote and sign with.

/// Lines that open a copy of an older message, in the words of several programs; lower case, without dashes around them.
const ORIGINALS: &[&str] = &[
    "original message",
    "original-nachricht",
    "ursprüngliche nachricht",
    "message d'origine",
    "message d’origine",
    "mensaje original",
    "messaggio originale",
    "mensagem original",
    "oorspronkelijk bericht",
    "исходное сообщение",
    "原始邮件",
    "原邮件",
    "原始郵件",
    "原始信件",
    "回复的原邮件",
    "元のメッセージ",
];

/// How a line ends that says who wrote what follows.
const WROTE: &[&str] = &[
    "wrote:",
    "wrote：",
    "写道：",
    "写道:",
    "寫道：",
    "寫道:",
    "schrieb:",
    "a écrit :",
    "a écrit:",
    "escribió:",
    "ha scritto:",
    "escreveu:",
    "schreef:",
    "skrev:",
    "пишет:",
    "написал:",
    "написал(а):",
    "のメール:",
];

/// The first words of a block of headers that is copied into a reply.
const FROM: &[&str] = &[
    "from:",
    "von:",
    "de :",
    "de:",
    "da:",
    "van:",
    "от:",
    "发件人:",
    "发件人：",
    "寄件者:",
    "寄件者：",
    "寄件人:",
    "寄件人：",
    "差出人:",
];

/// What else such a block has.
const BESIDE: &[&str] = &[
    "sent:",
    "date:",
    "to:",
    "cc:",
    "subject:",
    "gesendet:",
    "datum:",
    "an:",
    "betreff:",
    "envoyé :",
    "envoyé:",
    "date :",
    "à :",
    "à:",
    "objet :",
    "objet:",
    "enviado:",
    "enviado el:",
    "para:",
    "asunto:",
    "inviato:",
    "a:",
    "oggetto:",
    "verzonden:",
    "aan:",
    "onderwerp:",
    "дата:",
    "кому:",
    "тема:",
    "收件人:",
    "收件人：",
    "发送时间:",
    "发送时间：",
    "发送日期:",
    "发送日期：",
    "日期:",
    "日期：",
    "主题:",
    "主题：",
    "抄送:",
    "抄送：",
    "收件者:",
    "收件者：",
    "寄件日期:",
    "寄件日期：",
    "主旨:",
    "主旨：",
    "宛先:",
    "件名:",
    "送信日時:",
];

/// How the last line of a text begins that a telephone wrote.
const SENT_FROM: &[&str] = &[
    "sent from my ",
    "sent from mail for windows",
    "get outlook for ",
    "von meinem ",
    "gesendet von ",
    "envoyé de mon ",
    "发自我的",
    "發自我的",
    "从我的",
    "iphoneから送信",
];

/// The text without quoted replies and signatures; all of it if nothing else would be left.
pub(super) fn cut(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let mut kept: Vec<&str> = Vec::new();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let rest = lines.get(at..).unwrap_or_default();
        if is_original(line) || is_copied_headers(rest) {
            // A rule above it belongs to it.
            while kept.last().is_some_and(|last| is_rule(last)) {
                kept.pop();
            }
            break;
        }
        if is_signature(line, rest) {
            break;
        }
        if line.trim_start().starts_with('>') {
            at += 1;
            continue;
        }
        if let Some(length) = attribution(rest) {
            let after = rest.get(length..).unwrap_or_default();
            let next = after.iter().find(|line| !line.trim().is_empty());
            if !next.is_some_and(|next| next.trim_start().starts_with('>')) {
                // What follows is quoted without marks.
                break;
            }
            at += length;
            continue;
        }
        kept.push(line);
        at += 1;
    }
    while kept
        .last()
        .is_some_and(|last| last.trim().is_empty() || is_sent_from(last))
    {
        kept.pop();
    }
    let own = kept.join("\n").trim().to_owned();
    if own.is_empty() {
        text.trim().to_owned()
    } else {
        own
    }
}

fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.is_empty()
        || line.chars().count() >= 5 && line.chars().all(|letter| matches!(letter, '_' | '-' | '=' | '—'))
}

fn is_original(line: &str) -> bool {
    let line = line.trim();
    let words =
        line.trim_matches(|letter: char| matches!(letter, '-' | '—' | '=' | '_' | ' ' | ':' | '：' | '|'));
    words.len() + 4 <= line.len() && ORIGINALS.contains(&words.to_lowercase().as_str())
}

/// Headers of another message, as they are copied above its text.
fn is_copied_headers(lines: &[&str]) -> bool {
    let starts = |line: &str, words: &[&str]| {
        let line = line.trim().trim_start_matches('*').to_lowercase();
        words
            .iter()
            .any(|word| line.strip_prefix("**").unwrap_or(&line).starts_with(word))
    };
    let mut block = lines.iter().filter(|line| !line.trim().is_empty()).take(6);
    let Some(first) = block.next() else {
        return false;
    };
    first.len() < 400 && starts(first, FROM) && block.filter(|line| starts(line, BESIDE)).count() >= 2
}

/// How many lines say who wrote what follows; none if they do not. Programs break such a line where it gets long.
fn attribution(lines: &[&str]) -> Option<usize> {
    let first = lines.first()?.trim();
    if first.is_empty() || first.starts_with('>') {
        return None;
    }
    let mut whole = String::new();
    for (count, line) in (1..=3).zip(lines) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('>') {
            return None;
        }
        whole.push_str(line);
        whole.push(' ');
        if whole.len() > 600 {
            return None;
        }
        if WROTE.iter().any(|word| line.to_lowercase().ends_with(word)) {
            let is_dated = whole.chars().any(|letter| letter.is_ascii_digit()) || whole.contains('@');
            return is_dated.then_some(count);
        }
    }
    None
}

/// The line behind which a signature stands. Without its blank it is one only near the end.
fn is_signature(line: &str, rest: &[&str]) -> bool {
    let line = line.trim_end_matches('\r');
    line == "-- " || line == "--" && rest.len() <= 12
}

fn is_sent_from(line: &str) -> bool {
    let line = line.trim().to_lowercase();
    line.chars().count() < 80 && SENT_FROM.iter().any(|words| line.starts_with(words))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_new_stays() {
        let cases = [
            (
                "Yes.\n\nOn Mon, 5 Jan 2026 at 10:00, Ann Lee <ann@firm.example> wrote:\n> Shall we?\n> A.\n",
                "Yes.",
            ),
            (
                "Yes.\n\nOn Mon, 5 Jan 2026 at 10:00, Ann Lee\n<ann@firm.example> wrote:\n\nShall we?\n",
                "Yes.",
            ),
            ("One.\n> a?\nTwo.\n> b?\nThree.", "One.\nTwo.\nThree."),
            (
                "On Mon, 5 Jan 2026, Ann wrote:\n> Shall we?\n\nYes, at ten.",
                "Yes, at ten.",
            ),
            (
                "Fine.\n\n-----Original Message-----\nFrom: Ann\nTo: Bo\n\nOld",
                "Fine.",
            ),
            (
                "Fine.\n\n________________________________\nFrom: Ann <ann@firm.example>\nSent: Monday\nTo: Bo\nSubject: x\n\nOld",
                "Fine.",
            ),
            (
                "Gut.\n\nVon: Ann\nGesendet: Montag\nAn: Bo\nBetreff: x\n\nAlt",
                "Gut.",
            ),
            (
                "Gut.\n\nAm 05.01.2026 um 10:00 schrieb Ann:\n> Alt",
                "Gut.\n\nAm 05.01.2026 um 10:00 schrieb Ann:",
            ),
            (
                "Gut.\n\nAm 05.01.26 um 10:00 Uhr hat Ann geschrieben und\nBo schrieb:\n> Alt",
                "Gut.",
            ),
            (
                "好的。\n\n在 2026年1月5日，李娜 <lina@firm.example> 写道：\n> 可以吗？",
                "好的。",
            ),
            (
                "好的。\n\n------------------ 原始邮件 ------------------\n发件人: \"李娜\"\n\n旧",
                "好的。",
            ),
            (
                "好的。\n\n发件人：李娜\n发送时间：2026年1月5日\n收件人：王伟\n主题：报价\n\n旧",
                "好的。",
            ),
            ("Hello\n\n-- \nAnn Lee\nFirm", "Hello"),
            ("Hello\n\nSent from my iPhone", "Hello"),
            ("价格可以。\n\n发自我的iPhone", "价格可以。"),
            ("From: the start\nit is a text", "From: the start\nit is a text"),
            ("> only\n> quoted", "> only\n> quoted"),
            ("He wrote:\nfine", "He wrote:\nfine"),
        ];
        for (text, expected) in cases {
            assert_eq!(cut(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn nothing_is_added(text in "(?s)[a-z>:写道：\\-\n ]{0,200}") {
            let own = cut(&text);
            prop_assert!(own.len() <= text.len());
            for line in own.lines() {
                prop_assert!(text.contains(line.trim()));
            }
        }
    }
}
