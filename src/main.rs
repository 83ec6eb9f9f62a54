//! The binary; everything is in the library.

/// Pages are read in many small pieces, by threads that come and go: this gives them back sooner and
/// takes half the time of the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    accesswatch::cli::main()
}
