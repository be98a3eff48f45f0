//! The samples of an MP4: coded frames of sound and picture, track by track, in the order in which they are played.

use super::super::TagError;
use super::super::bytes::{CUT, array, place, slice, u32_be, u64_be};
use super::super::limits::{MAX_PASSES, MAX_TRACKS};
use super::super::survey::{AudioHash, hash_part};
use super::boxes::Node;

const TRACK: &[u8] = b"moovtrak";
const STSD: &[u8] = b"moovtrakmdiaminfstblstsd";
const STSZ: &[u8] = b"moovtrakmdiaminfstblstsz";
const STSC: &[u8] = b"moovtrakmdiaminfstblstsc";
pub(super) const STCO: &[u8] = b"moovtrakmdiaminfstblstco";
pub(super) const CO64: &[u8] = b"moovtrakmdiaminfstblco64";
const HDLR: &[u8] = b"moovtrakmdiahdlr";
const DREF: &[u8] = b"moovtrakmdiaminfdinfdref";

/// The fingerprint of all samples of all tracks, with what it takes to decode them.
pub(super) fn hash(bytes: &[u8], nodes: &[Node]) -> Result<AudioHash, TagError> {
    let mut hasher = blake3::Hasher::new();
    hasher.update(b"mp4");
    let mut budget = bytes.len().saturating_mul(MAX_PASSES);
    let (mut tracks, mut heard) = (0, false);
    for (index, track) in nodes.iter().enumerate().filter(|(_, node)| node.path == TRACK) {
        tracks += 1;
        if tracks > MAX_TRACKS {
            return Err(TagError::TooLarge("it has too many tracks"));
        }
        let within = nodes.get(index + 1..).unwrap_or_default();
        let count = within.partition_point(|node| node.start < track.end);
        let within = within.get(..count).unwrap_or_default();
        let track = Track::read(bytes, within)?;
        heard |= matches!(&track.handler, b"soun" | b"vide");
        track.hash(bytes, &mut hasher, &mut budget)?;
    }
    if !heard {
        return Err(TagError::Unsupported("it has neither sound nor picture"));
    }
    Ok(AudioHash::of(&hasher))
}

/// Where each chunk of a track begins: boxes `stco` and `co64`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Offsets {
    /// Where the first is written in the file.
    pub(super) at: usize,
    pub(super) count: usize,
    pub(super) wide: bool,
}

impl Offsets {
    pub(super) fn of(bytes: &[u8], node: &Node) -> Result<Self, TagError> {
        let content = node.content(bytes)?;
        let (count, wide) = (place(u32_be(content, 4)?.into())?, node.path == CO64);
        let length = count.checked_mul(if wide { 8 } else { 4 }).ok_or(CUT)?;
        slice(content, 8, length)?;
        Ok(Self { at: node.content + 8, count, wide })
    }

    /// Where the offset of a chunk is written.
    pub(super) const fn place(&self, chunk: usize) -> usize {
        self.at + chunk * if self.wide { 8 } else { 4 }
    }

    pub(super) fn get(&self, bytes: &[u8], chunk: usize) -> Result<u64, TagError> {
        let at = self.place(chunk);
        if self.wide { u64_be(bytes, at) } else { u32_be(bytes, at).map(u64::from) }
    }
}

/// What is said of the samples of a track.
struct Track<'a> {
    handler: [u8; 4],
    /// How they are coded.
    stsd: &'a [u8],
    /// How large they are.
    stsz: &'a [u8],
    /// How many are in each chunk.
    stsc: &'a [u8],
    offsets: Offsets,
}

impl<'a> Track<'a> {
    fn read(bytes: &'a [u8], nodes: &[Node]) -> Result<Self, TagError> {
        let find = |path: &[u8]| nodes.iter().find(|node| node.path == path);
        let content = |path| find(path).ok_or(INCOMPLETE)?.content(bytes);
        for node in nodes {
            match &node.kind {
                b"stz2" => return Err(TagError::Unsupported("its sample sizes are packed")),
                b"saio" => return Err(TagError::Unsupported("its samples are encrypted for streaming")),
                _ => {}
            }
        }
        let (dref, hdlr) = (content(DREF)?, content(HDLR)?);
        if !own_data(dref)? {
            return Err(TagError::Unsupported("its samples are in another file"));
        }
        let offsets = find(STCO).or_else(|| find(CO64)).ok_or(INCOMPLETE)?;
        Ok(Self {
            handler: array(hdlr, 8)?,
            stsd: content(STSD)?,
            stsz: content(STSZ)?,
            stsc: content(STSC)?,
            offsets: Offsets::of(bytes, offsets)?,
        })
    }

