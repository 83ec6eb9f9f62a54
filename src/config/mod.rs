//! L2: the workspace on disk: configuration, probe files, signatures; checked whole, explained with spans.
