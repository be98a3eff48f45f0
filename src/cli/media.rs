//! `iexport music`, `videos`, `voice-memos`, `ringtones`, `books`, `podcasts`: the same way as `photos`, with words of
//! their own.

use std::time::Instant;

use clap::Args as ClapArgs;
use jiff::Zoned;
use tokio_util::sync::CancellationToken;

use super::advice::Problem;
use super::args::{
    ArtworkWord, BooksWhich, Common, Dates, MediaArgs, MediaLayoutWord, MediaPlaces, MediaWhich, MemosWhich,
    MusicWhich, PodcastsWhich, RingtonesWhich, VideoKindWord, VideosWhich,
};
use super::arrangement::names_of;
use super::photos::Ready;
use super::selection::{duration, policy, range, size, years};
use super::session::report_of;
use super::{Exit, Outcome};
use crate::catalog::{Collection, MediaKind};
use crate::export::{self, Export};
use crate::fields::{Engine, Table};
use crate::plan::{Layout, PathTemplate};
use crate::select::{MediaSelection, Selection};

/// The words that say which items of a collection are meant.
pub(super) trait Wanted: ClapArgs {
    /// Of what.
    const COLLECTION: Collection;

    /// Those that all have.
    fn media(&self) -> &MediaWhich;

    /// Narrows a selection by those that only these have.
    fn narrow(&self, selection: &mut Selection, now: &Zoned) -> Result<(), Problem>;

    /// Says what else is to be done.
    fn arrange(&self, _export: &mut Export) -> Result<(), Problem> {
        Ok(())
    }
}

impl Wanted for MusicWhich {
    const COLLECTION: Collection = Collection::Music;

    fn media(&self) -> &MediaWhich {
        &self.media
    }

    fn narrow(&self, selection: &mut Selection, _: &Zoned) -> Result<(), Problem> {
        selection.albums.clone_from(&self.playlist);
        selection.not_albums.clone_from(&self.not_playlist);
        selection.favorite = self.loved.then_some(true);
        let media = &mut selection.media;
        media.artists.clone_from(&self.artist);
        media.albums.clone_from(&self.album);
        media.genres.clone_from(&self.genre);
        media.min_rating = self.rating.map(|stars| stars.saturating_mul(20));
        media.covers = self.artwork == ArtworkWord::Folder;
        Ok(())
    }

    fn arrange(&self, export: &mut Export) -> Result<(), Problem> {
        export.playlists = true;
        export.contents.tags = self.tag;
        export.contents.embed = self.artwork != ArtworkWord::None;
        if self.artwork == ArtworkWord::Embed && !self.tag {
            return Err(Problem::new(
                Exit::Usage,
                "--artwork embed writes pictures into the songs, and that is only done with --tag",
                "Add --tag, or leave out --artwork.",
            ));
        }
        Ok(())
    }
}

impl Wanted for VideosWhich {
    const COLLECTION: Collection = Collection::Videos;

    fn media(&self) -> &MediaWhich {
        &self.media
    }

    fn narrow(&self, selection: &mut Selection, now: &Zoned) -> Result<(), Problem> {
        selection.kinds = self
            .kind
            .iter()
            .map(|kind| match kind {
                VideoKindWord::Own => MediaKind::Video,
                VideoKindWord::Movie => MediaKind::Movie,
                VideoKindWord::TvShow => MediaKind::TvShow,
                VideoKindWord::MusicVideo => MediaKind::MusicVideo,
                VideoKindWord::HomeVideo => MediaKind::HomeVideo,
            })
            .collect();
        selection.media.shows.clone_from(&self.show);
        selection.media.artists.clone_from(&self.artist);
        narrow_dates(selection, &self.dates, now)
    }
}

impl Wanted for MemosWhich {
    const COLLECTION: Collection = Collection::VoiceMemos;

    fn media(&self) -> &MediaWhich {
        &self.media
    }

    fn narrow(&self, selection: &mut Selection, now: &Zoned) -> Result<(), Problem> {
        selection.media.folders.clone_from(&self.folder);
        selection.trashed = policy(self.trashed);
        narrow_dates(selection, &self.dates, now)
    }
}

impl Wanted for RingtonesWhich {
    const COLLECTION: Collection = Collection::Ringtones;

    fn media(&self) -> &MediaWhich {
        &self.media
    }

    fn narrow(&self, _: &mut Selection, _: &Zoned) -> Result<(), Problem> {
        Ok(())
    }
}

impl Wanted for BooksWhich {
    const COLLECTION: Collection = Collection::Books;

    fn media(&self) -> &MediaWhich {
        &self.media
    }

