//! What is in a list of an album. Pure.

use std::borrow::Cow;

use serde::Serialize;

use crate::catalog::{Album, Elsewhere, Item, Role};

/// The list of an album.
pub(super) struct List<'a> {
    pub(super) album: &'a Album,
    /// In the order of the album.
    pub(super) members: Vec<Member<'a>>,
}

/// A member of an album.
#[derive(Debug, Serialize)]
pub(super) struct Member<'a> {
    uuid: &'a str,
    /// The name it was made under; not of what was left out on purpose.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<Cow<'a, str>>,
    /// Whether it is a song or the like, which players show by artist and title.
    #[serde(skip)]
    is_media: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    taken: Option<String>,
    /// Seconds; of videos.
    #[serde(skip_serializing_if = "Option::is_none")]
    duration: Option<f64>,
    /// The file that shows it as it looks now.
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    files: Vec<File>,
    /// Why no file of it is on the drive.
    #[serde(skip_serializing_if = "Option::is_none")]
    missing: Option<Missing>,
}

/// A file of a member.
#[derive(Debug, Clone, Serialize)]
pub(super) struct File {
    #[serde(serialize_with = "role_word")]
    pub(super) role: Role,
    /// Relative to the list.
    pub(super) path: String,
}

/// Why no file of a member is on the drive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Missing {
    /// It was not meant.
    LeftOut,
    /// It plays only with the account it was bought with, and was not asked for.
    Protected,
    /// The phone does not have it.
    OnlyInIcloud,
    /// Nobody has it.
    NotOnPhone,
    /// It failed or was not reached.
    NotExported,
}

impl Missing {
    const fn in_words(self) -> &'static str {
        match self {
            Self::LeftOut => "not exported",
            Self::Protected => "protected (DRM), not exported",
            Self::OnlyInIcloud => "only in the cloud",
            Self::NotOnPhone => "not on the phone",
            Self::NotExported => "could not be exported",
        }
    }
}

#[derive(Serialize)]
struct Document<'a> {
    format: &'static str,
    uuid: &'a str,
    title: &'a str,
    folders: Vec<&'a str>,
    shared: bool,
    members: &'a [Member<'a>],
}

/// The roles that show an item, the one that shows it as it looks now first.
const SHOWN: [Role; 8] = [
    Role::EditedConverted,
    Role::Edited,
    Role::Converted,
    Role::Original,
    Role::Preview,
    Role::EditedLiveVideo,
    Role::LiveVideo,
    Role::Raw,
];

impl<'a> Member<'a> {
    /// A member with its files, or with why there are none. Its name is told only if `is_named`.
    pub(super) fn new(item: &'a Item, is_named: bool, files: Vec<File>, why_not: Missing) -> Self {
        let shown = SHOWN.iter().find_map(|role| files.iter().find(|file| file.role == *role));
        Self {
            uuid: &item.uuid.0,
            name: is_named.then(|| item.shown_name()),
            is_media: item.media.is_some(),
            taken: item
                .taken
                .filter(|_| is_named)
                .map(|taken| taken.local().strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()),
            duration: item.duration_seconds.filter(|_| is_named),
            path: shown.map(|file| file.path.clone()),
            missing: files.is_empty().then_some(why_not),
            files,
        }
    }
}

