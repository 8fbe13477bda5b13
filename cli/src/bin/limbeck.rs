//! `limbeck`, which works without a project where it can, and through `cargo` where it must.

fn main() -> std::process::ExitCode {
    limbeck_cli::plain("limbeck", std::env::args_os().collect())
}
