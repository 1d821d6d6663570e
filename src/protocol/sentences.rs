//! The sentence that tells a person why something was not done: what is wrong, and what to do.
//!
//! A sentence that the page shows too is written in the page's catalogue only; here are those that only
//! programs get, in the same way. A test finds a refusal without its sentence.

use std::collections::HashMap;
use std::sync::OnceLock;

use serde_json::Value;

use crate::domain::Refusal;

/// The code of what is the house's own fault.
pub const FAILED: &str = "failed";
/// The code of a house that is about to start again.
pub const RECONNECT: &str = "reconnect";

/// The page's words in English, which is what programs are told: those of all of it, and of its dialogs.
const CATALOGUES: [&str; 2] = [
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/words/en.json")),
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/dialogs/en.json")),
];

/// What the page never shows, or says in a place of its own.
const TOLD_TO_PROGRAMS: [(&str, &str); 18] = [
    ("malformed", "Parlour couldn’t read this: {place}."),
    ("bad_code", "A code has 8 characters, like K7QM-3XRP. Check it and try again."),
    ("no_such_link", "This link doesn’t work. It may be incomplete or replaced. Ask for a new one."),
    ("ended", "This chat has ended and its messages have been destroyed."),
    (
        "out_of_order",
        "A message before this one is missing. Send that one first, or count on from what is expected.",
    ),
    ("id_taken", "Another message has this id already. Send this one with a new id."),
    ("already_taken", "This message was taken before. There is no need to send it again."),
    ("not_in", "This device isn’t signed in. Open your link and type your code."),
    ("too_large", "That’s too large. Please send less."),
    ("too_slow", "That took too long to arrive. Please try again."),
    ("wrong_host", "This house doesn’t answer at this address. Use the link you were given."),
    ("wrong_origin", "This request came from another site. Open the house’s own page."),
    ("wrong_media_type", "Send plain JSON, as application/json."),
    ("not_acceptable", "That format isn’t available. Change the Accept header."),
    ("no_such_page", "There’s nothing at this address. Go to the start page."),
    ("wrong_method", "That method isn’t allowed here. Use another one."),
    ("hello_first", "The first frame must be hello, with the device secret."),
    ("too_many_sockets", "Too many pages are open. Close one, then try again."),
];

pub fn refused(refusal: &Refusal) -> String {
    let sentence = sentence(refusal.code());
    match refusal {
        Refusal::Malformed(place) => sentence.replace("{place}", place),
        _ => sentence.to_owned(),
    }
}

/// That of the house's own fault; `reference` is in its log too.
pub fn failed(reference: &str) -> String {
    format!("{} If that does not help, give the host this number: {reference}.", sentence(FAILED))
}

pub fn reconnect() -> String {
    sentence(RECONNECT).to_owned()
}

fn sentence(code: &str) -> &'static str {
    static SENTENCES: OnceLock<HashMap<String, String>> = OnceLock::new();
    SENTENCES.get_or_init(sentences).get(code).map_or("", String::as_str)
}

fn sentences() -> HashMap<String, String> {
    let own = TOLD_TO_PROGRAMS.iter().map(|(code, words)| ((*code).to_owned(), (*words).to_owned()));
    own.chain(catalogue()).collect()
}

/// The sentences of the page's catalogues, by the codes of their refusals.
fn catalogue() -> impl Iterator<Item = (String, String)> {
    let read = |catalogue| -> HashMap<String, Value> {
        serde_json::from_str(catalogue).expect("a test reads this catalogue, which is part of the binary")
    };
    CATALOGUES.into_iter().flat_map(read).filter_map(|(key, words)| {
        Some((key.strip_prefix("refusal.")?.to_owned(), words.as_str()?.to_owned()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_has_its_sentence_in_one_place() {
        let codes = Refusal::each().into_iter().map(|refusal| refusal.code()).chain([FAILED, RECONNECT]);
        let all: Vec<_> = sentences().into_keys().collect();
        for code in codes {
            assert!(all.iter().any(|known| known == code), "{code}: write refusal.{code} in assets/words/");
        }
        for (code, _) in TOLD_TO_PROGRAMS {
            assert!(catalogue().all(|(known, _)| known != code), "{code} stands in assets/words/ too");
            assert!(Refusal::each().iter().any(|refusal| refusal.code() == code), "{code} is no refusal");
        }
    }

    #[test]
    fn a_sentence_names_the_place_or_the_number_and_ends() {
        let malformed = refused(&Refusal::Malformed("`seat` is missing".to_owned()));
        assert_eq!(malformed, "Parlour couldn’t read this: `seat` is missing.");
        assert!(failed("4711").ends_with("this number: 4711."));
        assert!(Refusal::each().iter().all(|refusal| refused(refusal).ends_with('.')));
        assert!(reconnect().ends_with('.'));
    }
}
