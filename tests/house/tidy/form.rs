//! How the code is written: lengths, panics, bounds, module docs, waits.

use super::{Source, browser, fault, none, rust, sources};

const LINE_CHARS_MAX: usize = 110;
const FUNCTION_LINES_MAX: usize = 70;
const FILE_LINES_MAX: usize = 500;

#[test]
fn lines_fit_a_window() {
    let all = rust().into_iter().chain(browser());
    none(
        all.flat_map(|source| {
            let long = source.lines().filter(|(_, line)| {
                // The name of a test cannot be broken.
                let is_one_word = line.strip_prefix("//!   `").is_some_and(|word| !word.contains(' '));
                let is_table = line.starts_with("//! |");
                line.chars().count() > LINE_CHARS_MAX && !is_of_an_address(line) && !is_table && !is_one_word
            });
            let advice = format!("more than {LINE_CHARS_MAX} characters: break the line");
            long.map(|(number, _)| fault(&source, number, &advice)).collect::<Vec<_>>()
        })
        .collect(),
    );
}

/// Whether a line of its own would be too long for an address in it as well.
fn is_of_an_address(line: &str) -> bool {
    let indentation = line.len() - line.trim_start().len();
    let mut words = line.split_whitespace().filter(|word| word.contains("://"));
    words.any(|word| indentation + word.chars().count() > LINE_CHARS_MAX)
}

#[test]
fn only_an_address_that_is_too_long_by_itself_makes_a_line_longer() {
    let long = format!("https://home.example/{}", "x".repeat(LINE_CHARS_MAX));
    for (line, expected) in [
        (format!("// See {long}."), true),
        (format!("// {} (https://home.example/)", "words ".repeat(20)), false),
        (format!("use crate::http::{{{}}};", "web, ".repeat(20)), false),
    ] {
        assert!(line.chars().count() > LINE_CHARS_MAX);
        assert_eq!(is_of_an_address(&line), expected, "{line}");
    }
}

#[test]
fn a_test_has_a_subject_in_its_name() {
    let advice = "say of whom or what it is true: `a_person_who_...`, `a_client_that_...`";
    let mut faults = Vec::new();
    for source in rust() {
        let names = source.lines().zip(source.lines().skip(1));
        // A test with attributes of its own has another line above it.
        let tests = names.filter(|((_, above), _)| above.trim_start().starts_with("#["));
        let unnamed = tests.filter(|(_, (_, line))| line.contains("fn who_"));
        faults.extend(unnamed.map(|(_, (number, _))| fault(&source, number, advice)));
    }
    for source in browser().into_iter().filter(|source| source.path.starts_with("tests")) {
        let unnamed = source.lines().filter(|(_, line)| line.contains("test(\"who "));
        faults.extend(unnamed.map(|(number, _)| fault(&source, number, advice)));
    }
    none(faults);
}

#[test]
fn files_and_functions_hold_one_idea() {
    let mut faults = Vec::new();
    for source in rust() {
        let lines = source.code().lines().count();
        if lines > FILE_LINES_MAX {
            faults.push(fault(&source, lines, &format!("more than {FILE_LINES_MAX} lines: split the idea")));
        }
        faults.extend(long_functions(&source));
    }
    for source in browser() {
        let lines = source.text.lines().count();
        if lines > FILE_LINES_MAX {
            faults.push(fault(&source, lines, &format!("more than {FILE_LINES_MAX} lines: split the idea")));
        }
    }
    none(faults);
}

/// Functions whose closing brace, at the indentation of their first line, comes too late.
fn long_functions(source: &Source) -> Vec<String> {
    let mut faults = Vec::new();
    let mut open: Option<(usize, usize)> = None;
    for (number, line) in source.lines() {
        let indent = line.len() - line.trim_start().len();
        if open.is_none()
            && (line.trim_start().starts_with("fn ") || line.contains(" fn "))
            && !line.contains("//")
        {
            open = (!line.trim_end().ends_with([';', '}'])).then_some((number, indent));
        } else if let Some((start, at)) = open
            && indent == at
            && line.trim() == "}"
        {
            if number - start >= FUNCTION_LINES_MAX {
                faults.push(fault(
                    source,
                    start,
                    &format!("more than {FUNCTION_LINES_MAX} lines: push branches up, loops down"),
                ));
            }
            open = None;
        }
    }
    faults
}

