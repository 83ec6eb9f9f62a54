//! L1: bytes from the network become text that can be matched and shown.
//!
//! * [`charset`]: bytes to characters, in the WHATWG order
//! * [`token`], [`attributes`], [`html`], [`links`], [`tree`], [`outline`]: one linear tokenizer; what a reader sees; links; CSS selectors; elements
//! * [`json`]: JSON bodies, with bounded nesting; [`json_path`]: paths into them, with bounded visits
//! * [`normalise`]: NFKC, white space; [`title`]: titles in their parts
//! * [`shingle`]: how alike two texts are; [`shell`]: pages that a script is to fill; [`alerts`]: what its scripts would show in a box
//! * [`blocks`]: the text of a page in blocks, and which of them are new; [`way`]: where a link or button leads
//! * [`client_redirect`]: pages that do nothing but lead elsewhere
//! * [`placeholder`]: cells that hold nothing, whatever stands in them
//! * [`nearest`]: the name that a mistyped one is meant to be
//! * [`selector`]: what it costs to hold a selector against a page
//! * [`secrets`]: secrets that come back to us are hidden
//! * [`clean`]: hostile text made fit for terminal, mail, CSV and HTML
//!
//! Everything here is pure, linear in its input or bounded, and cannot fail on hostile text.

pub mod alerts;
pub mod attributes;
pub mod blocks;
pub mod charset;
pub mod clean;
pub mod client_redirect;
pub mod content;
pub mod entity;
pub mod html;
pub mod json;
pub mod json_path;
pub mod links;
pub mod nearest;
pub mod normalise;
pub mod outline;
pub mod placeholder;
pub mod secrets;
pub mod selector;
pub mod shell;
pub mod shingle;
pub mod title;
pub mod token;
pub mod tree;
pub mod way;
mod words;
