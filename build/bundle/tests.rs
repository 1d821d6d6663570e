//! What the bundler promises, over a page as small as can be.
#![allow(clippy::unwrap_used)]

use super::*;

const FILES: [(&str, &str); 10] = [
    (
        "index.html",
        "<link rel=\"stylesheet\" href=\"assets/styles/main.css\" />\n<script src=\"assets/app/main.js\">\n\
         <!-- start -->\nstart\n<!-- /start -->\n<!-- join -->\ncode\n<!-- /join -->\n\
         <link data-words=\"*\" href=\"assets/words/*.json\" />\n",
    ),
    ("trust.html", "<link rel=\"stylesheet\" href=\"assets/styles/main.css\" />\n"),
    ("manifest.webmanifest", "{ \"start_url\": \".\", \"src\": \"assets/icons/i.svg\" }"),
    ("sw.js", "// All of them.\nconst FILES = [\n  \"assets/*\",\n];\n"),
    ("app/main.js", "import { a } from \"./a.js\";\na();\n"),
    ("app/a.js", "export function a() {}\n"),
    ("styles/main.css", "@layer b;\n@import \"./a.css\";\n"),
    ("styles/a.css", "a {\n  b: c;\n}\n"),
    ("words/en.json", "{}"),
    ("icons/i.svg", "<svg/>"),
];

/// The small page with other files in the place of its own.
fn with(files: &[(&str, &str)]) -> Tree {
    let all = FILES.iter().chain(files);
    all.map(|(file, text)| ((*file).to_owned(), text.as_bytes().to_vec())).collect()
}

fn served(files: &[(&str, &str)]) -> BTreeMap<String, String> {
    let files = bundle(&with(files)).unwrap().files;
    files.into_iter().map(|(name, content)| (name, String::from_utf8(content).unwrap())).collect()
}

/// The name of the file that begins and ends like this.
fn name<'a>(served: &'a BTreeMap<String, String>, begin: &str, end: &str) -> &'a str {
    served.keys().find(|name| name.starts_with(begin) && name.ends_with(end)).unwrap()
}

fn script(files: &[(&str, &str)]) -> String {
    let served = served(files);
    served[name(&served, "app/main.", ".js")].clone()
}

fn refused(files: &[(&str, &str)]) -> String {
    bundle(&with(files)).err().unwrap_or_else(|| panic!("{files:?} is taken"))
}

#[test]
fn what_is_served_is_named_where_it_is_needed_and_nothing_else_is_served() {
    let served = served(&[]);
    let stems: Vec<_> = served.keys().map(|name| name.split('.').next().unwrap()).collect();
    assert_eq!(stems, ["app/main", "icons/i", "index", "join", "manifest", "sw", "trust", "words/en"]);
    let script = name(&served, "app/main.", ".js");
    let (icon, words) = (name(&served, "icons/i.", ".svg"), name(&served, "words/en.", ".json"));
    for page in ["index.html", "join.html"] {
        assert!(served[page].contains(&format!("<script src=\"assets/{script}\">")), "{}", served[page]);
        assert!(served[page].contains(&format!("<link data-words=\"en\" href=\"assets/{words}\" />")));
    }
    let list =
        format!("const FILES = [\n\"assets/{script}\",\n\"assets/{icon}\",\n\"assets/{words}\",\n];\n");
    assert_eq!(served["sw.js"], list);
    assert!(served["manifest.webmanifest"].contains(&format!("\"src\": \"assets/{icon}\"")));
}

#[test]
fn every_page_has_the_one_style_in_it() {
    let Bundle { files, style } = bundle(&with(&[])).unwrap();
    assert_eq!(style, "@layer b;\na {\nb: c;\n}\n");
    for page in ["index.html", "join.html", "trust.html"] {
        let page = String::from_utf8(files[page].clone()).unwrap();
        assert!(page.contains(&format!("<style>{style}</style>")) && !page.contains("stylesheet"), "{page}");
    }
}

#[test]
fn only_the_join_page_has_a_field_for_the_code() {
    let served = served(&[]);
    assert!(served["join.html"].contains("code") && !served["join.html"].contains("\nstart\n"));
    assert!(served["index.html"].contains("\nstart\n") && !served["index.html"].contains("code"));
}

