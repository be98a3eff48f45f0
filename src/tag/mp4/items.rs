//! The tags of an MP4: items of the box `ilst`, as iTunes writes them.

use super::super::TagError;
use super::super::tags::{Picture, TagName, Value};

/// What an item's data are (QuickTime File Format, "Well-known types").
const IMPLICIT: u32 = 0;
const UTF8: u32 = 1;
const JPEG: u32 = 13;
const PNG: u32 = 14;
const INTEGER: u32 = 21;

/// The tag that an item is, if it is one of ours. `gnre` is a genre as a number.
pub(super) const fn name(kind: [u8; 4]) -> Option<TagName> {
    Some(match &kind {
        b"\xA9nam" => TagName::Title,
        b"\xA9ART" => TagName::Artist,
        b"\xA9alb" => TagName::Album,
        b"aART" => TagName::AlbumArtist,
        b"\xA9wrt" => TagName::Composer,
        b"\xA9gen" | b"gnre" => TagName::Genre,
        b"\xA9day" => TagName::Year,
        b"trkn" => TagName::Track,
        b"disk" => TagName::Disc,
        b"cpil" => TagName::Compilation,
        b"\xA9cmt" => TagName::Comment,
        b"\xA9grp" => TagName::Grouping,
        b"\xA9lyr" => TagName::Lyrics,
        b"tmpo" => TagName::Bpm,
        b"tvsh" => TagName::Show,
        b"tvsn" => TagName::Season,
        b"tves" => TagName::Episode,
        b"tven" => TagName::EpisodeId,
        b"covr" => TagName::Cover,
        _ => return None,
    })
}

const fn kind(name: TagName) -> &'static [u8; 4] {
    match name {
        TagName::Title => b"\xA9nam",
        TagName::Artist => b"\xA9ART",
        TagName::Album => b"\xA9alb",
        TagName::AlbumArtist => b"aART",
        TagName::Composer => b"\xA9wrt",
        TagName::Genre => b"\xA9gen",
        TagName::Year => b"\xA9day",
        TagName::Track => b"trkn",
        TagName::Disc => b"disk",
        TagName::Compilation => b"cpil",
        TagName::Comment => b"\xA9cmt",
        TagName::Grouping => b"\xA9grp",
        TagName::Lyrics => b"\xA9lyr",
        TagName::Bpm => b"tmpo",
        TagName::Show => b"tvsh",
        TagName::Season => b"tvsn",
        TagName::Episode => b"tves",
        TagName::EpisodeId => b"tven",
        TagName::Cover => b"covr",
    }
}

const LARGE: TagError = TagError::TooLarge("the new tags have no room");

/// A box with its head.
pub(super) fn boxed(kind: &[u8; 4], content: &[u8]) -> Result<Vec<u8>, TagError> {
    let size = u32::try_from(content.len() + 8).map_err(|_| LARGE)?;
    Ok([&size.to_be_bytes()[..], kind, content].concat())
}

/// A tag as an item.
pub(super) fn item(name: TagName, value: &Value<'_>) -> Result<Vec<u8>, TagError> {
    let number: [u8; 4];
    let pair: [u8; 8];
    let (data_type, data): (u32, &[u8]) = match value {
        Value::Text(text) => (UTF8, text.as_bytes()),
        // A year is a date, and dates are texts.
        Value::Number(_) if name == TagName::Year => {
            (UTF8, &value.text().map(|text| text.into_owned().into_bytes()).unwrap_or_default())
        }
        Value::Number(value) => {
            number = value.to_be_bytes();
            // Beats have 16 bits, which they fit in.
            (INTEGER, if name == TagName::Bpm { &number[2..] } else { &number })
        }
        Value::Pair(place, count) => {
            let ([a, b], [c, d]) = (place.to_be_bytes(), count.unwrap_or(0).to_be_bytes());
            pair = [0, 0, a, b, c, d, 0, 0];
            // Discs go without the last two.
            (IMPLICIT, if name == TagName::Disc { &pair[..6] } else { &pair })
        }
        Value::Set => (INTEGER, &[1]),
        Value::Cover(Picture::Jpeg, bytes) => (JPEG, bytes),
        Value::Cover(Picture::Png, bytes) => (PNG, bytes),
    };
    boxed(kind(name), &boxed(b"data", &[&data_type.to_be_bytes()[..], &[0; 4], data].concat())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_as_itunes_writes_them() {
        let item = |name, value| item(name, &value).unwrap();
        assert_eq!(
            item(TagName::Title, Value::Text("é".into())),
            b"\0\0\0\x1A\xA9nam\0\0\0\x12data\0\0\0\x01\0\0\0\0\xC3\xA9"
        );
        assert_eq!(item(TagName::Year, Value::Number(1999))[8..], *b"\0\0\0\x14data\0\0\0\x01\0\0\0\x001999");
        assert_eq!(item(TagName::Track, Value::Pair(3, Some(258)))[24..], [0, 0, 0, 3, 1, 2, 0, 0]);
        assert_eq!(item(TagName::Disc, Value::Pair(1, None))[24..], [0, 0, 0, 1, 0, 0]);
        assert_eq!(item(TagName::Bpm, Value::Number(258))[16..], [0, 0, 0, 21, 0, 0, 0, 0, 1, 2]);
        assert_eq!(item(TagName::Compilation, Value::Set)[16..], [0, 0, 0, 21, 0, 0, 0, 0, 1]);
    }
}
