//! A file that somebody else wrote, with single properties replaced and every other line as it was.

/// One property of a file with the lines that it takes, or a component inside with all of its own.
#[derive(Debug)]
struct Piece<'b> {
    group: String,
    /// The name, upper case; of a component that of the component.
    name: String,
    bytes: &'b [u8],
    /// Whether it is the component that is patched or something inside of it; else it is left alone.
    is_inside: bool,
    /// The end of the component that is patched.
    is_end: bool,
}

/// Which properties a patch replaces.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patch<'p> {
    /// The component that is patched, upper case: the first of its kind.
    pub(crate) component: &'p str,
    /// Properties of which all go, and those that take their place.
    pub(crate) all: &'p [&'p str],
    /// Properties of which the first goes.
    pub(crate) first: &'p [&'p str],
}

/// The file `old`, in which the properties of `patch` are those of the file `new`.
pub(crate) fn patch(old: &[u8], new: &[u8], patch: Patch<'_>) -> Vec<u8> {
    let fresh: Vec<Piece<'_>> = pieces(new, patch.component)
        .into_iter()
        .filter(|piece| piece.is_inside && !piece.is_end)
        .collect();
    let replaced = |piece: &Piece<'_>| patch.takes(&piece.name);
    let groups: Vec<&str> = fresh
        .iter()
        .filter(|piece| replaced(piece))
        .map(|piece| piece.group.as_str())
        .collect();
    let mut gone: Vec<&str> = Vec::new();
    let old = pieces(old, patch.component);
    let mut kept = Vec::new();
    let mut groups_gone: Vec<&str> = Vec::new();
    for piece in &old {
        let is_single = patch.first.contains(&piece.name.as_str());
        let goes = piece.is_inside
            && !piece.is_end
            && (patch.all.iter().any(|name| is_named(&piece.name, name))
                || (is_single && !gone.contains(&piece.name.as_str())));
        if goes {
            gone.push(&piece.name);
            if !piece.group.is_empty() {
                groups_gone.push(&piece.group);
            }
        } else {
            kept.push(piece);
        }
    }
    let still = |group: &str| {
        kept.iter()
            .any(|piece| piece.group == group && !piece.name.starts_with("X-AB"))
    };
    let mut text = Vec::new();
    for piece in &kept {
        let is_label = piece.name.starts_with("X-AB") && groups_gone.contains(&piece.group.as_str());
        if is_label && !still(&piece.group) {
            continue;
        }
        if piece.is_end {
            for new in &fresh {
                let is_label = new.name == "X-ABLABEL" && groups.contains(&new.group.as_str());
                if replaced(new) || is_label {
                    push_renamed(&mut text, new);
                }
            }
        }
        push_line(&mut text, piece.bytes);
    }
    text
}

impl Patch<'_> {
    fn takes(&self, name: &str) -> bool {
        self.all.iter().any(|known| is_named(name, known)) || self.first.contains(&name)
    }
}

/// True for the name itself, and for one that begins so if it ends with a star.
fn is_named(name: &str, pattern: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(prefix) => name.starts_with(prefix),
        None => name == pattern,
    }
}

/// True if the names of properties of the first component are such that a patch can be trusted: there is one such
/// component only.
pub(crate) fn is_single(bytes: &[u8], components: &[&str]) -> bool {
    let begins = lines(bytes).into_iter().filter(|line| {
        let line = line.trim_ascii();
        let name = line.get(6..).unwrap_or_default();
        line.get(..6)
            .is_some_and(|head| head.eq_ignore_ascii_case(b"BEGIN:"))
            && components
                .iter()
                .any(|known| name.eq_ignore_ascii_case(known.as_bytes()))
    });
    begins.count() == 1
}

/// Groups of ours have names of their own, so that they do not meet those of the file.
fn push_renamed(text: &mut Vec<u8>, piece: &Piece<'_>) {
    match piece.group.strip_prefix("item") {
        Some(number) => {
            text.extend_from_slice(format!("crm{number}").as_bytes());
            push_line(text, piece.bytes.get(piece.group.len()..).unwrap_or_default());
        }
        None => push_line(text, piece.bytes),
    }
}

fn push_line(text: &mut Vec<u8>, bytes: &[u8]) {
    text.extend_from_slice(bytes);
    if !bytes.ends_with(b"\n") {
        text.extend_from_slice(b"\r\n");
    }
}

/// Lines with their ends.
fn lines(bytes: &[u8]) -> Vec<&[u8]> {
    bytes.split_inclusive(|byte| *byte == b'\n').collect()
}

fn pieces<'b>(bytes: &'b [u8], component: &str) -> Vec<Piece<'b>> {
    let mut pieces: Vec<Piece<'b>> = Vec::new();
    let mut depth = 0_usize;
    // 0 before the component, 1 in it, 2 after it.
    let mut stage = 0;
    let mut from = 0;
    let mut is_quoted = false;
    for line in lines(bytes) {
        let until = from + line.len();
        let is_more = matches!(line.first(), Some(b' ' | b'\t')) || is_quoted || depth > 0;
        let (group, name, value) = head(line);
        is_quoted = (is_quoted || has_quoted_printable(line)) && line.trim_ascii_end().ends_with(b"=");
        let opens = name == "BEGIN";
        let closes = name == "END";
        if is_more && let Some(last) = pieces.last_mut() {
            let start = until - line.len() - last.bytes.len();
            last.bytes = bytes.get(start..until).unwrap_or_default();
            if depth > 0 && opens {
                depth += 1;
            } else if depth > 0 && closes {
                depth -= 1;
            }
            from = until;
            continue;
        }
        let is_own = value.eq_ignore_ascii_case(component);
        let mut piece = Piece {
            group,
            name,
            bytes: line,
            is_inside: stage == 1,
            is_end: false,
        };
        match (stage, opens, closes) {
            (0, true, _) if is_own => stage = 1,
            (1, true, _) => {
                piece.name = value.to_uppercase();
                depth = 1;
            }
            (1, _, true) => {
                piece.is_end = true;
                stage = 2;
            }
            _ => {}
        }
        pieces.push(piece);
        from = until;
    }
    pieces
}

/// Group, name and value of a line that begins a property; the name is empty for one that does not.
fn head(line: &[u8]) -> (String, String, String) {
    let text = String::from_utf8_lossy(line);
    let text = text.trim_start_matches('\u{feff}');
    let end = text.find([';', ':']).unwrap_or(text.len());
    let name = text.get(..end).unwrap_or_default().trim();
    let value = text.split_once(':').map_or("", |(_, value)| value).trim();
    let (group, name) = match name.rsplit_once('.') {
        Some((group, name)) => (group, name),
        None => ("", name),
    };
    (group.to_lowercase(), name.to_uppercase(), value.to_owned())
}

fn has_quoted_printable(line: &[u8]) -> bool {
    let head = line.split(|byte| *byte == b':').next().unwrap_or_default();
    String::from_utf8_lossy(head)
        .to_uppercase()
        .contains("QUOTED-PRINTABLE")
}
