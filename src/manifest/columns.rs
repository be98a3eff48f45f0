//! The columns of a manifest, which all its formats share.

use std::borrow::Cow;

use crate::catalog::Proof;
use crate::ledger::Listed;

/// Their names, in their order. New ones are only ever added, at the end.
pub(super) const NAMES: [&str; 17] = [
    "kind",
    "path",
    "size",
    "blake3",
    "content_fingerprint",
    "fingerprint",
    "proof",
    "role",
    "uuid",
    "original_name",
    "phone_name",
    "phone_udid",
    "source_path",
    "taken",
    "exported_at",
    "target",
    "form",
];

/// What an entry has in a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value<'a> {
    Nothing,
    Number(u64),
    Text(Cow<'a, str>),
}

impl<'a> Value<'a> {
    fn text(text: Option<&'a str>) -> Self {
        text.map_or(Self::Nothing, |text| Self::Text(Cow::Borrowed(text)))
    }

    fn shown(value: Option<impl ToString>) -> Self {
        value.map_or(Self::Nothing, |value| Self::Text(Cow::Owned(value.to_string())))
    }
}

/// What an entry has in the columns of [`NAMES`].
pub(super) fn values(listed: &Listed) -> [Value<'_>; NAMES.len()] {
    [
        Value::text(Some(listed.kind.name())),
        Value::text(Some(listed.path.to_text())),
        listed.size_bytes.map_or(Value::Nothing, Value::Number),
        Value::shown(listed.hash),
        Value::text(listed.content_fingerprint.as_ref().map(|fingerprint| fingerprint.0.as_str())),
        Value::text(listed.fingerprint.as_ref().map(|fingerprint| fingerprint.0.as_str())),
        Value::text(listed.proof.map(Proof::name)),
        Value::text(Some(&listed.role)),
        Value::text(Some(&listed.uuid.0)),
        Value::text(listed.original_name.as_deref()),
        Value::text(Some(&listed.phone_name)),
        Value::text(Some(&listed.udid)),
        Value::text(listed.source_path.as_deref()),
        Value::shown(listed.taken),
        Value::shown(Some(listed.exported_at)),
        Value::text(listed.target.as_ref().map(|target| target.to_text())),
        Value::text(listed.form.as_deref()),
    ]
}
