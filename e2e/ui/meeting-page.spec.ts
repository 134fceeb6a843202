import { expect, type Page } from "playwright/test";
import { expectAccessible } from "./accessibility";
import { signInAs } from "./sign-in";
import { test } from "./test";
import { longTranscript, uploadMeeting } from "./upload-meeting";

async function openNew(page: Page, title: string, content?: Buffer): Promise<string> {
  await signInAs(page, "Admin");
  return uploadMeeting(page, { title, ...(content === undefined ? {} : { content }) });
}

test("a decision leads to the turn that it comes from", async ({ page }) => {
  const id = await openNew(page, "Where was it decided");
  await page.goto(`/meetings/${id}`);
  const decision = page
    .getByRole("listitem")
    .filter({ hasText: "The decision is to start" })
    .first();
  await decision.getByRole("link", { name: /^Go to .* in the transcript$/ }).click();
  await page.waitForURL(/tab=transcript&turn=\d+/);
  const turn = page.locator("li:focus");
  await expect(turn).toContainText("the decision is to start the pilot");
  await expect(turn).toBeInViewport();
});

test("the search in the transcript counts its matches and goes through them by keyboard", async ({
  page,
}) => {
  const id = await openNew(page, "Search me");
  await page.goto(`/meetings/${id}?tab=transcript`);
  const field = page.getByRole("searchbox", { name: "Search in the transcript" });
  await page.keyboard.press("/");
  await expect(field).toBeFocused();
  await page.keyboard.type("PILOT");
  await expect(page.getByText(/^1 of \d+$/)).toBeVisible();
  const marks = page.locator("mark");
  const count = await marks.count();
  expect(count).toBeGreaterThan(2);
  await expect(page.getByText(`1 of ${count}`, { exact: true })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page.getByText(`2 of ${count}`, { exact: true })).toBeVisible();
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.press("Shift+Enter");
  await expect(page.getByText(`${count} of ${count}`, { exact: true })).toBeVisible();
  await expect(
    page.getByRole("status").filter({ hasText: `Match ${count} of ${count}:` }),
  ).toHaveCount(1);
  await expect(marks.last()).toBeInViewport();
  await expectAccessible(page, "a transcript with matches");
  await field.fill("no such words");
  await expect(page.getByText("No match", { exact: true }).first()).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(field).toHaveValue("");
});

test("what was typed into the search before the page had taken over is searched for", async ({
  page,
}) => {
  const id = await openNew(page, "Impatient");
  await page.route("**/_next/static/**/*.js", async (route) => {
    await page.waitForFunction(() => document.querySelector("search input")?.matches(":focus"));
    await route.continue();
  });
  await page.goto(`/meetings/${id}?tab=transcript`, { waitUntil: "commit" });
  const field = page.getByRole("searchbox", { name: "Search in the transcript" });
  await field.fill("pilot");
  await expect(page.getByText(/^1 of \d+$/)).toBeVisible();
});

test("a transcript of 3,000 turns renders only what is near, and the keyboard reaches its end", async ({
  page,
}) => {
  test.setTimeout(90_000);
  const id = await openNew(page, "A very long meeting", longTranscript(3000));
  await page.goto(`/meetings/${id}?tab=transcript`);
  const turns = page.getByRole("list", { name: /^Transcript of/ }).getByRole("listitem");
  await expect(turns.first()).toHaveAttribute("aria-setsize", "3000");
  expect(await turns.count()).toBeLessThan(150);
  await turns.first().focus();
  await page.keyboard.press("j");
  await expect(page.locator("li:focus")).toHaveAttribute("aria-posinset", "2");
  await page.keyboard.press("End");
  await expect(page.locator("li:focus")).toContainText("Goodbye at last.");
  await expect(page.locator("li:focus")).toBeInViewport();
  await expectAccessible(page, "the end of a long transcript");

  await page.getByRole("searchbox", { name: "Search in the transcript" }).fill("Point 1500 of");
  await expect(page.getByText("1 of 1", { exact: true })).toBeVisible();
  await expect(page.locator("mark")).toBeInViewport();
  await page.goto(`/meetings/${id}?tab=transcript&turn=2499`);
  await expect(page.locator("li:focus")).toContainText("Point 2500 of");
  await expect(page.locator("li:focus")).toBeInViewport();
});

test("action items are completed for good; a suggestion is accepted, or dismissed and brought back", async ({
  page,
}) => {
  const id = await openNew(page, "Who does what");
  await page.goto(`/meetings/${id}?tab=actions`);
  const saved = page.waitForResponse((response) => response.request().method() === "POST");
  await page.getByRole("checkbox").first().check();
  await saved;
  await page.reload();
  await expect(page.getByRole("checkbox").first()).toBeChecked();

  const suggestions = page.getByRole("region", { name: "Suggestions" }).getByRole("listitem");
  const before = await suggestions.count();
  expect(before).toBeGreaterThan(0);
  await expect(suggestions.first()).toContainText("Suggestion,");
  await suggestions
    .first()
    .getByRole("button", { name: /^Dismiss/ })
    .click();
  await expect(suggestions).toHaveCount(before - 1);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(suggestions).toHaveCount(before);
  await suggestions
    .first()
    .getByRole("button", { name: /^Accept/ })
    .click();
  await expect(suggestions).toHaveCount(before - 1);
  const summary = await (await page.request.get(`/api/v1/meetings/${id}/summary`)).json();
  expect(
    summary.action_items.filter((item: { suggestion: boolean }) => item.suggestion),
  ).toHaveLength(before - 1);
});

