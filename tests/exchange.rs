//! Import and export: what comes in is checked whole, what goes out comes back the same, and no
//! archive leads anywhere.

mod html; // HTML of other systems as our Markdown
