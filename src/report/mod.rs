//! L3: tables for reports: CSV, XLSX, JSON lines, the data dictionary.
