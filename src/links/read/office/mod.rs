//! Documents that are archives of XML: Word, `OpenDocument`, presentations, workbooks, Hangul.
//!
//! What is common to them is here: a bounded archive ([`archive`]), bounded XML ([`xml`]), the
//! parts of an Office package ([`package`]), and text that is put together run by run ([`flow`]).

pub mod archive;
pub mod docx;
pub mod flow;
pub mod hwpx;
pub mod legacy;
pub mod managed;
pub mod odt;
pub mod package;
pub mod pptx;
pub mod xlsx;
pub mod xml;

#[cfg(test)]
pub(crate) mod testing;
