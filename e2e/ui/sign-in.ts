import type { BrowserContext, Page } from "playwright/test";

type Role = "Admin" | "Team Manager" | "User";

/** Of each role the session that an earlier test began: on two cores the way through the sign-in page takes seconds. */
const begun = new Map<Role, Awaited<ReturnType<BrowserContext["cookies"]>>>();

const isAt = (page: Page, path: string) => new URL(page.url()).pathname === path;

/** Signs in as one of the demo people, and is on the page that was asked for. */
export async function signInAs(page: Page, role: Role, path = "/") {
  const cookies = begun.get(role);
  if (cookies) {
    await page.context().addCookies(cookies);
    await page.goto(path);
    if (isAt(page, path)) return;
  }
  // The first time, and when that session has ended meanwhile.
  await page.goto(`/login?next=${encodeURIComponent(path)}`);
  await page.getByRole("button", { name: new RegExp(`^${role}\\b`) }).click();
  await page.waitForURL((url) => url.pathname === path);
  begun.set(role, await page.context().cookies());
}
