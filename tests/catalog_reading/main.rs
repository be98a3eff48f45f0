//! The catalogue reader against media roots made for one purpose each.

mod albums;
mod fallback;
mod files;
mod mangled;
mod snapshot;
mod support;
