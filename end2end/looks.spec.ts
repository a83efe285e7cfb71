// Every page in both themes on a phone and a desktop: axe-core finds nothing, and a screenshot is kept for people to look at.
import AxeBuilder from "@axe-core/playwright";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { HEADPHONES, expect, hydrated, seen, signIn, signUp, test, told, track, type Page } from "./test.ts";
import { Program } from "./program.ts";

const OUT = join(import.meta.dirname, "out/screenshots");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const SIZES = [
  { name: "390", width: 390, height: 844 },
  { name: "1440", width: 1440, height: 900 },
];
const THEMES = ["light", "dark"] as const;

let program: Program;
let product: string;
let soldOut: string;

test.beforeAll(async ({ browser }) => {
  test.setTimeout(180_000);
  mkdirSync(OUT, { recursive: true });
  program = await Program.start();
  const page = await browser.newPage();
  await signUp(page, program);
  await program.change({ product: "headphones", price: "149.99" });
  product = await track(page, program, "headphones", "140");
  for (const [name, target] of [["coffee-maker", "40"], ["camera", "170"], ["bicycle", "200"], ["rice-cooker", "11000"], ["speakers", "200"], ["backpack", "70"]]) {
    await track(page, program, name, target);
  }
  soldOut = await track(page, program, "floor-lamp", "80");
  // A history with some runs, and an alert.
  for (const price of ["144.90", "152.00", "138.50"]) {
    await program.change({ product: "headphones", price });
    await seen(page, program.url + product, `$${price}`);
  }
  await told(page, program, HEADPHONES, 1, 20_000);
  await page.close();
});
test.afterAll(async () => program?.stop());

interface Shot {
  name: string;
  path: () => string | Promise<string>;
  /** What to do on the page before it is looked at. */
  before?: (page: Page) => Promise<void>;
  isPublic?: boolean;
}

const SHOTS: Shot[] = [
  { name: "sign-in", path: () => "/sign-in", isPublic: true },
  { name: "setup-done", path: () => "/setup", isPublic: true },
  { name: "watchlist", path: () => "/" },
  { name: "watchlist-filter-empty", path: () => "/?show=paused" },
  { name: "add", path: () => "/add" },
  { name: "add-preview", path: async () => `/add?url=${encodeURIComponent(await program.productUrl("desk-chair"))}` },
  { name: "add-wrong", path: () => "/add?url=hello%20world" },
  { name: "add-blocked", path: () => `/add?url=${encodeURIComponent(program.pageUrl("amazon.localhost", "/dp/B0CAPTCHA1"))}` },
  { name: "product", path: () => product, before: (page) => expect(page.locator(".price-chart canvas").first()).toBeVisible() },
  {
    name: "product-open",
    path: () => product,
    before: async (page) => {
      await page.getByText("Show as table").click();
      await page.getByText("Why this price?").click();
    },
  },
  { name: "product-out-of-stock", path: () => soldOut },
  { name: "search", path: () => "/search?q=r" },
  { name: "search-nothing", path: () => "/search?q=lpatop" },
  { name: "notifications", path: () => "/notifications" },
  { name: "settings", path: () => "/settings" },
  { name: "drops", path: () => "/drops" },
  { name: "settings-tokens", path: () => "/settings/tokens" },
  { name: "settings-data", path: () => "/settings/data" },
  { name: "admin", path: () => "/admin" },
  { name: "admin-failures", path: () => "/admin/failures" },
  { name: "admin-accounts", path: () => "/admin/users" },
  {
    name: "watchlist-chosen",
    path: () => "/",
    before: (page) => page.locator(".tracking-pick input").first().check(),
  },
  { name: "not-found", path: () => "/nothing/here" },
];

/** Looks at a page in both themes and sizes. */
async function look(page: Page, site: Program, shot: Shot): Promise<void> {
  await page.emulateMedia({ reducedMotion: "reduce" });
  for (const theme of THEMES) {
    await page.context().addCookies([{ name: "theme", value: theme, url: site.url }]);
    for (const size of SIZES) {
      await page.setViewportSize(size);
      await page.goto(new URL(await shot.path(), site.url).href);
      await hydrated(page);
      await expect(page.locator("html")).toHaveAttribute("data-theme", theme);
      await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
      await shot.before?.(page);
      const where = `${shot.name} ${size.name} ${theme}`;
      const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(sideways, `${where}: scrolls sideways by ${sideways} px`).toBeLessThanOrEqual(0);
      await page.evaluate(() => scrollTo(0, 0));
      await page.screenshot({ path: join(OUT, `${shot.name}-${size.name}-${theme}.png`), fullPage: true });
      const axe = new AxeBuilder({ page }).withTags(TAGS).options({ rules: { "target-size": { enabled: true } } });
      const { violations } = await axe.analyze();
      const found = violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target.join(" ")}: ${node.failureSummary}`));
      expect.soft(found, where).toEqual([]);
    }
  }
}

for (const shot of SHOTS) {
  test(`${shot.name} looks right and is accessible in both themes and sizes`, async ({ page, watch }) => {
    if (shot.name === "not-found") watch.expect(/Failed to load resource.*404/);
    if (!shot.isPublic) await signIn(page, program);
    await look(page, program, shot);
  });
}

test("the first run and the empty pages look right and are accessible in both themes and sizes", async ({ page }) => {
  const fresh = await Program.start();
  try {
    await look(page, fresh, { name: "setup-no-link", path: () => "/setup" });
    await look(page, fresh, { name: "setup-account", path: () => fresh.setupLink });
    await signUp(page, fresh);
    for (const [name, path] of [
      ["setup-reach", "/setup?step=2"],
      ["setup-track", "/setup?step=3"],
      ["watchlist-empty", "/"],
      ["notifications-empty", "/notifications"],
    ]) {
      await look(page, fresh, { name, path: () => path });
    }
  } finally {
    await fresh.stop();
  }
});

test("nothing moves while a page comes alive", async ({ page }) => {
  await page.addInitScript(() => {
    const total = { shift: 0 };
    (globalThis as unknown as { shifts: typeof total }).shifts = total;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as unknown as { value: number; hadRecentInput: boolean }[]) {
        if (!entry.hadRecentInput) total.shift += entry.value;
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
  await signIn(page, program);
  for (const path of ["/", product, "/notifications"]) {
    await page.goto(program.url + path);
    await hydrated(page);
    if (path === product) await expect(page.locator(".price-chart canvas").first()).toBeVisible();
    const shift = await page.evaluate(() => (globalThis as unknown as { shifts: { shift: number } }).shifts.shift);
    expect(shift, path).toBeLessThan(0.02);
  }
});
