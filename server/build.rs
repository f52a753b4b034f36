//! Makes sure that the folder of the console's files exists, so that Rust-only work needs no Node, and builds
//! again when they change. Never builds the console itself: `cargo xtask web` does.

fn main() {
    let folder = std::path::Path::new("web/dist/console");
    if let Err(error) = std::fs::create_dir_all(folder) {
        println!("cargo::error=the folder {} cannot be made: {error}", folder.display());
    }
    println!("cargo::rerun-if-changed=web/dist/console");
    println!("cargo::rerun-if-changed=build.rs");
}
