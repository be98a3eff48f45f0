//! A phone in memory, whose files change when told.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};
use std::sync::Mutex;

use bytes::Bytes;
use zip::{CompressionMethod, ZipArchive};

use super::super::*;
use crate::source::{ChunkStream, SourceErrorKind};

/// What a path is.
#[derive(Debug, Clone)]
pub(super) enum Node {
    File { content: Vec<u8>, modified: u64 },
    Folder,
    Link,
}

pub(super) type Tree = BTreeMap<DevicePath, Node>;
type Hook = dyn Fn(&mut Tree, &DevicePath) + Send + Sync;

/// A phone with a tree of files, and what it was asked.
pub(super) struct Phone {
    pub(super) tree: Mutex<Tree>,
    pub(super) asked: Mutex<Vec<String>>,
    /// Looks at and changes the tree before a file is opened.
    before_open: Box<Hook>,
    /// It answers one question at a time, in the order in which they came.
    turn: tokio::sync::Semaphore,
}

impl Phone {
    pub(super) fn new(tree: Tree) -> Arc<Self> {
        Self::changing(tree, |_, _| ())
    }

    pub(super) fn changing(
        tree: Tree,
        before_open: impl Fn(&mut Tree, &DevicePath) + Send + Sync + 'static,
    ) -> Arc<Self> {
        let before_open = Box::new(before_open);
        let turn = tokio::sync::Semaphore::new(1);
        Arc::new(Self { tree: Mutex::new(tree), asked: Mutex::default(), before_open, turn })
    }

    /// How often something was asked whose words start like this.
    pub(super) fn times(&self, start: &str) -> usize {
        self.asked.lock().unwrap().iter().filter(|asked| asked.starts_with(start)).count()
    }

    /// Waits for its turn, and lets others work before it answers.
    async fn answer<T>(&self, answer: T) -> T {
        let _turn = self.turn.acquire().await.unwrap();
        tokio::task::yield_now().await;
        answer
    }

    fn ask(&self, what: &str, path: &DevicePath) {
        self.asked.lock().unwrap().push(format!("{what} {path}"));
    }
}

pub(super) fn path(text: impl AsRef<[u8]>) -> DevicePath {
    DevicePath::parse(text).unwrap()
}

pub(super) fn file(content: impl Into<Vec<u8>>) -> Node {
    Node::File { content: content.into(), modified: 1 }
}

/// The tree of a package `Books/A.epub` with these files, beside another file.
pub(super) fn package<N: AsRef<[u8]>>(files: impl IntoIterator<Item = (N, Node)>) -> Tree {
    let mut tree = Tree::from([(path("Books/Other.pdf"), file("pdf")), (path("Books/A.epub"), Node::Folder)]);
    for (name, node) in files {
        tree.insert(path([b"Books/A.epub/", name.as_ref()].concat()), node);
    }
    tree
}

/// The package of [`package`], packed.
pub(super) fn packed(phone: &Arc<Phone>) -> PackedSource {
    PackedSource::new(Arc::clone(phone) as Arc<dyn Source>, HashSet::from([path("Books/A.epub")]))
}

fn is_below(file: &DevicePath, folder: &DevicePath) -> bool {
    let start = [folder.as_bytes(), b"/"].concat();
    folder.as_bytes().is_empty() || file.as_bytes().starts_with(&start)
}

fn stat(tree: &Tree, path: &DevicePath) -> Result<Stat, SourceError> {
    let stat = |kind, size: usize, modified_nanoseconds| Stat {
        kind,
        size_bytes: size as u64,
        modified_nanoseconds,
    };
    match tree.get(path) {
        Some(Node::File { content, modified }) => Ok(stat(EntryKind::File, content.len(), *modified)),
        Some(Node::Link) => Ok(stat(EntryKind::Other, 3, 99)),
        Some(Node::Folder) => Ok(stat(EntryKind::Directory, 64, 99)),
        None if tree.keys().any(|file| is_below(file, path)) => Ok(stat(EntryKind::Directory, 64, 99)),
        None => Err(SourceError::new(path, SourceErrorKind::NotFound)),
    }
}