#[test]
fn a_changed_file_renames_itself_and_is_renamed_wherever_it_is_named() {
    let (one, two) = (served(&[]), served(&[("icons/i.svg", "<svg></svg>")]));
    assert_ne!(name(&one, "icons/i.", ".svg"), name(&two, "icons/i.", ".svg"));
    for file in ["sw.js", "manifest.webmanifest"] {
        assert_ne!(one[file], two[file]);
    }
    let changed = served(&[("app/a.js", "export function a() { b(); }\n")]);
    assert_ne!(name(&one, "app/main.", ".js"), name(&changed, "app/main.", ".js"));
    assert_eq!(name(&one, "icons/i.", ".svg"), name(&changed, "icons/i.", ".svg"));
}

#[test]
fn what_is_named_and_not_there_stops_the_build() {
    for file in
        ["index.html", "trust.html", "manifest.webmanifest", "sw.js", "app/main.js", "styles/main.css"]
    {
        let mut files = with(&[]);
        files.remove(file);
        assert_eq!(bundle(&files).err(), Some(format!("assets/{file}: it is missing")));
    }
    for (file, reference) in [
        ("manifest.webmanifest", "assets/icons/gone.svg"),
        ("sw.js", "assets/gone/*.json"),
        ("trust.html", "assets/styles/a.css"),
    ] {
        let message = refused(&[(file, &format!("\"{reference}\""))]);
        assert_eq!(message, format!("assets/{file}: \"{reference}\" leads to no file"));
    }
}

#[test]
fn modules_run_once_and_before_those_that_import_them() {
    let script = script(&[
        (
            "app/main.js",
            "import {\n  b,\n  C,\n} from \"./b.js\";\nimport { a } from \"./deep/a.js\";\nawait b(a);\n",
        ),
        (
            "app/b.js",
            "import { a } from \"./deep/a.js\";\nexport const b = a;\nexport class C {\n  a = 1;\n}\n",
        ),
        ("app/deep/a.js", "import \"../first.js\";\nexport async function a() {\n  const b = 2;\n}\n"),
        ("app/first.js", "first();\n"),
        ("app/nobodys.js", "import { gone } from \"./gone.js\";\n"),
    ]);
    let expected =
        "first();\nasync function a() {\nconst b = 2;\n}\nconst b = a;\nclass C {\na = 1;\n}\nawait b(a);\n";
    assert_eq!(script, expected);
}

#[test]
fn a_name_that_two_modules_declare_is_refused_with_both_places() {
    for declaration in ["const a = 1;", "let a;", "class a {}", "export async function a() {}"] {
        let message = refused(&[("app/main.js", &format!("import \"./a.js\";\n{declaration}\n"))]);
        let advice = "choose another name than a: app/a.js has it, and both are one file later";
        assert_eq!(message, format!("assets/app/main.js:2: {advice}"));
    }
}

#[test]
fn private_names_are_short_and_nothing_else_is_renamed() {
    let class = "class A {\n  #long = \"#long\";\n  #other;\n  get #third() {\n\
                 return a.#other + this.#long;\n  }\n  async #fourth() {}\n}\n\
                 el(\"#code\", \"j#a.b\", `${c}#${d}`);\n";
    let expected = "class A {\n#a = \"#long\";\n#b;\nget #c() {\nreturn a.#b + this.#a;\n}\n\
                    async #d() {}\n}\nel(\"#code\", \"j#a.b\", `${c}#${d}`);\n";
    assert_eq!(script(&[("app/main.js", class)]), expected);
}

#[test]
fn an_import_of_what_is_not_there_is_named_with_its_line() {
    for (text, advice) in [
        ("import { a } from \"./gone.js\";", "\"./gone.js\" leads to no file"),
        ("import \"../../a.js\";", "\"../../a.js\" leads to no file"),
        ("import { a, b } from \"./a.js\";", "app/a.js does not export b"),
        ("import { a } from \"./main.js\";", "these import each other in a circle: app/main.js"),
    ] {
        let message = refused(&[("app/main.js", &format!("// a\n{text}\n"))]);
        assert_eq!(message, format!("assets/app/main.js:2: {advice}"));
    }
}

