//! The summary of a run as a file on the destination.

use std::path::Path;

use jiff::Timestamp;

use crate::report::Summary;
use crate::transfer::OWN_FOLDER;

/// Writes the summary; says where it lies, below the destination. A drive that cannot take it any more is
/// no reason to fail: the screen has the summary too.
pub(super) fn write(to: &Path, summary: &Summary) -> Option<String> {
    let folder = format!("{OWN_FOLDER}/reports");
    let time = Timestamp::now().strftime("%Y-%m-%dT%H-%M-%SZ");
    let written = std::fs::create_dir_all(to.join(&folder)).and_then(|()| {
        let bytes = serde_json::to_vec_pretty(summary)?;
        // Two runs within a second get two reports.
        for number in 1..1000 {
            let suffix = if number == 1 { String::new() } else { format!("-{number}") };
            let name = format!("{folder}/{time}{suffix}.json");
            match std::fs::OpenOptions::new().write(true).create_new(true).open(to.join(&name)) {
                Ok(mut file) => {
                    return match std::io::Write::write_all(&mut file, &bytes) {
                        Ok(()) => Ok(name),
                        Err(error) => {
                            // Half a report would be worse than none.
                            let _ = std::fs::remove_file(to.join(&name));
                            Err(error)
                        }
                    };
                }
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(std::io::ErrorKind::AlreadyExists.into())
    });
    match written {
        Ok(name) => Some(name),
        Err(error) => {
            tracing::warn!(%error, "the report cannot be written");
            None
        }
    }
}
