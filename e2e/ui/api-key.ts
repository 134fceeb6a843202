import { expect, type Page } from "playwright/test";

/** Puts away the key, of this name if one is given, that is shown just now, and answers it. */
export async function storeKey(page: Page, name = ""): Promise<string> {
  const shown = page.getByRole("dialog", { name: new RegExp(`Your new key.*${name}`) });
  const token = await shown.getByLabel("API key", { exact: true }).inputValue();
  await shown.getByRole("button", { name: "I have stored this key" }).click();
  await expect(shown).toBeHidden();
  return token;
}

/** A key of this name, made on the page of keys with default settings or with the access that is named. */
export async function generateKey(page: Page, name: string, access?: string): Promise<string> {
  await page.goto("/settings/integrations/api");
  await page.getByRole("button", { name: "Generate API Key" }).first().click();
  const form = page.getByRole("dialog");
  await form.getByLabel("Name").fill(name);
  if (access !== undefined) await form.getByLabel(access).check();
  await form.getByRole("button", { name: "Generate API Key" }).click();
  return storeKey(page, name);
}
