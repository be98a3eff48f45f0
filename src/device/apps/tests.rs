//! Phones that tell of their apps, and phones that lie.

use iexport_proto::installation_proxy::Batch;
use iexport_proto::lockdown;
use tokio::io::{AsyncWriteExt, DuplexStream};

use super::*;

fn app(id: &str, name: &str) -> AppInfo {
    AppInfo { bundle_id: id.to_owned(), display_name: Some(name.to_owned()), ..AppInfo::default() }
}

fn batch(apps: &[AppInfo]) -> Reply {
    Reply::Batch(Batch::new(0, 0, apps.iter().map(AppInfo::to_dict)))
}

/// What the list becomes when a phone answers with these messages and hangs up.
async fn told(answers: Vec<Dictionary>) -> Result<Vec<App>, DeviceError> {
    let (mut ours, mut theirs) = tokio::io::duplex(1 << 16);
    let phone = tokio::spawn(async move {
        let (asked, _) = frames::receive(&mut theirs, MAX_PAYLOAD).await.unwrap();
        assert!(matches!(Request::from_dict(&asked), Ok(Request::Browse(_))));
        for answer in answers {
            if theirs.write_all(&lockdown::encode(&answer)).await.is_err() {
                return;
            }
        }
    });
    let apps = browse(&mut ours).await;
    drop(ours);
    phone.await.unwrap();
    apps
}

fn dicts(replies: impl IntoIterator<Item = Reply>) -> Vec<Dictionary> {
    replies.into_iter().map(Reply::into_dict).collect()
}

fn dict(entries: &[(&str, Value)]) -> Dictionary {
    entries.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect()
}

#[tokio::test]
async fn batches_make_one_sorted_list() {
    let shared = AppInfo {
        file_sharing: true,
        opens_in_place: true,
        short_version: Some("1.2".to_owned()),
        version: Some("345".to_owned()),
        ..app("c", "beta")
    };
    let nameless =
        AppInfo { display_name: Some(" ".to_owned()), version: Some("7".to_owned()), ..app("z", "") };
    let apps = told(dicts([
        batch(&[app("b", "Gamma"), shared]),
        Reply::Working("Thinking".to_owned()),
        batch(&[nameless, app("a", "Alpha")]),
        batch(&[]),
        Reply::Complete,
    ]));
    let apps = apps.await.unwrap();
    let names: Vec<_> = apps.iter().map(|app| (app.name.as_str(), app.bundle.as_str())).collect();
    assert_eq!(names, [("Alpha", "a"), ("beta", "c"), ("Gamma", "b"), ("z", "z")]);
    assert!(apps[1].shares_files && apps[1].opens_in_place && !apps[0].shares_files);
    assert_eq!([&apps[1].version, &apps[3].version, &apps[0].version], ["1.2", "7", ""]);
    let long = told(dicts([batch(&[app("a", &"é".repeat(1000))]), Reply::Complete])).await.unwrap();
    assert_eq!(long[0].name.chars().count(), MAX_TEXT);
}

#[tokio::test]
async fn apps_without_a_usable_identity_are_left_out_and_doubles_are_one() {
    let nobody = dict(&[("CFBundleName", "Nobody".into())]);
    let number = dict(&[("CFBundleIdentifier", 5.into())]);
    let usable = [app("../../etc", "Away"), app("a", "First"), app("a", "Second")];
    let mut apps: Vec<_> = usable.iter().map(AppInfo::to_dict).collect();
    apps.extend([nobody, number]);
    let apps = told(dicts([Reply::Batch(Batch::new(9, 1 << 60, apps)), Reply::Complete])).await;
    let apps = apps.unwrap();
    assert_eq!(apps.iter().map(|app| app.name.as_str()).collect::<Vec<_>>(), ["Second"]);
}

