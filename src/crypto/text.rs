//! Secrets as people read and type them: Crockford's base32.
//!
//! 32 digits without I, L, O and U, so that none is mistaken for another. Reading is forgiving: small letters
//! count, and I and L are taken for 1, O for 0 (<https://www.crockford.com/base32.html>).

use std::sync::LazyLock;

use data_encoding::{Encoding, Specification};
use zeroize::Zeroizing;

use super::bytes::SecretBytes;

/// The text is not such a secret. It is not said what is wrong with it: the text may be nearly right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a {0}")]
pub struct ParseError(pub(super) &'static str);

static CROCKFORD: LazyLock<Encoding> = LazyLock::new(|| {
    let mut specification = Specification::new();
    specification.symbols.push_str("0123456789ABCDEFGHJKMNPQRSTVWXYZ");
    specification.translate.from.push_str("abcdefghjkmnpqrstvwxyzIiLlOo");
    specification.translate.to.push_str("ABCDEFGHJKMNPQRSTVWXYZ111100");
    specification.encoding().expect("Crockford's alphabet has 32 different symbols")
});

pub fn encode(bytes: &[u8]) -> Zeroizing<String> {
    Zeroizing::new(CROCKFORD.encode(bytes))
}

/// The bytes that this text writes, if it writes exactly `N`; bits that do not belong to a byte must be zero.
pub fn decode<const N: usize>(text: &[u8]) -> Option<SecretBytes<N>> {
    if text.len() != (N * 8).div_ceil(5) {
        return None;
    }
    let mut decoded = None;
    let bytes = SecretBytes::written(|bytes| decoded = CROCKFORD.decode_mut(text, bytes).ok());
    decoded.map(|_| bytes)
}
