//! What a document says of itself: its head, its foot, and the documents that it names.

pub(in crate::extract) mod body;
pub(in crate::extract) mod date;
pub(in crate::extract) mod fields;
pub(in crate::extract) mod foot;
pub(in crate::extract) mod head;
pub(in crate::extract) mod issuer;
pub(in crate::extract) mod kind;
pub(in crate::extract) mod reference;
pub(in crate::extract) mod signing;
pub(in crate::extract) mod span;
pub(in crate::extract) mod title;
