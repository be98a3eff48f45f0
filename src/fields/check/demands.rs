//! What values must be for what is done with them: numbers, of one kind, a word or a date that a field can be.

use minijinja::machinery::ast::Expr;

use super::super::FieldError;
use super::super::filters::{Takes, Word, format_date};
use super::super::moment::Date;
use super::super::table::Kind;
use super::super::types::{Shape, Type};
use super::super::value::Moment;
use super::{Checker, place};
use crate::text;

const WRITE_DATES: &str = "Write `2024`, `2024-08`, `2024-08-15` or `2024-08-15T12:30`, in quotes.";

/// The text that an expression is, if it is a literal.
pub(super) fn literal<'a>(expr: &'a Expr<'_>) -> Option<&'a str> {
    match expr {
        Expr::Const(constant) => constant.value.as_str(),
        _ => None,
    }
}

impl Checker {
    pub(super) fn must_be_number(&self, expr: &Expr<'_>, ty: Type) -> Result<(), FieldError> {
        if matches!(ty.shape, Shape::Number | Shape::Any | Shape::Nothing) {
            return Ok(());
        }
        let remedy = match ty.shape {
            Shape::Text | Shape::Choice(_) => "`|int` makes a number of a text.",
            Shape::Time => "Times are compared, or have parts: `taken.year`.",
            Shape::Texts | Shape::Records(_) | Shape::List => "`|length` says how many there are.",
            _ => "`iexport fields` lists the fields with their types.",
        };
        Err(self.error(place::of(expr), format!("this must be a number, not {}", ty.shape.name()), remedy))
    }

    pub(super) fn must_be_ordered(&self, expr: &Expr<'_>, shape: Shape) -> Result<(), FieldError> {
        let remedy = match shape {
            Shape::Flag => {
                let name = self.source.get(place::of(expr)).unwrap_or("favorite");
                format!("Write `{name}` or `not {name}`.")
            }
            Shape::Nothing => "Whether there is one is asked by `is none` and `is not none`.".to_owned(),
            Shape::Texts | Shape::Records(_) | Shape::List => "`|length` says how many there are.".to_owned(),
            Shape::Record(_) => "Compare one of its parts.".to_owned(),
            _ => return Ok(()),
        };
        Err(self.error(
            place::of(expr),
            format!("{} is neither more nor less than anything", shape.name()),
            remedy,
        ))
    }

    /// Two things that are compared must be of the same kind, and literals must be possible.
    pub(super) fn must_be_alike(
        &self,
        left: &Expr<'_>,
        a: Shape,
        right: &Expr<'_>,
        b: Shape,
    ) -> Result<(), FieldError> {
        let alike = match (a, b) {
            (Shape::Any | Shape::Nothing, _) | (_, Shape::Any | Shape::Nothing) => true,
            (Shape::Time, other) | (other, Shape::Time) => other == Shape::Time || other.is_text(),
            (a, b) => a == b || (a.is_text() && b.is_text()) || (a.is_list() && b.is_list()),
        };
        if !alike {
            let range = place::of(left).start..place::of(right).end;
            let remedy = match (a, b) {
                (Shape::Flag, _) | (_, Shape::Flag) => {
                    let flag = if a == Shape::Flag { left } else { right };
                    let name = self.source.get(place::of(flag)).unwrap_or("favorite");
                    format!("Write `{name}` or `not {name}`.")
                }
                (a, b) if a.is_list() || b.is_list() => {
                    "Whether something is in a list is asked by `in`: `'beach' in keywords`.".to_owned()
                }
                (Shape::Number, b) if b.is_text() => "Numbers are written without quotes.".to_owned(),
                (a, Shape::Number) if a.is_text() => "Texts are written in quotes.".to_owned(),
                (Shape::Time, _) | (_, Shape::Time) => WRITE_DATES.to_owned(),
                _ => "`iexport fields` lists the fields with their types.".to_owned(),
            };
            return Err(self.error(range, format!("{} is compared with {}", a.name(), b.name()), remedy));
        }
        self.must_be_possible(a, right)?;
        self.must_be_possible(b, left)
    }

