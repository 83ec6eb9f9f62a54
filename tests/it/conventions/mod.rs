//! The rules of this repository: layers, lengths, names, and documents that match the code.

mod docs;
mod guides;
mod layers;
mod lengths;
mod names;
mod source_page;
