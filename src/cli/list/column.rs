//! What a column can show.

use std::borrow::Cow;

use super::Row;
use crate::cli::Exit;
use crate::cli::advice::Problem;
use crate::fields::{Field, Kind, Table, Value};

/// A column.
#[derive(Clone, Copy)]
pub(super) enum Column {
    /// A field of the item.
    Field(&'static Field),
    /// Where its main file would go.
    To,
}

/// The name of [`Column::To`].
const TO: &str = "to";

/// The columns that somebody named.
pub(super) fn parse(text: &str, table: &Table) -> Result<Vec<Column>, Problem> {
    let mut columns = Vec::new();
    for name in text.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        let known = match name {
            TO => Some(Column::To),
            name => table.column(name).map(Column::Field),
        };
        columns.push(known.ok_or_else(|| no_such(name, table))?);
    }
    if columns.is_empty() {
        return Err(Problem::new(
            Exit::Usage,
            "--columns: no column is named",
            format!("For example: --columns original_name,size. `{}` lists all.", table.command),
        ));
    }
    Ok(columns)
}

fn no_such(name: &str, table: &Table) -> Problem {
    let near = table.nearest(name).map(|near| format!("Did you mean `{near}`?\n")).unwrap_or_default();
    Problem::new(
        Exit::Usage,
        format!("--columns: there is no field \"{}\"", name.escape_debug()),
        format!("{near}`{}` lists all; `to` is where the file would go.", table.command),
    )
}

/// All that fit into a cell.
pub(super) fn all(table: &Table) -> Vec<Column> {
    let fields = table.fields.iter().filter(|field| !matches!(field.kind, Kind::Records(_)));
    fields.map(Column::Field).chain([Column::To]).collect()
}

impl Column {
    /// Whether a plan says it.
    pub(super) fn needs_plan(&self) -> bool {
        match self {
            Self::To => true,
            Self::Field(field) => field.name == "resources",
        }
    }

    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Field(field) => field.name,
            Self::To => TO,
        }
    }

    /// Whether it shows numbers, which stand to the right.
    pub(super) const fn is_number(&self) -> bool {
        matches!(self, Self::Field(Field { kind: Kind::Number, .. }))
    }

    /// What it shows of an item.
    pub(super) fn of<'a>(&self, row: &Row<'a>) -> Value<'a> {
        match self {
            Self::Field(field) if field.name == "resources" => resources(row),
            Self::Field(field) => field.of(row.item, row.catalog),
            Self::To => {
                row.planned.first().map_or(Value::Nothing, |file| Value::text(file.found_at().to_text()))
            }
        }
    }
}

/// The files with where they would go: nowhere, if they are there already or cannot be had.
pub(super) fn resources<'a>(row: &Row<'a>) -> Value<'a> {
    let Some(Value::List(mut files)) =
        Table::of(row.catalog.collection).column("resources").map(|field| field.of(row.item, row.catalog))
    else {
        return Value::Nothing;
    };
    for (file, resource) in files.iter_mut().zip(&row.item.resources) {
        let to = row.planned.iter().find(|file| file.role == resource.role);
        if let Value::Record(parts) = file {
            parts.push((
                TO,
                to.map_or(Value::Nothing, |file| Value::Text(Cow::Borrowed(file.found_at().to_text()))),
            ));
        }
    }
    Value::List(files)
}