    /// A literal that something of a shape is compared with must be one that it can be.
    pub(super) fn must_be_possible(&self, shape: Shape, expr: &Expr<'_>) -> Result<(), FieldError> {
        let Some(text) = literal(expr) else { return Ok(()) };
        match shape {
            Shape::Choice(words) if !words.contains(&text) => {
                let near = text::nearest(text, words.iter().copied(), 1);
                let mut remedy =
                    near.first().map(|near| format!("Did you mean '{near}'? ")).unwrap_or_default();
                remedy += &format!("It can be {}.", words.join(", "));
                Err(self.error(place::of(expr), format!("it is never \"{}\"", text.escape_debug()), remedy))
            }
            Shape::Time => match text.parse::<Date>() {
                Ok(_) => Ok(()),
                Err(error) => Err(self.error(place::of(expr), error.to_string(), WRITE_DATES)),
            },
            _ => Ok(()),
        }
    }

    pub(super) fn must_be_possible_in(
        &self,
        left: &Expr<'_>,
        a: Shape,
        right: &Expr<'_>,
        b: Shape,
    ) -> Result<(), FieldError> {
        let any = |shape| matches!(shape, Shape::Any | Shape::Nothing);
        let range = place::of(left).start..place::of(right).end;
        let items = match right {
            Expr::List(list) => list.items.as_slice(),
            Expr::Tuple(tuple) => tuple.items.as_slice(),
            _ => &[],
        };
        items.iter().try_for_each(|item| self.must_be_possible(a, item))?;
        if b.is_text() && !a.is_text() && !any(a) {
            let what = format!("{} cannot be in a text", a.name());
            return Err(self.error(range, what, "Only a text can: `'beach' in caption`."));
        }
        if b == Shape::Texts && !a.is_text() && !any(a) {
            let what = format!("{} cannot be in a list of texts", a.name());
            return Err(self.error(range, what, "Only a text can: `'beach' in keywords`."));
        }
        if !(b.is_text() || b.is_list() || any(b)) {
            let what = format!("nothing can be in {}", b.name());
            return Err(self.error(place::of(right), what, "Only texts and lists have something in them."));
        }
        Ok(())
    }

    /// What is put into a text must be one thing.
    pub(super) fn must_be_writable(&self, expr: &Expr<'_>, shape: Shape) -> Result<(), FieldError> {
        if shape.is_list() {
            let remedy = "Take one with `|first`, or all with `|join(', ')`.";
            return Err(self.error(place::of(expr), "a list cannot be written as it is", remedy));
        }
        if let Shape::Record(parts) = shape {
            let names: Vec<&str> = parts.iter().map(|(name, _)| *name).collect();
            let remedy = format!("Write one of its parts: {}.", names.join(", "));
            return Err(self.error(place::of(expr), "a record cannot be written as it is", remedy));
        }
        Ok(())
    }

    pub(super) fn must_take(
        &self,
        word: &Word,
        what: &str,
        name: &str,
        input: &Expr<'_>,
        shape: Shape,
    ) -> Result<(), FieldError> {
        if word.takes.accepts(shape) {
            return Ok(());
        }
        let range = place::of(input).start..place::of_name(self.source, name).end;
        let complaint =
            format!("the {what} `{}` is for {}, not for {}", word.name, word.takes.name(), shape.name());
        let remedy = match (word.takes, shape) {
            (Takes::Text, Shape::Time) => "`|date('%Y-%m-%d')` makes a text of a time.".to_owned(),
            (Takes::Text, Shape::Number) => "`|string` makes a text of a number.".to_owned(),
            (Takes::Text, shape) if shape.is_list() => "`|join(', ')` makes a text of a list.".to_owned(),
            (Takes::Time, _) => {
                let times = self.table.fields.iter().filter(|field| field.kind == Kind::Time);
                let names: Vec<&str> = times.map(|field| field.name).collect();
                format!("The fields that are times are {}.", names.join(", "))
            }
            _ => format!("For example: `{}`.", word.example(self.table)),
        };
        Err(self.error(range, complaint, remedy))
    }

    pub(super) fn must_be_format(&self, format: &Expr<'_>) -> Result<(), FieldError> {
        let moment = Moment::from(jiff::Timestamp::UNIX_EPOCH);
        match format_date(moment, literal(format).unwrap_or_default()) {
            Ok(_) => Ok(()),
            Err(error) => {
                let what = format!("this is no form of a date: {error}");
                Err(self.error(place::of(format), what, "For example: `taken|date('%Y-%m-%d')`."))
            }
        }
    }
}
