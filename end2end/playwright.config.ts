// Browser tests: the real program, its demo shop and a real Chromium. `make e2e`, or `npm run e2e`.
import { existsSync } from "node:fs";
import { defineConfig } from "@playwright/test";

const known = [process.env.PLUMMET_CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const executablePath = known.find((path) => path && existsSync(path));
if (!executablePath) throw new Error("no Chromium found: install the package `chromium`, or set PLUMMET_CHROMIUM to its path");

export default defineConfig({
  testDir: ".",
  testMatch: "*.spec.ts",
  outputDir: "out/results",
  // Each file starts a program of its own; two at once would measure each other.
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 10_000 },
  reporter: [["list"], ["json", { outputFile: "out/results.json" }]],
  use: {
    locale: "en-US",
    timezoneId: "Europe/Berlin",
    viewport: { width: 1280, height: 900 },
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath,
      args: [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