impl List<'_> {
    /// A playlist: one path a line.
    pub(super) fn m3u8(&self) -> Vec<u8> {
        let mut out = format!("#EXTM3U\n#PLAYLIST:{}\n", one_line(&self.album.title));
        let mut elsewhere = self.album.elsewhere.iter().peekable();
        for (at, member) in self.members.iter().enumerate() {
            while let Some(other) = elsewhere.next_if(|other| other.after <= at) {
                out += &remark_of(other);
            }
            let Some(path) = &member.path else {
                if let (true, Some(why)) = (member.is_media, &member.missing) {
                    let name = member.name.as_deref().unwrap_or("one more");
                    out += &format!("# {}: {}\n", why.in_words(), one_line(name));
                }
                continue;
            };
            let seconds = member.duration.map_or(-1.0, f64::round);
            out +=
                &format!("#EXTINF:{seconds:.0},{}\n", one_line(member.name.as_deref().unwrap_or_default()));
            // A line that begins with `#` is a remark, and a space at its beginning is often dropped.
            let is_plain = !path.starts_with(['#', ' ']);
            out += &format!("{}{path}\n", if is_plain { "" } else { "./" });
        }
        out.extend(elsewhere.map(remark_of));
        out.into_bytes()
    }

    /// Everything, for programs.
    pub(super) fn json(&self) -> Vec<u8> {
        let document = Document {
            format: "iexport-album-1",
            uuid: &self.album.id.0,
            title: &self.album.title,
            folders: self.album.folders().collect(),
            shared: self.album.shared,
            members: &self.members,
        };
        // It cannot fail: there are only texts and numbers in it.
        let mut out = serde_json::to_vec_pretty(&document).unwrap_or_default();
        out.push(b'\n');
        out
    }
}

/// What a list of songs says in the place of an entry that is none.
fn remark_of(other: &Elsewhere) -> String {
    format!("# no song, but {}: {}\n", other.kind.name().replace('_', " "), one_line(&other.name))
}

/// A text without line breaks.
fn one_line(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c })
        .collect()
}

fn role_word<S: serde::Serializer>(role: &Role, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(role.name())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{album, item, photo};

    fn file(role: Role, path: &str) -> File {
        File { role, path: path.to_owned() }
    }

    #[test]
    fn a_playlist_names_the_version_as_it_looks_now() {
        let mut video = photo("B", "clip\n#1.MOV", 1, 1);
        video.duration_seconds = Some(12.6);
        let (first, gone) = (photo("A", "IMG_1.HEIC", 0, 1), item("C", "gone.jpg", 2));
        let files = vec![file(Role::Original, "IMG_1.HEIC"), file(Role::Edited, "../x/IMG_1_edited.jpg")];
        let mut own = album("Travel/It\naly", &[0, 1, 2]);
        own.folders = vec!["Travel".into()];
        let list = List {
            album: &own,
            members: vec![
                Member::new(&video, true, vec![file(Role::Original, "#1.MOV")], Missing::LeftOut),
                Member::new(&first, true, files, Missing::LeftOut),
                Member::new(&gone, true, Vec::new(), Missing::OnlyInIcloud),
            ],
        };
        assert_eq!(
            String::from_utf8(list.m3u8()).unwrap(),
            "#EXTM3U\n#PLAYLIST:It aly\n#EXTINF:13,clip #1.MOV\n./#1.MOV\n#EXTINF:-1,IMG_1.HEIC\n\
             ../x/IMG_1_edited.jpg\n"
        );
        let json: serde_json::Value = serde_json::from_slice(&list.json()).unwrap();
        assert_eq!(json["title"], "It\naly");
        assert_eq!(json["folders"], serde_json::json!(["Travel"]));
        let members = json["members"].as_array().unwrap();
        assert_eq!(members.iter().map(|m| m["uuid"].as_str().unwrap()).collect::<String>(), "BAC");
        assert_eq!(members[1]["path"], "../x/IMG_1_edited.jpg");
        assert_eq!(members[1]["files"][0]["role"], "original");
        assert_eq!((&members[2]["missing"], &members[2]["path"]), (&"only_in_icloud".into(), &().into()));
    }

    #[test]
    fn what_was_left_out_is_not_named() {
        let item = photo("A", "secret.jpg", 0, 1);
        let own = album("Cats", &[0]);
        let members = vec![Member::new(&item, false, Vec::new(), Missing::LeftOut)];
        let text = String::from_utf8(List { album: &own, members }.json()).unwrap();
        assert!(text.contains("left_out") && !text.contains("secret") && !text.contains("2024"), "{text}");
    }
}
