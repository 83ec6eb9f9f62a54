"""The network lab: see ../README.md."""
