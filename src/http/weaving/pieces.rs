//! Cuts a script or a stylesheet into pieces: space, comments, words, texts in quotes, patterns, marks.
//!
//! Used by `script` and `sheet`. It knows just enough of each language never to see a comment in a text or a
//! text in a pattern; where that takes more than it knows, it refuses. Together the pieces are the whole
//! text, and only comments and space are ever changed.

/// What is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// JavaScript, as a module writes it.
    Script,
    /// CSS.
    Style,
}

/// What a piece is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Spaces and line breaks.
    Space,
    /// With its marks, without the end of its line.
    Comment,
    /// A name, a keyword or a number.
    Word,
    /// With its quotes.
    Text,
    /// A template from a backtick or `}` to the next backtick or `${`.
    Template,
    /// A regular expression without its flags.
    Pattern,
    /// One character of anything else.
    Mark,
}

/// A piece of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece<'a> {
    /// What it is.
    pub kind: Kind,
    /// As it is written.
    pub text: &'a str,
    /// How many brackets are open around it.
    pub depth: usize,
    /// The line on which it begins, counted from 1.
    pub line: usize,
}

impl<'a> Piece<'a> {
    /// Whether it says nothing.
    pub fn is_blank(&self) -> bool {
        matches!(self.kind, Kind::Space | Kind::Comment)
    }

    /// Whether it is this word or mark.
    pub fn is(&self, text: &str) -> bool {
        matches!(self.kind, Kind::Word | Kind::Mark) && self.text == text
    }

    /// What stands in double quotes.
    pub fn quoted(&self) -> Option<&'a str> {
        if self.kind != Kind::Text {
            return None;
        }
        self.text.strip_prefix('"')?.strip_suffix('"')
    }
}

/// Why a source cannot be read, and where.
#[derive(Debug, PartialEq, Eq)]
pub struct Unclear {
    /// The line, counted from 1.
    pub line: usize,
    /// What to write instead.
    pub advice: String,
}

impl Unclear {
    /// With its place.
    pub fn at(line: usize, advice: impl Into<String>) -> Self {
        Self { line, advice: advice.into() }
    }
}

/// The pieces of `text`, in order.
pub fn cut(language: Language, text: &str) -> Result<Vec<Piece<'_>>, Unclear> {
    let mut cutter = Cutter { language, rest: text, line: 1, open: Vec::new(), pieces: Vec::new() };
    while let Some(first) = cutter.rest.chars().next() {
        let (kind, length) = cutter.next(first)?;
        cutter.take(kind, length)?;
    }
    match cutter.open.last() {
        Some((_, line)) => Err(Unclear::at(*line, "close the bracket that this line opens")),
        None => Ok(cutter.pieces),
    }
}

