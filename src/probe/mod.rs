//! L3: a configured probe from a configured vantage becomes one measurement.
