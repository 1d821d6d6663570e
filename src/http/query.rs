//! What may stand behind the `?` of an address: few names, each at most once, and nothing else.
//!
//! Called by handlers; `openapi` describes the same parameters. What is wrong is refused with
//! [`Refusal::Malformed`] and never shown.

use crate::domain::{Beginning, ChangeNumber, MessageChange, PrivacySettings, Refusal, Seq, Signal};
use crate::limits::{NEWEST_MESSAGES_MAX, PAGE_MESSAGES_DEFAULT, PAGE_MESSAGES_MAX, SEQ_MAX};
use crate::store::Span;

pub struct Parameter {
    pub name: &'static str,
    pub expected: Expected,
}

impl Parameter {
    pub fn is_required(&self) -> bool {
        matches!(self.expected, Expected::Words(_))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// A whole number between these.
    Number { least: u64, most: u64 },
    /// Between commas, each at most once.
    Signals,
    /// One of these: such a parameter may not be left out.
    Words(&'static [&'static str]),
}

const POSITION: Expected = Expected::Number { least: 0, most: SEQ_MAX };
const BEFORE: Parameter = Parameter { name: "before", expected: POSITION };
const AFTER: Parameter = Parameter { name: "after", expected: POSITION };
const CHANGED: Parameter = Parameter { name: "changed", expected: POSITION };
const NEWEST: Parameter =
    Parameter { name: "newest", expected: Expected::Number { least: 1, most: NEWEST_MESSAGES_MAX } };
/// More than a page has is no mistake, and means as many as it has.
const LIMIT: Parameter = Parameter { name: "limit", expected: Expected::Number { least: 1, most: SEQ_MAX } };
/// Whom a message is deleted for.
const FOR: Parameter = Parameter { name: "for", expected: Expected::Words(&["everybody", "me"]) };
const SIGNALS: Parameter = Parameter { name: "withholds", expected: Expected::Signals };

pub const SPAN: &[Parameter] = &[BEFORE, AFTER, LIMIT];
pub const WITHHOLDS: &[Parameter] = &[SIGNALS];
pub const NEWS: &[Parameter] = &[AFTER, NEWEST, CHANGED, SIGNALS];
pub const DELETION: &[Parameter] = &[FOR];

/// Every value that [`Expected::Signals`] takes, as a regular expression.
pub const SIGNALS_PATTERN: &str = concat!(
    "^(typing(,seen(,here)?|,here(,seen)?)?",
    "|seen(,typing(,here)?|,here(,typing)?)?",
    "|here(,typing(,seen)?|,seen(,typing)?)?)?$",
);

/// `before` and `after` exclude each other; a larger `limit` than a page has means a whole page.
pub fn span(query: &str) -> Result<(Span, usize), Refusal> {
    let [before, after, limit] = fields(query, SPAN)?;
    let span = match (number("before", before)?, number("after", after)?) {
        (None, None) => Span::Newest,
        (Some(seq), None) => Span::Before(Seq(seq)),
        (None, Some(seq)) => Span::After(Seq(seq)),
        (Some(_), Some(_)) => return Err(malformed("the query may have only one of `before` and `after`")),
    };
    Ok((span, size(number("limit", limit)?)?))
}

pub fn withheld(query: &str) -> Result<PrivacySettings, Refusal> {
    let [withholds] = fields(query, WITHHOLDS)?;
    signals(withholds)
}

/// What a client without a socket knows and wants to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct News {
    pub beginning: Beginning,
    /// The last change that it knows, if it wants to know what was changed since.
    pub changed: Option<ChangeNumber>,
    pub withheld: PrivacySettings,
}

/// `after` or `newest`, `changed` and `withholds`. Without the first two everything is news.
pub fn news(query: &str) -> Result<News, Refusal> {
    let [after, newest, changed, withholds] = fields(query, NEWS)?;
    let changed = number("changed", changed)?.map(ChangeNumber);
    let beginning = match (number("after", after)?, number("newest", newest)?) {
        (after, None) => Beginning::After(after.map_or(Seq::NONE, Seq)),
        (None, Some(newest @ 1..=NEWEST_MESSAGES_MAX)) => Beginning::Newest(newest),
        (None, Some(_)) => {
            return Err(malformed(&format!("`newest` must be from 1 to {NEWEST_MESSAGES_MAX}")));
        }
        (Some(_), Some(_)) => return Err(malformed("the query may have only one of `after` and `newest`")),
    };
    Ok(News { beginning, changed, withheld: signals(withholds)? })
}

/// Whom a message is deleted for.
pub fn deletion(query: &str) -> Result<MessageChange, Refusal> {
    let [whom] = fields(query, DELETION)?;
    match whom {
        Some("everybody") => Ok(MessageChange::Delete),
        Some("me") => Ok(MessageChange::Hide),
        _ => Err(malformed("`for` must be `everybody` or `me`")),
    }
}

/// The value of each of `N` parameters, if it is in the query.
fn fields<'a, const N: usize>(
    query: &'a str,
    parameters: &[Parameter],
) -> Result<[Option<&'a str>; N], Refusal> {
    let mut values = [None; N];
    let names: Vec<_> = parameters.iter().map(|parameter| parameter.name).collect();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let unknown = || malformed(&format!("the query may have only `{}`", names.join("`, `")));
        let place = names.iter().position(|known| *known == name).ok_or_else(unknown)?;
        if values[place].replace(value).is_some() {
            return Err(malformed("the query has the same name twice"));
        }
    }
    Ok(values)
}

