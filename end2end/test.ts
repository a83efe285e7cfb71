// `test` with a page that is watched: no console message, no failed script, no request to another host.
import { test as base, expect, type BrowserContext, type Page } from "@playwright/test";
import type { Program } from "./program.ts";

export { expect, type Page };

/** What a page did that no page of Plummet does. */
export class Watch {
  readonly complaints: string[] = [];
  private expected: RegExp[] = [];

  constructor(context: BrowserContext) {
    context.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) this.complain(`console ${message.type()}: ${message.text()}`);
    });
    context.on("weberror", (error) => this.complain(`script failed: ${error.error().message}`));
    context.on("request", (request) => {
      const url = new URL(request.url());
      const ours = ["127.0.0.1", "localhost", ""].includes(url.hostname);
      if (!ours) this.complain(`request to another host: ${request.url()}`);
    });
  }

  /** Some answers are meant to be errors, and Chromium says so in the console. */
  expect(pattern: RegExp): void {
    this.expected.push(pattern);
  }

  private complain(text: string): void {
    if (!this.expected.some((pattern) => pattern.test(text))) this.complaints.push(text);
  }
}

export const test = base.extend<{ watch: Watch }>({
  watch: [
    async ({ context }, use) => {
      const watch = new Watch(context);
      await use(watch);
      expect(watch.complaints, "a page complains about nothing and asks nobody else").toEqual([]);
    },
    { auto: true },
  ],
});

export const EMAIL = "anna@example.org";
export const PASSWORD = "a sentence is easy to keep";
export const HEADPHONES = "Aurora H5 Wireless Noise-Cancelling Headphones, Black";
export const COFFEE_MAKER = "Brewmark Pour-Over Coffee Maker, 8 Cups";

/** Waits until the page is alive: its script runs. */
export async function hydrated(page: Page): Promise<void> {
  await expect(page.locator("html")).toHaveAttribute("data-script", "");
}

/** Makes the first account, by the form. */
export async function signUp(page: Page, program: Program): Promise<void> {
  await page.goto(program.setupLink);
  await page.getByLabel("E-mail").fill(EMAIL);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByRole("heading", { name: "How we reach you" })).toBeVisible();
}

/** Signs in, by the form. */
export async function signIn(page: Page, program: Program): Promise<void> {
  await page.goto(`${program.url}/sign-in`);
  await page.getByLabel("E-mail").fill(EMAIL);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.locator("main")).not.toContainText("Sign in");
}

/** Tracks a product of the demo shop, with a target or without; leaves its page open and gives its path. */
export async function track(page: Page, program: Program, product: string, target?: string): Promise<string> {
  const link = await program.productUrl(product);
  await page.goto(`${program.url}/add?url=${encodeURIComponent(link)}`);
  if (target) await page.getByLabel("At or below").fill(target);
  await page.getByRole("button", { name: "Track product" }).click();
  await page.waitForURL(/\/products\//);
  return new URL(page.url()).pathname;
}

/** Loads a product's page until it shows a price: the demo shop's products are checked every ten seconds or so. */
export async function seen(page: Page, url: string, price: string): Promise<void> {
  await expect(async () => {
    await page.goto(url);
    await expect(shownPrice(page)).toHaveText(price, { timeout: 300 });
  }).toPass({ timeout: 40_000, intervals: [200] });
}

/** Loads the notifications until there are so many of a product; milliseconds until it was so. */
export async function told(page: Page, program: Program, product: string, count: number, timeout: number): Promise<number> {
  const since = Date.now();
  await expect(async () => {
    await page.goto(`${program.url}/notifications`);
    await expect(page.locator(".alert-row").filter({ hasText: product })).toHaveCount(count, { timeout: 300 });
  }).toPass({ timeout, intervals: [200] });
  return Date.now() - since;
}

/** The price in the head of a product's page. */
export function shownPrice(page: Page) {
  return page.locator(".product-head data.price");
}