    fn hash(&self, bytes: &[u8], hasher: &mut blake3::Hasher, budget: &mut usize) -> Result<(), TagError> {
        hasher.update(&self.handler);
        hash_part(hasher, self.stsd);
        // With these, it also shows where each sample begins.
        hash_part(hasher, self.stsz);
        let sizes = Sizes::read(self.stsz)?;
        let mut runs = Runs::read(self.stsc)?;
        let mut sample = 0;
        for chunk in 0..self.offsets.count {
            if sample == sizes.count {
                break;
            }
            let count = runs.samples_of(chunk)?.min(sizes.count - sample);
            let length = sizes.sum(sample, count)?;
            *budget = budget.checked_sub(length).ok_or(TagError::Damaged("its samples share their bytes"))?;
            hasher.update(slice(bytes, place(self.offsets.get(bytes, chunk)?)?, length)?);
            sample += count;
        }
        if sample < sizes.count {
            return Err(TagError::Damaged("it has more samples than places for them"));
        }
        Ok(())
    }
}

const INCOMPLETE: TagError = TagError::Damaged("a track without a table of its samples");

/// Whether all the data are in the file itself (box `dref`).
fn own_data(dref: &[u8]) -> Result<bool, TagError> {
    let mut rest = dref.get(8..).ok_or(CUT)?;
    while !rest.is_empty() {
        let length = place(u32_be(rest, 0)?.into())?;
        if u32_be(rest, 8)? & 1 == 0 {
            return Ok(false);
        }
        rest = rest.get(length.max(12)..).ok_or(CUT)?;
    }
    Ok(true)
}

/// The sizes of the samples (box `stsz`): one for all, or one for each.
struct Sizes<'a> {
    same: usize,
    each: &'a [u8],
    count: usize,
}

impl<'a> Sizes<'a> {
    fn read(stsz: &'a [u8]) -> Result<Self, TagError> {
        let (same, count) = (place(u32_be(stsz, 4)?.into())?, place(u32_be(stsz, 8)?.into())?);
        let each = if same == 0 { slice(stsz, 12, count.checked_mul(4).ok_or(CUT)?)? } else { &[] };
        Ok(Self { same, each, count })
    }

    /// The bytes of some samples together.
    fn sum(&self, first: usize, count: usize) -> Result<usize, TagError> {
        if self.same != 0 {
            return self.same.checked_mul(count).ok_or(CUT);
        }
        let (sizes, _) = slice(self.each, first * 4, count * 4)?.as_chunks();
        sizes.iter().try_fold(0_usize, |sum, size| {
            sum.checked_add(place(u32::from_be_bytes(*size).into())?).ok_or(CUT)
        })
    }
}

/// How many samples the chunks have (box `stsc`): from which chunk on, how many.
struct Runs<'a> {
    rest: &'a [[u8; 12]],
    samples: usize,
}

impl<'a> Runs<'a> {
    fn read(stsc: &'a [u8]) -> Result<Self, TagError> {
        let count = place(u32_be(stsc, 4)?.into())?;
        let (rest, _) = slice(stsc, 8, count.checked_mul(12).ok_or(CUT)?)?.as_chunks();
        Ok(Self { rest, samples: 0 })
    }

    /// Of the next chunk: they are asked for one after the other, the first being 0.
    fn samples_of(&mut self, chunk: usize) -> Result<usize, TagError> {
        if let Some((run, rest)) = self.rest.split_first() {
            let first = place(u32_be(run, 0)?.into())?;
            if first <= chunk {
                return Err(TagError::Damaged("its chunks are out of order"));
            }
            if first == chunk + 1 {
                (self.samples, self.rest) = (place(u32_be(run, 4)?.into())?, rest);
            }
        }
        Ok(self.samples)
    }
}
