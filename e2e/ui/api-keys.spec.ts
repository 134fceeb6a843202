import { expect, type Locator, type Page } from "playwright/test";
import { expectAccessible } from "./accessibility";
import { generateKey, storeKey } from "./api-key";
import { signInAs } from "./sign-in";
import { test } from "./test";

const path = "/settings/integrations/api";

test.use({ permissions: ["clipboard-read", "clipboard-write"] });

/** Presses Tab until the control has the focus, as somebody without a mouse does. */
async function tabTo(page: Page, control: Locator): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    if (await control.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab does not reach ${control}`);
}

const statusWith = async (page: Page, token: string) =>
  (
    await page.request.get("/v1/meetings", { headers: { Authorization: `Bearer ${token}` } })
  ).status();

async function chooseAction(page: Page, row: Locator, action: string): Promise<void> {
  await row.getByRole("button", { name: /^Actions for/ }).click();
  await page.getByRole("menuitem", { name: action }).click();
}

test("with the keyboard alone a key is made, copied and put away, and nothing of it stays", async ({
  page,
}) => {
  await signInAs(page, "Admin");
  await page.goto(path);
  const name = `By keyboard ${Date.now()}`;
  const open = page.getByRole("button", { name: "Generate API Key" }).first();
  await tabTo(page, open);
  await page.keyboard.press("Enter");

  const form = page.getByRole("dialog", { name: "Generate an API key" });
  await expect(form.getByLabel("Name")).toBeFocused();
  await expectAccessible(page, "the dialog for a new key");
  await page.keyboard.press("Enter");
  await expect(form).toContainText("Give the key a name");
  await expect(form.getByLabel("Name")).toHaveAttribute("aria-invalid", "true");
  await page.keyboard.type(name);
  await page.keyboard.press("Enter");

  const shown = page.getByRole("dialog", { name: `Your new key “${name}”` });
  await expect(shown).toBeVisible();
  const token = await shown.getByLabel("API key", { exact: true }).inputValue();
  await expectAccessible(page, "the dialog with the key");
  await page.keyboard.press("Escape");
  await page.mouse.click(5, 5);
  await expect(shown).toBeVisible();
  await expect(shown.getByText(`Authorization: Bearer ${token}`)).toBeVisible();

  await tabTo(page, shown.getByRole("button", { name: "Copy API key" }));
  await page.keyboard.press("Enter");
  await expect(shown.getByRole("status").filter({ hasText: "Copied" })).toHaveCount(1);
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(token);
  expect(await statusWith(page, token)).toBe(200);

  await tabTo(page, shown.getByRole("button", { name: "I have stored this key" }));
  await page.keyboard.press("Enter");
  await expect(shown).toBeHidden();
  await expect(open).toBeFocused();
  expect(page.url()).not.toContain(token);
  const row = page.getByRole("row", { name: new RegExp(name) });
  // Four characters from each end of the random part; the checksum of six follows it.
  await expect(row).toContainText(`hk_live_${token.slice(8, 12)}…${token.slice(-10, -6)}`);
  expect(await page.content()).not.toContain(token);
  const again = await page.reload();
  expect(again?.headers()["cache-control"]).toContain("no-store");
  expect(await page.content()).not.toContain(token);
});

test("a rotated key works on for its overlap; without one it is refused at once", async ({
  page,
}) => {
  await signInAs(page, "Admin");
  const name = `Rotated ${Date.now()}`;
  const first = await generateKey(page, name);
  const rows = page.getByRole("row", { name: new RegExp(name) });

  await chooseAction(page, rows.first(), "Rotate");
  const dialog = page.getByRole("dialog", { name: `Rotate “${name}”` });
  await expect(dialog).toBeVisible();
  await expectAccessible(page, "the dialog to rotate");
  await dialog.getByLabel("24 hours").check();
  await dialog.getByRole("button", { name: "Rotate" }).click();
  const second = await storeKey(page);
  expect(second).not.toBe(first);
  expect([await statusWith(page, first), await statusWith(page, second)]).toEqual([200, 200]);
  await expect(rows.filter({ hasText: "works until" })).toHaveCount(1);

  const current = rows.filter({ hasNotText: "works until" });
  await chooseAction(page, current, "Rotate");
  await dialog.getByLabel("No overlap").check();
  await dialog.getByRole("button", { name: "Rotate" }).click();
  const third = await storeKey(page);
  expect([await statusWith(page, second), await statusWith(page, third)]).toEqual([401, 200]);
});

test("a revoked key is refused from the next request on and stays in the list as revoked", async ({
  page,
}) => {
  await signInAs(page, "Admin");
  const name = `Revoked ${Date.now()}`;
  const token = await generateKey(page, name);
  expect(await statusWith(page, token)).toBe(200);
  const row = page.getByRole("row", { name: new RegExp(name) });
  await chooseAction(page, row, "Revoke");
  const question = page.getByRole("alertdialog", { name: `Revoke “${name}”?` });
  await expect(question).toContainText("the next request with this key is refused");
  await expect(question.getByRole("button", { name: "Cancel" })).toBeFocused();
  await expectAccessible(page, "the question before a key is revoked");
  await question.getByRole("button", { name: "Revoke" }).click();
  await expect(row).toContainText("Revoked");
  expect(await statusWith(page, token)).toBe(401);
  await row.getByRole("button", { name: /^Actions for/ }).click();
  await expect(page.getByRole("menuitem")).toHaveText(["Usage"]);
});

test("a key that ends before it begins is refused beside its field", async ({ page }) => {
  await signInAs(page, "Admin");
  await page.goto(path);
  await page.getByRole("button", { name: "Generate API Key" }).first().click();
  const form = page.getByRole("dialog");
  await form.getByLabel("Name").fill("Too late");
  await form.getByLabel("Expiration").selectOption({ label: "On a day of your choice" });
  await form.getByLabel("Last day").fill("2020-01-01");
  await form.getByRole("button", { name: "Generate API Key" }).click();
  await expect(form.getByText("Choose a later day.")).toBeVisible();
});
