//! Keywords of assets (facts/media.md section A11).

use std::collections::HashMap;
use std::sync::Arc;

use super::Tables;
use super::assets::Assets;

/// Reads the keywords; to be called when it is known which attributes belong to which asset.
///
/// # Errors
/// A table could not be read to its end; what was read until then counts.
pub(super) fn read(tables: &mut Tables, assets: &mut Assets) -> Result<(), String> {
    let mut titles: HashMap<i64, Arc<str>> = HashMap::new();
    let named = tables.each("ZKEYWORD", &["ZTITLE"], |key, c| {
        titles.extend(c.text().map(|title| (key, Arc::from(title))));
    });
    if titles.is_empty() {
        return named;
    }
    let Some(join) = tables.schema.keyword_join.clone() else {
        return Err(String::from("the table that says which photo has which keyword was not found"));
    };
    let joined = tables.each(&join.table, &[&join.attributes, &join.keyword], |_, c| {
        let (attributes, keyword) = (c.int(), c.int());
        let at = attributes.and_then(|row| assets.by_attributes.get(&row));
        let asset = at.and_then(|at| assets.list.get_mut(*at));
        if let (Some(asset), Some(title)) = (asset, keyword.and_then(|key| titles.get(&key))) {
            asset.keywords.push(Arc::clone(title));
        }
    });
    for asset in assets.list.iter_mut().filter(|asset| !asset.keywords.is_empty()) {
        asset.keywords.sort_unstable();
        asset.keywords.dedup();
        asset.keywords.shrink_to_fit();
    }
    named.and(joined)
}