/// Whether what comes next is the name of a property. Three dots spread a value.
pub fn follows_dot(pieces: &[Piece<'_>]) -> bool {
    let said = pieces.iter().rposition(|piece| !piece.is_blank()).map_or(0, |at| at + 1);
    match &pieces[..said] {
        [.., before, dot] => dot.is(".") && !before.is("."),
        _ => false,
    }
}

/// The same text without comments, blank lines and indentation.
pub fn bare(pieces: &[Piece<'_>]) -> String {
    let mut out = String::new();
    for run in pieces.chunk_by(|one, other| one.is_blank() == other.is_blank()) {
        if run[0].is_blank() {
            out.push_str(gap(run));
        } else {
            out.extend(run.iter().map(|piece| piece.text));
        }
    }
    out.trim().to_owned()
}

/// As little as means the same. In a stylesheet a comment alone parts two names and is no space.
fn gap(run: &[Piece<'_>]) -> &'static str {
    if run.iter().any(|piece| piece.text.contains(is_line_break)) {
        "\n"
    } else if run.iter().any(|piece| piece.kind == Kind::Space) {
        " "
    } else {
        "/**/"
    }
}

struct Cutter<'a> {
    language: Language,
    rest: &'a str,
    line: usize,
    /// What would close each open bracket, and where it was opened.
    open: Vec<(char, usize)>,
    pieces: Vec<Piece<'a>>,
}

/// Words of a script after which a value begins.
const BEFORE_VALUE: &[&str] = &[
    "return",
    "typeof",
    "case",
    "in",
    "of",
    "do",
    "else",
    "void",
    "delete",
    "throw",
    "new",
    "await",
    "yield",
    "instanceof",
];
/// Words of a script whose brackets are followed by a statement.
const HEADS: &[&str] = &["if", "while", "for", "with"];
/// The bracket that `${` opens is closed by the rest of its template.
const TEMPLATE: char = '`';

impl Cutter<'_> {
    /// What comes next, and how long it is.
    fn next(&self, first: char) -> Result<(Kind, usize), Unclear> {
        let rest = self.rest;
        let is_script = self.language == Language::Script;
        let goes_on = first == '}' && self.open.last().is_some_and(|(closer, _)| *closer == TEMPLATE);
        let (kind, length) = match first {
            _ if first.is_whitespace() => (Kind::Space, Some(span(rest, char::is_whitespace))),
            _ if is_of_word(first) => (Kind::Word, Some(span(rest, is_of_word))),
            '"' | '\'' => (Kind::Text, quoted(rest, first)),
            '/' if rest.starts_with("/*") => (Kind::Comment, rest[2..].find("*/").map(|end| end + 4)),
            '/' if is_script && rest.starts_with("//") => {
                (Kind::Comment, Some(span(rest, |letter| !is_line_break(letter))))
            }
            '/' if is_script && self.begins_value()? => (Kind::Pattern, pattern(rest)),
            '`' if is_script => (Kind::Template, template(rest)),
            '}' if goes_on => (Kind::Template, template(rest)),
            _ => (Kind::Mark, Some(first.len_utf8())),
        };
        Ok((kind, length.ok_or_else(|| self.unclear("end what begins here: the text, comment or pattern"))?))
    }

    fn take(&mut self, kind: Kind, length: usize) -> Result<(), Unclear> {
        let (text, rest) = self.rest.split_at(length);
        if let Some(closer) = closer(kind, text)
            && self.open.pop().is_none_or(|(expected, _)| expected != closer)
        {
            return Err(self.unclear("open the bracket that this line closes"));
        }
        self.pieces.push(Piece { kind, text, depth: self.open.len(), line: self.line });
        self.open.extend(needed(kind, text).map(|closer| (closer, self.line)));
        self.line += text.matches('\n').count();
        self.rest = rest;
        Ok(())
    }

    /// Whether a slash here begins a pattern, and does not divide.
    fn begins_value(&self) -> Result<bool, Unclear> {
        let Some(at) = self.said_before(self.pieces.len()) else { return Ok(true) };
        let last = &self.pieces[at];
        let doubled = at > 0 && self.pieces[at - 1].text == last.text;
        match (last.kind, last.text) {
            (Kind::Mark, "}") => Err(self.unclear("put brackets around what stands before the slash")),
            (Kind::Mark, "+" | "-") if doubled => {
                Err(self.unclear("put brackets around what stands before the slash"))
            }
            (Kind::Mark, "]") | (Kind::Text | Kind::Pattern, _) => Ok(false),
            (Kind::Mark, ".") => Ok(doubled),
            (Kind::Mark, ")") => Ok(self.is_head(at)),
            (Kind::Template, text) => Ok(text.ends_with("${")),
            (Kind::Word, word) => Ok(BEFORE_VALUE.contains(&word) && !self.is_property(at)),
            _ => Ok(true),
        }
    }

    /// Whether the bracket that the piece `at` closes is that of an `if` or a loop.
    fn is_head(&self, at: usize) -> bool {
        let depth = self.pieces[at].depth;
        let opened = self.pieces[..at].iter().rposition(|piece| piece.depth == depth && piece.is("("));
        let word = opened.and_then(|opened| self.said_before(opened));
        word.is_some_and(|word| HEADS.contains(&self.pieces[word].text) && !self.is_property(word))
    }

    fn is_property(&self, at: usize) -> bool {
        follows_dot(&self.pieces[..at])
    }

    /// The last piece before this place that says something.
    fn said_before(&self, at: usize) -> Option<usize> {
        self.pieces[..at].iter().rposition(|piece| !piece.is_blank())
    }

    fn unclear(&self, advice: &str) -> Unclear {
        Unclear::at(self.line, advice)
    }
}

/// The closing bracket that this piece is.
fn closer(kind: Kind, text: &str) -> Option<char> {
    match (kind, text) {
        (Kind::Template, _) => text.starts_with('}').then_some(TEMPLATE),
        (Kind::Mark, ")" | "]" | "}") => text.chars().next(),
        _ => None,
    }
}

/// The closing bracket that this piece calls for.
fn needed(kind: Kind, text: &str) -> Option<char> {
    match (kind, text) {
        (Kind::Template, _) => text.ends_with("${").then_some(TEMPLATE),
        (Kind::Mark, "(") => Some(')'),
        (Kind::Mark, "[") => Some(']'),
        (Kind::Mark, "{") => Some('}'),
        _ => None,
    }
}

fn is_of_word(letter: char) -> bool {
    letter.is_alphanumeric() || "_$#\\".contains(letter) || (!letter.is_ascii() && !letter.is_whitespace())
}

fn is_line_break(letter: char) -> bool {
    matches!(letter, '\n' | '\r' | '\u{2028}' | '\u{2029}')
}

fn span(text: &str, is_inside: impl Fn(char) -> bool) -> usize {
    text.find(|letter| !is_inside(letter)).unwrap_or(text.len())
}

/// The letters behind the first one, but for those that follow a backslash.
fn plain(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut letters = text.char_indices().skip(1);
    std::iter::from_fn(move || {
        loop {
            let (at, letter) = letters.next()?;
            if letter != '\\' {
                return Some((at, letter));
            }
            letters.next();
        }
    })
}

/// The length of a text, which ends on its line.
fn quoted(text: &str, quote: char) -> Option<usize> {
    let (at, letter) = plain(text).find(|(_, letter)| *letter == quote || matches!(letter, '\n' | '\r'))?;
    (letter == quote).then_some(at + 1)
}

/// The length of a pattern, which ends on its line. A set may hold a slash; one that holds sets may not.
fn pattern(text: &str) -> Option<usize> {
    let mut is_in_set = false;
    for (at, letter) in plain(text) {
        match letter {
            '/' if !is_in_set => return Some(at + 1),
            '[' => is_in_set = true,
            ']' => is_in_set = false,
            letter if is_line_break(letter) => return None,
            _ => {}
        }
    }
    None
}

/// How far it is to the next backtick or `${`.
fn template(text: &str) -> Option<usize> {
    let ends = |at: usize, letter| letter == '`' || text[at..].starts_with("${");
    let (at, letter) = plain(text).find(|(at, letter)| ends(*at, *letter))?;
    Some(if letter == '`' { at + 1 } else { at + 2 })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn of(language: Language, text: &str, kind: Kind) -> Vec<&str> {
        let pieces = cut(language, text).unwrap_or_else(|unclear| panic!("{text}: {unclear:?}"));
        assert_eq!(pieces.iter().map(|piece| piece.text).collect::<String>(), text);
        pieces.iter().filter(|piece| piece.kind == kind).map(|piece| piece.text).collect()
    }

    #[test]
    fn a_slash_divides_behind_a_value_and_begins_a_pattern_elsewhere() {
        for (text, expected) in [
            ("a = b / c / d;", &[][..]),
            ("a = (b) / 2 / 3; c[0] / 1 / 2; this.in / 1 / 2; #of / 1; \"a\" / 1; `a` / 1;", &[]),
            ("a = /b/gu.exec(c) / 2; /[[/]/; /[d[e]]/v;", &["/b/", "/[[/]/", "/[d[e]]/"]),
            (
                "f(/a/, [/[/\"]/]); !/\\/'/.test(a); a ? /b/ : /c/;",
                &["/a/", "/[/\"]/", "/\\/'/", "/b/", "/c/"],
            ),
            (
                "return /a/; case /b/: typeof /c/; [.../d/.exec(e), ...new /f/.g()]",
                &["/a/", "/b/", "/c/", "/d/", "/f/"],
            ),
            ("if (a(b)) /c/.test(d); Symbol.for(a) / 2 / 3;", &["/c/"]),
            ("`${/a`}/} / ${b / c / d}` / 2", &["/a`}/"]),
            ("a // b /c/\n/d/.test(e)", &[]),
        ] {
            assert_eq!(of(Language::Script, text, Kind::Pattern), expected, "{text}");
        }
    }

    #[test]
    fn what_looks_like_a_comment_in_a_text_is_none() {
        for (language, text, expected) in [
            (
                Language::Script,
                "a; // b \"c\" /* d\ne /* f\n// g */ h",
                &["// b \"c\" /* d", "/* f\n// g */"][..],
            ),
            (Language::Script, "\"// \\\" /* \" + '//' + `// ${a /* b */} // ` // c", &["/* b */", "// c"]),
            (Language::Script, "a = /[/]\\/\\*/; // b", &["// b"]),
            (
                Language::Style,
                "a { b: url(\"http://c\") } /* d */ e::before { content: \"/*\" }",
                &["/* d */"],
            ),
        ] {
            assert_eq!(of(language, text, Kind::Comment), expected, "{text}");
        }
    }

    #[test]
    fn a_template_is_cut_where_a_script_stands_in_it() {
        let text = "`a ${b({ c: `${d}` })} \\${ \\` e`";
        assert_eq!(of(Language::Script, text, Kind::Template), ["`a ${", "`${", "}`", "} \\${ \\` e`"]);
    }

    #[test]
    fn comments_blank_lines_and_indentation_go_and_texts_stay() {
        for (language, text, expected) in [
            (Language::Script, "// a\n\n  /** b */\n  c;\n\n\n    d;  // e\n", "c;\nd;"),
            (Language::Script, "a /* b\n */ c; d/**/e; f /* g */ h", "a\nc; d/**/e; f h"),
            (
                Language::Script,
                "`a\n\n   // b\n`; \"  c  \"; /  d  /",
                "`a\n\n   // b\n`; \"  c  \"; /  d  /",
            ),
            (
                Language::Style,
                "/* a */\n.b/* c */.d /* e */ .f {\n  g: \"  h\";\n}\n",
                ".b/**/.d .f {\ng: \"  h\";\n}",
            ),
        ] {
            assert_eq!(bare(&cut(language, text).unwrap()), expected, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_told_apart_is_refused_with_its_line() {
        for (text, line) in [
            ("a = \"b\nc\";", 1),
            ("a;\n/* b", 2),
            ("a;\n`b ${c}", 2),
            ("a = /b\nc/;", 1),
            ("{ a }\n/b/.test(c);", 2),
            ("a++ / b;", 1),
            ("(a]", 1),
            ("a;\n(\nb", 2),
            ("a }", 1),
            ("`${a)}`", 1),
        ] {
            assert_eq!(cut(Language::Script, text).map_err(|unclear| unclear.line), Err(line), "{text}");
        }
    }
}
