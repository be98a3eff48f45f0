//! The apps of a phone and their documents, over a real socket: the library against the virtual iPhone.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that stops has failed")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use iexport::device::{BundleId, Bus, DeviceError, Patience, Session, Wanted};
use iexport::source::{AfcSource, DevicePath, EntryKind, Source, SourceErrorKind, Tuning, read_whole};
use plist::{Dictionary, Value};
use tempfile::TempDir;
use virtual_iphone::{Fault, Faults, Listen, Ordering, PhoneConfig, PhoneHandle, Server, Status};

const SHARING: &str = "com.example.sharing";
const CLOSED: &str = "com.example.closed";

/// A phone that trusts this computer, with two apps that matter and fifty that fill its list.
struct Bench {
    phone: PhoneHandle,
    session: Session,
    _server: Server,
    folder: TempDir,
}

impl Bench {
    async fn new(adjust: impl FnOnce(&mut PhoneConfig)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let apps = folder.path().join("apps");
        for (id, path, content) in [
            (SHARING, "Documents/note.txt", b"a note".to_vec()),
            (SHARING, "Documents/Inbox/Größe 東京 📷.bin", large()),
            (SHARING, "Documents/Documents/again.txt", b"a folder of the same name".to_vec()),
            (SHARING, "Documents/.hidden", Vec::new()),
            (SHARING, "Library/Cookies/secret", b"secret".to_vec()),
            (CLOSED, "Documents/own.txt", b"own".to_vec()),
        ] {
            let path = apps.join(id).join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        let mut list = vec![
            app(&[
                ("CFBundleIdentifier", SHARING.into()),
                ("CFBundleDisplayName", "Sharing".into()),
                ("CFBundleShortVersionString", "1.2".into()),
                ("UIFileSharingEnabled", true.into()),
                ("LSSupportsOpeningDocumentsInPlace", true.into()),
            ]),
            app(&[("CFBundleIdentifier", CLOSED.into()), ("CFBundleName", "closed".into())]),
        ];
        list.extend((0..50).map(|n| {
            app(&[("CFBundleIdentifier", format!("com.example.more{n}").into()), ("CFBundleName", 5.into())])
        }));
        Value::Array(list).to_file_binary(apps.join("apps.plist")).unwrap();
        let media = folder.path().join("media");
        fs::create_dir(&media).unwrap();
        let mut config = PhoneConfig::new(media);
        config.apps = Some(apps);
        config.already_paired = true;
        adjust(&mut config);
        let server = Server::start(Listen::loopback(), vec![config]).await.unwrap();
        let bus = Bus::at(server.address().parse().unwrap());
        let (link, _) = bus.choose(&Wanted::TheOnlyOne).await.unwrap();
        let session = Session::open(link, Patience::default(), &|_| {}).await.unwrap();
        Self { phone: server.phones().remove(0), session, _server: server, folder }
    }

    async fn documents(&self, id: &str, tuning: Tuning) -> Result<AfcSource, DeviceError> {
        AfcSource::open_documents(&self.session, &bundle(id), tuning).await
    }

    /// What an app's documents should be seen as.
    fn truth(&self, id: &str) -> BTreeMap<String, Option<Vec<u8>>> {
        let mut seen = BTreeMap::new();
        let root = self.folder.path().join("apps").join(id).join("Documents");
        walk_folder(&root, &root, &mut seen);
        seen
    }
}

fn bundle(id: &str) -> BundleId {
    id.parse().unwrap()
}

fn app(entries: &[(&str, Value)]) -> Value {
    let entries = entries.iter().map(|(key, value)| ((*key).to_owned(), value.clone()));
    Value::Dictionary(entries.collect::<Dictionary>())
}

/// Several reads' worth of bytes that are not the same anywhere.
fn large() -> Vec<u8> {
    (0..5_000_001u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 11) as u8).collect()
}

fn walk_folder(root: &Path, folder: &Path, seen: &mut BTreeMap<String, Option<Vec<u8>>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
        if path.is_dir() {
            seen.insert(name, None);
            walk_folder(root, &path, seen);
        } else {
            seen.insert(name, Some(fs::read(&path).unwrap()));
        }
    }
}

/// Everything a source shows: folders without content, files with it.
async fn walk(source: &AfcSource) -> BTreeMap<String, Option<Vec<u8>>> {
    let mut seen = BTreeMap::new();
    let mut folders = vec![DevicePath::root()];
    while let Some(folder) = folders.pop() {
        for name in source.list(&folder).await.unwrap() {
            let path = folder.join(&name);
            let stat = source.stat(&path).await.unwrap();
            if stat.kind == EntryKind::Directory {
                seen.insert(path.to_text(), None);
                folders.push(path);
            } else {
                let content = read_whole(source, &path, 10 << 20).await.unwrap();
                assert_eq!(content.len() as u64, stat.size_bytes);
                seen.insert(path.to_text(), Some(content));
            }
        }
    }
    seen
}

