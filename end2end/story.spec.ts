// A price tracked from one end to the other: the first run, a product, a target, a fall, one alert, one mail.
import { COFFEE_MAKER, EMAIL, HEADPHONES, PASSWORD, expect, hydrated, seen, shownPrice, test, told, track } from "./test.ts";
import { Program } from "./program.ts";

let program: Program;
test.beforeAll(async () => {
  program = await Program.start();
});
test.afterAll(async () => program?.stop());

test("a person sets Plummet up, tracks a product, and is told once when its price falls", async ({ page }) => {
  await program.change({ product: "headphones", price: "149.99" });
  await program.change({ product: "coffee-maker", price: "44.95" });

  await test.step("first run: account, how to be reached, the first product", async () => {
    await page.goto(`${program.url}/`);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Open the set-up link");
    await page.goto(program.setupLink);
    await page.getByLabel("E-mail").fill(EMAIL);
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Create account" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("How we reach you");
    await page.getByRole("link", { name: "Next" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Track something");
    await hydrated(page);
  });

  await test.step("add a product by its link: preview, then track", async () => {
    await page.getByLabel("Link of a product", { exact: true }).fill(await program.productUrl("headphones"));
    await page.getByRole("button", { name: "Read page" }).click();
    await expect(page.getByRole("heading", { name: HEADPHONES })).toBeVisible();
    await expect(page.locator(".preview data.price")).toHaveText("$149.99");
    await page.getByRole("button", { name: "Track product" }).click();
    await page.waitForURL(/\/products\//);
  });

  await test.step("price, chart and statistics are shown", async () => {
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(HEADPHONES);
    await expect(shownPrice(page)).toHaveText("$149.99");
    await expect(page.locator("figure.price-chart, .price-chart figure").first()).toBeVisible();
    await expect(page.locator(".price-chart canvas").first()).toBeVisible();
    await expect(page.getByRole("heading", { name: "Statistics" })).toBeVisible();
    await expect(page.locator(".facts")).toContainText("$149.99");
  });
  const product = page.url();

  await test.step("set a target", async () => {
    await page.getByLabel("At or below").fill("140");
    await page.getByRole("button", { name: "Save rules" }).click();
    await expect(page.getByText("Saved. Your rules are in force.")).toBeVisible();
  });

  await test.step("ask for a check: it is made, or said when it may be", async () => {
    await page.getByRole("button", { name: "Check now" }).click();
    await expect(page.locator("main .notice:visible").first()).toContainText(/Checked\.|again in/);
  });

  await test.step("the shop lowers the price: within 10 s of the check there is one alert and one mail", async () => {
    await program.change({ product: "headphones", price: "135.00" });
    await seen(page, product, "$135.00");
    const waited = await told(page, program, HEADPHONES, 1, 10_000);
    test.info().annotations.push({ type: "alert", description: `there ${waited} ms after the check was seen` });
    await expect(page.locator(".alert-row")).toHaveCount(1);
    await expect(page.locator(".alert-row")).toContainText("$135.00");
    await expect(page.locator(".alert-row")).toContainText("$140.00");
    await expect.poll(() => program.mails().length, { timeout: 10_000 }).toBe(1);
    const [mail] = program.mails();
    expect(mail.text).toContain(`To: ${EMAIL}`);
    expect(mail.text).toContain("135.00");
  });

  await test.step("a second fall within the hour is seen but not told", async () => {
    await program.change({ product: "headphones", price: "120.00" });
    await seen(page, product, "$120.00");
    // Alerts are decided in the order of their events: once a later one has arrived, the fall above was decided too.
    await track(page, program, "coffee-maker", "43");
    await program.change({ product: "coffee-maker", price: "41.00" });
    await told(page, program, COFFEE_MAKER, 1, 40_000);
    await expect(page.locator(".alert-row").filter({ hasText: HEADPHONES })).toHaveCount(1);
    await expect.poll(() => program.mails().length, { timeout: 10_000 }).toBe(2);
    expect(program.mails().filter((mail) => mail.text.includes("120.00"))).toEqual([]);
  });

  await test.step("the alert is read, the product paused, removed and brought back", async () => {
    await hydrated(page);
    await page.getByRole("button", { name: "Mark all read" }).click();
    await expect(page.getByText("All read")).toBeVisible();
    await page.goto(product);
    await hydrated(page);
    await page.getByRole("button", { name: "Pause" }).click();
    await expect(page.getByRole("button", { name: "Resume" })).toBeVisible();
    await page.getByRole("button", { name: "Remove" }).click();
    await expect(page.getByText(`Removed ${HEADPHONES}.`)).toBeVisible();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.goto(`${program.url}/`);
    await expect(page.getByRole("link", { name: HEADPHONES })).toBeVisible();
  });
});
