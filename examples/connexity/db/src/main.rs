//! The command line of the migrations; `cargo limbeck` builds and runs it.

// A crate that is not named is not linked, and its models would be unknown.
use connexity_db as _;

fn main() -> std::process::ExitCode {
    limbeck_cli::main()
}
