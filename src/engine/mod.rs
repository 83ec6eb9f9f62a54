//! L4: the pipeline: rounds, confirmation, daemon, ingest, rejudge.
