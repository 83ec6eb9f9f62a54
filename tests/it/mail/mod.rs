//! Mails: what they say, and how they are sent.

mod delivery;
mod form;
mod languages;
mod letters;
mod order;
mod overtaken;
mod servers;
mod threads;
mod web_pages;
