// Bad input: each a clear message that says what to do, and nothing stored half.
import { expect, hydrated, signIn, signUp, test, track } from "./test.ts";
import { Program } from "./program.ts";

let program: Program;
test.beforeAll(async ({ browser }) => {
  program = await Program.start();
  const page = await browser.newPage();
  await signUp(page, program);
  await page.close();
});
test.afterAll(async () => program?.stop());
test.beforeEach(async ({ page }) => signIn(page, program));

const LINKS: { name: string; link: (program: Program) => string; says: RegExp[] }[] = [
  { name: "a text that is no link", link: () => "hello world", says: [/is not a link/i, /https:\/\//] },
  { name: "a scheme that shops do not have", link: () => "ftp://shop.example/x", says: [/http and https/i] },
  { name: "a link with a password", link: () => "https://me:pw@shop.example/x", says: [/user name or password/i] },
  { name: "a host without a dot", link: () => "http://intranet/x", says: [/public shop/i] },
  { name: "a private address", link: () => "http://127.0.0.1:22/", says: [/private|public/i] },
  { name: "the cloud's metadata address", link: () => "http://169.254.169.254/latest/meta-data/", says: [/private|public/i] },
  { name: "a private address in disguise", link: () => "http://2130706433:22/", says: [/private|public/i] },
  { name: "a category page of a known platform", link: () => "https://www.amazon.com/gp/bestsellers", says: [/product/i] },
  { name: "a page that is gone", link: (p) => p.pageUrl("shop.localhost", "/p/gone"), says: [/not found|no such|no longer/i] },
  { name: "a page without a price", link: (p) => p.pageUrl("shop.localhost", "/p/no-price"), says: [/no price/i] },
  { name: "a human check", link: (p) => p.pageUrl("amazon.localhost", "/dp/B0CAPTCHA1"), says: [/blocks us|human check/i] },
  { name: "a shop that is broken", link: (p) => p.pageUrl("shop.localhost", "/p/broken"), says: [/does not answer|broke|error/i] },
  { name: "a page that breaks off", link: (p) => p.pageUrl("shop.localhost", "/p/truncated"), says: [/broke off|does not answer|not all|cut|again/i] },
  { name: "a page that is too large", link: (p) => p.pageUrl("shop.localhost", "/p/huge"), says: [/large|big|MB/i] },
];

for (const { name, link, says } of LINKS) {
  test(`${name} is answered with what to do, and nothing is tracked`, async ({ page }) => {
    const url = link(program);
    await page.goto(`${program.url}/add`);
    await hydrated(page);
    await page.getByLabel("Link of the product").fill(url);
    await page.getByRole("button", { name: "Read page" }).click();
    await page.waitForURL(/\/add\?url=/);
    const answer = page.locator(".field-error, .state-notice, .page-state").first();
    await expect(answer).toBeVisible({ timeout: 30_000 });
    for (const words of says) await expect(answer).toContainText(words);
    await expect(page.getByLabel("Link of the product")).not.toHaveValue("");
    await page.goto(`${program.url}/`);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Nothing tracked yet");
  });
}

test("a slow shop is waited for", async ({ page }) => {
  await page.goto(`${program.url}/add?url=${encodeURIComponent(program.pageUrl("shop.localhost", "/p/slow"))}`);
  await expect(page.getByRole("heading", { name: "Patience Board Game" })).toBeVisible({ timeout: 20_000 });
});

test("wrong rules are refused at their field, and the saved ones stay in force", async ({ page }) => {
  await track(page, program, "speakers", "180");
  await hydrated(page);
  for (const [label, id, wrong, words] of [
    ["At or below", "target_price", "-5", /above zero/],
    ["At or below", "target_price", "abc", /99\.99/],
    ["At or below", "target_price", "0", /above zero/],
    ["At or below", "target_price", "99999999999999999999", /too large/],
    ["Or after a fall of", "percentage_drop", "150", /between 1 and 99/],
    ["Or after a fall of", "percentage_drop", "0", /between 1 and 99/],
  ] as const) {
    await page.getByLabel(label).fill(wrong);
    await page.getByRole("button", { name: "Save rules" }).click();
    await expect(page.locator(`#${id}-error`)).toContainText(words);
    await expect(page.getByLabel(label)).toHaveValue(wrong);
    await page.reload();
    await hydrated(page);
    await expect(page.getByLabel("At or below")).toHaveValue("180.00");
    await expect(page.getByLabel("Or after a fall of")).toHaveValue("");
  }
});

test("a wrong or foreign id is a page that says so", async ({ page, watch }) => {
  watch.expect(/Failed to load resource.*404/);
  for (const path of ["/products/not-an-id", "/products/00000000-0000-4000-8000-000000000000", "/nothing/here"]) {
    const answer = await page.goto(program.url + path);
    expect(answer?.status(), path).toBe(404);
    await expect(page.locator("main")).toContainText(/no such/i);
  }
});

test("the HTTP API answers the same with problem documents", async ({ page }) => {
  const send = (data: unknown) =>
    page.request.post(`${program.url}/api/v1/products/track`, { data, headers: { origin: program.url }, failOnStatusCode: false });
  for (const [body, words] of [
    [{ product_url: "hello world" }, /is not a link/],
    [{ product_url: "ftp://shop.example/x" }, /http and https/],
    [{ product_url: await program.productUrl("backpack"), target_price: -5 }, /above zero/],
    [{ product_url: await program.productUrl("backpack"), percentage_drop: 150 }, /between 1 and 99/],
    [{ product_url: await program.productUrl("backpack"), notification_channels: ["pigeon"] }, /pigeon/],
  ] as const) {
    const answer = await send(body);
    expect(answer.headers()["content-type"], JSON.stringify(body)).toContain("application/problem+json");
    const problem = await answer.json();
    expect([400, 422], JSON.stringify(problem)).toContain(answer.status());
    expect(JSON.stringify(problem)).toMatch(words);
    expect(problem.status).toBe(answer.status());
  }
  const large = await send({ product_url: `https://shop.example/${"x".repeat(100_000)}` });
  expect(large.status()).toBe(413);
  await page.goto(`${program.url}/search?q=kestrel`);
  await expect(page.getByRole("heading", { name: "Nothing found" })).toBeVisible();
});
