//! What kind of photo or video an asset is, out of the database's codes (facts/media.md section A5, decision table).
//!
//! Knows codes, no tables: a code that is not there is `None`, and costs what only it could tell.

use crate::catalog::media_type::MediaType;
use crate::catalog::{MediaKind, Traits};

/// What an asset's row says of its kind. Where a column was renamed, the one that is there counts.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Codes<'a> {
    /// `ZKIND`.
    pub kind: Option<i64>,
    /// `ZKINDSUBTYPE`.
    pub subtype: i64,
    /// `ZPLAYBACKSTYLE`.
    pub playback_style: i64,
    /// `ZPLAYBACKVARIATION`.
    pub playback_variation: i64,
    /// `ZDEPTHTYPE` (iOS 14 and later).
    pub depth_type: Option<i64>,
    /// `ZDEPTHSTATES` (iOS 13).
    pub depth_states: Option<i64>,
    /// `ZHDRTYPE` (iOS 15 and later), `ZCUSTOMRENDEREDVALUE` before.
    pub hdr_type: Option<i64>,
    /// `ZSPATIALTYPE` (iOS 17.6 and later), `ZMONOSKITYPE` before.
    pub spatial_type: Option<i64>,
    /// `ZDERIVEDCAMERACAPTUREDEVICE` (iOS 14 and later).
    pub capture_device: Option<i64>,
    /// `ZISDETECTEDSCREENSHOT` (iOS 18 and later).
    pub is_detected_screenshot: bool,
    /// `ZUNIFORMTYPEIDENTIFIER` of the main file.
    pub uti: Option<&'a str>,
    /// The main file's extension, which knows better than the identifier what is on the phone.
    pub extension: Option<&'a [u8]>,
}

const PANORAMA: i64 = 1;
const LIVE_PHOTO: i64 = 2;
const SCREENSHOT: i64 = 10;
const SLOW_MOTION: i64 = 101;
const TIME_LAPSE: i64 = 102;
const SCREEN_RECORDING: i64 = 103;

const ANIMATED_STYLE: i64 = 2;
const LIVE_STYLE: i64 = 3;
const LOOPING_STYLE: i64 = 5;

const LOOP: i64 = 1;
const BOUNCE: i64 = 2;
const LONG_EXPOSURE: i64 = 3;

const PORTRAIT_DEPTH: i64 = 1;
const CINEMATIC_DEPTH: i64 = 2;
const FRONT_CAMERA: i64 = 1;
/// Of the many values only this one is what Photos means by HDR: others say Dolby Vision, panorama, portrait, or
/// that the file has a gain map, which all newer photos have.
const HDR: i64 = 3;

const GIF: &str = "com.compuserve.gif";
/// All identifiers of RAW types end so: `com.adobe.raw-image`, `com.canon.cr2-raw-image`.
const RAW: &str = "raw-image";
/// How identifiers of films end: `com.apple.quicktime-movie`, `com.apple.m4v-video`, `public.mpeg-4`.
const MOVIES: [&str; 5] = ["movie", "video", "mpeg", "mpeg-4", "3gpp"];

