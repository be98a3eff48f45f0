//! Compiles what a person wrote, and asks it of items.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use minijinja::machinery::{CodeGenerator, Instructions, eval, make_string_output};
use minijinja::value::Object;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior, Value as Dynamic};

use super::table::{Field, PHOTOS, Table};
use super::{FieldError, check, filters, operators};
use crate::catalog::{Catalog, Item};

/// Steps that one evaluation may take. An honest one takes a few hundred.
const FUEL: u64 = 50_000;

/// Compiles expressions and templates over the fields of a [`Table`].
///
/// The language is that of minijinja (Jinja), without its functions, and with filters, tests and operators of our
/// own: see [`super::FILTERS`], [`super::TESTS`] and `docs/selection.md`. A name that does not exist, and what can
/// never be true of a field, is found when it is compiled.
#[derive(Debug, Clone, Copy)]
pub struct Engine {
    environment: &'static Environment<'static>,
    table: &'static Table,
}

impl Default for Engine {
    fn default() -> Self {
        Self::new()
    }
}

impl Engine {
    /// The engine for photos. Making one costs nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::over(&PHOTOS)
    }

    /// The engine for what a table names.
    #[must_use]
    pub fn over(table: &'static Table) -> Self {
        static ENVIRONMENT: OnceLock<Environment<'static>> = OnceLock::new();
        Self { environment: ENVIRONMENT.get_or_init(environment), table }
    }

    /// Compiles a question that has yes or no for an answer, such as `favorite and duration > 60`.
    ///
    /// # Errors
    /// It is no expression, or it has a name that does not exist.
    pub fn compile_expression(&self, source: &str) -> Result<Predicate, FieldError> {
        let source = keep(source);
        let checked = check::expression(source, self.table)?;
        let mut generator = CodeGenerator::new(EXPRESSION, source);
        generator.compile_expr(&checked.tree);
        Ok(Predicate(Arc::new(self.compiled(source, checked.fields, generator))))
    }

    /// Compiles a template, such as `{{ taken|date('%Y') }}/{{ album|default('Other') }}`.
    ///
    /// # Errors
    /// It is no template, or it has a name that does not exist.
    pub fn compile_template(&self, source: &str) -> Result<Template, FieldError> {
        let source = keep(source);
        let checked = check::template(source, self.table)?;
        let mut generator = CodeGenerator::new(check::TEMPLATE, source);
        generator.compile_stmt(&checked.tree);
        Ok(Template(Arc::new(self.compiled(source, checked.fields, generator))))
    }

    fn compiled(
        &self,
        source: &'static str,
        fields: Vec<&'static Field>,
        generator: CodeGenerator<'static>,
    ) -> Compiled {
        Compiled {
            environment: self.environment,
            table: self.table,
            source,
            fields,
            code: generator.finish().0,
        }
    }
}

/// What the engine calls an expression in its own messages.
const EXPRESSION: &str = "expression";

/// Keeps a source for the rest of the process, once: the engine's code refers to it. There are a handful, from the
/// command line.
fn keep(source: &str) -> &'static str {
    static KEPT: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(same) = kept.get(source) {
        return same;
    }
    let source: &'static str = Box::leak(source.into());
    kept.insert(source);
    source
}

struct Compiled {
    environment: &'static Environment<'static>,
    table: &'static Table,
    source: &'static str,
    /// The fields that it uses; only these are looked up.
    fields: Vec<&'static Field>,
    code: Instructions<'static>,
}

impl Compiled {
    /// Works it out for an item: its value, if it is an expression, and what it writes.
    fn run(&self, item: &Item, catalog: &Catalog) -> Result<(Option<Dynamic>, String), FieldError> {
        static NO_BLOCKS: BTreeMap<&str, Instructions<'_>> = BTreeMap::new();
        let scope = scope(&self.fields, item, catalog);
        let mut text = String::new();
        let mut out = make_string_output(&mut text);
        let result = eval(self.environment, &self.code, scope, &NO_BLOCKS, &mut out, AutoEscape::None);
        let value = result.map_err(|error| self.blame(&error, item))?.0;
        Ok((value, text))
    }

