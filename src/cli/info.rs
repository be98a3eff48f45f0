//! `iexport info`: one phone and what its photo library holds.

use serde::Serialize;

use super::args::Common;
use super::session::{OpenPhone, talk};
use super::{Exit, Outcome, output};
use crate::catalog::{Catalog, Collection, MediaKind, Scope};
use crate::report::{count, escape, size};

/// What is told, also as JSON.
#[derive(Serialize)]
struct Info {
    #[serde(rename = "type")]
    kind: &'static str,
    name: String,
    model: String,
    product_type: String,
    ios: String,
    udid: String,
    connection: String,
    storage_bytes: u64,
    free_bytes: u64,
    battery_percent: Option<u64>,
    library: Library,
}

/// The photo library in numbers.
#[derive(Serialize, Default)]
struct Library {
    model_version: Option<i64>,
    photos: usize,
    videos: usize,
    live: usize,
    edited: usize,
    favorites: usize,
    hidden: usize,
    cloud_only: usize,
    trashed: usize,
    shared: usize,
    albums: usize,
    bytes: u64,
}

impl Library {
    fn of(catalog: &Catalog) -> Self {
        let mut out = Self { albums: catalog.albums.len(), ..Self::default() };
        if let crate::catalog::Origin::Database { model_version } = catalog.origin {
            out.model_version = Some(model_version);
        }
        for item in &catalog.items {
            match (item.trashed, item.scope) {
                (true, _) => out.trashed += 1,
                (false, Scope::SharedAlbum) => out.shared += 1,
                (false, Scope::Elsewhere | Scope::SharedWithYou | Scope::Uncatalogued) => {}
                (false, Scope::Library) => {
                    match item.kind {
                        MediaKind::Video => out.videos += 1,
                        _ => out.photos += 1,
                    }
                    out.live += usize::from(item.traits.live);
                    out.edited += usize::from(item.adjusted);
                    out.favorites += usize::from(item.favorite);
                    out.hidden += usize::from(item.hidden);
                    out.cloud_only += usize::from(item.is_cloud_only());
                    // Sizes are the phone's word, and may be any.
                    let sizes = item.resources.iter().filter_map(|resource| resource.size_bytes);
                    out.bytes = sizes.fold(out.bytes, u64::saturating_add);
                }
            }
        }
        out
    }
}

pub(super) async fn run(common: &Common) -> Outcome {
    let report = talk(common);
    let phone = OpenPhone::open(common, &report).await?;
    let device = phone.media.device_info().await?;
    let battery = phone.session.value(Some("com.apple.mobile.battery"), "BatteryCurrentCapacity").await?;
    let catalog = phone.read(Collection::Photos, &report).await?.catalog;
    let info = Info {
        kind: "info",
        name: phone.info.name.clone(),
        model: phone.info.model().to_owned(),
        product_type: phone.info.product_type.clone(),
        ios: phone.info.ios.clone(),
        udid: phone.info.udid.to_string(),
        connection: phone.info.connection.to_string(),
        storage_bytes: device.total_bytes,
        free_bytes: device.free_bytes,
        battery_percent: battery.and_then(|value| value.as_unsigned_integer()),
        library: Library::of(&catalog),
    };
    if common.json {
        output::json(&info);
        return Ok(Exit::Done);
    }
    print(&info);
    Ok(Exit::Done)
}

fn print(info: &Info) {
    let row = |label: &str, value: String| {
        output::line(&format!("{label:<12}{value}"));
    };
    let library = &info.library;
    row("Name", escape(&info.name));
    row("Model", format!("{} ({})", info.model, escape(&info.product_type)));
    row("iOS", escape(&info.ios));
    row("UDID", info.udid.clone());
    row("Connection", info.connection.clone());
    row("Storage", format!("{}, {} free", size(info.storage_bytes), size(info.free_bytes)));
    if let Some(percent) = info.battery_percent {
        row("Battery", format!("{percent}%"));
    }
    let photos = count(library.photos as u64, "photo", "photos");
    let videos = count(library.videos as u64, "video", "videos");
    let albums = count(library.albums as u64, "album", "albums");
    row("Library", format!("{photos}, {videos}, {albums}"));
    for (number, what) in [
        (library.live, "Live Photos"),
        (library.edited, "edited"),
        (library.favorites, "favourites"),
        (library.hidden, "hidden"),
        (library.cloud_only, "only in iCloud"),
    ] {
        if number > 0 {
            row("", format!("of these {number} {what}"));
        }
    }
    for (number, what) in [(library.trashed, "in Recently Deleted"), (library.shared, "in shared albums")] {
        if number > 0 {
            row("", format!("besides {number} {what}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::photo;

    #[test]
    fn sizes_that_cannot_be_are_survived() {
        let huge = |uuid| photo(uuid, "A.JPG", 0, i64::MAX.unsigned_abs());
        let catalog = crate::testing::catalog(["A", "B", "C"].map(huge).to_vec(), Vec::new());
        let library = Library::of(&catalog);
        assert_eq!((library.photos, library.bytes), (3, u64::MAX));
    }
}
