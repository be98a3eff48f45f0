//! The `iexport` command. Everything is in the library; see `iexport::cli`.

fn main() -> std::process::ExitCode {
    iexport::cli::main()
}
