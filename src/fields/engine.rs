//! Compiles what a person wrote, and asks it of items.

use std::fmt;
use std::sync::{Arc, OnceLock};

use minijinja::value::Object;
use minijinja::{Environment, Error, ErrorKind, Expression, UndefinedBehavior};

use super::table::{Field, column, nearest};
use super::value::Moment;
use super::{FieldError, filters};
use crate::catalog::{Catalog, Item};

/// Steps that one evaluation may take. An honest one takes a few hundred.
const FUEL: u64 = 50_000;

/// Compiles expressions and templates over the fields of [`super::FIELDS`].
///
/// The language is that of minijinja, without its functions and with the filters and tests listed by
/// `iexport fields`. A name that is no field, a filter or a test that does not exist is found here, not later.
#[derive(Debug, Clone, Copy)]
pub struct Engine {
    environment: &'static Environment<'static>,
}

impl Default for Engine {
    fn default() -> Self {
        Self::new()
    }
}

impl Engine {
    /// The engine. All are the same; making one costs nothing.
    #[must_use]
    pub fn new() -> Self {
        static ENVIRONMENT: OnceLock<Environment<'static>> = OnceLock::new();
        Self { environment: ENVIRONMENT.get_or_init(environment) }
    }

    /// Compiles a question that has yes or no for an answer, such as `favorite and duration > 60`.
    ///
    /// # Errors
    /// It is no expression, or it has a name that does not exist.
    pub fn compile_expression(&self, source: &str) -> Result<Predicate, FieldError> {
        let code =
            self.environment.compile_expression_owned(source.to_owned()).map_err(|e| explain(source, &e))?;
        let fields = declared(source, code.undeclared_variables(false))?;
        Ok(Predicate(Arc::new(Compiled { source: source.into(), fields, code })))
    }

    /// Compiles a template, such as `{{ taken|date('%Y') }}/{{ album|default('Other') }}`.
    ///
    /// # Errors
    /// It is no template, or it has a name that does not exist.
    pub fn compile_template(&self, source: &str) -> Result<Template, FieldError> {
        let mut environment = self.environment.clone();
        environment.add_template_owned(TEMPLATE, source.to_owned()).map_err(|e| explain(source, &e))?;
        let used = environment.get_template(TEMPLATE).map_err(|e| explain(source, &e))?;
        let fields = declared(source, used.undeclared_variables(false))?;
        Ok(Template(Arc::new(Compiled { source: source.into(), fields, code: environment })))
    }
}

/// The one template of its environment.
const TEMPLATE: &str = "template";

struct Compiled<C> {
    source: Box<str>,
    /// The fields that it uses; only these are looked up.
    fields: Vec<&'static Field>,
    code: C,
}

/// A question that has yes or no for an answer, asked of one item after another.
#[derive(Clone)]
pub struct Predicate(Arc<Compiled<Expression<'static, 'static>>>);

/// A text with fields in it.
#[derive(Clone)]
pub struct Template(Arc<Compiled<Environment<'static>>>);

impl Predicate {
    /// As the person wrote it.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.0.source
    }

    /// Whether it is true of an item.
    ///
    /// # Errors
    /// Something in it cannot be worked out for this item.
    pub fn matches(&self, item: &Item, catalog: &Catalog) -> Result<bool, FieldError> {
        let answer = self.0.code.eval(scope(&self.0.fields, item, catalog));
        answer.map(|value| value.is_true()).map_err(|error| blame(self.source(), &error, item))
    }
}

impl Template {
    /// As the person wrote it.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.0.source
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
        let template = self.0.code.get_template(TEMPLATE).map_err(|error| explain(self.source(), &error))?;
        let text = template.render(scope(&self.0.fields, item, catalog));
        text.map_err(|error| blame(self.source(), &error, item))
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
    environment
}

/// The fields that an item has, for one evaluation.
#[derive(Debug)]
struct Scope(Vec<(&'static str, minijinja::Value)>);

impl Object for Scope {
    fn get_value(self: &Arc<Self>, key: &minijinja::Value) -> Option<minijinja::Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<minijinja::Value> {
        self.0.iter().find(|(name, _)| *name == key).map(|(_, value)| value.clone())
    }
}

fn scope(fields: &[&'static Field], item: &Item, catalog: &Catalog) -> minijinja::Value {
    let values = fields.iter().map(|field| (field.name, filters::engine_value(field.of(item, catalog))));
    minijinja::Value::from_object(Scope(values.collect()))
}

/// The fields of these names, or the first that is none.
fn declared(
    source: &str,
    names: impl IntoIterator<Item = String>,
) -> Result<Vec<&'static Field>, FieldError> {
    let mut names: Vec<String> = names.into_iter().collect();
    names.sort_by_key(|name| source.find(name.as_str()));
    names.iter().map(|name| column(name).ok_or_else(|| no_such_field(source, name))).collect()
}

fn no_such_field(source: &str, name: &str) -> FieldError {
    let at = source.find(name).unwrap_or(0);
    let mut remedy = String::new();
    if let Some(near) = nearest(name) {
        remedy = format!("Did you mean `{near}`? ");
    }
    remedy += "`iexport fields` lists all.";
    FieldError::new(source, at..at + name.len(), format!("there is no field \"{name}\""), remedy)
}

/// What the engine found wrong.
fn explain(source: &str, error: &Error) -> FieldError {
    let range = error.range().unwrap_or(0..source.len());
    let what = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
    let remedy = match error.kind() {
        ErrorKind::SyntaxError => "Texts are in quotes, and conditions are joined by `and`, `or`, `not`.",
        _ => "`iexport fields` lists all fields with examples.",
    };
    FieldError::new(source, range, what, remedy)
}

/// The same, for what went wrong with one item.
fn blame(source: &str, error: &Error, item: &Item) -> FieldError {
    explain(source, error).about(&format!(
        "with {}, {}",
        item.uuid.0.escape_debug(),
        item.original_name.escape_debug()
    ))
}

impl Object for Moment {
    fn repr(self: &Arc<Self>) -> minijinja::value::ObjectRepr {
        minijinja::value::ObjectRepr::Plain
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&**self, f)
    }
}
