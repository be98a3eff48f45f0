//! Which sidecars an item has, and where each of them lies.

use super::{Format, Sidecars};
use crate::catalog::{Role, is_camera_raw};
use crate::plan::{DestName, DestPath, KnownFile, Names};

/// A sidecar that an item should have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// In which form.
    pub format: Format,
    /// What the file that it lies beside is to its item.
    pub role: Role,
    /// The file that it lies beside.
    pub media: DestPath,
    /// Where it lies; `None` if its name would be longer than a drive can hold.
    pub to: Option<DestPath>,
}

impl Wanted {
    /// What tells it apart from the other sidecars of its item, whichever file it lies beside: for the ledger.
    #[must_use]
    pub const fn key(&self) -> &'static str {
        match self.format {
            Format::Xmp => self.role.name(),
            Format::Json => "item",
        }
    }
}

/// Whether other programs show such a file as a picture or video of its own. The movie of a Live Photo has no
/// sidecar: what there is to say is said beside the photo.
const fn is_shown(role: Role) -> bool {
    match role {
        Role::Original
        | Role::Raw
        | Role::Edited
        | Role::Preview
        | Role::Converted
        | Role::EditedConverted => true,
        Role::LiveVideo | Role::EditedLiveVideo | Role::CameraAdjustments | Role::Adjustments => false,
    }
}

/// The sidecars of an item that has these files on the drive: XMP beside each that is shown, JSON beside the
/// first of them all by role.
#[must_use]
pub fn wanted(files: &[KnownFile], sidecars: Sidecars) -> Vec<Wanted> {
    let mut files: Vec<&KnownFile> = files.iter().collect();
    files.sort_by_key(|file| file.role);
    let mut out: Vec<Wanted> = Vec::new();
    if sidecars.xmp {
        for file in files.iter().filter(|file| is_shown(file.role)) {
            let short = in_place_of_extension(&file.to)
                .filter(|short| !out.iter().any(|other| other.to.as_ref() == Some(short)));
            let to = short.or_else(|| behind(&file.to, Format::Xmp));
            out.push(Wanted { format: Format::Xmp, role: file.role, media: file.to.clone(), to });
        }
    }
    if sidecars.json
        && let Some(file) = files.iter().find(|file| is_shown(file.role)).or_else(|| files.first())
    {
        let to = behind(&file.to, Format::Json);
        out.push(Wanted { format: Format::Json, role: file.role, media: file.to.clone(), to });
    }
    out
}

/// The names that XMP beside a file of this name may have.
pub fn xmp_names(media: &str) -> impl Iterator<Item = String> {
    in_place_name(media).into_iter().chain([behind_name(media, Format::Xmp)])
}

/// The usual name: that of the file with one more extension.
fn behind(media: &DestPath, format: Format) -> Option<DestPath> {
    beside(media, &behind_name(media.file_name(), format))
}

fn behind_name(media: &str, format: Format) -> String {
    format!("{media}.{}", format.name())
}

/// The name that Adobe's programs look for beside what cameras call RAW, and nothing else beside that: with
/// `.xmp` instead of its extension. A DNG is none of these, since it can hold XMP itself.
fn in_place_of_extension(media: &DestPath) -> Option<DestPath> {
    beside(media, &in_place_name(media.file_name())?)
}

fn in_place_name(media: &str) -> Option<String> {
    let (stem, extension) = media.rsplit_once('.')?;
    let is_raw = is_camera_raw(extension) && !extension.eq_ignore_ascii_case("dng");
    (is_raw && !stem.is_empty()).then(|| behind_name(stem, Format::Xmp))
}

fn beside(media: &DestPath, name: &str) -> Option<DestPath> {
    // As portable as the name that it begins with.
    DestName::is_name(name).then(|| media.parent().join(&DestName::new(name, Names::Native)))
}
