//! Exit codes. The table for people is in `docs/scripting.md`.

use std::process::ExitCode;

/// How the program ended, as a number for scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// 0: everything that was asked for was done.
    Done,
    /// 1: an error that has no number of its own.
    Error,
    /// 2: the command line was not understood, or asks for something that does not exist.
    Usage,
    /// 3: done, but some files failed, or folders of the phone could not be read.
    Failures,
    /// 4: no phone, or not clear which one.
    NoDevice,
    /// 5: the phone does not trust this computer.
    NotTrusted,
    /// 6: the phone is locked.
    Locked,
    /// 7: the destination cannot be used or written to any more.
    Destination,
    /// 8: the destination is full.
    Full,
    /// 9: the connection to the phone was lost.
    Lost,
    /// 130: stopped by the person.
    Interrupted,
}

impl Exit {
    /// The number.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Error => 1,
            Self::Usage => 2,
            Self::Failures => 3,
            Self::NoDevice => 4,
            Self::NotTrusted => 5,
            Self::Locked => 6,
            Self::Destination => 7,
            Self::Full => 8,
            Self::Lost => 9,
            Self::Interrupted => 130,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
