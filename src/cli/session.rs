//! From the words of the command line to a phone that can be read.

use std::sync::Arc;
use std::time::Duration;

use super::advice::Problem;
use super::args::Common;
use super::demo::Demo;
use crate::catalog::Collection;
use crate::device::{Bus, Patience, PhoneInfo, Session, Wanted};
use crate::export::{Collections, Shelf};
use crate::report::{Event, Human, Json, Report};
use crate::source::{AfcSource, Source, Tuning};

/// Where phones are looked for; keeps the demo phone alive.
pub(super) struct Place {
    pub(super) bus: Bus,
    _demo: Option<Demo>,
}

impl Place {
    /// As the command line says.
    pub(super) async fn of(common: &Common) -> Result<Self, Problem> {
        if common.demo {
            let demo = Demo::start().await?;
            let bus = Bus::find(Some(demo.address.clone())).await?;
            return Ok(Self { bus, _demo: Some(demo) });
        }
        Ok(Self { bus: Bus::find(common.usbmuxd.clone()).await?, _demo: None })
    }
}

/// A phone that lets this computer in.
pub(super) struct OpenPhone {
    pub(super) info: PhoneInfo,
    pub(super) session: Arc<Session>,
    pub(super) media: Arc<AfcSource>,
    _place: Place,
}

impl OpenPhone {
    /// Finds the phone that is meant, gains its trust, opens its media.
    pub(super) async fn open(common: &Common, report: &dyn Report) -> Result<Self, Problem> {
        let place = Place::of(common).await?;
        let wanted = common.device.clone().map_or(Wanted::TheOnlyOne, Wanted::Called);
        let (link, info) = place.bus.choose(&wanted).await?;
        report.event(&Event::Device {
            name: info.name.clone(),
            model: info.model().to_owned(),
            ios: info.ios.clone(),
            udid: info.udid.to_string(),
        });
        let patience = Patience { person: Duration::from_secs(common.wait) };
        let tell = |step| report.event(&Event::Trust { step });
        let session = Arc::new(Session::open(link, patience, &tell).await?);
        let media = Arc::new(AfcSource::open(&session, Tuning::default()).await?);
        Ok(Self { info, session, media, _place: place })
    }

    /// Its collections, of which nothing is read yet.
    pub(super) fn collections(&self) -> Result<Collections, Problem> {
        Ok(Collections::of(Arc::clone(&self.media) as Arc<dyn Source>)?.with_ios(&self.info.ios))
    }

    /// Reads a collection.
    pub(super) async fn read(&self, collection: Collection, report: &dyn Report) -> Result<Shelf, Problem> {
        Ok(self.collections()?.read(collection, report).await?)
    }
}

/// Who hears about a command that answers on standard output: only what a person must know or do.
pub(super) fn talk(common: &Common) -> Human {
    Human::new(common.quiet || common.json)
}

/// Who hears about an export.
pub(super) fn report_of(common: &Common) -> Arc<dyn Report> {
    if common.json { Arc::new(Json::new(std::io::stdout())) } else { Arc::new(Human::new(common.quiet)) }
}
