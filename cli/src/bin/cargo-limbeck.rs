//! `cargo limbeck`.

fn main() -> std::process::ExitCode {
    let mut arguments: Vec<_> = std::env::args_os().collect();
    // cargo hands the subcommand's own name on as the first argument.
    if arguments.get(1).is_some_and(|first| first == "limbeck") {
        arguments.remove(1);
    }
    limbeck_cli::plain("cargo limbeck", arguments)
}
