//! Frames of ID3v2: what each tag is called in each version, and how it is written.

use super::super::tags::{Picture, TagName, Value};
use super::Version;

/// The tag that a frame is, if it is one of ours. Of comments, only the one without a description is *the* comment:
/// iTunes writes its own notes as comments, too (`iTunNORM`, `iTunSMPB`).
pub(super) fn name(id: &[u8], body: &[u8]) -> Option<TagName> {
    // A 2.2 frame in a 2.3 tag has a zero or a blank at its end.
    let id = id.strip_suffix(b"\0").or_else(|| id.strip_suffix(b" ")).unwrap_or(id);
    Some(match id {
        b"TT2" | b"TIT2" => TagName::Title,
        b"TP1" | b"TPE1" => TagName::Artist,
        b"TAL" | b"TALB" => TagName::Album,
        b"TP2" | b"TPE2" => TagName::AlbumArtist,
        b"TCM" | b"TCOM" => TagName::Composer,
        b"TCO" | b"TCON" => TagName::Genre,
        b"TYE" | b"TYER" | b"TDRC" => TagName::Year,
        b"TRK" | b"TRCK" => TagName::Track,
        b"TPA" | b"TPOS" => TagName::Disc,
        b"TCP" | b"TCMP" => TagName::Compilation,
        b"COM" | b"COMM" if has_no_description(body) => TagName::Comment,
        b"TT1" | b"TIT1" | b"GP1" | b"GRP1" => TagName::Grouping,
        b"ULT" | b"USLT" => TagName::Lyrics,
        b"TBP" | b"TBPM" => TagName::Bpm,
        b"PIC" | b"APIC" => TagName::Cover,
        _ => return None,
    })
}

/// Whether the description of a comment is empty: behind the encoding and the language.
fn has_no_description(body: &[u8]) -> bool {
    let Some((encoding, rest)) = body.split_first() else { return false };
    let rest = rest.get(3..).unwrap_or_default();
    match encoding {
        1 | 2 => [&b"\0\0"[..], b"\xFF\xFE\0\0", b"\xFE\xFF\0\0"].iter().any(|empty| rest.starts_with(empty)),
        _ => rest.first() == Some(&0),
    }
}

/// What a tag is called. Those of TV have no name that everybody knows, and are not asked for.
pub(super) const fn id(version: Version, name: TagName) -> &'static [u8] {
    let (short, long, newest): (&[u8], &[u8], &[u8]) = match name {
        TagName::Title => (b"TT2", b"TIT2", b"TIT2"),
        TagName::Artist => (b"TP1", b"TPE1", b"TPE1"),
        TagName::Album => (b"TAL", b"TALB", b"TALB"),
        TagName::AlbumArtist => (b"TP2", b"TPE2", b"TPE2"),
        TagName::Composer => (b"TCM", b"TCOM", b"TCOM"),
        TagName::Genre => (b"TCO", b"TCON", b"TCON"),
        TagName::Year => (b"TYE", b"TYER", b"TDRC"),
        TagName::Track => (b"TRK", b"TRCK", b"TRCK"),
        TagName::Disc => (b"TPA", b"TPOS", b"TPOS"),
        TagName::Compilation => (b"TCP", b"TCMP", b"TCMP"),
        TagName::Comment => (b"COM", b"COMM", b"COMM"),
        TagName::Grouping => (b"TT1", b"TIT1", b"TIT1"),
        TagName::Lyrics => (b"ULT", b"USLT", b"USLT"),
        TagName::Bpm => (b"TBP", b"TBPM", b"TBPM"),
        TagName::Cover => (b"PIC", b"APIC", b"APIC"),
        TagName::Show | TagName::Season | TagName::Episode | TagName::EpisodeId => (b"TXX", b"TXXX", b"TXXX"),
    };
    match version {
        Version::V22 => short,
        Version::V23 => long,
        Version::V24 => newest,
    }
}

/// The language of a text of which none is known.
const LANGUAGE: &[u8; 3] = b"XXX";

/// What the frame of a tag holds. Those of TV have none.
pub(super) fn body(version: Version, name: TagName, value: &Value<'_>) -> Option<Vec<u8>> {
    if name.is_of_tv() {
        return None;
    }
    if let Value::Cover(picture, bytes) = value {
        return Some(cover(version, *picture, bytes));
    }
    let mut text = value.text()?;
    // A bracket begins a genre's number; two begin a word with a bracket.
    if name == TagName::Genre && version != Version::V24 && text.starts_with('(') {
        text = format!("({text}").into();
    }
    // Where a year has four digits, there is no room for the rest of a date.
    if name == TagName::Year && version != Version::V24 {
        text = text.get(..4).unwrap_or(&text).to_owned().into();
    }
    let described = matches!(name, TagName::Comment | TagName::Lyrics);
    let mut body = Vec::with_capacity(text.len() + 16);
    // One byte for a character where that is enough, since everything reads it.
    if text.is_ascii() || (version != Version::V24 && text.chars().all(|c| u8::try_from(c).is_ok())) {
        body.push(0);
        if described {
            body.extend(LANGUAGE);
            body.push(0);
        }
        body.extend(text.chars().filter_map(|c| u8::try_from(c).ok()));
    } else if version == Version::V24 {
        body.push(3);
        if described {
            body.extend(LANGUAGE);
            body.push(0);
        }
        body.extend(text.as_bytes());
    } else {
        body.push(1);
        if described {
            body.extend(LANGUAGE);
            body.extend(b"\xFF\xFE\0\0");
        }
        body.extend(b"\xFF\xFE");
        body.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    }
    Some(body)
}

fn cover(version: Version, picture: Picture, bytes: &[u8]) -> Vec<u8> {
    const FRONT: u8 = 3;
    let format: &[u8] = match (version, picture) {
        (Version::V22, Picture::Jpeg) => b"JPG",
        (Version::V22, Picture::Png) => b"PNG",
        _ => &[picture.mime().as_bytes(), b"\0"].concat(),
    };
    [&[0], format, &[FRONT, 0], bytes].concat()
}
