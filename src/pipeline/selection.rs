//! Which pages of a file are read: `1-3,7`.

use crate::document::PageNo;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Pages by their numbers, from 1; all of them unless said otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PageSelection {
    /// First and last page of each range; no range means every page.
    ranges: Vec<(PageNo, PageNo)>,
}

impl PageSelection {
    /// Whether the page is to be read.
    pub fn holds(&self, page: PageNo) -> bool {
        self.ranges.is_empty() || self.ranges.iter().any(|&(first, last)| (first..=last).contains(&page))
    }
}

/// What is wrong with a selection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SelectionError(String);

impl fmt::Display for SelectionError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "`{}` is no page or range of pages; write them as in 1-3,7 or 5-", self.0)
    }
}

impl std::error::Error for SelectionError {}

impl FromStr for PageSelection {
    type Err = SelectionError;

    /// Pages and ranges parted by commas; a range without its end goes to the last page, one without its beginning starts at the first.
    fn from_str(text: &str) -> Result<Self, SelectionError> {
        let wrong = |part: &str| SelectionError(part.to_owned());
        let range = |part: &str| {
            let number = |text: &str, otherwise: PageNo| match text.trim() {
                "" => Ok(otherwise),
                digits => digits.parse::<PageNo>().map_err(|_| wrong(part)),
            };
            let (first, last) = match part.split_once('-') {
                Some((first, last)) if !(first.trim().is_empty() && last.trim().is_empty()) => {
                    (number(first, 1)?, number(last, PageNo::MAX)?)
                }
                Some(_) => return Err(wrong(part)),
                None => {
                    let page = number(part, 0)?;
                    (page, page)
                }
            };
            if first == 0 || last < first { Err(wrong(part)) } else { Ok((first, last)) }
        };
        let ranges = text.split(',').map(range).collect::<Result<_, _>>()?;
        Ok(PageSelection { ranges })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_and_ranges_are_chosen_and_what_is_neither_is_named() {
        let pages = |text: &str| {
            let selection: PageSelection = text.parse().unwrap();
            (1..=9).filter(|&page| selection.holds(page)).collect::<Vec<_>>()
        };
        assert_eq!(pages("1-3,7"), [1, 2, 3, 7]);
        assert_eq!(pages(" 8- , 2"), [2, 8, 9]);
        assert_eq!(pages("-2"), [1, 2]);
        assert!((1..100).all(|page| PageSelection::default().holds(page)));
        for wrong in ["", "0", "3-1", "a", "1,,2", "-", "1-2-3"] {
            let error = wrong.parse::<PageSelection>().unwrap_err();
            assert!(error.to_string().contains("1-3,7"), "{error}");
        }
    }
}