async function openNotes(page: Page, button: "Write notes" | "Edit"): Promise<void> {
  await page.getByRole("button", { name: button }).click();
  await expect(page.getByRole("textbox", { name: "Notes" })).toBeVisible();
}

test("notes are written, previewed and saved; a text that was saved meanwhile is never overwritten", async ({
  page,
  browser,
}) => {
  const id = await openNew(page, "Noted by two");
  const path = `/meetings/${id}?tab=notes`;
  await page.goto(path);
  await openNotes(page, "Write notes");
  await page.getByRole("textbox", { name: "Notes" }).fill("## Plan\n\n- call **Ines**");
  await page.getByRole("tab", { name: "Preview" }).click();
  await expect(page.getByRole("heading", { name: "Plan" })).toBeVisible();
  await page.getByRole("button", { name: "Save notes" }).click();
  await expect(page.getByRole("main")).toContainText("Ada Moreno ·");

  const other = await (await browser.newContext()).newPage();
  await signInAs(other, "Admin");
  await other.goto(path);
  await openNotes(other, "Edit");
  await openNotes(page, "Edit");
  await other.getByRole("textbox", { name: "Notes" }).fill("Written in the other window.");
  await other.getByRole("button", { name: "Save notes" }).click();
  await expect(other.getByRole("button", { name: "Edit" })).toBeVisible();

  await page.getByRole("textbox", { name: "Notes" }).fill("Written in this window.");
  await page.getByRole("button", { name: "Save notes" }).click();
  const conflict = page.getByRole("alert").filter({ hasText: "saved these notes while you" });
  await expect(conflict).toContainText("Written in the other window.");
  await expect(page.getByRole("textbox", { name: "Notes" })).toHaveValue("Written in this window.");
  await expectAccessible(page, "notes that were changed meanwhile");
  await page.reload();
  await expect(page.getByRole("textbox", { name: "Notes" })).toHaveValue("Written in this window.");
  await page.getByRole("button", { name: "Save notes" }).click();
  await page.getByRole("button", { name: "Replace it with mine" }).click();
  await expect(page.getByRole("button", { name: "Edit" })).toBeVisible();
  await expect(page.getByRole("main")).toContainText("Written in this window.");
  await other.context().close();
});

test("a deleted meeting is gone for everyone at once", async ({ page }) => {
  const id = await openNew(page, "To be deleted");
  await page.goto(`/meetings/${id}`);
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Delete meeting" }).click();
  const question = page.getByRole("alertdialog", { name: "Delete “To be deleted”?" });
  await expect(question).toBeVisible();
  await expectAccessible(page, "the question before a meeting is deleted");
  await expect(question.getByRole("button", { name: "Delete meeting" })).toBeDisabled();
  await question.getByRole("textbox").fill("delete");
  await question.getByRole("button", { name: "Delete meeting" }).click();
  await page.waitForURL("/meetings");
  await expect(page.getByRole("table")).not.toContainText("To be deleted");
  expect((await page.request.get(`/api/v1/meetings/${id}`)).status()).toBe(404);
  expect((await page.goto(`/meetings/${id}`))?.status()).toBe(404);
});

test("somebody else's meeting is the same 404 as one that does not exist", async ({
  page,
  browser,
}) => {
  const id = await openNew(page, "Only for admins");
  const other = await (await browser.newContext()).newPage();
  await signInAs(other, "User");
  const texts: string[] = [];
  for (const path of [`/meetings/${id}`, "/meetings/mtg_000000000000000000000"]) {
    expect((await other.goto(path))?.status()).toBe(404);
    texts.push(await other.getByRole("main").innerText());
  }
  expect(texts[0]).toBe(texts[1]);
  await other.context().close();
});

test("the list finds a meeting by its title, keeps its filters in the address, and clears them", async ({
  page,
}) => {
  await openNew(page, "Needle in the haystack");
  await page.goto("/meetings");
  await page.getByRole("searchbox", { name: "Search meetings" }).fill("needle in");
  await expect(page).toHaveURL(/q=needle\+in/);
  await expect(page.getByRole("row")).toHaveCount(2);
  await page.getByRole("combobox", { name: "Status" }).selectOption("failed");
  await expect(page.getByText("No meeting fits")).toBeVisible();
  await page.reload();
  await expect(page.getByText("No meeting fits")).toBeVisible();
  await page.getByRole("link", { name: "Clear filters" }).click();
  await expect(page).toHaveURL(/\/meetings$/);
  await expect(page.getByRole("row")).toHaveCount(21);
});
