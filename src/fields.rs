//! What an item is called: one table of names for expressions, templates, columns and JSON.
//!
//! Pure, and without a say: it tells what a photo or a song is ([`Table`]) and answers questions that a person wrote
//! down ([`Predicate`], [`Template`]). It does not know what is selected, nor where anything goes.
//!
//! ```
//! use iexport::fields::Engine;
//!
//! let engine = Engine::new();
//! assert!(engine.compile_expression("favorite and duration > 60").is_ok());
//! let error = engine.compile_expression("favourite and duration > 60").unwrap_err();
//! assert_eq!(error.range(), 0..9);
//! assert!(error.remedy().contains("favorite"));
//! ```

mod check;
mod engine;
mod error;
mod filters;
mod media;
mod moment;
mod operators;
mod table;
mod types;
mod value;

pub use engine::{Engine, Predicate, Template};
pub use error::FieldError;
pub use filters::{FILTERS, TESTS, Word};
pub use table::{Field, Kind, MEDIA, PHOTOS, Table};
pub use value::{Moment, Value};

#[cfg(test)]
mod tests;
