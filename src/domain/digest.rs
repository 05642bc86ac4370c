//! A mark that stands for bytes: 128 bits, the same on every machine (FNV-1a). It tells that something changed, and keeps
//! nobody from changing it on purpose.

/// The mark of `bytes`, as 32 hexadecimal digits.
pub fn mark(bytes: &[u8]) -> String {
    const BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    let mut hash = BASIS;
    for byte in bytes {
        hash = (hash ^ u128::from(*byte)).wrapping_mul(PRIME);
    }
    format!("{hash:032x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_those_of_the_algorithm() {
        assert_eq!(mark(b""), "6c62272e07bb014262b821756295c58d");
        assert_eq!(mark(b"foobar"), "343e1662793c64bf6f0d3597ba446f18");
        assert_ne!(mark("张伟".as_bytes()), mark("张薇".as_bytes()));
    }
}
