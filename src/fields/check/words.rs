//! Complaints about names and about what is no sentence.

use minijinja::{Error, ErrorKind};

use super::super::FieldError;
use super::super::filters::Word;
use super::{Checker, place};
use crate::text;

impl Checker {
    pub(super) fn no_such_field(&self, name: &str) -> FieldError {
        let mut remedy = String::new();
        let upper = name.to_ascii_lowercase();
        if matches!(name, "null" | "nil" | "None" | "undefined") {
            remedy = "What is not there is called `none`: `title is none`. ".to_owned();
        } else if let Some(near) = self.table.nearest(name) {
            remedy = format!("Did you mean `{near}`? ");
        } else if self.table.fields.iter().any(|field| field.name == upper) {
            remedy = format!("Did you mean `{upper}`? ");
        }
        remedy += &format!("Texts stand in quotes; `{}` lists all fields.", self.table.command);
        let place = place::of_name(self.source, name);
        self.error(place, format!("there is no field \"{name}\""), remedy)
    }

    pub(super) fn no_such_word(&self, what: &str, name: &str, words: &[Word]) -> FieldError {
        let known = match name {
            "defined" | "undefined" | "null" if what == "test" => {
                "Every field is defined; whether there is a value is asked by `is none` and `is not none`."
                    .to_owned()
            }
            "true" | "false" if what == "test" => {
                "Write the field by itself, or with `not` before it.".to_owned()
            }
            "in" if what == "test" => "Write `'beach' in keywords`, without `is`.".to_owned(),
            "startswith" if what == "test" => "Did you mean `startingwith`?".to_owned(),
            "endswith" if what == "test" => "Did you mean `endingwith`?".to_owned(),
            "count" | "len" => "Did you mean `length`?".to_owned(),
            "d" => "Did you mean `default`?".to_owned(),
            "strftime" | "format" | "dateformat" => "Did you mean `date`?".to_owned(),
            _ => match text::nearest(name, words.iter().map(|word| word.name), 1).first() {
                Some(near) => format!("Did you mean `{near}`?"),
                None => String::new(),
            },
        };
        let names: Vec<&str> = words.iter().map(|word| word.name).collect();
        let remedy = format!("{known}\nThere are {}.", names.join(", "));
        let place = place::of_name(self.source, name);
        self.error(place, format!("there is no {what} \"{name}\""), remedy.trim_start())
    }

    /// What the engine's parser found wrong.
    pub(super) fn syntax(&self, error: &Error) -> FieldError {
        let end = self.source.len();
        let detail = error.detail().unwrap_or("this cannot be understood");
        // What is missing is missing behind what is there.
        let is_cut_off = detail.contains("unexpected end of input");
        let mut range = error.range().filter(|_| !is_cut_off).unwrap_or(end..end);
        let is_unclosed = detail.contains("end of string");
        if is_unclosed {
            range = unclosed(self.source)..end;
        }
        let what = match error.kind() {
            ErrorKind::BadEscape => "there is something wrong with a backslash in this text",
            _ => detail,
        };
        // What was written tells better than where the parser stopped.
        let before = self.source.get(..range.end.min(end)).unwrap_or(self.source);
        let habits: [(&str, &str); 4] = [
            ("&&", "Write `and`."),
            ("||", "Write `or`."),
            ("!", "Write `not` before what is to be untrue, and `!=` for \"is not\"."),
            ("=", "Write `==` to compare."),
        ];
        let rest = self.source.get(range.start.min(end)..).unwrap_or_default();
        let habit = habits
            .iter()
            .find(|(sign, _)| rest.starts_with(sign) || (before.trim_end().ends_with(sign) && *sign != "="));
        let remedy = match habit {
            _ if is_unclosed => "The text that begins here has no quote at its end.".to_owned(),
            Some((_, remedy)) => (*remedy).to_owned(),
            None if detail.contains("end of variable block") && rest.trim_start().starts_with("}}") => {
                "Put a field between the braces: `{{ stem }}`.".to_owned()
            }
            None if detail.contains("end of variable block") => {
                "What begins with `{{` ends with `}}`.".to_owned()
            }
            None if self.source.matches("{%").count() > self.source.matches("%}").count() => {
                "What begins with `{%` ends with `%}`.".to_owned()
            }
            None if detail.contains("end of input") && self.source.contains("{%") => {
                "`{% if %}` ends with `{% endif %}`, `{% for %}` with `{% endfor %}`.".to_owned()
            }
            None if detail.contains("end of input") => "Something is missing at the end.".to_owned(),
            None => "Texts stand in quotes; conditions are joined by `and`, `or` and `not`.".to_owned(),
        };
        self.error(range, what, remedy)
    }
}

/// Where the text begins that has no end.
fn unclosed(source: &str) -> usize {
    // Outside of brackets, a quote is a quote of the template's own text.
    let code = [source.rfind("{{"), source.rfind("{%")].into_iter().flatten().max().unwrap_or(0);
    let mut open: Option<(usize, char)> = None;
    let mut escaped = false;
    for (at, c) in source.char_indices().filter(|(at, _)| *at >= code) {
        match open {
            Some(_) if escaped => escaped = false,
            Some(_) if c == '\\' => escaped = true,
            Some((_, quote)) if c == quote => open = None,
            None if c == '\'' || c == '"' => open = Some((at, c)),
            _ => {}
        }
    }
    open.map_or(source.len(), |(at, _)| at)
}