    fn narrow(&self, selection: &mut Selection, _: &Zoned) -> Result<(), Problem> {
        selection.media.artists.clone_from(&self.author);
        Ok(())
    }
}

impl Wanted for PodcastsWhich {
    const COLLECTION: Collection = Collection::Podcasts;

    fn media(&self) -> &MediaWhich {
        &self.media
    }

    fn narrow(&self, selection: &mut Selection, now: &Zoned) -> Result<(), Problem> {
        selection.media.albums.clone_from(&self.podcast);
        narrow_dates(selection, &self.dates, now)
    }
}

fn narrow_dates(selection: &mut Selection, dates: &Dates, now: &Zoned) -> Result<(), Problem> {
    selection.taken = range(now, ("--since", &dates.since), ("--until", &dates.until))?;
    Ok(())
}

/// The export that the words mean.
///
/// # Errors
/// A word that is no date, no size, no template and so on: with the option that it belongs to.
pub(super) fn export_of<W: Wanted>(which: &W, places: &MediaPlaces, now: &Zoned) -> Result<Export, Problem> {
    let media = which.media();
    let table = Table::of(W::COLLECTION);
    let mut selection = Selection {
        titles: media.title.clone(),
        years: years("--year", &media.year)?,
        added: range(now, ("--added-since", &media.added_since), ("--added-until", &media.added_until))?
            .in_zone(now.time_zone()),
        min_size: size("--min-size", &media.min_size)?,
        max_size: size("--max-size", &media.max_size)?,
        min_duration: duration("--min-duration", &media.min_duration)?,
        max_duration: duration("--max-duration", &media.max_duration)?,
        last: media.last.map(|last| usize::try_from(last).unwrap_or(usize::MAX)),
        orphans: policy(media.orphans),
        media: MediaSelection { protected: policy(media.protected), ..MediaSelection::default() },
        ..Selection::default()
    };
    if let Some(text) = &media.condition {
        let condition = Engine::over(table).compile_expression(text);
        selection.condition = Some(condition.map_err(|error| Problem::of_field("--where", &error))?);
    }
    which.narrow(&mut selection, now)?;
    let mut export = arranged(selection, places, table)?;
    // Only there each album has a folder of its own.
    export.selection.media.covers &= export.layout == Layout::ByKind;
    which.arrange(&mut export)?;
    Ok(export)
}

/// An export of a selection, arranged as the words say.
pub(super) fn arranged(
    selection: Selection,
    places: &MediaPlaces,
    table: &'static Table,
) -> Result<Export, Problem> {
    let layout = match (&places.template, places.layout) {
        (Some(text), _) => {
            let template = PathTemplate::compile_over(text, table);
            Layout::Template(template.map_err(|error| Problem::of_field("--template", &error))?)
        }
        (None, MediaLayoutWord::ByKind) => Layout::ByKind,
        (None, MediaLayoutWord::Flat) => Layout::Flat,
        (None, MediaLayoutWord::AsOnPhone) => Layout::AsOnPhone,
    };
    Ok(Export { selection, layout, names: names_of(places.names), ..Export::default() })
}

/// The same, for which nobody may forget to say what is meant.
fn export_to_carry_out<W: Wanted>(args: &MediaArgs<W>, now: &Zoned) -> Result<Export, Problem> {
    let export = export_of(&args.which, &args.places, now)?;
    let (_, several) = W::COLLECTION.items();
    let command = W::COLLECTION.name();
    match (args.which.media().all, export.selection.is_everything()) {
        (false, true) => Err(Problem::new(
            Exit::Usage,
            format!("nothing says which {several} are meant"),
            format!(
                "Add --all for everything, or say which.\n`iexport {command} --help` lists all options; \
                 `iexport list {command}` shows what they mean."
            ),
        )),
        (true, false) => Err(Problem::new(
            Exit::Usage,
            format!("--all means all {several}, but other options say which"),
            "Leave out --all, or the others.",
        )),
        _ => Ok(export),
    }
}

pub(super) async fn run<W: Wanted>(
    common: &Common,
    args: &MediaArgs<W>,
    cancel: CancellationToken,
) -> Outcome {
    let started = Instant::now();
    let report = report_of(common);
    let export = export_to_carry_out(args, &Zoned::now())?;
    // The drive before the phone: nobody should unlock a phone for a folder that cannot be used.
    export::prepare_destination(&args.to).map_err(export::ExportError::from)?;
    let Some(ready) = Ready::make(common, W::COLLECTION, &*report, &cancel).await? else {
        return Ok(Exit::Interrupted);
    };
    ready.export(&export, args.to.clone(), report, cancel, started).await
}
