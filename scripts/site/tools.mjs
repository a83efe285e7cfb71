// What every step of the site build needs: folders, hashes, child processes, and "only if something changed".

import { createHash } from "node:crypto";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../..");
/** Embedded into the program as it is, so nothing else may lie here. */
export const SITE = join(ROOT, "target/site");
/** Intermediate files and stamps. */
export const WORK = join(ROOT, "target/site-work");

/** A fault of the inputs, not of this program: shown without a stack. */
export class BuildError extends Error {}

export const hash = (...parts) => parts.reduce((all, part) => all.update(part), createHash("sha256")).digest("hex");

/** `main.css` → `pkg/main.<hash>.css`: what may be cached for ever. */
export function hashedName(name, bytes) {
  const dot = name.lastIndexOf(".");
  return `pkg/${name.slice(0, dot)}.${hash(bytes).slice(0, 10)}${name.slice(dot)}`;
}

/** Every file below `folder`, as sorted paths relative to it. */
export function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath ?? entry.path, entry.name)))
    .sort();
}

/** One hash over all files below `folder`, names included. */
export const hashOfFolder = (folder) =>
  hash(...filesBelow(folder).flatMap((name) => [name, "\0", readFileSync(join(folder, name)), "\0"]));

/** The tools' versions: an update of any of them builds everything anew. */
export const TOOLS = hash(readFileSync(join(ROOT, "package-lock.json")));

export function run(command, ...args) {
  const { status, signal, error } = spawnSync(command, args, { cwd: ROOT, stdio: ["ignore", "inherit", "inherit"] });
  if (error) throw new BuildError(`could not start \`${command}\`: ${error.message}; run \`make setup\``);
  if (status !== 0) throw new BuildError(`\`${[command, ...args].join(" ")}\` failed (${signal ?? status})`);
}

export const npmTool = (name) => join(ROOT, "node_modules/.bin", name);

const STAMPS = join(WORK, "stamps.json");
const stamps = existsSync(STAMPS) ? JSON.parse(readFileSync(STAMPS, "utf8")) : {};

/** Makes `output` (a path below the work folder) by `make`, unless it was made from the same `inputs` before. */
export function once(output, inputs, make) {
  const path = join(WORK, output);
  if (stamps[output] === inputs && existsSync(path)) return path;
  mkdirSync(dirname(path), { recursive: true });
  delete stamps[output];
  console.log(`site: ${output}`);
  make(path);
  stamps[output] = inputs;
  writeFileSync(STAMPS, JSON.stringify(stamps, null, 1));
  return path;
}
