//! The documents of several apps as one source: a folder for each, called by its bundle id.
//!
//! A phone limits how many connections are open at once, and some owners have dozens of apps. So the documents of an
//! app are opened when they are asked for, and those that were not asked for the longest are closed.
//!
//! What goes wrong with one app is not the end of the others: as long as the phone answers at all, a connection that
//! was lost is opened anew, and if that is refused, only the files of that app fail.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::FutureExt as _;

use super::few::Few;
use super::{AfcSource, SERVICE, Tuning};
use crate::device::{BundleId, DeviceError, Session};
use crate::source::{
    BoxFuture, ChunkStream, DevicePath, EntryKind, EntryName, OpenFile, Source, SourceError, SourceErrorKind,
    Stat,
};

/// Apps whose documents are open at once.
const OPEN: usize = 3;

/// How often something is asked of an app: once more over new connections if the first were lost.
const TRIES: u32 = 2;

/// The documents of apps.
pub struct AppsSource {
    apps: HashMap<EntryName, Arc<App>>,
}

/// What is needed to open the documents of any of the apps, and those that are open.
struct Opener {
    session: Arc<Session>,
    tuning: Tuning,
    open: Few<BundleId, AfcSource, SourceErrorKind>,
}

/// An app.
struct App {
    bundle: BundleId,
    opener: Arc<Opener>,
}

impl AppsSource {
    /// The documents of these apps. Nothing is opened yet.
    #[must_use]
    pub fn new(session: Arc<Session>, apps: impl IntoIterator<Item = BundleId>, tuning: Tuning) -> Self {
        let opener = Arc::new(Opener { session, tuning, open: Few::new(OPEN) });
        let named = |bundle: BundleId| {
            let name = EntryName::new(bundle.as_str().as_bytes()).ok()?;
            Some((name, Arc::new(App { bundle, opener: Arc::clone(&opener) })))
        };
        Self { apps: apps.into_iter().filter_map(named).collect() }
    }

    /// The app that a path leads into, and the path in there.
    fn app(&self, path: &DevicePath) -> Result<(&Arc<App>, DevicePath), SourceError> {
        let mut names = path.components().map(EntryName::new);
        let app = names.next().and_then(|name| self.apps.get(&name.ok()?));
        let app = app.ok_or_else(|| SourceError::new(path, SourceErrorKind::NotFound))?;
        let inside = names.filter_map(Result::ok).fold(DevicePath::root(), |path, name| path.join(&name));
        Ok((app, inside))
    }

    /// Asks something of the app that a path leads into. Asks once more if the connections are lost, which a
    /// phone may close of one app at any time.
    async fn ask<'a, T: Send>(
        &'a self,
        path: &'a DevicePath,
        question: impl for<'q> Fn(&'q AfcSource, &'q DevicePath) -> BoxFuture<'q, Result<T, SourceError>> + Send,
    ) -> Result<(T, &'a Arc<App>, Arc<AfcSource>), SourceError> {
        let (app, inside) = self.app(path)?;
        let mut tries = 1;
        loop {
            let source = app.documents().await.map_err(|kind| SourceError::new(path, kind))?;
            match question(&source, &inside).await {
                Ok(answer) => return Ok((answer, app, source)),
                Err(error) if !error.is_fatal() => return Err(SourceError::new(path, error.kind)),
                Err(_) if tries < TRIES => app.opener.open.forget(&app.bundle, &source),
                Err(error) => return Err(SourceError::new(path, app.lost(&source, error.kind).await)),
            }
            tries += 1;
        }
    }
}

impl App {
    /// Its documents, opened if they are not.
    async fn documents(&self) -> Result<Arc<AfcSource>, SourceErrorKind> {
        let Opener { session, tuning, open } = &*self.opener;
        let opening = async {
            match AfcSource::open_documents(session, &self.bundle, *tuning).await {
                // What is lost may be the connection to this app.
                Err(DeviceError::Disconnected(reason)) => Err(kind_if_lost(session, reason).await),
                other => other.map_err(|error| kind_of(&error)),
            }
        };
        open.get(&self.bundle, opening).await
    }

    /// What it means that all connections to its documents are lost; they are opened anew next time.
    async fn lost(&self, source: &Arc<AfcSource>, error: SourceErrorKind) -> SourceErrorKind {
        self.opener.open.forget(&self.bundle, source);
        match error {
            SourceErrorKind::Disconnected(reason) => kind_if_lost(&self.opener.session, reason).await,
            other => other,
        }
    }
}

/// What a lost connection means: the end if the phone opens no other, and else nothing that could not be tried again.
async fn kind_if_lost(session: &Session, reason: String) -> SourceErrorKind {
    match session.open_service(SERVICE).await {
        Err(DeviceError::Disconnected(_) | DeviceError::TimedOut) => SourceErrorKind::Disconnected(reason),
        _ => SourceErrorKind::Unreadable(format!("the connection to the app was lost: {reason}")),
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

/// A document that is being read.
struct Chunks {
    inner: Box<dyn ChunkStream>,
    path: DevicePath,
    app: Arc<App>,
    source: Arc<AfcSource>,
}

impl ChunkStream for Chunks {
    fn next(&mut self) -> BoxFuture<'_, Result<Option<Bytes>, SourceError>> {
        async move {
            match self.inner.next().await {
                Ok(chunk) => Ok(chunk),
                Err(error) => {
                    let is_fatal = error.is_fatal();
                    let kind =
                        if is_fatal { self.app.lost(&self.source, error.kind).await } else { error.kind };
                    Err(SourceError::new(&self.path, kind))
                }
            }
        }
        .boxed()
    }
}

impl Source for AppsSource {
    fn stat<'a>(&'a self, path: &'a DevicePath) -> BoxFuture<'a, Result<Stat, SourceError>> {
        async move {
            if path.components().next().is_none() {
                return Ok(Stat { kind: EntryKind::Directory, size_bytes: 0, modified_nanoseconds: 0 });
            }
            Ok(self.ask(path, |source, inside| source.stat(inside)).await?.0)
        }
        .boxed()
    }

    fn list<'a>(&'a self, path: &'a DevicePath) -> BoxFuture<'a, Result<Vec<EntryName>, SourceError>> {
        async move {
            if path.components().next().is_none() {
                return Ok(self.apps.keys().cloned().collect());
            }
            Ok(self.ask(path, |source, inside| source.list(inside)).await?.0)
        }
        .boxed()
    }

    fn open<'a>(
        &'a self,
        path: &'a DevicePath,
        position: u64,
    ) -> BoxFuture<'a, Result<OpenFile, SourceError>> {
        async move {
            let opened = self.ask(path, |source, inside| source.open(inside, position)).await?;
            let (OpenFile { stat, chunks: inner }, app, source) = opened;
            let chunks = Chunks { inner, path: path.clone(), app: Arc::clone(app), source };
            Ok(OpenFile { stat, chunks: Box::new(chunks) })
        }
        .boxed()
    }
}