#[test]
fn what_is_loaded_later_is_a_script_of_its_own_that_is_given_what_it_needs_of_the_first() {
    let served = served(&[
        (
            "app/main.js",
            "import { a } from \"./a.js\";\na();\nconst c = () => import(\"./parts/c.js\");\n\
             await c();\n",
        ),
        (
            "app/parts/c.js",
            "import { a } from \"../a.js\";\nimport { d } from \"./d.js\";\nexport const e = d(a);\n\
             export class F {}\n",
        ),
        ("app/parts/d.js", "export function d() {}\n"),
    ]);
    let later = name(&served, "app/c.", ".js");
    let function = "let made;\nexport default ({ a }) => (made ??= (() => {\nfunction d() {}\n\
                    const e = d(a);\nclass F {}\nreturn { F, e };\n})());\n";
    assert_eq!(served[later], function);
    let stem = later.strip_prefix("app/").unwrap();
    let main = &served[name(&served, "app/main.", ".js")];
    let (before, loaded) = main.split_once("const c = () => ").unwrap();
    assert_eq!(before, "function a() {}\na();\n");
    // Whatever cannot be fetched is not imported: an import that failed is asked for never again.
    assert!(loaded.starts_with(&format!("fetch(new URL(\"./{stem}\", import.meta.url))")), "{loaded}");
    let imported = format!(".then(() => import(\"./{stem}\")).then((it) => it.default({{ a }}));");
    assert!(loaded.ends_with(&(imported + "\nawait c();\n")), "{loaded}");
    assert!(served["sw.js"].contains(&format!("\"assets/{later}\"")), "offline it is there, too");
}

#[test]
fn a_module_is_in_one_script_alone() {
    let later = "const a = () => [import(\"./b.js\")];\nconst c = () => [import(\"./c.js\")];\n";
    let nested = "export const d = () => import(\"./a.js\");\n";
    for (files, message) in [
        (
            [("app/b.js", "export const b = 1;\n"), ("app/c.js", "import { b } from \"./b.js\";\n")],
            "assets/app/c.js:1: app/b.js is loaded with app/b.js: \
             what two of them need is in the first script: import it there",
        ),
        (
            [("app/b.js", nested), ("app/c.js", "")],
            "assets/app/b.js:1: import it at the top: what is loaded later loads nothing itself",
        ),
    ] {
        assert_eq!(refused(&[&[("app/main.js", later)], &files[..]].concat()), message);
    }
    let both = "import { a } from \"./a.js\";\nconst b = () => import(\"./a.js\");\n";
    let advice = "app/a.js is imported at the top of another module as well: choose one";
    assert_eq!(refused(&[("app/main.js", both)]), format!("assets/app/main.js:2: {advice}"));
}

#[test]
fn a_form_that_it_cannot_take_is_refused_with_what_to_write() {
    for (text, advice) in [
        ("import a from \"./a.js\";", esm::IMPORT),
        ("import * as a from \"./a.js\";", esm::IMPORT),
        ("import { a as b } from \"./a.js\";", esm::IMPORT),
        ("import { a } from './a.js';", esm::IMPORT),
        ("import { a } from \"a\";", esm::IMPORT),
        ("import { a } from \"./a.js\"", esm::IMPORT),
        ("export default function a() {}", esm::EXPORT),
        ("export { a };", esm::EXPORT),
        ("export * from \"./a.js\";", esm::EXPORT),
        ("export const { a } = b;", esm::EXPORT),
        ("const a = () => import(`./${b}.js`);", esm::LATER),
        ("const a = () => import(\"./a.js\", b);", esm::LATER),
        ("const a = () => [import(\"./a.js\"), import(\"./b.js\")];", esm::LATER),
        ("const a = () => import(\"a\");", esm::LATER),
        ("new URL(\"./a.svg\", import.meta.url);", esm::AT_RUN_TIME),
    ] {
        let message = refused(&[("app/main.js", &format!("\n{text}\nb();\n"))]);
        assert_eq!(message, format!("assets/app/main.js:2: {advice}"), "{text}");
    }
    for (text, advice) in [
        ("@import \"./b.css\";", css::IMPORT),
        ("@import url(\"./b.css\");", css::IMPORT),
        ("b: url(\"../icons/i.svg\");", css::ADDRESS),
    ] {
        let message = refused(&[("styles/a.css", &format!("a {{\n  {text}\n}}\n"))]);
        assert_eq!(message, format!("assets/styles/a.css:2: {advice}"), "{text}");
    }
}

#[test]
fn comments_and_indentation_go_and_everything_else_is_kept() {
    let text = "// a\n/*\n * b\n */\n\n  c(\"// d\", /e/); // f\n/** @type {G} */ (h).i();\n\
                j = (/** @type {K} */ (l), /** m */ n);\n  /** o\n   p */ q;\n  \"assets/*\",\n";
    let expected = "c(\"// d\", /e/); // f\n(h).i();\nj = ((l), n);\nq;\n\"assets/*\",\n";
    assert_eq!(script(&[("app/main.js", text)]), expected);
}
