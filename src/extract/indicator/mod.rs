//! From numbers to named values: the words of each, their sense in the terms of a definition, sums, and how sure it is.

mod apart;
pub(in crate::extract) mod check;
pub(in crate::extract) mod claim;
pub(in crate::extract) mod columns;
pub(in crate::extract) mod consistency;
mod counted;
pub(in crate::extract) mod definition;
pub(in crate::extract) mod family;
pub(in crate::extract) mod figure;
pub(in crate::extract) mod finding;
pub(in crate::extract) mod form;
mod hear;
pub(in crate::extract) mod label;
mod of_all;
mod own;
pub(in crate::extract) mod own_field;
mod parted;
pub(in crate::extract) mod resolve;
pub(in crate::extract) mod sense;
mod signs;
pub(in crate::extract) mod table_sums;
pub(in crate::extract) mod topic;
