//! What a file may ask for at most. Far beyond what any phone makes, and far from what hurts.

/// Points of a picture: the largest that phones make have 200 million.
pub(super) const MAX_PIXELS: u64 = 200_000_000;

/// Points along one side; a JPEG cannot have more.
pub(super) const MAX_SIDE: u32 = 65_535;

/// Bytes of the head of a file. That of an iPhone photo has some 30,000.
pub(super) const MAX_META_BYTES: usize = 8 << 20;

/// Items of a file. A photo of 200 million points has about 1,000: each tile is one.
pub(super) const MAX_ITEMS: usize = 8192;

/// Pieces that all items of a file may lie in.
pub(super) const MAX_EXTENTS: usize = 32_768;

/// Pieces that one item may lie in. A tile may be laid in 65,025 places, and its pieces are walked for each.
pub(super) const MAX_ITEM_EXTENTS: usize = 256;

/// What all references between items may name in total.
pub(super) const MAX_REFERENCES: usize = 65_536;

/// Properties of a file.
pub(super) const MAX_PROPERTIES: usize = 8192;

/// Properties of all items of a file in total.
pub(super) const MAX_PROPERTY_USES: usize = 65_536;

/// Properties of one item, which are walked for each place that a tile is laid in: a handful, if all is well.
pub(super) const MAX_ITEM_PROPERTIES: usize = 64;

/// Parameter sets of a coded picture: three, if all is well.
pub(super) const MAX_PARAMETER_SETS: usize = 64;

/// Bytes of the decoder settings of a tile, with its parameter sets: some hundred, if all is well. A set may be an
/// encoder's note of what it was told, which can be a few thousand long.
pub(super) const MAX_SETTINGS_BYTES: usize = 16 << 10;

/// How often the coded bytes of a file may be decoded: tiles may share them, and their settings.
pub(super) const MAX_REUSE: usize = 8;

/// Coded bytes that may be decoded for however small a file.
pub(super) const MIN_CODED_BYTES: usize = 16 << 20;

/// Bytes of a colour profile.
pub(super) const MAX_PROFILE_BYTES: usize = 4 << 20;
