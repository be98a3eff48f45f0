//! `iexport list`: what would be exported.

use serde::Serialize;

use super::args::{Common, ListArgs, MediaWord};
use super::selection::selection_of;
use super::session::{OpenPhone, talk};
use super::{Exit, Outcome, output};
use crate::catalog::{Catalog, Item, MediaKind, Presence, Scope};
use crate::export::{self, Export};
use crate::plan::Plan;
use crate::report::{count, escape, size};

/// An item as a line of JSON.
#[derive(Serialize)]
struct Line<'a> {
    #[serde(rename = "type")]
    kind_of_line: &'static str,
    uuid: &'a str,
    original_name: &'a str,
    kind: &'static str,
    live: bool,
    burst: bool,
    favorite: bool,
    hidden: bool,
    trashed: bool,
    shared: bool,
    edited: bool,
    albums: Vec<String>,
    taken: Option<String>,
    added: Option<String>,
    lat: Option<f64>,
    lon: Option<f64>,
    width: Option<u32>,
    height: Option<u32>,
    duration: Option<f64>,
    resources: Vec<ResourceLine>,
}

#[derive(Serialize)]
struct ResourceLine {
    role: &'static str,
    path: Option<String>,
    size: Option<u64>,
    on_phone: bool,
    /// Where it would go; absent if it is there already or cannot be had.
    to: Option<String>,
}

const fn kind_word(kind: MediaKind) -> &'static str {
    match kind {
        MediaKind::Photo => "photo",
        MediaKind::Video => "video",
        MediaKind::Other => "other",
    }
}

impl<'a> Line<'a> {
    fn of(catalog: &Catalog, item: &'a Item, planned: &[&crate::plan::PlannedFile]) -> Self {
        let albums = item.albums.iter().filter_map(|n| catalog.albums.get(*n)).map(|a| a.path());
        let resources = item.resources.iter().map(|resource| ResourceLine {
            role: resource.role.name(),
            path: match &resource.presence {
                Presence::OnPhone(path) => Some(path.to_text()),
                Presence::CloudOnly | Presence::Missing => None,
            },
            size: resource.size_bytes,
            on_phone: matches!(resource.presence, Presence::OnPhone(_)),
            to: planned.iter().find(|f| f.role == resource.role).map(|f| f.to.to_text().to_owned()),
        });
        Self {
            kind_of_line: "item",
            uuid: &item.uuid.0,
            original_name: &item.original_name,
            kind: kind_word(item.kind),
            live: item.traits.live,
            burst: item.burst.is_some(),
            favorite: item.favorite,
            hidden: item.hidden,
            trashed: item.trashed,
            shared: item.scope == Scope::SharedAlbum,
            edited: item.adjusted,
            albums: albums.collect(),
            taken: item.taken.map(|taken| taken.local().strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()),
            added: item.added.map(|added| added.to_string()),
            lat: item.location.map(|(lat, _)| lat),
            lon: item.location.map(|(_, lon)| lon),
            width: item.dimensions.map(|(width, _)| width),
            height: item.dimensions.map(|(_, height)| height),
            duration: item.duration_seconds,
            resources: resources.collect(),
        }
    }

    fn traits(&self) -> String {
        let mut words = vec![self.kind];
        for (set, word) in [
            (self.live, "live"),
            (self.burst, "burst"),
            (self.edited, "edited"),
            (self.favorite, "favourite"),
            (self.hidden, "hidden"),
        ] {
            if set {
                words.push(word);
            }
        }
        if self.resources.iter().any(|r| r.role == "raw") {
            words.push("raw");
        }
        words.join(" ")
    }
}

pub(super) async fn run(common: &Common, args: &ListArgs) -> Outcome {
    let MediaWord::Photos = args.what;
    let selection = selection_of(&args.which, &jiff::Zoned::now())?;
    let report = talk(common);
    let phone = OpenPhone::open(common, &report).await?;
    let catalog = export::read_catalog(&*phone.media, &report).await?;
    let export = Export { selection, ..Export::default() };
    let udid = phone.info.udid.as_str();
    let (selected, plan) = export::preview(&catalog, &export, udid, args.to.as_deref())?;
    print(common, &catalog, &selected.items, &plan);
    Ok(Exit::Done)
}

fn print(common: &Common, catalog: &Catalog, selected: &[usize], plan: &Plan) {
    let mut files = plan.files.iter().peekable();
    let mut table = output::table(&["TAKEN", "NAME", "WHAT", "SIZE", "GOES TO"]);
    for index in selected {
        let Some(item) = catalog.items.get(*index) else { continue };
        // The plan has the order of the catalogue, an item's files side by side.
        let mut planned = Vec::new();
        while let Some(file) = files.next_if(|file| file.item == *index) {
            planned.push(file);
        }
        let line = Line::of(catalog, item, &planned);
        if common.json {
            if !output::json(&line) {
                return;
            }
            continue;
        }
        let taken = item.taken.map(|t| t.local().strftime("%Y-%m-%d %H:%M").to_string());
        let bytes = item.resources.iter().filter_map(|r| r.size_bytes).sum();
        let to = match planned.first() {
            Some(file) => file.to.to_text().to_owned(),
            None if item.is_cloud_only() => "(only in iCloud)".to_owned(),
            None if line.resources.iter().any(|r| r.on_phone) => "(already there)".to_owned(),
            None => "(not on the phone)".to_owned(),
        };
        table.add_row([
            taken.unwrap_or_default(),
            escape(&item.original_name),
            line.traits(),
            size(bytes),
            to,
        ]);
    }
    if common.json {
        return;
    }
    output::print_table(&table);
    let (todo, already) = (plan.totals(), plan.already_totals());
    eprintln!(
        "\n{}: {} to copy ({}), {} already there, {} only in iCloud.",
        count(selected.len() as u64, "item", "items"),
        count(todo.files, "file", "files"),
        size(todo.bytes),
        count(already.files, "file", "files"),
        count(plan.cloud_only_items() as u64, "item", "items"),
    );
}