impl Source for Phone {
    fn stat<'a>(&'a self, path: &'a DevicePath) -> BoxFuture<'a, Result<Stat, SourceError>> {
        self.ask("stat", path);
        let stat = stat(&self.tree.lock().unwrap(), path);
        Box::pin(self.answer(stat))
    }

    fn list<'a>(&'a self, path: &'a DevicePath) -> BoxFuture<'a, Result<Vec<EntryName>, SourceError>> {
        self.ask("list", path);
        let tree = self.tree.lock().unwrap();
        let depth = path.components().count();
        let below = tree.keys().filter(|file| is_below(file, path));
        // A name is said once for each file below it, and the last first.
        let names = below.filter_map(|file| EntryName::new(file.components().nth(depth)?).ok());
        let names: Vec<_> = names.collect::<Vec<_>>().into_iter().rev().collect();
        Box::pin(self.answer(Ok(names)))
    }

    fn open<'a>(
        &'a self,
        path: &'a DevicePath,
        position: u64,
    ) -> BoxFuture<'a, Result<OpenFile, SourceError>> {
        self.ask("open", path);
        let mut tree = self.tree.lock().unwrap();
        (self.before_open)(&mut tree, path);
        let opened = stat(&tree, path).and_then(|stat| match tree.get(path) {
            Some(Node::File { content, .. }) => {
                let rest = content.get(usize::try_from(position).unwrap()..).unwrap_or_default();
                let chunks = rest.chunks(40_000).rev().map(Bytes::copy_from_slice).collect();
                Ok(OpenFile { stat, chunks: Box::new(Chunks(chunks)) })
            }
            _ => Err(SourceError::new(path, SourceErrorKind::WrongKind)),
        });
        Box::pin(self.answer(opened))
    }
}

/// Chunks that are left, last first.
struct Chunks(Vec<Bytes>);

impl ChunkStream for Chunks {
    fn next(&mut self) -> BoxFuture<'_, Result<Option<Bytes>, SourceError>> {
        Box::pin(async { Ok(self.0.pop()) })
    }
}

/// The package from a position on.
pub(super) async fn read_from(source: &PackedSource, position: u64) -> Result<Vec<u8>, SourceError> {
    let mut open = source.open(&path("Books/A.epub"), position).await?;
    let mut bytes = Vec::new();
    loop {
        match open.chunks.next().await {
            Ok(Some(chunk)) => {
                assert!(!chunk.is_empty());
                bytes.extend_from_slice(&chunk);
            }
            Ok(None) => break,
            Err(error) => {
                // Whoever goes on all the same must not take what came for the whole.
                assert_eq!(open.chunks.next().await, Err(error.clone()));
                return Err(error);
            }
        }
    }
    assert_eq!(bytes.len() as u64, open.stat.size_bytes.saturating_sub(position));
    assert_eq!(open.chunks.next().await, Ok(None));
    Ok(bytes)
}

/// What another program finds in an archive: names and contents. Checks what is the same for all entries.
pub(super) fn unpacked(archive: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut zip = ZipArchive::new(Cursor::new(archive)).unwrap();
    let mut found = Vec::new();
    let mut end = 0;
    for number in 0..zip.len() {
        let mut entry = zip.by_index(number).unwrap();
        assert_eq!(entry.compression(), CompressionMethod::Stored);
        assert!(entry.is_file() && entry.extra_data().unwrap_or_default().is_empty());
        assert_eq!(entry.last_modified(), Some(zip::DateTime::default()));
        // Nothing between the entries, and no room for an extra field before the content.
        assert_eq!(entry.header_start(), end);
        let start = entry.data_start().unwrap();
        assert_eq!(start, entry.header_start() + 30 + entry.name_raw().len() as u64);
        let name = entry.name().unwrap().into_owned();
        let mut content = Vec::new();
        // This compares the checksum, too.
        entry.read_to_end(&mut content).unwrap();
        assert_eq!(entry.size(), content.len() as u64);
        end = start + content.len() as u64;
        found.push((name, content));
    }
    found
}
