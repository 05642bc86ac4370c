//! Sizes of the terminal.

use crate::dashboard::{base, shown, started};
use crate::pty::Terminal;

#[test]
fn row_08_a_storm_of_sizes_ends_in_a_fresh_frame() {
    let env = base();
    let mut terminal = started(&env);
    // Any numbers will do that come in no order.
    let mut state: u32 = 20_261_121;
    let mut next = |most: u32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        u16::try_from(1 + (state >> 16) % most).expect("a small number")
    };
    for _ in 0..200 {
        terminal.resize((next(200), next(500)));
    }
    for size in [(1, 1), (40, 120), (20, 40), (24, 80)] {
        terminal.resize(size);
        terminal.settled();
        let fresh = Terminal::dashboard(&env, size, &[]);
        assert_eq!(shown(&terminal), shown(&fresh), "{size:?}");
    }
    terminal.input("q", 1);
    assert_eq!(terminal.end(), 0);
}
