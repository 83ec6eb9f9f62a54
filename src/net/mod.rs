//! L2: the only code that opens sockets to what is probed.
