//! Turns the compiled browser module into what a browser loads: `bundle <input.wasm> <out folder>` writes
//! `plummet.js` and `plummet_bg.wasm`.

use std::path::PathBuf;

use anyhow::{Context, bail};
use wasm_bindgen_cli_support::Bindgen;

/// The stem of the written files; the site build knows them by it.
const OUT_NAME: &str = "plummet";

fn main() -> anyhow::Result<()> {
    let [input, out_dir] = arguments()?;
    Bindgen::new()
        .input_path(&input)
        .out_name(OUT_NAME)
        .web(true)?
        .typescript(false)
        // wasm-opt would drop them anyway; without them it has less to read.
        .remove_name_section(true)
        .remove_producers_section(true)
        .omit_default_module_path(false)
        .generate(&out_dir)
        .with_context(|| format!("could not bind `{}`", input.display()))
}

fn arguments() -> anyhow::Result<[PathBuf; 2]> {
    let given: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    match <[PathBuf; 2]>::try_from(given) {
        Ok(both) => Ok(both),
        Err(_) => bail!("usage: bundle <input.wasm> <out folder>"),
    }
}
