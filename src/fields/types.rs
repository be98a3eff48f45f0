//! What can be known of a value before there is one.

use super::table::Kind;

/// What is known of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Type {
    pub(super) shape: Shape,
    /// Whether there may be none.
    pub(super) optional: bool,
}

/// What a value looks like if there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// Nothing is known.
    Any,
    /// There is never one.
    Nothing,
    Flag,
    Number,
    Text,
    Choice(&'static [&'static str]),
    Time,
    Texts,
    Records(&'static [(&'static str, Kind)]),
    Record(&'static [(&'static str, Kind)]),
    /// A list of anything.
    List,
}

impl From<Shape> for Type {
    fn from(shape: Shape) -> Self {
        Self { shape, optional: false }
    }
}

impl From<Kind> for Shape {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Flag => Self::Flag,
            Kind::Number => Self::Number,
            Kind::Text => Self::Text,
            Kind::Choice(words) => Self::Choice(words),
            Kind::Time => Self::Time,
            Kind::Texts => Self::Texts,
            Kind::Records(parts) => Self::Records(parts),
        }
    }
}

impl Type {
    /// The same, or nothing.
    pub(super) const fn or_nothing(self) -> Self {
        Self { optional: true, ..self }
    }

    /// The same, if it is there.
    pub(super) const fn surely(self) -> Self {
        Self { optional: false, ..self }
    }

    /// What is known of a value that is one or the other.
    pub(super) fn join(self, other: Self) -> Self {
        let optional =
            self.optional || other.optional || self.shape == Shape::Nothing || other.shape == Shape::Nothing;
        let shape = match (self.shape, other.shape) {
            (one, other) if one == other => one,
            (Shape::Nothing, shape) | (shape, Shape::Nothing) => shape,
            (one, other) if one.is_text() && other.is_text() => Shape::Text,
            (one, other) if one.is_list() && other.is_list() => Shape::List,
            _ => Shape::Any,
        };
        Self { shape, optional }
    }
}

impl Shape {
    pub(super) const fn is_text(self) -> bool {
        matches!(self, Self::Text | Self::Choice(_))
    }

    pub(super) const fn is_list(self) -> bool {
        matches!(self, Self::Texts | Self::Records(_) | Self::List)
    }

    /// What the parts of a list are; nothing is known of those of what may be no list.
    pub(super) fn element(self) -> Type {
        match self {
            Self::Texts => Self::Text.into(),
            Self::Records(parts) => Self::Record(parts).into(),
            _ => Type { shape: Self::Any, optional: true },
        }
    }

    /// In words, with an article.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Any => "something",
            Self::Nothing => "nothing",
            Self::Flag => "yes or no",
            Self::Number => "a number",
            Self::Text | Self::Choice(_) => "a text",
            Self::Time => "a time",
            Self::Texts | Self::Records(_) | Self::List => "a list",
            Self::Record(_) => "a record",
        }
    }
}
