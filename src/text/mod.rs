//! L1: from bytes of the network to text that can be matched and shown.
//!
//! * [`charset`]: bytes to characters, in the WHATWG order
//! * [`token`], [`attributes`], [`html`], [`links`], [`tree`], [`outline`]: one linear tokenizer;
//!   what a reader sees; links; CSS selectors; elements
//! * [`json`]: JSON bodies with limited nesting; [`json_path`]: paths into them, with limited
//!   visits
//! * [`normalise`]: NFKC, white space; [`title`]: the parts of titles
//! * [`shingle`]: how similar two texts are; [`shell`]: pages that a script fills; [`alerts`]: the
//!   message boxes of scripts
//! * [`blocks`]: the text of a page in blocks, and which of them are new; [`click_target`]: where a
//!   link or button leads
//! * [`page_text`]: the main text and the tables of a page; [`grams`], [`passage`], [`figures`],
//!   [`sentences`]: how much of a text another holds, whether it holds a passage, and a diff of
//!   both
//! * [`client_redirect`]: pages that only redirect
//! * [`placeholder`]: cells without a value, whatever text they have
//! * [`row_links`]: where the rows of a list lead
//! * [`same_address`]: addresses that differ in tokens only
//! * [`quotation`]: words in quotation marks
//! * [`nearest`]: the intended name for a mistyped one
//! * [`selector`]: the cost of a selector on a page
//! * [`secrets`]: hides secrets in output from other programs
//! * [`clean`]: makes hostile text safe for terminal, mail, CSV and HTML
//!
//! Everything here is pure, takes linear or limited time, and does not fail on hostile text.

pub mod alerts;
pub mod attributes;
pub mod blocks;
pub mod charset;
pub mod clean;
pub mod click_target;
pub mod client_redirect;
pub mod content;
pub mod entity;
pub mod figures;
pub mod grams;
pub mod html;
pub mod json;
pub mod json_path;
pub mod links;
pub mod nearest;
pub mod normalise;
pub mod outline;
pub mod page_text;
pub mod passage;
pub mod placeholder;
pub mod quotation;
pub mod row_links;
pub mod same_address;
pub mod secrets;
pub mod selector;
pub mod sentences;
pub mod shell;
pub mod shingle;
mod shown_length;
pub mod title;
pub mod token;
pub mod tree;
mod words;
