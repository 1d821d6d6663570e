//! Addresses that are nearly those of the page.
//!
//! Programs on the way write `%23` for the `#` of a link, add a slash, or change letters. Browsers keep the
//! fragment over a redirect (RFC 9110, section 10.2.2), so that such a link works all the same. A token that
//! was written into the path has been sent already: it is put behind a `#` again, and the log has no paths.

use crate::limits::LINK_TOKEN_CHARS_MAX;

/// Why a path is not the address of the page it means, or its relative references would lead elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Untidy {
    WithoutSlash,
    /// It is nearly the page of a link, which is at this address.
    JoinPage(String),
    /// It has a slash where nothing follows: `/j/` is not `/j`.
    Stray,
}

impl Untidy {
    /// What is wrong with `path`, if anything is; `start` is the path of the start page.
    pub fn of(path: &str, start: &str) -> Option<Self> {
        if path == "/" || path == start {
            None
        } else if start.strip_suffix('/') == Some(path) {
            Some(Self::WithoutSlash)
        } else if let Some(address) = join_page(path, start) {
            Some(Self::JoinPage(address))
        } else {
            (path.contains("//") || path.ends_with('/')).then_some(Self::Stray)
        }
    }
}

/// Where a path leads that means the page of a link below `start`, and is not its address.
fn join_page(path: &str, start: &str) -> Option<String> {
    let below = path.strip_prefix(start).or_else(|| path.strip_prefix('/'))?;
    let (name, token) = parted(below.trim_matches('/'));
    let is_join_page = name.trim_end_matches('/').eq_ignore_ascii_case("j");
    let is_right = below == "j";
    (is_join_page && !is_right).then(|| [start, "j", &fragment(token)].concat())
}

/// At the `%23`, which may have been encoded once more.
fn parted(below: &str) -> (&str, &str) {
    ["%23", "%2523"].iter().find_map(|sign| below.split_once(sign)).unwrap_or((below, ""))
}

fn fragment(token: &str) -> String {
    let letters: String = token.chars().skip_while(|c| !c.is_ascii_alphanumeric()).collect();
    let letters = letters.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    match letters.get(..letters.len().min(LINK_TOKEN_CHARS_MAX)) {
        Some(token) if !token.is_empty() => format!("#{token}"),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_is_nearly_that_of_a_link_leads_to_it() {
        for (path, start, expected) in [
            ("/j/", "/", Some("/j")),
            ("/J", "/", Some("/j")),
            ("/J/", "/", Some("/j")),
            ("//j", "/", Some("/j")),
            ("/j%23ABC", "/", Some("/j#ABC")),
            ("/j%2523ABC", "/", Some("/j#ABC")),
            ("/J/%23/abc/", "/", Some("/j#abc")),
            ("/j%23ABC%0d%0aX:%20y", "/", Some("/j#ABC")),
            ("/j%23", "/", Some("/j")),
            ("/parlour/J", "/parlour/", Some("/parlour/j")),
            ("/parlour/j%23ABC)", "/parlour/", Some("/parlour/j#ABC")),
            ("/j/", "/parlour/", Some("/parlour/j")),
            ("/j", "/", None),
            ("/parlour/j", "/parlour/", None),
            ("/j", "/parlour/", None),
            ("/", "/", None),
            ("/jj", "/", None),
            ("/c", "/", None),
            ("/x/j", "/", None),
            ("/%23j", "/", None),
        ] {
            assert_eq!(join_page(path, start).as_deref(), expected, "{path} {start}");
        }
        let long = format!("/j%23{}", "A".repeat(9_000));
        assert_eq!(
            join_page(&long, "/").map(|address| address.len()),
            Some("/j#".len() + LINK_TOKEN_CHARS_MAX)
        );
    }

    #[test]
    fn a_path_is_tidy_when_relative_references_work_from_it() {
        for (path, start, expected) in [
            ("/", "/", None),
            ("/j", "/", None),
            ("/", "/parlour/", None),
            ("/parlour/", "/parlour/", None),
            ("/parlour/j", "/parlour/", None),
            ("/parlour", "/parlour/", Some(Untidy::WithoutSlash)),
            ("/parlour", "/", None),
            ("/c/", "/", Some(Untidy::Stray)),
            ("//c", "/", Some(Untidy::Stray)),
            ("/parlour/c/", "/parlour/", Some(Untidy::Stray)),
            ("/j/", "/", Some(Untidy::JoinPage("/j".to_owned()))),
            ("/parlour/J", "/parlour/", Some(Untidy::JoinPage("/parlour/j".to_owned()))),
            ("//", "/", Some(Untidy::Stray)),
        ] {
            assert_eq!(Untidy::of(path, start), expected, "{path} {start}");
        }
    }
}
