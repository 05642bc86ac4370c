//! Small horizontal bars, one line high.

/// What a bar is drawn with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Symbols {
    /// Blocks in steps of an eighth of a cell.
    Unicode,
    /// Braille dots in steps of half a cell.
    Braille,
    /// `#`, for terminals and fonts without blocks.
    Ascii,
}

/// One to seven eighths of a cell.
const EIGHTHS: [&str; 7] = ["▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/// A bar of at most `cells` cells for `value` on a scale from 0 to `max`, without blanks after it.
///
/// Anything above zero shows at least the smallest step; negative values and an empty scale show nothing.
pub(crate) fn bar(value: i64, max: i64, cells: u16, symbols: Symbols) -> String {
    if value <= 0 || max <= 0 {
        return String::new();
    }
    let steps_per_cell: i128 = match symbols {
        Symbols::Unicode => 8,
        Symbols::Braille => 2,
        Symbols::Ascii => 1,
    };
    let most = i128::from(cells) * steps_per_cell;
    let (value, max) = (i128::from(value.min(max)), i128::from(max));
    let steps = ((value * most + max / 2) / max).clamp(1.min(most), most);
    let whole = usize::try_from(steps / steps_per_cell).unwrap_or(0);
    let (block, parts): (&str, &[&str]) = match symbols {
        Symbols::Unicode => ("█", &EIGHTHS),
        Symbols::Braille => ("⣿", &["⡇"]),
        Symbols::Ascii => ("#", &[]),
    };
    let part = usize::try_from(steps % steps_per_cell).unwrap_or(0);
    let rest = part.checked_sub(1).and_then(|at| parts.get(at));
    format!("{}{}", block.repeat(whole), rest.copied().unwrap_or(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_proportional() {
        for (value, max, cells, blocks, ascii) in [
            (10, 10, 4, "████", "####"),
            (5, 10, 4, "██", "##"),
            (1, 16, 4, "▎", "#"),
            (1, 1_000_000, 4, "▏", "#"),
            (20, 10, 3, "███", "###"),
            (0, 10, 4, "", ""),
            (-5, 10, 4, "", ""),
            (5, 0, 4, "", ""),
            (5, 10, 0, "", ""),
            (i64::MAX, i64::MAX, 2, "██", "##"),
        ] {
            assert_eq!(
                bar(value, max, cells, Symbols::Unicode),
                blocks,
                "{value} of {max}"
            );
            assert_eq!(bar(value, max, cells, Symbols::Ascii), ascii, "{value} of {max}");
        }
        assert_eq!(bar(5, 8, 4, Symbols::Braille), "⣿⣿⡇");
        assert_eq!(bar(1, 1_000, 4, Symbols::Braille), "⡇");
    }
}
