//! The documents of several apps as one source: a folder for each, called by its bundle id.
//!
//! A phone limits how many connections are open at once, and some owners have dozens of apps. So the documents of an
//! app are opened when they are asked for, and those that were not asked for the longest are closed.

use std::collections::HashMap;
use std::sync::Arc;

use futures_util::FutureExt as _;
use tokio::sync::Mutex;

use super::{AfcSource, Tuning};
use crate::device::{BundleId, DeviceError, Session};
use crate::source::{
    BoxFuture, DevicePath, EntryKind, EntryName, OpenFile, Source, SourceError, SourceErrorKind, Stat,
};

/// Apps whose documents are open at once.
const OPEN: usize = 3;

/// The documents of apps.
pub struct AppsSource {
    session: Arc<Session>,
    apps: HashMap<EntryName, BundleId>,
    tuning: Tuning,
    /// The one that was asked last comes last.
    open: Mutex<Vec<(EntryName, Arc<AfcSource>)>>,
}

impl AppsSource {
    /// The documents of these apps. Nothing is opened yet.
    #[must_use]
    pub fn new(session: Arc<Session>, apps: impl IntoIterator<Item = BundleId>, tuning: Tuning) -> Self {
        let named = |bundle: BundleId| Some((EntryName::new(bundle.as_str().as_bytes()).ok()?, bundle));
        let apps = apps.into_iter().filter_map(named).collect();
        Self { session, apps, tuning, open: Mutex::default() }
    }

    /// The source of the app that a path leads into, and the path in there.
    async fn app(&self, path: &DevicePath) -> Result<(Arc<AfcSource>, DevicePath), SourceError> {
        let not_found = || SourceError::new(path, SourceErrorKind::NotFound);
        let mut names = path.components();
        let name = names.next().and_then(|name| EntryName::new(name).ok()).ok_or_else(not_found)?;
        let bundle = self.apps.get(&name).ok_or_else(not_found)?;
        let inside = names
            .filter_map(|name| EntryName::new(name).ok())
            .fold(DevicePath::root(), |path, name| path.join(&name));
        let mut open = self.open.lock().await;
        if let Some(at) = open.iter().position(|(own, _)| *own == name) {
            let found = open.remove(at);
            let source = Arc::clone(&found.1);
            open.push(found);
            return Ok((source, inside));
        }
        let source = AfcSource::open_documents(&self.session, bundle, self.tuning).await;
        let source = Arc::new(source.map_err(|error| SourceError::new(path, kind_of(&error)))?);
        if open.len() >= OPEN {
            open.remove(0);
        }
        open.push((name, Arc::clone(&source)));
        Ok((source, inside))
    }
}

/// What it means for a path that the documents of its app cannot be opened.
fn kind_of(error: &DeviceError) -> SourceErrorKind {
    match error {
        DeviceError::Disconnected(reason) => SourceErrorKind::Disconnected(reason.clone()),
        DeviceError::TimedOut => SourceErrorKind::TimedOut,
        DeviceError::NoSuchApp { .. } => SourceErrorKind::NotFound,
        other => SourceErrorKind::Denied(other.to_string()),
    }
}

/// An error with the path that was asked for, which the source of the app does not know.
fn outside(path: &DevicePath) -> impl FnOnce(SourceError) -> SourceError + '_ {
    |error| SourceError::new(path, error.kind)
}

impl Source for AppsSource {
    fn stat<'a>(&'a self, path: &'a DevicePath) -> BoxFuture<'a, Result<Stat, SourceError>> {
        async move {
            if path.components().next().is_none() {
                return Ok(Stat { kind: EntryKind::Directory, size_bytes: 0, modified_nanoseconds: 0 });
            }
            let (source, inside) = self.app(path).await?;
            source.stat(&inside).await.map_err(outside(path))
        }
        .boxed()
    }

    fn list<'a>(&'a self, path: &'a DevicePath) -> BoxFuture<'a, Result<Vec<EntryName>, SourceError>> {
        async move {
            if path.components().next().is_none() {
                return Ok(self.apps.keys().cloned().collect());
            }
            let (source, inside) = self.app(path).await?;
            source.list(&inside).await.map_err(outside(path))
        }
        .boxed()
    }

    fn open<'a>(
        &'a self,
        path: &'a DevicePath,
        position: u64,
    ) -> BoxFuture<'a, Result<OpenFile, SourceError>> {
        async move {
            let (source, inside) = self.app(path).await?;
            source.open(&inside, position).await.map_err(outside(path))
        }
        .boxed()
    }
}
