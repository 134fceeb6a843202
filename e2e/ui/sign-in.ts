import type { Page } from "playwright/test";

/** Signs in with one of the demo buttons and waits for the page that was asked for. */
export async function signInAs(page: Page, role: "Admin" | "Team Manager" | "User", path = "/") {
  await page.goto(`/login?next=${encodeURIComponent(path)}`);
  await page.getByRole("button", { name: new RegExp(`^${role}\\b`) }).click();
  await page.waitForURL((url) => url.pathname === path);
}