/// The position of a message, as an address has it.
pub fn seq(text: &str) -> Option<Seq> {
    number("seq", Some(text)).ok().flatten().filter(|seq| *seq > 0).map(Seq)
}

fn size(limit: Option<u64>) -> Result<usize, Refusal> {
    match limit {
        None => Ok(PAGE_MESSAGES_DEFAULT),
        Some(0) => Err(malformed("`limit` must be at least 1")),
        Some(limit) => Ok(usize::try_from(limit).unwrap_or(usize::MAX).min(PAGE_MESSAGES_MAX)),
    }
}

/// Digits only: `parse` alone would take a plus sign.
fn number(name: &str, value: Option<&str>) -> Result<Option<u64>, Refusal> {
    let Some(value) = value else { return Ok(None) };
    let digits = value.bytes().all(|byte| byte.is_ascii_digit());
    let number = value.parse().ok().filter(|number| digits && *number <= SEQ_MAX);
    number.map(Some).ok_or_else(|| malformed(&format!("`{name}` is not a whole number")))
}

/// Words between commas, which what writes a query for a browser spells `%2C`.
fn signals(value: Option<&str>) -> Result<PrivacySettings, Refusal> {
    let words = value.unwrap_or_default().replace("%2C", ",").replace("%2c", ",");
    let mut signals = words.split(',').filter(|_| !words.is_empty()).map(Signal::parse);
    let withheld = signals.try_fold(PrivacySettings::NOTHING, |withheld, signal| withheld.and(signal?));
    withheld.ok_or_else(|| {
        malformed("`withholds` may list `typing`, `seen` and `here`, each at most once, separated by commas")
    })
}

fn malformed(place: &str) -> Refusal {
    Refusal::Malformed(place.to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_query_asks_for_one_span_and_a_size() {
        for (query, expected) in [
            ("", Some((Span::Newest, 50))),
            ("before=12", Some((Span::Before(Seq(12)), 50))),
            ("after=0&limit=7", Some((Span::After(Seq(0)), 7))),
            ("limit=100", Some((Span::Newest, 100))),
            ("limit=101", Some((Span::Newest, 100))),
            ("after=9007199254740991", Some((Span::After(Seq(SEQ_MAX)), 50))),
            ("after=9007199254740992", None),
            ("limit=18446744073709551616", None),
            ("limit=0", None),
            ("before=1&after=2", None),
            ("before=1&before=1", None),
            ("before=", None),
            ("before", None),
            ("before=-1", None),
            ("before=+1", None),
            ("before=1.0", None),
            ("before=%31", None),
            ("beffore=1", None),
            ("withholds=seen", None),
            ("=1", None),
        ] {
            assert_eq!(span(query).ok(), expected, "{query}");
        }
    }

    #[test]
    fn what_is_withheld_is_a_list_of_words_each_once() {
        for (query, expected) in [
            ("", Some([false, false, false])),
            ("withholds=", Some([false, false, false])),
            ("withholds=typing", Some([true, false, false])),
            ("withholds=here,seen", Some([false, true, true])),
            ("withholds=seen%2Chere%2ctyping", Some([true, true, true])),
            ("withholds=seen,seen", None),
            ("withholds=seen,", None),
            ("withholds=Seen", None),
            ("withholds=seen here", None),
            ("withholds=seen&withholds=here", None),
            ("after=1", None),
        ] {
            let told = withheld(query).ok().map(|withheld| Signal::ALL.map(|signal| withheld.has(signal)));
            assert_eq!(told, expected, "{query}");
        }
    }

    #[test]
    fn news_are_what_comes_after_one_message_or_the_newest() {
        let seen = PrivacySettings::NOTHING.and(Signal::Seen).unwrap();
        for (query, expected) in [
            ("", Some((Beginning::After(Seq::NONE), None, PrivacySettings::NOTHING))),
            ("after=12", Some((Beginning::After(Seq(12)), None, PrivacySettings::NOTHING))),
            ("after=12&changed=7", Some((Beginning::After(Seq(12)), Some(7), PrivacySettings::NOTHING))),
            ("withholds=seen&after=12", Some((Beginning::After(Seq(12)), None, seen))),
            ("newest=300", Some((Beginning::Newest(300), None, PrivacySettings::NOTHING))),
            ("newest=0", None),
            ("newest=301", None),
            ("newest=50&after=1", None),
            ("after=-1", None),
            ("changed=-1", None),
            ("after=1&limit=5", None),
        ] {
            let expected = expected.map(|(beginning, changed, withheld)| News {
                beginning,
                changed: changed.map(ChangeNumber),
                withheld,
            });
            assert_eq!(news(query).ok(), expected, "{query}");
        }
    }

    #[test]
    fn a_deletion_says_whom_it_is_for() {
        for (query, expected) in [
            ("for=everybody", Some(MessageChange::Delete)),
            ("for=me", Some(MessageChange::Hide)),
            ("", None),
            ("for=", None),
            ("for=them", None),
            ("for=me&for=me", None),
        ] {
            assert_eq!(deletion(query).ok(), expected, "{query}");
        }
    }
}