impl Codes<'_> {
    /// Photo, video or something else. The main file tells if the row does not.
    pub(super) fn media_kind(&self) -> MediaKind {
        match self.kind {
            Some(0) => MediaKind::Photo,
            Some(1) => MediaKind::Video,
            Some(_) => MediaKind::Other,
            None => self.kind_of_file(),
        }
    }

    fn kind_of_file(&self) -> MediaKind {
        let by_extension = MediaType::of(self.extension).kind();
        match self.uti.filter(|_| by_extension == MediaKind::Other) {
            None => by_extension,
            Some(uti) if MOVIES.iter().any(|end| uti.ends_with(end)) => MediaKind::Video,
            Some(uti) if uti.ends_with(RAW) => MediaKind::Photo,
            // Most identifiers end as their files do: `public.heic`.
            Some(uti) => MediaType::of(uti.rsplit('.').next().map(str::as_bytes)).kind(),
        }
    }

    /// Everything that the asset's row tells by itself.
    pub(super) fn traits(&self) -> Traits {
        let is_photo = self.media_kind() == MediaKind::Photo;
        let is_video = self.media_kind() == MediaKind::Video;
        let bounce = is_photo && self.playback_variation == BOUNCE;
        let has_portrait_depth = match self.depth_type {
            Some(depth) => depth == PORTRAIT_DEPTH,
            None => self.depth_states.is_some_and(|states| states != 0),
        };
        let subtype_is = |subtype| self.subtype == subtype;
        Traits {
            live: is_photo && (subtype_is(LIVE_PHOTO) || self.playback_style == LIVE_STYLE),
            // Which of the two a loop is, is told by the variation alone.
            looping: is_photo && !bounce && (self.plays_in_a_loop() || self.playback_variation == LOOP),
            bounce,
            long_exposure: is_photo && self.playback_variation == LONG_EXPOSURE,
            panorama: subtype_is(PANORAMA),
            portrait: is_photo && has_portrait_depth,
            hdr: self.hdr_type == Some(HDR),
            screenshot: subtype_is(SCREENSHOT) || self.is_detected_screenshot,
            screen_recording: subtype_is(SCREEN_RECORDING),
            selfie: self.capture_device == Some(FRONT_CAMERA),
            slow_mo: subtype_is(SLOW_MOTION),
            time_lapse: subtype_is(TIME_LAPSE),
            cinematic: is_video && self.depth_type == Some(CINEMATIC_DEPTH),
            spatial: self.spatial_type.is_some_and(|kind| kind != 0),
            animated: is_photo && (self.playback_style == ANIMATED_STYLE || self.uti == Some(GIF)),
            raw: self.is_raw(),
            ..Traits::NONE
        }
    }

    /// Whether it plays by itself and again and again.
    pub(super) const fn plays_in_a_loop(&self) -> bool {
        self.playback_style == LOOPING_STYLE
    }

    fn is_raw(&self) -> bool {
        match MediaType::of(self.extension) {
            MediaType::Raw => true,
            MediaType::Photo | MediaType::Movie => false,
            MediaType::Sidecar | MediaType::Unknown => self.uti.is_some_and(|uti| uti.ends_with(RAW)),
        }
    }
}

/// Whether the camera of iOS 13 that took it was the front one (`ZCAMERACAPTUREDEVICE`).
pub(super) fn is_front_camera(capture_device: Option<i64>) -> bool {
    capture_device == Some(FRONT_CAMERA)
}

/// Whether a video of this name is a film of the screen: before iOS 15 nothing else told.
pub(super) fn is_named_like_screen_recording(original_name: &str) -> bool {
    original_name.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("RPReplay"))
}

