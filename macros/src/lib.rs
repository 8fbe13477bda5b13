//! The derives of limbeck.
