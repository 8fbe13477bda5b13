//! The command line of limbeck.
