//! The store on disk: SQLite in WAL mode with synchronous=FULL.
