//! `iexport fields`: what everything is called in expressions, templates, columns and JSON.

use serde::Serialize;

use super::args::{Common, FieldsArgs, FieldsWord};
use super::{Exit, Outcome, output};
use crate::fields::{self, FILTERS, Kind, TESTS, Table, Word};

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

pub(super) fn run(common: &Common, args: &FieldsArgs) -> Outcome {
    let table = match args.of {
        FieldsWord::Photos => &fields::PHOTOS,
        FieldsWord::Music => &fields::MEDIA,
    };
    if common.json {
        json(table);
    } else {
        text(table);
    }
    Ok(Exit::Done)
}

fn json(table: &'static Table) {
    let fields = table.fields.iter().map(|field| Line {
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
            example: word.example(table),
        })
    };
    for line in fields.chain(of_words("filter", FILTERS)).chain(of_words("test", TESTS)) {
        if !output::json(&line) {
            return;
        }
    }
}

fn text(fields: &Table) {
    let mut table = output::table(&["FIELD", "TYPE", "WHAT IT IS", "EXAMPLE"]);
    for field in fields.fields {
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
            table.add_row([word.name, word.about, word.example(fields)]);
        }
        if !output::line("") {
            return;
        }
        output::print_table(&table);
    }
    let list = match fields.item {
        "photo" => "photos --where \"favorite and taken >= '2024-08'\" --columns taken,original_name,size",
        _ => "music --where \"genre == 'Jazz' and plays > 10\" --columns artist,title,size",
    };
    output::note(format_args!(
        "\nFor example: iexport list {list}\ndocs/selection.md explains the language."
    ));
}
