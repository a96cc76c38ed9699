//! Prints the TypeScript of the front-end's views; `cargo xtask generate` keeps it in place.

fn main() {
    print!("{}", app_core::view::typescript());
}
