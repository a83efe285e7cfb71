#!/usr/bin/env node
// Builds all that a browser loads into `target/site`: app, stylesheet, charts, icons, service worker, and their brotli twins.
// `assets.json` there maps each plain name to the name with its hash. With `--budget` it fails when the download is too big.
// Steps whose inputs did not change are skipped.

import { buildCharts, buildStyle, checkSources, publicFiles } from "./site/assets.mjs";
import { buildProgram } from "./site/program.mjs";
import { publish } from "./site/publish.mjs";
import { checkBudget, printSizes } from "./site/sizes.mjs";
import { BuildError } from "./site/tools.mjs";

try {
  checkSources();
  // The quick ones first: a typing error in a stylesheet should not wait for the compiler.
  const rest = [buildStyle(), buildCharts(), ...publicFiles()];
  const files = await publish([...buildProgram(), ...rest]);
  printSizes(files);
  if (process.argv.includes("--budget")) checkBudget(files);
} catch (error) {
  if (!(error instanceof BuildError)) throw error;
  console.error(`site: ${error.message}`);
  process.exitCode = 1;
}
