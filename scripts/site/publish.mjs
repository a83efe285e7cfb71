// Writes the finished files to `target/site`, each text beside its brotli twin, and takes away what is no longer part of it.
// The program embeds this folder and looks at the time of `assets.json` to know whether to do so anew: that file is written last,
// and only if any changed.

import { existsSync, mkdirSync, readFileSync, readdirSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";
import { SITE, filesBelow, hash, hashedName } from "./tools.mjs";

const COMPRESSED = new Set([".css", ".html", ".js", ".json", ".svg", ".txt", ".wasm", ".webmanifest", ".xml"]);
/** Below this a twin saves less than the header that announces it. */
const SMALLEST = 256;
const compress = promisify(brotliCompress);

/** Names, writes and compresses `files`. Gives each with its path and its sizes. */
export async function publish(files) {
  const named = files.map((file) => ({ ...file, path: file.path ?? (file.isHashed ? hashedName(file.name, file.bytes) : file.name) }));
  const assets = Object.fromEntries(named.filter((file) => file.path !== file.name).map((file) => [file.name, file.path]));
  const listing = Buffer.from(JSON.stringify(assets, null, 1) + "\n");

  const written = await Promise.all(named.map((file) => write(fillIn(file, listing))));
  const removed = removeAllBut(new Set(["assets.json", ...written.flatMap((file) => [file.path, file.brotli && `${file.path}.br`])]));
  const list = join(SITE, "assets.json");
  if (removed || written.some((file) => file.isNew) || !isSame(list, listing)) writeFileSync(list, listing);
  return written;
}

const isSame = (path, bytes) => existsSync(path) && readFileSync(path).equals(bytes);

/** The service worker is told which files belong to this build: `__ASSETS__` is their list, `__BUILD__` the build's id. */
function fillIn(file, listing) {
  if (file.name !== "sw.js") return file;
  const text = file.bytes.toString("utf8").replaceAll("__ASSETS__", listing.toString().trim()).replaceAll("__BUILD__", hash(listing).slice(0, 12));
  return { ...file, bytes: Buffer.from(text) };
}

async function write({ name, path, bytes }) {
  const target = join(SITE, path);
  const twin = `${target}.br`;
  const isNew = !isSame(target, bytes);
  if (isNew) {
    mkdirSync(dirname(target), { recursive: true });
    rmSync(twin, { force: true });
    writeFileSync(target, bytes);
  }
  if (bytes.length < SMALLEST || !COMPRESSED.has(extname(name))) return { name, path, isNew, raw: bytes.length };
  if (!existsSync(twin)) writeFileSync(twin, await compress(bytes, options(name, bytes)));
  return { name, path, isNew, raw: bytes.length, brotli: readFileSync(twin).length };
}

const options = (name, bytes) => ({
  params: {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_LGWIN]: 22,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    [constants.BROTLI_PARAM_MODE]: name.endsWith(".wasm") ? constants.BROTLI_MODE_GENERIC : constants.BROTLI_MODE_TEXT,
  },
});

/** Whether there was anything to remove. */
function removeAllBut(wanted) {
  const unwanted = filesBelow(SITE).filter((path) => !wanted.has(path));
  for (const path of unwanted) rmSync(join(SITE, path));
  for (const entry of readdirSync(SITE, { recursive: true, withFileTypes: true }).reverse()) {
    const folder = join(entry.parentPath ?? entry.path, entry.name);
    if (entry.isDirectory() && readdirSync(folder).length === 0) rmdirSync(folder);
  }
  return unwanted.length > 0;
}
