import { expect, type Page } from "playwright/test";
import { consent } from "./sandbox";

// The pages of tools, and what every test of them does there.

export const catalogue = "/settings/integrations";
export const slack = `${catalogue}/slack`;
export const calendar = `${catalogue}/google_calendar`;
export const channel = "#releases";

export const heading = (page: Page, name: string | RegExp) => page.getByRole("heading", { name });
export const button = (page: Page, name: string | RegExp) =>
  page.getByRole("button", { name, exact: typeof name === "string" });

/** Opens the page of a tool, and says whether it can be disconnected. */
async function isConnected(page: Page, path: string): Promise<boolean> {
  await page.goto(path);
  await expect(page.locator("h1")).toBeVisible();
  return button(page, "Disconnect").isVisible();
}

/** Ends a connection, if there is one. */
export async function disconnect(page: Page, path: string, name: string): Promise<void> {
  if (!(await isConnected(page, path))) return;
  await button(page, "Disconnect").click();
  const question = page.getByRole("alertdialog", { name: `Disconnect ${name}?` });
  await question.getByRole("button", { name: "Disconnect" }).click();
  await expect(question).toBeHidden();
}

/** The whole way from the connect sheet over the tool and back. */
export async function connect(page: Page, path: string, account: RegExp): Promise<void> {
  await page.goto(`${path}?connect=1`);
  await button(page, /^Continue to/).click();
  await consent(page, account);
}

/** Slack connected to Acme with a default channel, whatever was before. */
export async function ensureSlack(page: Page): Promise<void> {
  if (!(await isConnected(page, slack))) {
    await connect(page, slack, /^Acme/);
    await expect(heading(page, "Slack connected")).toBeVisible();
  } else if (await button(page, "Reconnect").isVisible()) {
    await reconnect(page, /^Acme/);
  }
  await page.goto(`${slack}?tab=sync`);
  await page.getByLabel("Search: Default channel").fill(channel.slice(1));
  const choice = page.getByRole("radio", { name: channel, exact: true });
  if (await choice.isChecked()) return;
  await choice.check();
  await button(page, "Save").click();
  await expect(page.getByText("Sync settings saved")).toBeVisible();
}

/** The same from a connection that needs attention. */
export async function reconnect(page: Page, account: RegExp): Promise<void> {
  await button(page, "Reconnect").click();
  await button(page, /^Continue to/).click();
  await consent(page, account);
}
