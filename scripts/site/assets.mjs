// Everything that is not the app itself: stylesheet, charts, and the files of `public/`.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { BuildError, ROOT, TOOLS, filesBelow, hash, hashOfFolder, npmTool, once, run } from "./tools.mjs";

const STYLE = join(ROOT, "style/main.css");
const PUBLIC = join(ROOT, "public");
const CHARTS = join(PUBLIC, "echarts/entry.js");
/** The oldest browsers that have all that the pages use. */
const BROWSERS = "chrome >= 117, safari >= 16.4, firefox >= 121";

/** Missing sources are told before the slow steps, all at once. */
export function checkSources() {
  const needed = [STYLE, CHARTS, ...["icons.svg", "manifest.webmanifest", "sw.js"].map((name) => join(PUBLIC, name))];
  const missing = needed.filter((path) => !existsSync(path)).map((path) => path.slice(ROOT.length + 1));
  if (missing.length > 0) throw new BuildError(`the site needs ${missing.join(", ")}, which ${missing.length > 1 ? "are" : "is"} not there`);
}

export function buildStyle() {
  const path = once("main.css", hash(hashOfFolder(join(ROOT, "style")), BROWSERS, TOOLS), (out) =>
    run(npmTool("lightningcss"), "--bundle", "--minify", "--custom-media", "--targets", BROWSERS, STYLE, "-o", out),
  );
  return { name: "main.css", bytes: readFileSync(path), isHashed: true };
}

export function buildCharts() {
  const path = once("echarts.js", hash(hashOfFolder(join(PUBLIC, "echarts")), TOOLS), (out) =>
    run(npmTool("esbuild"), CHARTS, "--bundle", "--minify", "--format=esm", "--target=es2022", "--legal-comments=none", "--log-level=warning", `--outfile=${out}`),
  );
  return { name: "echarts.js", bytes: readFileSync(path), isHashed: true };
}

/** The sprite is cached for ever under a hashed name; all else keeps the name by which browsers ask for it. */
export function publicFiles() {
  return filesBelow(PUBLIC)
    .filter((name) => !name.startsWith("echarts/"))
    .map((name) => ({ name, bytes: readFileSync(join(PUBLIC, name)), isHashed: name === "icons.svg" }));
}
