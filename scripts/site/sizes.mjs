// How much goes over the wire, and whether that is too much.

import { BuildError } from "./tools.mjs";

const KB = 1000;
/** Brotli bytes: what a first visit loads before the page is alive, and the same with a chart. */
const BUDGETS = [
  { what: "app", names: ["plummet.js", "plummet.wasm"], limit: 250 * KB },
  { what: "app with charts", names: ["plummet.js", "plummet.wasm", "echarts.js"], limit: 450 * KB },
];

export function printSizes(files) {
  const shown = files.filter((file) => file.path.startsWith("pkg/"));
  console.log(`\n${"file".padEnd(32)}${"raw kB".padStart(9)}${"brotli kB".padStart(11)}`);
  for (const file of shown) console.log(`${file.path.padEnd(32)}${kb(file.raw)}${kb(sent(file)).padStart(11)}`);
  for (const { what, size, limit } of totals(files)) console.log(`${`${what} (limit ${limit / KB})`.padEnd(32)}${"".padStart(9)}${kb(size).padStart(11)}`);
}

export function checkBudget(files) {
  const over = totals(files).filter(({ size, limit }) => size > limit);
  if (over.length === 0) return;
  throw new BuildError(over.map(({ what, size, limit }) => `${what}: ${kb(size).trim()} kB brotli, over the budget of ${limit / KB} kB`).join("; "));
}

const totals = (files) =>
  BUDGETS.map((budget) => ({ ...budget, size: files.filter((file) => budget.names.includes(file.name)).reduce((sum, file) => sum + sent(file), 0) }));

const sent = (file) => file.brotli ?? file.raw;
const kb = (bytes) => (bytes / KB).toFixed(1).padStart(9);
