//! L5: stand-in sites on loopback and a story of restrictions, played through the real engine.
