//! `iexport list`: what would be exported, as a table, as CSV or as JSON.

mod column;
mod csv;
mod json;
mod table;

use std::collections::HashSet;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use super::advice::Problem;
use super::args::{Common, ListCommand, ListDocumentsArgs, ListMediaArgs, WrittenArgs};
use super::arrangement::export_of;
use super::selection::selection_of;
use super::session::{OpenPhone, talk};
use super::{Exit, Outcome, output};
use super::{documents, media};
use crate::catalog::{Catalog, Collection, Item, MediaKind};
use crate::export::{self, Export};
use crate::fields::Table;
use crate::plan::{Plan, PlannedFile};
use crate::report::{Event, Report as _, count, size, thousands};
use crate::select::{self, LeftOut, Selected};

use column::Column;

/// How an item is written.
enum Format {
    Json(Option<Vec<Column>>),
    Csv(Vec<Column>),
    Columns(Vec<Column>),
    Overview,
}

impl Format {
    /// As the words say.
    fn of(common: &Common, written: &WrittenArgs, table: &Table) -> Result<Self, Problem> {
        if common.json && written.csv {
            return Err(Problem::new(
                Exit::Usage,
                "--csv and --json exclude one another",
                "Take the one that your program reads better.",
            ));
        }
        let columns = match &written.columns {
            Some(text) => Some(column::parse(text, table)?),
            None => None,
        };
        Ok(match (common.json, written.csv, columns) {
            (true, _, columns) => Self::Json(columns),
            (_, true, columns) => Self::Csv(columns.unwrap_or_else(|| column::all(table))),
            (_, _, Some(columns)) => Self::Columns(columns),
            (_, _, None) => Self::Overview,
        })
    }

    /// Whether it says where things would go, which costs a plan.
    fn says_where(&self) -> bool {
        match self {
            Self::Json(None) | Self::Overview => true,
            Self::Json(Some(columns)) | Self::Csv(columns) | Self::Columns(columns) => {
                columns.iter().any(|column| column.needs_plan())
            }
        }
    }
}

pub(super) async fn run(common: &Common, command: &ListCommand) -> Outcome {
    match command {
        ListCommand::Photos(args) => {
            let selection = selection_of(&args.which, &jiff::Zoned::now())?;
            let export = Export { selection, ..export_of(&args.files, &args.places)? };
            list(common, Collection::Photos, &export, &args.written, args.to.as_deref()).await
        }
        ListCommand::Music(args) => list_media(common, args).await,
        ListCommand::Videos(args) => list_media(common, args).await,
        ListCommand::VoiceMemos(args) => list_media(common, args).await,
        ListCommand::Ringtones(args) => list_media(common, args).await,
        ListCommand::Books(args) => list_media(common, args).await,
        ListCommand::Podcasts(args) => list_media(common, args).await,
        ListCommand::Files(args) => list_files(common, args).await,
        ListCommand::Everything(_) => Err(Problem::new(
            Exit::Usage,
            "there is no list of everything at once",
            "List each kind by itself: `iexport list photos`, and so on with music, videos, voice-memos, ringtones, \
             books,\npodcasts and files.",
        )),
    }
}

async fn list_media<W: media::Wanted>(common: &Common, args: &ListMediaArgs<W>) -> Outcome {
    let export = media::export_of(&args.which, &args.places, &jiff::Zoned::now())?;
    list(common, W::COLLECTION, &export, &args.written, args.to.as_deref()).await
}

async fn list_files(common: &Common, args: &ListDocumentsArgs) -> Outcome {
    let export = documents::export_of(&args.which, &args.places, &jiff::Zoned::now())?;
    documents::named(&args.which, "list files")?;
    let format = Format::of(common, &args.written, Table::of(Collection::Files))?;
    let report = talk(common);
    let phone = OpenPhone::open(common, &report).await?;
    let mut collections = documents::collections(&phone, &args.which).await?;
    let catalog = collections.read(Collection::Files, &report).await?.catalog;
    show(common, format, &args.written, &phone, &catalog, &export, args.to.as_deref())
}

async fn list(
    common: &Common,
    collection: Collection,
    export: &Export,
    written: &WrittenArgs,
    to: Option<&Path>,
) -> Outcome {
    let format = Format::of(common, written, Table::of(collection))?;
    let report = talk(common);
    let phone = OpenPhone::open(common, &report).await?;
    let catalog = phone.read(collection, &report).await?.catalog;
    show(common, format, written, &phone, &catalog, export, to)
}

/// Writes the list of what is meant.
fn show(
    common: &Common,
    format: Format,
    written: &WrittenArgs,
    phone: &OpenPhone,
    catalog: &Catalog,
    export: &Export,
    to: Option<&Path>,
) -> Outcome {
    let (collection, table) = (catalog.collection, Table::of(catalog.collection));
    let report = talk(common);
    let (selected, plan) = if format.says_where() {
        let (selected, plan) = export::preview(catalog, export, phone.info.udid.as_str(), to)?;
        (selected, Some(plan))
    } else {
        (select::select(catalog, &export.selection)?, None)
    };
    if let Some(message) = selected.warning() {
        report.event(&Event::Warning { message });
    }
    let out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let rows = Rows { catalog, selected: &selected, plan: plan.as_ref() };
    let done = match format {
        Format::Json(columns) => rows.write(json::Json::new(out, columns, table)),
        Format::Csv(columns) => rows.write(csv::Csv::new(out, columns)),
        Format::Columns(columns) => rows.write(table::Table::of_columns(out, columns)),
        Format::Overview => rows.write(table::Table::overview(out, collection)),
    };
    match done {
        Ok(()) => {
            if !common.json && !written.csv {
                sum_up(catalog, &selected, plan.as_ref());
            }
            Ok(Exit::Done)
        }
        // Nobody reads it any more (`iexport list photos | head`).
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Exit::Done),
        Err(error) => Err(Problem::new(
            Exit::Error,
            format!("the list cannot be written: {error}"),
            "Check where the output of this command goes.",
        )),
    }
}

