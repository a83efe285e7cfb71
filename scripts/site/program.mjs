// The app for the browser: `frontend` as WASM, and the glue that loads it.

import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ROOT, TOOLS, hash, hashedName, npmTool, once, run } from "./tools.mjs";

const COMPILED = join(ROOT, "target/wasm32-unknown-unknown/wasm-release/frontend.wasm");

// What current browsers know. `--all-features` would allow things that they refuse ("Invalid import kind 127").
const FEATURES = [
  "--enable-bulk-memory",
  "--enable-bulk-memory-opt",
  "--enable-nontrapping-float-to-int",
  "--enable-sign-ext",
  "--enable-mutable-globals",
  "--enable-reference-types",
  "--enable-multivalue",
];

// `cargo rustc` for two things that `cargo build` cannot: a crate that is an rlib, too, gets no link-time optimisation (a fifth of the
// download), and wasm-bindgen needs to see which features of WASM were compiled for, which `strip` takes away.
function compile() {
  const crate = ["-p", "frontend", "--lib", "--crate-type", "cdylib"];
  run("cargo", "rustc", ...crate, "--target", "wasm32-unknown-unknown", "--profile", "wasm-release", "--", "-Cstrip=debuginfo");
}

/** Compiles, binds, shrinks. Gives the two files that go to the browser. */
export function buildProgram() {
  compile();
  const inputs = hash(readFileSync(COMPILED), readFileSync(join(ROOT, "bundle/Cargo.toml")), TOOLS);

  const glue = once("bound/plummet.js", inputs, (path) => run("cargo", "run", "--quiet", "-p", "bundle", "--", COMPILED, dirname(path)));
  const wasm = once("plummet.wasm", inputs, (path) =>
    run(npmTool("wasm-opt"), "-Oz", ...FEATURES, join(dirname(glue), "plummet_bg.wasm"), "-o", path),
  );
  const bytes = readFileSync(wasm);
  const wasmName = hashedName("plummet.wasm", bytes);

  // The glue names its module relative to itself, so both get their names together.
  const script = once("plummet.js", hash(inputs, wasmName), (path) => {
    const named = join(dirname(glue), "named.js");
    copyFileSync(glue, named);
    writeFileSync(named, readFileSync(glue, "utf8").replaceAll("plummet_bg.wasm", wasmName.replace("pkg/", "")));
    run(npmTool("esbuild"), named, "--bundle", "--minify", "--format=esm", "--log-level=warning", `--outfile=${path}`);
  });
  return [
    { name: "plummet.js", bytes: readFileSync(script), isHashed: true },
    { name: "plummet.wasm", bytes, path: wasmName },
  ];
}
