//! The command line of the migrations; `cargo limbeck -p quickstart` builds and runs it.

// A crate that is not named is not linked, and its models would be unknown.
use quickstart as _;

fn main() -> std::process::ExitCode {
    limbeck_cli::main()
}
