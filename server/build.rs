//! The site's built files are embedded. Where none are built yet, the program still compiles: its pages then work without WASM.

use std::path::Path;
use std::{fs, io};

fn main() -> io::Result<()> {
    let site = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/site");
    let list = site.join("assets.json");
    if !list.exists() {
        fs::create_dir_all(&site)?;
        fs::write(&list, "{}\n")?;
    }
    // Written last by the site's build, whenever any file changed.
    println!("cargo::rerun-if-changed={}", list.display());
    Ok(())
}
