//! The data files that extraction brings along, each with what says whether it is right.

use crate::diagnostics::Diagnostic;
use crate::error::Result;
use crate::extract::indicator::consistency;
use crate::extract::indicator::definition::Definition;
use crate::extract::labels;
use crate::extract::letter::{body, issuer, signing};
use crate::extract::number::{spelled, unit};
use crate::extract::words;
use crate::table::words as tables;

/// What says whether a file is right.
type Check = fn(&str, &str) -> Result<()>;

/// The lists that the program brings along, by the names of their files.
const LISTS: [(&str, &str, Check); 8] = [
    (unit::FILE, unit::EMBEDDED, |f, c| unit::Units::parse(f, c).map(drop)),
    (spelled::FILE, spelled::EMBEDDED, |f, c| spelled::Numerals::parse(f, c).map(drop)),
    (labels::FILE, labels::EMBEDDED, |f, c| labels::Lists::parse(f, c).map(drop)),
    (words::FILE, words::EMBEDDED, |f, c| words::Words::parse(f, c).map(drop)),
    (tables::FILE, tables::EMBEDDED, |f, c| tables::TableWords::parse(f, c).map(drop)),
    (body::FILE, body::EMBEDDED, |f, c| body::Bodies::parse(f, c).map(drop)),
    (signing::FILE, signing::EMBEDDED, |f, c| signing::Signing::parse(f, c).map(drop)),
    (issuer::FILE, issuer::EMBEDDED, |f, c| issuer::Issuers::parse(f, c).map(drop)),
];

/// Checks a data file of extraction by its name: lists of words, and families of reports in any other TOML file.
/// None where extraction reads no file of that name.
///
/// # Errors
/// [`ErrorKind::Definition`](crate::error::ErrorKind::Definition) with the line or the entry that is wrong, and the remedy.
pub fn check_data(file: &str, content: &str) -> Option<Result<Vec<Diagnostic>>> {
    let list = LISTS.iter().find(|(name, ..)| *name == file);
    list.map(|(.., check)| check(file, content).map(|()| Vec::new()))
        .or_else(|| file.ends_with(".toml").then(|| Definition::parse(file, content).map(|d| consistency::remarks(&d))))
}

/// Checks the lists that the program brings along, which are read where they are first asked for.
///
/// # Errors
/// As [`check_data`].
pub(in crate::extract) fn check_embedded() -> Result<()> {
    LISTS.iter().try_for_each(|(file, content, check)| check(file, content))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_that_come_along_are_right_and_a_mistake_is_named_with_its_line() {
        check_embedded().unwrap();
        for (file, content, _) in LISTS {
            let wrong = format!("{content}\nunheard-of = 1\n");
            let said = check_data(file, &wrong).unwrap().unwrap_err().to_string();
            assert!(said.contains("line ") && said.contains("unheard-of"), "{file}: {said}");
        }
        assert!(check_data("places.tsv", "").is_none());
    }
}
