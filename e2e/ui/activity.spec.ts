import { readFile } from "node:fs/promises";
import { expect, type Locator, type Page } from "playwright/test";
import { expectAccessible } from "./accessibility";
import { signInAs } from "./sign-in";
import { test } from "./test";

const path = "/settings/integrations/activity";

const rows = (page: Page) => page.getByRole("table", { name: "Activity" }).getByRole("row");

/** Makes and deletes a team in another tab, which leaves two entries with this name. */
async function makeAndDeleteTeam(page: Page, name: string): Promise<void> {
  const tab = await page.context().newPage();
  await tab.goto("/settings/teams");
  await tab.getByRole("button", { name: "Create team" }).first().click();
  await tab.getByRole("dialog").getByLabel("Name").fill(name);
  await tab.getByRole("dialog").getByRole("button", { name: "Create team" }).click();
  await tab.getByRole("button", { name: `Actions for ${name}` }).click();
  await tab.getByRole("menuitem", { name: "Delete" }).click();
  await tab.getByRole("alertdialog").getByRole("button", { name: "Delete team" }).click();
  await expect(tab.getByText(name, { exact: true })).toHaveCount(0);
  await tab.close();
}

async function search(page: Page, words: string): Promise<Locator> {
  await page.getByRole("searchbox", { name: "Search activity" }).fill(words);
  await page.waitForURL((url) => url.searchParams.get("q") === words);
  return rows(page);
}

test("what happens meanwhile waits under a button, is found, and opens with everything known about it", async ({
  page,
}) => {
  const name = `Crew ${Date.now()}`;
  await signInAs(page, "Admin", path);
  await expect(rows(page).getByText("Signed in").first()).toBeVisible();
  const newest = () => rows(page).nth(1).getByRole("link").getAttribute("href");
  const first = await newest();
  await makeAndDeleteTeam(page, name);
  const pill = page.getByRole("button", { name: /^\d+ new$/ });
  await expect(pill).toBeVisible();
  expect(await newest()).toBe(first);
  await pill.click();
  await expect(rows(page).filter({ hasText: name })).toHaveCount(2);
  await expect(pill).toBeHidden();

  const found = await search(page, name);
  await expect(found).toHaveCount(3);
  await expectAccessible(page, "the activity with a search");
  await found.nth(1).getByRole("link").focus();
  await page.keyboard.press("Enter");
  const deleted = page.getByRole("dialog", { name: "Deleted a team" });
  await expect(deleted).toContainText(`Team: ${name}`);
  await expect(deleted).toContainText("team.deleted");
  await expect(deleted).toContainText("UTC");
  await expectAccessible(page, "the drawer of an entry");
  await page.keyboard.press("j");
  await expect(page.getByRole("dialog", { name: "Created a team" })).toBeVisible();
  const link = page.url();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(found.nth(2).getByRole("link")).toBeFocused();
  expect(page.url()).not.toContain("entry=");

  await page.goto(link);
  await expect(page.getByRole("dialog", { name: "Created a team" })).toBeVisible();
});

test("filters live in the address, and the export holds exactly what they leave", async ({
  page,
}) => {
  const name = `=Crew ${Date.now()}`;
  await signInAs(page, "Admin", path);
  await makeAndDeleteTeam(page, name);
  await page.getByLabel("Category").selectOption("Members and workspace");
  await page.waitForURL((url) => url.searchParams.get("category") === "members");
  await expect(rows(page).getByText("Signed in")).toHaveCount(0);
  await expect(await search(page, name)).toHaveCount(3);

  const downloading = page.waitForEvent("download");
  await page.getByRole("link", { name: "Export CSV" }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toMatch(/^harmony-activity-\d{4}-\d\d-\d\d\.csv$/);
  const lines = (await readFile(await download.path(), "utf8")).trimEnd().split("\r\n");
  expect(lines[0]).toMatch(/^time_utc,action,action_in_words,category,result,/);
  expect(lines).toHaveLength(3);
  expect(lines[1]).toContain(`team.deleted,Deleted a team,members,success,user,`);
  // A name that a spreadsheet would take for a formula.
  expect(lines[1]).toContain(`,'${name},`);

  await page.goto(`${path}?q=Exported+the+activity`);
  await expect(rows(page).getByText("Exported the activity").first()).toBeVisible();
  await page.goto(`${path}?category=nothing`);
  await expect(page.getByText("These filters cannot be used")).toBeVisible();
});

test("a User sees their own actions only, here and in the export", async ({ page }) => {
  await signInAs(page, "User", path);
  await expect(page.getByText("What you did in this workspace.")).toBeVisible();
  await expect(page.getByLabel("Actor")).toHaveCount(0);
  const own = page.getByRole("table", { name: "Activity" }).getByText("Lena Fischer");
  await expect(own.first()).toBeVisible();
  await expect(own).toHaveCount((await rows(page).count()) - 1);
  const answer = await page.request.get(`${path}/export`);
  expect(answer.status()).toBe(200);
  expect(await answer.text()).not.toContain("Ada Moreno");
  expect((await page.request.get(`${path}/export?category=nothing`)).status()).toBe(400);
});

test("nobody exports without a session", async ({ request }) => {
  const answer = await request.get(`${path}/export`);
  expect(answer.status()).toBe(401);
});
