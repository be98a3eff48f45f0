//! Looks through an expression or a template before it is used: names, types, literals. What it gives back means
//! the same with the operators of [`super::operators`] in place of the engine's.
//!
//! The engine gives its syntax tree away only as "unstable machinery", so its version is pinned. Without the
//! tree there would be no places to point at, and nothing could be said about types.

mod demands;
mod expression;
mod place;
mod statement;
mod words;

use minijinja::machinery::{ast, parse, parse_expr};
use minijinja::syntax::SyntaxConfig;

use super::FieldError;
use super::table::{Field, Table};
use super::types::{Shape, Type};

/// The longest source. Nobody writes one like that by hand, and how deep the engine's own recursion goes depends
/// on it.
const MAX_LENGTH: usize = 2_000;

/// What was looked through and is fit for use.
pub(super) struct Checked<T> {
    pub(super) tree: T,
    /// The fields that it uses, each once.
    pub(super) fields: Vec<&'static Field>,
}

/// Looks through an expression whose answer is yes or no.
pub(super) fn expression(
    source: &'static str,
    table: &'static Table,
) -> Result<Checked<ast::Expr<'static>>, FieldError> {
    let mut checker = Checker::new(source, table, "a condition", table.examples.0)?;
    if let Some(at) = source.find("{{").filter(|_| source.trim_start().starts_with("{{")) {
        let remedy = format!("Leave them out: `{}`.", table.examples.0);
        return Err(checker.error(at..at + 2, "a condition has no curly brackets around it", remedy));
    }
    let parsed = parse_expr(source).map_err(|error| checker.syntax(&error))?;
    let typed = checker.expression(&parsed)?;
    if checker.fields.is_empty() && typed.ty != Type::from(Shape::Flag) {
        return Err(checker.error(
            0..source.len(),
            format!("there is no field in it, so it is the same for every {}", table.item),
            format!(
                "Names of fields stand without quotes, texts in quotes: `{}`. `{}` lists them.",
                table.examples.0, table.command
            ),
        ));
    }
    Ok(Checked { tree: typed.tree, fields: checker.fields })
}

/// Looks through a template.
pub(super) fn template(
    source: &'static str,
    table: &'static Table,
) -> Result<Checked<ast::Stmt<'static>>, FieldError> {
    let mut checker = Checker::new(source, table, "a template", table.examples.1)?;
    let config = SyntaxConfig::default();
    let parsed = parse(source, TEMPLATE, config).map_err(|error| checker.syntax(&error))?;
    let tree = checker.statement(&parsed)?;
    Ok(Checked { tree, fields: checker.fields })
}

/// What the engine calls the source in its own messages.
pub(super) const TEMPLATE: &str = "template";

/// How deep an expression may be: a stack has an end, and nobody writes one like that by hand.
const MAX_DEPTH: usize = 150;

struct Checker {
    source: &'static str,
    table: &'static Table,
    /// How deep in an expression it is.
    depth: usize,
    fields: Vec<&'static Field>,
    /// Names that the template gave to values of its own, the innermost block last.
    locals: Vec<Vec<(&'static str, Type)>>,
}

/// A part of a tree, with what is known of it.
struct Typed {
    tree: ast::Expr<'static>,
    ty: Type,
}

impl Checker {
    fn new(
        source: &'static str,
        table: &'static Table,
        what: &str,
        example: &str,
    ) -> Result<Self, FieldError> {
        let checker = Self { source, table, depth: 0, fields: Vec::new(), locals: Vec::new() };
        if source.len() > MAX_LENGTH {
            let what = format!("it is longer than {MAX_LENGTH} characters");
            return Err(checker.error(MAX_LENGTH..MAX_LENGTH, what, "Write it shorter."));
        }
        if source.trim().is_empty() {
            let remedy = format!("Write {what} such as `{example}`, or leave the option out.");
            return Err(checker.error(0..0, "it is empty", remedy));
        }
        Ok(checker)
    }

    fn error(
        &self,
        range: std::ops::Range<usize>,
        what: impl Into<String>,
        remedy: impl Into<String>,
    ) -> FieldError {
        FieldError::new(self.source, range, what, remedy)
    }
}