#[test]
fn nothing_is_left_undone_or_panics_without_a_reason() {
    let mut faults = Vec::new();
    for source in rust() {
        for (number, line) in source.code_lines() {
            let is_tidy = source.path.iter().any(|part| part == "tidy");
            if !is_tidy && ["TODO", "FIXME"].iter().any(|mark| line.contains(mark)) {
                faults.push(fault(&source, number, "do it, or say it in the closing note"));
            }
            if source.is_test() {
                continue;
            }
            if line.contains(".unwrap()") {
                faults.push(fault(&source, number, "handle it, or `expect(\"why it cannot happen\")`"));
            }
            if let Some((_, reason)) = line.split_once(".expect(\"")
                && reason.split('"').next().is_none_or(|reason| reason.split_whitespace().count() < 4)
            {
                faults.push(fault(&source, number, "say in a sentence why it cannot happen"));
            }
            if !source.is_within("host/cli")
                && ["println!", "eprintln!", "print!("].iter().any(|word| line.contains(word))
            {
                faults.push(fault(&source, number, "log it; only `cli` prints"));
            }
        }
    }
    none(faults);
}

#[test]
fn a_bound_is_in_limits_with_its_reason() {
    let mut faults = Vec::new();
    let rooms = rust().into_iter().filter(|source| source.path.starts_with("src") && !source.is_test());
    for source in rooms.filter(|source| source.room() != "limits") {
        for (number, line) in source.code_lines() {
            let name = line.split_once("const ").and_then(|(_, rest)| rest.split(':').next());
            if name.is_some_and(|name| name.ends_with("_MAX") || name.ends_with("_MIN")) {
                faults.push(fault(&source, number, "a bound belongs in src/limits.rs, with its reason"));
            }
        }
    }
    none(faults);
}

#[test]
fn every_module_says_what_it_holds() {
    let modules = rust().into_iter().filter(|source| !source.is_test());
    none(
        modules
            .filter(|source| source.text.lines().take_while(|line| line.starts_with("//!")).count() == 0)
            .map(|source| {
                fault(&source, 1, "open with `//!`: what it holds, who calls it, what it never does")
            })
            .collect(),
    );
}

#[test]
fn a_test_waits_for_something_and_never_for_a_while() {
    let mut faults = Vec::new();
    // It measures: how long a start takes, without a pause of its own; and memory, once that has settled.
    let load = |source: &Source| source.path.starts_with("tests/load");
    for source in
        rust().into_iter().filter(|source| !source.path.iter().any(|part| part == "tidy") && !load(source))
    {
        let sleeps = ["thread::sleep", "time::sleep", "sleep(Duration", "sleep_until(", "yield_now("];
        let code_lines = if source.is_test() { 0 } else { source.code().lines().count() };
        for (number, line) in source.lines().skip(code_lines) {
            if sleeps.iter().any(|sleep| line.contains(sleep)) {
                faults.push(fault(&source, number, "await what should happen, with a deadline"));
            }
        }
    }
    for source in browser().into_iter().filter(|source| source.path.starts_with("tests")) {
        let waits = ["waitForTimeout", "timers/promises", "setTimeout("];
        // The deadline of a whole test is no wait.
        let is_wait =
            |line: &str| waits.iter().any(|wait| line.replace("test.setTimeout(", "").contains(wait));
        for (number, _) in source.lines().filter(|(_, line)| is_wait(line)) {
            faults.push(fault(&source, number, "expect what should be on the page"));
        }
    }
    none(faults);
}

#[test]
fn the_repository_stands_on_its_own() {
    let mut texts = rust();
    texts.extend(browser());
    texts.extend(sources(&["docs"], &[".md"]));
    none(
        texts
            .iter()
            .filter(|source| !source.path.iter().any(|part| part == "tidy"))
            .flat_map(|source| {
                let lines = source.lines().filter(|(_, line)| line.contains("../shared"));
                lines
                    .map(|(number, _)| fault(source, number, "say it here, in our own words"))
                    .collect::<Vec<_>>()
            })
            .collect(),
    );
}
