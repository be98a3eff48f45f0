//! What of a collection the cable does not reach, so that nobody takes what is there for all there is (facts/media.md
//! sections D8 to D11). It knows versions of iOS, and no phone.

use crate::catalog::Collection;

/// What is known of a phone that says how far the cable reaches.
#[derive(Debug, Default)]
pub(super) struct Reach {
    /// Its version of iOS, such as 18; `None` if nobody knows.
    pub ios: Option<u32>,
    /// Apps that keep their files to themselves, for who asked for the files of all; `None` for who did not.
    pub unshared: Option<usize>,
}

/// Whether the folder of recordings is where the voice memos are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Recordings {
    /// It is: where there are none, there are none.
    All,
    /// It may be.
    Perhaps,
    /// The phone keeps them elsewhere; what lies there is left over.
    Elsewhere,
}

/// The last version that is known to keep them there, and the first that is known not to.
const KEPT_THERE: u32 = 14;
const KEPT_ELSEWHERE: u32 = 17;

impl Reach {
    /// Of a phone with a version such as `18.5`.
    pub(super) fn of_ios(version: &str) -> Option<u32> {
        version.split('.').next()?.parse().ok()
    }

    pub(super) fn recordings(&self) -> Recordings {
        match self.ios {
            Some(..=KEPT_THERE) => Recordings::All,
            Some(KEPT_ELSEWHERE..) => Recordings::Elsewhere,
            _ => Recordings::Perhaps,
        }
    }

    /// What a person should know of a collection that was read.
    pub(super) fn notes(&self, collection: Collection) -> Vec<String> {
        let mut notes = Vec::new();
        match collection {
            Collection::VoiceMemos => notes.extend(match self.recordings() {
                Recordings::All => None,
                Recordings::Perhaps => Some(
                    "Some versions of iOS keep newer voice memos where the cable does not reach; a backup has them. Compare \
                     with the app before you delete any.",
                ),
                Recordings::Elsewhere => Some(
                    "From iOS 17 on, voice memos are kept where the cable does not reach; a backup has them. These are only \
                     those that still lie in the old place: compare with the app before you delete any.",
                ),
            }),
            Collection::Podcasts => notes.push(
                "What the app Podcasts loaded by itself is out of reach of the cable, and in no backup either; it can be \
                 loaded again from its feeds.",
            ),
            Collection::Books => notes.push(
                "Books that are kept in iCloud Drive are out of reach of the cable, also where they are loaded; they can be \
                 shared one by one from the app Books.",
            ),
            Collection::Files if self.unshared.is_some() => notes.push(
                "What lies in On My iPhone outside of the folders of apps, such as Downloads, is out of reach of the cable; a \
                 backup has it, or move it into the folder of an app there.",
            ),
            _ => {}
        }
        let mut notes: Vec<String> = notes.into_iter().map(str::to_owned).collect();
        match self.unshared.filter(|_| collection == Collection::Files) {
            None | Some(0) => {}
            Some(1) => {
                notes.push(
                    "1 app keeps its files to itself; what is in there is in a backup at most.".to_owned(),
                );
            }
            Some(apps) => notes.push(format!(
                "{apps} apps keep their files to themselves; what is in there is in a backup at most."
            )),
        }
        notes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_says_where_voice_memos_are() {
        for (version, recordings) in [
            ("13.7", Recordings::All),
            ("14", Recordings::All),
            ("15.8.3", Recordings::Perhaps),
            ("16.0", Recordings::Perhaps),
            ("17.0", Recordings::Elsewhere),
            ("26.1", Recordings::Elsewhere),
            ("", Recordings::Perhaps),
            ("new", Recordings::Perhaps),
        ] {
            let reach = Reach { ios: Reach::of_ios(version), unshared: None };
            assert_eq!(reach.recordings(), recordings, "{version}");
            assert_eq!(
                reach.notes(Collection::VoiceMemos).is_empty(),
                recordings == Recordings::All,
                "{version}"
            );
        }
    }

    #[test]
    fn files_of_one_app_say_nothing_of_the_others() {
        let notes = |unshared| Reach { ios: None, unshared }.notes(Collection::Files).len();
        assert_eq!([notes(None), notes(Some(0)), notes(Some(1)), notes(Some(7))], [0, 1, 2, 2]);
    }
}
