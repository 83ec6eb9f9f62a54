//! L3: mails: composed, kept in the outbox, sent.