/// An item with where its files would go.
struct Row<'a> {
    catalog: &'a Catalog,
    item: &'a Item,
    planned: &'a [PlannedFile],
    /// Whether any of its files is on the drive already.
    is_there: bool,
}

/// Something that rows are written to.
trait Sink {
    fn row(&mut self, row: &Row<'_>) -> io::Result<()>;
    fn end(self) -> io::Result<()>;
}

/// All rows, made one by one.
struct Rows<'a> {
    catalog: &'a Catalog,
    selected: &'a Selected,
    plan: Option<&'a Plan>,
}

impl Rows<'_> {
    fn write(&self, mut sink: impl Sink) -> io::Result<()> {
        let mut files = self.plan.map_or(&[][..], |plan| &plan.files);
        let already = self.plan.map_or(&[][..], |plan| &plan.already);
        let there: HashSet<usize> = already.iter().map(|file| file.item).collect();
        for index in &self.selected.items {
            let Some(item) = self.catalog.items.get(*index) else { continue };
            // The plan has the order of the catalogue, an item's files side by side.
            let own = files.iter().take_while(|file| file.item == *index).count();
            let (planned, rest) = files.split_at_checked(own).unwrap_or((files, &[]));
            files = rest;
            sink.row(&Row { catalog: self.catalog, item, planned, is_there: there.contains(index) })?;
        }
        sink.end()
    }
}

/// What is left out of what was asked for, and why, as a sentence behind another; nothing if nothing is.
fn left_out(left: &LeftOut) -> String {
    let LeftOut {
        trashed,
        shared,
        shared_with_you,
        orphans,
        elsewhere,
        hidden,
        others,
        bursts,
        protected,
        streams,
    } = *left;
    let reasons = [
        (trashed, "in Recently Deleted"),
        (shared, "in shared albums"),
        (shared_with_you, "in Shared with You"),
        (orphans, "not named by the phone's catalogue"),
        (elsewhere, "in iCloud links and the like"),
        (hidden, "in the Hidden album"),
        (others, "of other classes than asked for"),
        (bursts, "other frames of bursts"),
        (protected, "protected (DRM)"),
        (streams, "kept as streams (DRM)"),
    ];
    let said: Vec<String> = reasons
        .into_iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, why)| format!("{} {why}", thousands(n as u64)))
        .collect();
    if said.is_empty() { String::new() } else { format!(" Left out: {}.", said.join(", ")) }
}

/// Tells a person what it comes to.
fn sum_up(catalog: &Catalog, selected: &Selected, plan: Option<&Plan>) {
    let own = selected.items.iter().filter_map(|index| catalog.items.get(*index));
    let covers = own.filter(|item| item.kind == MediaKind::Cover).count();
    let mut items = count((selected.items.len() - covers) as u64, "item", "items");
    if covers > 0 {
        items += &format!(" with {}", count(covers as u64, "cover", "covers"));
    }
    let left_out = left_out(&selected.left_out);
    let Some(plan) = plan else {
        let own = selected.items.iter().filter_map(|index| catalog.items.get(*index));
        let bytes = own.flat_map(|item| &item.resources).filter_map(|file| file.size_bytes);
        output::note(format_args!(
            "\n{items}, {}.{left_out}",
            size_known(selected.items.len(), bytes.fold(0, u64::saturating_add))
        ));
        return;
    };
    let (todo, already) = (plan.totals(), plan.already_totals());
    let missing = match plan.missing_items() as u64 {
        0 => String::new(),
        n => format!(", {} neither here nor there", count(n, "item", "items")),
    };
    output::note(format_args!(
        "\n{items}: {} to copy ({}), {} already there, {} only in {}{missing}.{left_out}",
        count(todo.files, "file", "files"),
        size_known(plan.files.len(), todo.bytes),
        count(already.files, "file", "files"),
        count(plan.cloud_only_items() as u64, "item", "items"),
        catalog.collection.cloud(),
    ));
}

/// A sum of the sizes that the catalogue knows of so many; of some classes it knows none.
fn size_known(many: usize, bytes: u64) -> String {
    if many > 0 && bytes == 0 { "size not known yet".to_owned() } else { size(bytes) }
}

/// Ends a stream of text for good.
fn flush(mut out: impl Write) -> io::Result<()> {
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_told_with_its_reason() {
        assert_eq!(left_out(&LeftOut::default()), "");
        let left = LeftOut { trashed: 1, orphans: 1_200, protected: 3, ..LeftOut::default() };
        assert_eq!(
            left_out(&left),
            " Left out: 1 in Recently Deleted, 1,200 not named by the phone's catalogue, 3 protected (DRM)."
        );
    }
}
