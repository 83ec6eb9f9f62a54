//! L6: arguments, output, exit status.
