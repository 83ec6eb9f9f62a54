//! L1: bytes from the network become text that can be matched and shown.