#[tokio::test]
async fn answers_that_make_no_sense() {
    let status = || ("Status", Value::from("BrowsingApplications"));
    for nonsense in [
        dict(&[]),
        dict(&[("CurrentList", Value::Array(Vec::new()))]),
        dict(&[("Status", 5.into())]),
        dict(&[status(), ("CurrentList", "a".into())]),
        dict(&[status(), ("CurrentList", Value::Array(vec![true.into()]))]),
        dict(&[status(), ("CurrentList", Value::Array(Vec::new())), ("Total", "many".into())]),
        dict(&[("Status", "Complete".into()), ("LookupResult", Value::Dictionary(Dictionary::new()))]),
    ] {
        let error = told(vec![nonsense.clone()]).await.unwrap_err();
        assert!(matches!(error, DeviceError::Protocol(_)), "{nonsense:?}: {error}");
    }
    let error = Reply::Error { name: "APIInternalError".to_owned(), description: Some("x".repeat(1 << 20)) };
    let error = told(dicts([error])).await.unwrap_err();
    assert!(matches!(&error, DeviceError::ServiceRefused { reason, .. } if reason.len() == 200), "{error}");
    // A list that breaks off is not taken for a whole one.
    let error = told(dicts([batch(&[app("a", "A")])])).await.unwrap_err();
    assert!(matches!(error, DeviceError::Disconnected(_)), "{error}");
}

#[tokio::test]
async fn lists_without_end_are_given_up() {
    for message in [batch(&[]), batch(&[app("a", "A")]), Reply::Working("Thinking".to_owned())] {
        let answers = std::iter::repeat_n(message.into_dict(), MAX_MESSAGES + 1).collect();
        let error = told(answers).await.unwrap_err();
        assert!(matches!(&error, DeviceError::Protocol(why) if why.contains("does not end")), "{error}");
    }
    // Few messages, but heavy ones, or ones with more apps than anybody has.
    let heavy = batch(&[app("a", &"x".repeat(3 << 20))]);
    let apps: Vec<AppInfo> = (0..=MAX_APPS).map(|n| app(&n.to_string(), "")).collect();
    for answers in [vec![heavy; 7], apps.chunks(5000).map(batch).collect()] {
        let error = told(dicts(answers)).await.unwrap_err();
        assert!(matches!(&error, DeviceError::Protocol(why) if why.contains("does not end")), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_phone_that_falls_silent_within_its_list() {
    let (mut ours, mut theirs) = tokio::io::duplex(1 << 16);
    theirs.write_all(&lockdown::encode(&batch(&[app("a", "A")]).into_dict())).await.unwrap();
    assert!(matches!(browse(&mut ours).await, Err(DeviceError::TimedOut)));
}

#[tokio::test(start_paused = true)]
async fn a_phone_that_looks_long_for_its_apps() {
    let (mut ours, mut theirs) = tokio::io::duplex(1 << 16);
    let phone = tokio::spawn(async move {
        tokio::time::sleep(LISTING - Duration::from_secs(1)).await;
        for reply in [batch(&[app("a", "A")]), Reply::Complete] {
            theirs.write_all(&lockdown::encode(&reply.into_dict())).await.unwrap();
        }
        theirs
    });
    assert_eq!(browse(&mut ours).await.unwrap().len(), 1);
    drop(phone.await.unwrap());
}

/// What a search for the app `a` finds.
async fn found(answers: Vec<Dictionary>) -> Result<Option<App>, DeviceError> {
    let (mut ours, mut theirs): (DuplexStream, DuplexStream) = tokio::io::duplex(1 << 16);
    for answer in answers {
        theirs.write_all(&lockdown::encode(&answer)).await.unwrap();
    }
    let app = look_up(&mut ours, &"a".parse().unwrap()).await;
    let (asked, _) = frames::receive(&mut theirs, MAX_PAYLOAD).await.unwrap();
    let Ok(Request::Lookup(options)) = Request::from_dict(&asked) else { panic!("{asked:?}") };
    assert_eq!(options.bundle_ids, Some(vec!["a".to_owned()]));
    app
}

#[tokio::test]
async fn one_app_is_looked_up() {
    let result = |entries: &[(&str, Value)]| vec![Reply::Found(dict(entries)).into_dict()];
    let entry = |id: &str| Value::Dictionary(app(id, "Name").to_dict());
    let right = found(result(&[("a", entry("a")), ("b", entry("b"))])).await.unwrap().unwrap();
    assert_eq!(right.name, "Name");
    for none in [&[][..], &[("b", entry("b"))], &[("a", entry("b"))], &[("a", 5.into())]] {
        assert_eq!(found(result(none)).await.unwrap(), None, "{none:?}");
    }
    assert_eq!(found(dicts([Reply::Complete])).await.unwrap(), None);
    assert!(matches!(found(dicts([batch(&[])])).await, Err(DeviceError::Protocol(_))));
    let error = Reply::Error { name: "APIInternalError".to_owned(), description: None };
    assert!(matches!(found(dicts([error])).await, Err(DeviceError::ServiceRefused { .. })));
}