/// Whether a video's codec is one of Apple's ProRes ones: `apcn`, `apch`, `ap4h`...
pub(super) fn is_prores(codec: &str) -> bool {
    const CODECS: [&str; 8] = ["apco", "apcs", "apcn", "apch", "ap4h", "ap4x", "aprn", "aprh"];
    CODECS.iter().any(|known| known.eq_ignore_ascii_case(codec))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PHOTO: Codes<'_> = Codes {
        kind: Some(0),
        subtype: 0,
        playback_style: 1,
        playback_variation: 0,
        depth_type: Some(0),
        depth_states: None,
        hdr_type: Some(0),
        spatial_type: Some(0),
        capture_device: Some(0),
        is_detected_screenshot: false,
        uti: Some("public.heic"),
        extension: Some(b"HEIC"),
    };
    const VIDEO: Codes<'_> = Codes {
        kind: Some(1),
        playback_style: 4,
        uti: Some("com.apple.quicktime-movie"),
        extension: Some(b"MOV"),
        ..PHOTO
    };

    /// The names of what is set.
    fn names(codes: Codes<'_>) -> String {
        let text = format!("{:?}", codes.traits());
        let set = text.split(['{', ',', '}']).filter_map(|field| field.trim().strip_suffix(": true"));
        set.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_decision_table() {
        let cases = [
            (PHOTO, ""),
            (VIDEO, ""),
            (Codes { subtype: 2, playback_style: 3, ..PHOTO }, "live"),
            (Codes { subtype: 2, ..PHOTO }, "live"),
            (Codes { playback_style: 3, ..PHOTO }, "live"),
            (Codes { subtype: 2, playback_style: 5, playback_variation: 1, ..PHOTO }, "live looping"),
            (Codes { subtype: 2, playback_style: 5, playback_variation: 2, ..PHOTO }, "live bounce"),
            (Codes { playback_style: 5, ..PHOTO }, "looping"),
            (Codes { subtype: 2, playback_variation: 3, ..PHOTO }, "live long_exposure"),
            (Codes { playback_style: 2, extension: Some(b"HEICS"), ..PHOTO }, "animated"),
            (Codes { uti: Some(GIF), extension: Some(b"GIF"), ..PHOTO }, "animated"),
            (Codes { subtype: 1, hdr_type: Some(6), ..PHOTO }, "panorama"),
            (Codes { subtype: 10, ..PHOTO }, "screenshot"),
            (Codes { is_detected_screenshot: true, ..PHOTO }, "screenshot"),
            (Codes { subtype: 103, ..VIDEO }, "screen_recording"),
            (Codes { subtype: 101, ..VIDEO }, "slow_mo"),
            (Codes { subtype: 102, ..VIDEO }, "time_lapse"),
            (Codes { subtype: 2, ..VIDEO }, ""),
            (Codes { depth_type: Some(1), hdr_type: Some(10), ..PHOTO }, "portrait"),
            (Codes { depth_type: None, depth_states: Some(3), ..PHOTO }, "portrait"),
            (Codes { depth_type: Some(2), hdr_type: Some(5), ..VIDEO }, "cinematic"),
            (Codes { spatial_type: Some(2), ..PHOTO }, "spatial"),
            (Codes { spatial_type: Some(1), ..VIDEO }, "spatial"),
            (Codes { capture_device: Some(1), ..PHOTO }, "selfie"),
            (Codes { hdr_type: Some(3), ..PHOTO }, "hdr"),
        ];
        for (codes, expected) in cases {
            assert_eq!(names(codes), expected, "{codes:?}");
        }
        assert_eq!(names(Codes::default()), "", "nothing known, nothing claimed");
    }

    #[test]
    fn without_its_code_the_file_tells_the_kind() {
        let kind = |extension: &'static [u8], uti| {
            Codes { kind: None, extension: Some(extension), uti, ..PHOTO }.media_kind()
        };
        assert_eq!(kind(b"MOV", None), MediaKind::Video);
        assert_eq!(kind(b"MOV", Some("public.heic")), MediaKind::Video);
        assert_eq!(kind(b"dng", None), MediaKind::Photo);
        assert_eq!(kind(b"HEIC", None), MediaKind::Photo);
        assert_eq!(kind(b"X99", Some("com.apple.quicktime-movie")), MediaKind::Video);
        assert_eq!(kind(b"X99", Some("public.mpeg-4")), MediaKind::Video);
        assert_eq!(kind(b"X99", Some("public.jpeg")), MediaKind::Photo);
        assert_eq!(kind(b"X99", Some("com.canon.x99-raw-image")), MediaKind::Photo);
        assert_eq!(kind(b"X99", Some("public.data")), MediaKind::Other);
        assert_eq!(kind(b"X99", None), MediaKind::Other);
        let film = Codes { kind: None, playback_style: 3, ..VIDEO };
        assert_eq!(names(film), "", "no Live Photo");
        assert_eq!(Codes { kind: Some(0), ..VIDEO }.media_kind(), MediaKind::Photo, "the code is believed");
    }

    #[test]
    fn raw_is_what_the_file_is() {
        let raw = |extension: Option<&'static [u8]>, uti| Codes { extension, uti, ..PHOTO }.traits().raw;
        assert!(raw(Some(b"dng"), None));
        assert!(raw(Some(b"DNG"), Some("public.jpeg")));
        assert!(raw(Some(b"X99"), Some("com.canon.x99-raw-image")));
        assert!(raw(None, Some("com.adobe.raw-image")));
        assert!(!raw(Some(b"JPG"), Some("com.adobe.raw-image")), "the JPEG of a pair");
        assert!(!raw(Some(b"X99"), None));
    }

    #[test]
    fn names_and_codecs() {
        assert!(is_named_like_screen_recording("RPReplay_Final1700000000.MP4"));
        assert!(!is_named_like_screen_recording("IMG_0001.MP4"));
        assert!(!is_named_like_screen_recording("RPRepl\u{e9}"));
        assert!(is_prores("apch") && !is_prores("hvc1") && !is_prores(""));
        assert!(is_front_camera(Some(1)) && !is_front_camera(Some(0)) && !is_front_camera(None));
    }
}
