//! The binary of the server: the command line, and nothing else.

fn main() -> std::process::ExitCode {
    sync_server::cli::main()
}
