//! A code as people type and paste it.
//!
//! What can mean only one code is that code: digits of any script, letters that look alike in other
//! alphabets, whatever signs stand between, and the words around it. The page reads codes by the same rules
//! (`assets/app/models/code.js`); `tests/tables/codes.json` holds both to them.

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use crate::domain::is_ignorable;

pub(super) type Letters = Zeroizing<[u8; 8]>;

/// The zeros of other scripts; their other nine digits follow each.
const ZEROS: &str = "٠۰߀०০੦૦୦௦౦೦൦෦๐໐༠၀႐០᠐";

/// All of what was typed, or the only code in it.
pub(super) fn code(typed: &str) -> Option<Letters> {
    let within = || behind_colons(typed).chain(typed.split('\n').flat_map(code_words));
    letters(typed.chars()).or_else(|| only(within()))
}

/// What a label may stand before: the rest of its line, or of the text.
fn behind_colons(typed: &str) -> impl Iterator<Item = Letters> {
    let behind = typed.split([':', '\u{FF1A}']).skip(1);
    let lines = behind.clone().filter_map(|piece| piece.trim_start().split('\n').next());
    lines.chain(behind.last()).filter_map(|piece| letters(piece.chars()))
}

/// The words of a line that are codes, and its halves side by side.
fn code_words(line: &str) -> impl Iterator<Item = Letters> {
    let words = || line.split_whitespace().filter(|word| word.contains(is_wordly));
    let pairs = words().zip(words().skip(1)).filter(|(one, other)| is_half(one) && is_half(other));
    let halves = pairs.filter_map(|(one, other)| side_by_side(one, other));
    words().filter(|word| is_printed(word)).filter_map(|word| letters(word.chars())).chain(halves)
}

/// As codes are printed: with a digit, or in capitals. Other words are words, as are those that are spelled
/// with letters that are printed in no code (CODE, PASSWORD).
fn is_printed(word: &str) -> bool {
    let is_of_words = |sign: char| sign.is_lowercase() || "OIL".contains(sign);
    word.contains(char::is_numeric) || !word.contains(is_of_words)
}

/// Twice four letters are eight.
fn is_half(word: &str) -> bool {
    is_printed(word) && side_by_side(word, word).is_some()
}

fn side_by_side(one: &str, other: &str) -> Option<Letters> {
    letters(one.chars().chain([' ']).chain(other.chars()))
}

fn only(mut codes: impl Iterator<Item = Letters>) -> Option<Letters> {
    let first = codes.next()?;
    codes.all(|code| code == first).then_some(first)
}

fn letters(typed: impl Iterator<Item = char>) -> Option<Letters> {
    let mut letters = Letters::default();
    let mut places = letters.iter_mut();
    for sign in typed.nfkc().filter(|sign| is_wordly(*sign)) {
        *places.next()? = letter(sign)?;
    }
    let is_whole = places.next().is_none();
    is_whole.then_some(letters)
}

fn is_wordly(sign: char) -> bool {
    sign.is_alphanumeric() && !is_ignorable(sign)
}

fn letter(sign: char) -> Option<u8> {
    let meant = digit(sign).or_else(|| look_alike(sign))?;
    match meant {
        'O' => Some(b'0'),
        'I' | 'L' => Some(b'1'),
        'U' => None,
        '0'..='9' | 'A'..='Z' => u8::try_from(meant).ok(),
        _ => None,
    }
}

fn digit(sign: char) -> Option<char> {
    let above = |zero: char| u32::from(sign).checked_sub(zero.into()).filter(|digit| *digit < 10);
    ZEROS.chars().find_map(above).and_then(|digit| char::from_digit(digit, 10))
}

/// The capital that is meant. Small letters that look like another letter than their capital does may mean
/// either, and so mean none.
fn look_alike(sign: char) -> Option<char> {
    let mut capitals = sign.to_uppercase();
    let capital = capitals.next().filter(|_| capitals.next().is_none() && !matches!(sign, 'ν' | 'η'))?;
    Some(match capital {
        'А' | 'Α' => 'A',
        'В' | 'Β' => 'B',
        'С' | 'Ϲ' => 'C',
        'Е' | 'Ε' => 'E',
        'Н' | 'Һ' | 'Η' => 'H',
        'Ј' | 'Ϳ' => 'J',
        'К' | 'Κ' => 'K',
        'М' | 'Μ' => 'M',
        'Ν' => 'N',
        'Р' | 'Ρ' => 'P',
        'Ԛ' => 'Q',
        'Ѕ' => 'S',
        'Т' | 'Τ' => 'T',
        'Ѵ' => 'V',
        'Ԝ' => 'W',
        'Х' | 'Χ' => 'X',
        'У' | 'Ү' | 'Υ' => 'Y',
        'Ζ' => 'Z',
        'О' | 'Ο' | 'Ø' => '0',
        'І' | 'Ӏ' | 'Ι' | 'İ' => '1',
        'З' => '3',
        _ => capital,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use crate::crypto::Code;

    const TABLE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tables/codes.json"));

    #[test]
    fn what_can_mean_only_one_code_is_that_code() {
        let table: Vec<(String, String, Option<String>)> = serde_json::from_str(TABLE).unwrap();
        assert!(table.len() > 80);
        for (why, typed, meant) in table {
            let code = Code::parse(&typed).ok().map(|code| code.text().to_string());
            assert_eq!(code, meant, "{why}: {typed:?}");
        }
    }
}
