//! `iexport fields`: what everything is called in expressions, templates, columns and JSON.

use serde::Serialize;

use super::args::Common;
use super::{Exit, Outcome, output};
use crate::fields::{FIELDS, FILTERS, Kind, TESTS, Word};

/// A field, a filter or a test as a line of JSON.
#[derive(Serialize)]
struct Line {
    #[serde(rename = "type")]
    kind_of_line: &'static str,
    name: &'static str,
    /// What kind of values a field has.
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    /// Whether photos can be without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    optional: Option<bool>,
    /// The words that a field can be.
    #[serde(skip_serializing_if = "Option::is_none")]
    words: Option<&'static [&'static str]>,
    about: &'static str,
    example: &'static str,
}

pub(super) fn run(common: &Common) -> Outcome {
    if common.json {
        json();
    } else {
        text();
    }
    Ok(Exit::Done)
}

fn json() {
    let fields = FIELDS.iter().map(|field| Line {
        kind_of_line: "field",
        name: field.name,
        kind: Some(field.kind.name()),
        optional: Some(field.optional),
        words: match field.kind {
            Kind::Choice(words) => Some(words),
            _ => None,
        },
        about: field.about,
        example: field.example,
    });
    let of_words = |kind_of_line, words: &'static [Word]| {
        words.iter().map(move |word| Line {
            kind_of_line,
            name: word.name,
            kind: None,
            optional: None,
            words: None,
            about: word.about,
            example: word.example,
        })
    };
    for line in fields.chain(of_words("filter", FILTERS)).chain(of_words("test", TESTS)) {
        if !output::json(&line) {
            return;
        }
    }
}

fn text() {
    let mut table = output::table(&["FIELD", "TYPE", "WHAT IT IS", "EXAMPLE"]);
    for field in FIELDS {
        let kind = if field.optional {
            format!("{} or none", field.kind.name())
        } else {
            field.kind.name().to_owned()
        };
        table.add_row([field.name, &kind, field.about, field.example]);
    }
    output::print_table(&table);
    for (heading, words) in [("FILTER", FILTERS), ("TEST", TESTS)] {
        let mut table = output::table(&[heading, "WHAT IT DOES", "EXAMPLE"]);
        for word in words {
            table.add_row([word.name, word.about, word.example]);
        }
        if !output::line("") {
            return;
        }
        output::print_table(&table);
    }
    output::note(
        "\nFor example: iexport list photos --where \"favorite and taken >= '2024-08'\" --columns taken,original_name,size\n\
         docs/selection.md explains the language.",
    );
}
