//! Folders and names by a person's own words.

use crate::catalog::{Catalog, Item};
use crate::fields::{self, Engine, FieldError, Table, Template};

/// Put behind a template, so that its last name is there even if nothing is in it.
const END: char = '\u{1}';

/// A template for the place of an item, such as `{{ taken|date('%Y') }}/{{ stem }}`: folders with `/` between, and
/// the name without its extension behind the last one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathTemplate(Template);

impl PathTemplate {
    /// Looks a template through.
    ///
    /// # Errors
    /// It is no template, or it has a name that does not exist.
    pub fn compile(source: &str) -> Result<Self, FieldError> {
        Self::compile_over(source, &fields::PHOTOS)
    }

    /// Looks a template through whose names are those of a table.
    ///
    /// # Errors
    /// As [`Self::compile`].
    pub fn compile_over(source: &str, table: &'static Table) -> Result<Self, FieldError> {
        // By itself first: what is said about it should not show what is put behind it.
        let engine = Engine::over(table);
        engine.compile_template(source)?;
        engine.compile_template(&format!("{source}{END}")).map(Self)
    }

    /// Folders and name for an item, outermost first; no name where the template ends in `/` or leaves it empty. They
    /// may hold anything.
    pub(super) fn place(
        &self,
        item: &Item,
        catalog: &Catalog,
    ) -> Result<(Vec<String>, Option<String>), FieldError> {
        let mut folders = self.0.render_path(item, catalog)?;
        let name = folders.pop().map(|mut name| {
            name.pop();
            name
        });
        Ok((folders, name.filter(|name| !name.trim().is_empty())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{catalog, photo};

    fn place(source: &str) -> (String, Option<String>) {
        let mut item = photo("A", "IMG_1.HEIC", 0, 1);
        item.title = Some("AC/DC".into());
        let catalog = catalog(vec![item], Vec::new());
        let template = PathTemplate::compile(source).unwrap();
        let (folders, name) = template.place(&catalog.items[0], &catalog).unwrap();
        (folders.join("|"), name)
    }

    #[test]
    fn the_last_part_is_the_name() {
        assert_eq!(place("{{ taken|date('%Y') }}/{{ stem }}"), ("2024".into(), Some("IMG_1".into())));
        assert_eq!(place("{{ stem }}"), (String::new(), Some("IMG_1".into())));
        assert_eq!(place("{{ title }}/x {{ title }}"), ("AC/DC".into(), Some("x AC/DC".into())));
    }

    #[test]
    fn without_a_last_part_there_is_no_name() {
        for source in
            ["{{ taken|date('%Y') }}/", "{{ taken|date('%Y') }}/{{ caption|default('') }}", "2024/ "]
        {
            assert_eq!(place(source), ("2024".into(), None), "{source}");
        }
        assert_eq!(place("a//b/"), ("a|b".into(), None));
    }

    #[test]
    fn complaints_do_not_show_what_was_put_behind() {
        let error = PathTemplate::compile("{{ tilte }}").unwrap_err();
        assert_eq!(error.source_text(), "{{ tilte }}");
        assert!(error.remedy().contains("title"), "{}", error.remedy());
        for wrong in ["", "{{ title", "{# x"] {
            assert!(PathTemplate::compile(wrong).is_err(), "{wrong:?}");
        }
    }
}
