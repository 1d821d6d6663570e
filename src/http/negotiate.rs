//! What the client would rather have: content codings, media types, and whether it has the newest already.
//!
//! Used by `assets` and `request`. Reads header texts only (RFC 9110, sections 12.4, 12.5 and 13.1.2); what
//! cannot be read counts as not said.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    Br,
    Gzip,
    Identity,
}

impl Coding {
    pub fn word(self) -> Option<&'static str> {
        match self {
            Self::Br => Some("br"),
            Self::Gzip => Some("gzip"),
            Self::Identity => None,
        }
    }
}

/// The coding to send, out of `had`, which lists the best first. Identity is what remains when nothing else
/// is acceptable, even where the client rules it out: bytes that it can refuse are better than none.
pub fn coding(accept_encoding: &str, had: &[Coding]) -> Coding {
    let wishes: Vec<_> = wishes(accept_encoding).collect();
    let quality = |coding: Coding| {
        let named =
            |word: &str| wishes.iter().find(|(wish, _)| wish.eq_ignore_ascii_case(word)).map(|wish| wish.1);
        match coding.word() {
            Some(word) => named(word).or_else(|| named("*")).unwrap_or(0),
            None => named("identity").or_else(|| named("*")).unwrap_or(1),
        }
    };
    let best = had.iter().rev().copied().max_by_key(|coding| quality(*coding));
    best.filter(|coding| quality(*coding) > 0).unwrap_or(Coding::Identity)
}

/// The media type to send, if the client takes any of `offered`. The first is sent to one that does not care.
pub fn media<'a>(accept: Option<&str>, offered: &[&'a str]) -> Option<&'a str> {
    let Some(accept) = accept.filter(|accept| !accept.trim().is_empty()) else {
        return offered.first().copied();
    };
    let quality = |offer: &str| {
        let group = offer.split('/').next().unwrap_or_default();
        let fits =
            wishes(accept).filter_map(|(wish, quality)| Some((closeness(wish, offer, group)?, quality)));
        fits.max_by_key(|(closeness, _)| *closeness).map_or(0, |(_, quality)| quality)
    };
    let best = offered.iter().rev().copied().max_by_key(|offer| quality(offer))?;
    (quality(best) > 0).then_some(best)
}

/// The language to speak, out of `offered`, of which the first is spoken when the client cares for none of
/// them (RFC 9110, section 12.5.4). `de-CH` is served by `de`.
pub fn language<'a>(accept_language: &str, offered: &[&'a str]) -> Option<&'a str> {
    let known = |wish: &str| {
        let wish = wish.split('-').next().unwrap_or_default();
        offered.iter().copied().find(|offer| offer.eq_ignore_ascii_case(wish))
    };
    let wishes: Vec<_> = wishes(accept_language).filter(|(_, quality)| *quality > 0).collect();
    let found = wishes.iter().rev().filter_map(|(wish, quality)| Some((known(wish)?, *quality)));
    found.max_by_key(|(_, quality)| *quality).map(|(language, _)| language).or(offered.first().copied())
}

/// How narrowly `wish` names `offer`: `text/plain` more than `text/*`, and that more than `*/*`.
fn closeness(wish: &str, offer: &str, group: &str) -> Option<u8> {
    if wish.eq_ignore_ascii_case(offer) {
        return Some(2);
    }
    match wish.split_once('/') {
        Some(("*", "*")) => Some(0),
        Some((wished, "*")) if wished.eq_ignore_ascii_case(group) => Some(1),
        _ => None,
    }
}

/// Whether `If-None-Match` names this entity tag, which is given with its quotes.
pub fn holds(if_none_match: &str, tag: &str) -> bool {
    let mut tags = if_none_match.split(',').map(str::trim);
    tags.any(|held| held == "*" || held.strip_prefix("W/").unwrap_or(held) == tag)
}

/// The members of an `Accept...` list with their weights in thousandths.
fn wishes(list: &str) -> impl Iterator<Item = (&str, u16)> {
    list.split(',').map(|member| {
        let mut parts = member.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        (name, parts.find_map(weight).unwrap_or(1_000))
    })
}

/// `q=0.25` is 250; a weight that cannot be read is 0. Other parameters are not weights.
fn weight(parameter: &str) -> Option<u16> {
    let (name, value) = parameter.split_once('=')?;
    if !name.trim().eq_ignore_ascii_case("q") {
        return None;
    }
    let (whole, part) = value.trim().split_once('.').unwrap_or((value.trim(), ""));
    let thousandths = format!("{part:0<3}");
    let readable = thousandths.len() == 3 && thousandths.bytes().all(|digit| digit.is_ascii_digit());
    Some(match whole {
        "0" if readable => thousandths.parse().unwrap_or(0),
        "1" if thousandths == "000" => 1_000,
        _ => 0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_client_chooses_the_language() {
        for (accept, expected) in [
            ("de-CH, en;q=0.8", "de"),
            ("fr;q=0.5, hi", "hi"),
            ("it, es;q=0.3, de;q=0.3", "es"),
            ("EN-us", "en"),
            ("it", "en"),
            ("*", "en"),
            ("de;q=0", "en"),
            ("", "en"),
        ] {
            assert_eq!(language(accept, &["en", "de", "es", "fr", "hi"]), Some(expected), "{accept}");
        }
    }

    #[test]
    fn the_client_chooses_the_coding() {
        use Coding::{Br, Gzip, Identity};
        for (accept, expected) in [
            ("", Identity),
            ("gzip, deflate, br, zstd", Br),
            ("gzip, deflate", Gzip),
            ("GZIP", Gzip),
            ("br;q=0.5, gzip", Gzip),
            ("br;q=0.5,gzip;q=0.500", Br),
            ("br;q=0, gzip;q=0.001", Gzip),
            ("br;q=0", Identity),
            ("*", Br),
            ("*;q=0", Identity),
            ("*;q=0.1, br;q=0", Gzip),
            ("identity;q=1, gzip;q=0.5", Identity),
            ("identity;q=0, gzip", Gzip),
            ("identity;q=0", Identity),
            ("br;q=2", Identity),
            ("br;q=nonsense, gzip;q=0.1", Gzip),
            ("brotli", Identity),
        ] {
            assert_eq!(coding(accept, &[Br, Gzip, Identity]), expected, "{accept:?}");
        }
        assert_eq!(coding("br, gzip", &[Identity]), Identity);
        assert_eq!(coding("br, gzip", &[Gzip, Identity]), Gzip);
    }

    #[test]
    fn the_client_chooses_the_media_type() {
        let offered = ["text/plain", "application/json"];
        for (accept, expected) in [
            (None, Some("text/plain")),
            (Some(""), Some("text/plain")),
            (Some("*/*"), Some("text/plain")),
            (Some("application/json"), Some("application/json")),
            (Some("Application/JSON;q=0.9, */*;q=0.1"), Some("application/json")),
            (Some("text/*"), Some("text/plain")),
            (Some("text/plain;q=0, */*"), Some("application/json")),
            (Some("application/*, text/plain;q=0.2"), Some("application/json")),
            (Some("image/png"), None),
            (Some("text/plain;q=0"), None),
        ] {
            assert_eq!(media(accept, &offered), expected, "{accept:?}");
        }
    }

    #[test]
    fn what_the_client_holds_is_told_by_its_tag() {
        for (header, expected) in [
            ("\"a\"", true),
            ("W/\"a\"", true),
            ("\"b\", \"a\"", true),
            ("*", true),
            ("\"b\"", false),
            ("a", false),
            ("", false),
        ] {
            assert_eq!(holds(header, "\"a\""), expected, "{header}");
        }
    }
}
