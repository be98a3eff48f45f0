//! `iexport devices`: which phones are there?

use serde::Serialize;

use super::args::{Common, DevicesArgs};
use super::session::Place;
use super::{Exit, Outcome, output};
use crate::device::{BusEvent, DeviceError, PhoneInfo};
use crate::report::escape;

/// A phone as a line of JSON.
#[derive(Serialize)]
struct Line<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    name: &'a str,
    model: &'a str,
    product_type: &'a str,
    ios: &'a str,
    udid: &'a str,
    connection: String,
    access: &'static str,
}

impl<'a> Line<'a> {
    fn of(kind: &'static str, phone: &'a PhoneInfo) -> Self {
        Self {
            kind,
            name: &phone.name,
            model: phone.model(),
            product_type: &phone.product_type,
            ios: &phone.ios,
            udid: phone.udid.as_str(),
            connection: phone.connection.to_string(),
            access: phone.access.name(),
        }
    }
}

pub(super) async fn run(common: &Common, args: &DevicesArgs) -> Outcome {
    let place = Place::of(common).await?;
    if args.watch {
        return watch(common, &place).await;
    }
    let phones = place.bus.phones().await?;
    if phones.is_empty() {
        return Err(DeviceError::NoPhone.into());
    }
    if common.json {
        for phone in &phones {
            output::json(&Line::of("device", phone));
        }
        return Ok(Exit::Done);
    }
    let mut table = output::table(&["NAME", "MODEL", "IOS", "CONNECTION", "ACCESS", "UDID"]);
    for phone in &phones {
        table.add_row([
            escape(&phone.name),
            phone.model().to_owned(),
            phone.ios.clone(),
            phone.connection.to_string(),
            phone.access.name().to_owned(),
            phone.udid.to_string(),
        ]);
    }
    output::print_table(&table);
    Ok(Exit::Done)
}

async fn watch(common: &Common, place: &Place) -> Outcome {
    let mut watch = place.bus.watch().await?;
    if !common.json && !common.quiet {
        output::note("Watching for phones. Ctrl-C ends it.");
    }
    loop {
        let event = watch.next().await?;
        let (kind, sign, phone) = match &event {
            BusEvent::Came(phone) => ("attached", '+', phone),
            BusEvent::Went(phone) => ("detached", '-', phone),
        };
        let going_on = if common.json {
            output::json(&Line::of(kind, phone))
        } else {
            let PhoneInfo { name, ios, udid, .. } = &**phone;
            let (model, access) = (phone.model(), phone.access.name());
            let state = if sign == '+' { format!(", {access}") } else { String::new() };
            output::line(&escape(&format!("{sign} {name} ({model}, iOS {ios}){state}  {udid}")))
        };
        if !going_on {
            return Ok(Exit::Done);
        }
    }
}
