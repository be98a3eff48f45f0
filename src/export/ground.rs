//! What the plans of a run stand on. A run plans more than once: when names turn out to be taken, and for the links
//! of albums after the files.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use super::{Export, ExportError, sizes, survey};
use crate::catalog::Catalog;
use crate::plan::{self, DestPath, Known, Places, Plan, PlanInput, Survey};
use crate::select::Selected;
use crate::source::Source;
use crate::transfer::Drive;

/// What all plans of a run have in common.
pub(super) struct Ground<'a> {
    pub(super) export: &'a Export,
    pub(super) selected: &'a Selected,
    pub(super) places: Places,
    /// The destination.
    pub(super) to: &'a Path,
    pub(super) drive: Arc<dyn Drive>,
}

impl Ground<'_> {
    /// Plans with what is known of sizes.
    pub(super) fn plan(&self, catalog: &Catalog, known: &Known) -> Result<Plan, ExportError> {
        let (survey, _) = self.survey(catalog, known)?;
        Ok(self.plan_on(catalog, known, &survey))
    }

    /// Plans with the real sizes of files where the plan depends on them. They stay in the catalogue.
    pub(super) async fn plan_with_real_sizes(
        &self,
        catalog: &mut Catalog,
        known: &Known,
        source: &dyn Source,
    ) -> Result<Plan, ExportError> {
        let (survey, occupied) = self.survey(catalog, known)?;
        sizes::make_real(source, catalog, &self.selected.items, &self.places, known, &occupied).await?;
        Ok(self.plan_on(catalog, known, &survey))
    }

    fn plan_on(&self, catalog: &Catalog, known: &Known, survey: &Survey) -> Plan {
        plan::plan(&PlanInput {
            catalog,
            selected: &self.selected.items,
            places: &self.places,
            contents: &self.export.contents,
            known,
            survey,
        })
    }

    /// What lies in the folders that matter, and in which of them anything does.
    fn survey(&self, catalog: &Catalog, known: &Known) -> Result<(Survey, BTreeSet<DestPath>), ExportError> {
        let folders = plan::folders(catalog, &self.selected.items, &self.places, known);
        survey::of_folders(&folders, |folder| self.drive.list(folder))
            .map_err(|error| ExportError::drive(self.to, error))
    }
}