#[tokio::test]
async fn the_apps_of_a_phone() {
    for service_tls in [false, true] {
        let bench = Bench::new(|phone| phone.service_tls = service_tls).await;
        let apps = bench.session.apps().await.unwrap();
        assert_eq!(apps.len(), 52);
        assert!(apps.is_sorted_by_key(|app| app.name.to_lowercase()));
        let named = |id: &str| apps.iter().find(|app| app.bundle.as_str() == id).unwrap();
        let sharing = named(SHARING);
        assert_eq!((sharing.name.as_str(), sharing.version.as_str()), ("Sharing", "1.2"));
        assert!(sharing.shares_files && sharing.opens_in_place);
        assert!(!named(CLOSED).shares_files);
        assert_eq!(named("com.example.more7").name, "com.example.more7", "a name that is none");
        assert_eq!(bench.session.app(&bundle(SHARING)).await.unwrap().as_ref(), Some(sharing));
        assert_eq!(bench.session.app(&bundle("com.example.unknown")).await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_phone_without_apps() {
    let bench = Bench::new(|phone| phone.apps = None).await;
    assert_eq!(bench.session.apps().await.unwrap(), []);
}

#[tokio::test]
async fn documents_are_read_whole_however_the_phone_answers() {
    for (ordering, service_tls) in [
        (Ordering::PerHandle, false),
        (Ordering::PerHandle, true),
        (Ordering::InOrder, false),
        (Ordering::Serial, false),
    ] {
        let bench = Bench::new(|phone| {
            phone.ordering = ordering;
            phone.service_tls = service_tls;
        });
        let bench = bench.await;
        let source = bench.documents(SHARING, Tuning::default()).await.unwrap();
        let seen = walk(&source).await;
        assert!(seen == bench.truth(SHARING), "{ordering:?}: {:?}", seen.keys());
        assert_eq!(source.stat(&DevicePath::root()).await.unwrap().kind, EntryKind::Directory);
        assert_eq!(source.device_info().await.unwrap().model, "iPhone16,2");
        let stats = bench.phone.stats();
        assert_eq!(stats.write_requests, 0);
        // Two connections; or one to find out that the phone takes one request at a time, and one for that.
        assert_eq!(stats.services["com.apple.mobile.house_arrest"], 2);
        if ordering == Ordering::Serial {
            assert_eq!(stats.most_in_flight, 1);
        } else {
            assert!(stats.most_in_flight > 1, "{ordering:?} reads ahead");
        }
    }
}

#[tokio::test]
async fn reading_goes_on_from_any_position() {
    let bench = Bench::new(|_| {}).await;
    let source = bench.documents(SHARING, Tuning::default()).await.unwrap();
    let path = DevicePath::parse("Inbox/Größe 東京 📷.bin").unwrap();
    let mut file = source.open(&path, 4_000_000).await.unwrap();
    let mut rest = Vec::new();
    while let Some(chunk) = file.chunks.next().await.unwrap() {
        rest.extend_from_slice(&chunk);
    }
    assert!(rest == large()[4_000_000..]);
}

#[tokio::test]
async fn the_folder_is_the_root_and_there_is_nothing_beside_it() {
    let bench = Bench::new(|_| {}).await;
    let source = bench.documents(SHARING, Tuning::default()).await.unwrap();
    // A folder called like the root is a folder in the root.
    let inner = DevicePath::parse("Documents/again.txt").unwrap();
    assert!(read_whole(&source, &inner, 100).await.unwrap().starts_with(b"a folder"));
    for nothing in ["Library/Cookies/secret", "Documents/note.txt", SHARING] {
        let path = DevicePath::parse(nothing).unwrap();
        assert_eq!(source.stat(&path).await.unwrap_err().kind, SourceErrorKind::NotFound, "{nothing}");
    }
    // The media root is a source of its own, beside it.
    let media = AfcSource::open(&bench.session, Tuning::default()).await.unwrap();
    assert_eq!(media.list(&DevicePath::root()).await.unwrap(), []);
}

#[tokio::test]
async fn what_cannot_be_had_is_explained() {
    let bench = Bench::new(|_| {}).await;
    let closed = bench.documents(CLOSED, Tuning::default()).await.err().unwrap();
    assert!(matches!(&closed, DeviceError::NoFileSharing { name, .. } if name == "closed"), "{closed}");
    let unknown = bench.documents("com.example.unknown", Tuning::default()).await.err().unwrap();
    assert!(matches!(&unknown, DeviceError::NoSuchApp { .. }), "{unknown}");
    assert!(bench.documents(SHARING, Tuning::default()).await.is_ok(), "the session goes on");
}

#[tokio::test]
async fn faults_of_one_file_and_of_all() {
    let bench = Bench::new(|phone| {
        let of = |name: &str| format!("{SHARING}/Documents/{name}");
        phone.faults = Faults::default()
            .with(&of("note.txt"), Fault::OpenFails(Status::PermissionDenied))
            .with(&of("Documents/again.txt"), Fault::EndsAfter(5));
    });
    let bench = bench.await;
    let source = bench.documents(SHARING, Tuning::default()).await.unwrap();
    let read = async |path: &str| {
        read_whole(&source, &DevicePath::parse(path).unwrap(), 10 << 20).await.map_err(|error| error.kind)
    };
    assert!(matches!(read("note.txt").await, Err(SourceErrorKind::Denied(_))));
    assert!(matches!(
        read("Documents/again.txt").await,
        Err(SourceErrorKind::ShortRead { got_bytes: 5, .. })
    ));
    assert!(read("Inbox/Größe 東京 📷.bin").await.is_ok());
    bench.phone.detach();
    assert!(matches!(read("Inbox/Größe 東京 📷.bin").await, Err(SourceErrorKind::Disconnected(_))));
}