    /// What went wrong with an item.
    fn blame(&self, error: &Error, item: &Item) -> FieldError {
        let range = error.range().unwrap_or(0..self.source.len());
        let (what, remedy) = match error.kind() {
            ErrorKind::OutOfFuel => ("it takes too long to work out".to_owned(), "Write it simpler."),
            kind => (error.detail().map_or_else(|| kind.to_string(), str::to_owned), self.table.list),
        };
        let whom = format!("with {}, {}", item.uuid.0.escape_debug(), item.original_name.escape_debug());
        FieldError::new(self.source, range, what, remedy).about(&whom)
    }
}

/// A question that has yes or no for an answer, asked of one item after another.
#[derive(Clone)]
pub struct Predicate(Arc<Compiled>);

/// A text with fields in it.
#[derive(Clone)]
pub struct Template(Arc<Compiled>);

impl Predicate {
    /// As the person wrote it.
    #[must_use]
    pub fn source(&self) -> &str {
        self.0.source
    }

    /// Whether it is true of an item.
    ///
    /// # Errors
    /// Something in it cannot be worked out for this item.
    pub fn matches(&self, item: &Item, catalog: &Catalog) -> Result<bool, FieldError> {
        Ok(self.0.run(item, catalog)?.0.is_some_and(|value| value.is_true()))
    }
}

impl Template {
    /// As the person wrote it.
    #[must_use]
    pub fn source(&self) -> &str {
        self.0.source
    }

    /// The text for an item.
    ///
    /// # Errors
    /// Something in it cannot be worked out for this item.
    pub fn render(&self, item: &Item, catalog: &Catalog) -> Result<String, FieldError> {
        Ok(self.raw(item, catalog)?.replace([filters::INNER_SLASH, filters::FOLDER_SLASH], "/"))
    }

    /// The names of a path for an item, outermost first; perhaps none.
    ///
    /// A slash of the template begins a new name. One in a value does not, and is in the name as it is, unless
    /// the value went through the filter `folders`. Names that come out empty are left out. The names may hold
    /// anything that the phone's texts hold, `..` and slashes too: they must be made portable, one by one.
    ///
    /// # Errors
    /// Something in it cannot be worked out for this item.
    pub fn render_path(&self, item: &Item, catalog: &Catalog) -> Result<Vec<String>, FieldError> {
        let raw = self.raw(item, catalog)?;
        let names = raw.split(['/', filters::FOLDER_SLASH]).filter(|name| !name.trim().is_empty());
        Ok(names.map(|name| name.replace(filters::INNER_SLASH, "/")).collect())
    }

    fn raw(&self, item: &Item, catalog: &Catalog) -> Result<String, FieldError> {
        Ok(self.0.run(item, catalog)?.1)
    }
}

/// Same words, same meaning.
impl PartialEq for Predicate {
    fn eq(&self, other: &Self) -> bool {
        self.source() == other.source()
    }
}

impl Eq for Predicate {}

impl fmt::Debug for Predicate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Predicate").field(&self.source()).finish()
    }
}

/// Same words, same meaning.
impl PartialEq for Template {
    fn eq(&self, other: &Self) -> bool {
        self.source() == other.source()
    }
}

impl Eq for Template {}

impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Template").field(&self.source()).finish()
    }
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::empty();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    environment.set_debug(true);
    environment.set_formatter(filters::write);
    filters::add_to(&mut environment);
    operators::add_to(&mut environment);
    environment
}

/// The fields that an item has, for one evaluation.
#[derive(Debug)]
struct Scope(Vec<(&'static str, Dynamic)>);

impl Object for Scope {
    fn get_value(self: &Arc<Self>, key: &Dynamic) -> Option<Dynamic> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Dynamic> {
        self.0.iter().find(|(name, _)| *name == key).map(|(_, value)| value.clone())
    }
}

fn scope(fields: &[&'static Field], item: &Item, catalog: &Catalog) -> Dynamic {
    let values = fields.iter().map(|field| (field.name, filters::engine_value(field.of(item, catalog))));
    Dynamic::from_object(Scope(values.collect()))
}
