// The same story without scripts: every page reads, every form posts, every link links.
import { HEADPHONES, PASSWORD, EMAIL, expect, seen, shownPrice, signUp, test, told } from "./test.ts";
import { Program } from "./program.ts";

test.use({ javaScriptEnabled: false });

let program: Program;
test.beforeAll(async () => {
  program = await Program.start();
});
test.afterAll(async () => program?.stop());

test("without scripts a person sets up, tracks, sets a target, is told, reads and signs out", async ({ page }) => {
  await program.change({ product: "headphones", price: "149.99" });
  await signUp(page, program);
  await page.getByRole("link", { name: "Next" }).click();

  await test.step("add with preview", async () => {
    await page.getByLabel("Link of a product", { exact: true }).fill(await program.productUrl("headphones"));
    await page.getByRole("button", { name: "Read page" }).click();
    await expect(page.locator(".preview data.price")).toHaveText("$149.99");
    await page.getByRole("button", { name: "Track product" }).click();
    await page.waitForURL(/\/products\//);
  });
  const product = page.url();

  await test.step("price, drawn chart, statistics and the history as a table", async () => {
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(HEADPHONES);
    await expect(shownPrice(page)).toHaveText("$149.99");
    await expect(page.locator(".price-chart svg").first()).toBeVisible();
    await expect(page.getByRole("heading", { name: "Statistics" })).toBeVisible();
    await page.getByText("Show as table").click();
    await expect(page.locator(".run-table tbody tr")).toHaveCount(1);
  });

  await test.step("a wrong target comes back at its field with what was typed", async () => {
    await page.getByLabel("At or below").fill("-5");
    await page.getByRole("button", { name: "Save rules" }).click();
    await expect(page.getByLabel("At or below")).toHaveValue("-5");
    await expect(page.locator("#target_price-error")).toContainText("above zero");
  });

  await test.step("a right one is saved, and the fall is told", async () => {
    await page.getByLabel("At or below").fill("140");
    await page.getByRole("button", { name: "Save rules" }).click();
    await expect(page.locator(".notice:visible")).toContainText("Saved");
    await program.change({ product: "headphones", price: "135.00" });
    await seen(page, product, "$135.00");
    await told(page, program, HEADPHONES, 1, 10_000);
    await page.getByRole("button", { name: "Mark all read" }).click();
    await expect(page.locator(".page-summary")).toHaveText("All read");
  });

  await test.step("watchlist, search, settings and colours", async () => {
    await page.goto(`${program.url}/`);
    await expect(page.getByRole("link", { name: HEADPHONES })).toBeVisible();
    await expect(page.locator(".tracking-row svg").first()).toBeAttached();
    await page.goto(`${program.url}/search?q=aurora`);
    await expect(page.getByRole("link", { name: HEADPHONES })).toBeVisible();
    await page.goto(`${program.url}/settings`);
    await page.getByLabel("Time zone").fill("Asia/Tokyo");
    await page.getByRole("button", { name: "Save region" }).click();
    await page.goto(`${program.url}/settings`);
    await expect(page.getByLabel("Time zone")).toHaveValue("Asia/Tokyo");
    await page.getByRole("button", { name: "Dark" }).last().click();
    await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  });

  await test.step("remove and undo", async () => {
    await page.goto(product);
    await page.getByRole("button", { name: "Remove" }).click();
    await expect(page.getByText(`Removed ${HEADPHONES}.`)).toBeVisible();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.goto(`${program.url}/`);
    await expect(page.getByRole("link", { name: HEADPHONES })).toBeVisible();
  });

  await test.step("sign out, and back to the page that was asked for", async () => {
    await page.goto(`${program.url}/settings`);
    await page.locator("main").getByRole("button", { name: "Sign out" }).click();
    await page.goto(product);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Sign in");
    await page.getByLabel("E-mail").fill(EMAIL);
    await page.getByLabel("Password").fill("not the right one");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.locator("main")).toContainText("not right");
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page).toHaveURL(product);
  });
});
