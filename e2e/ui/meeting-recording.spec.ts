import { expect, type Locator, type Page } from "playwright/test";
import { expectAccessible } from "./accessibility";
import { recordedMeeting } from "./recorded-meeting";
import { signInAs } from "./sign-in";
import { test } from "./test";
import { longTranscript, uploadMeeting, uploadRecording } from "./upload-meeting";

// The meeting's page as a tool: its recording in step with the transcript, and what people correct by hand.

const player = (page: Page) => page.getByRole("region", { name: "Player" });
const turnsOf = (page: Page) =>
  page.getByRole("list", { name: /^Transcript of/ }).getByRole("listitem");
const position = (page: Page) => player(page).getByRole("slider", { name: "Position" });

async function openRecorded(page: Page, title: string, turns?: number): Promise<string> {
  await signInAs(page, "Admin");
  return recordedMeeting(page, { title, ...(turns === undefined ? {} : { turns }) });
}

test("a recording plays in step with its transcript, and leaves alone who reads elsewhere", async ({
  page,
}) => {
  const id = await openRecorded(page, "In step", 120);
  await page.goto(`/meetings/${id}?tab=transcript`);
  const turns = turnsOf(page);
  await expect(turns.nth(1)).toContainText("Unsure of the words");
  await expect(turns.nth(2)).not.toContainText("Unsure");
  await turns
    .nth(30)
    .getByRole("link", { name: /play from here/ })
    .click();
  await expect(player(page).getByRole("button", { name: "Pause" })).toBeVisible();
  await expect(turns.nth(30)).toHaveAttribute("aria-current", "true");
  await expect(page.locator("li[aria-current]")).toHaveCount(1);
  await expect(turns.nth(31)).toHaveAttribute("aria-current", "true");
  await expect(turns.nth(31)).toBeInViewport();

  await page.mouse.move(400, 400);
  await page.mouse.wheel(0, -5000);
  const back = page.getByRole("button", { name: "Back to now" });
  await expect(back).toBeVisible();
  await expect(turns.first()).toBeInViewport();
  await back.click();
  await expect(page.locator("li[aria-current]")).toBeInViewport();
  await expect(back).toBeHidden();

  // It plays on while the tabs change.
  await page.getByRole("link", { name: "Speakers" }).click();
  await expect(page.getByRole("heading", { name: "Who spoke when" })).toBeVisible();
  await expect(player(page).getByRole("button", { name: "Pause" })).toBeVisible();
  await expectAccessible(page, "a recording that plays");
});

test("the player's keys work anywhere but where somebody types", async ({ page }) => {
  const id = await openRecorded(page, "By keyboard");
  await page.goto(`/meetings/${id}?tab=transcript&t=6`);
  await expect(page.locator("li:focus")).toContainText("Words number 3");
  await expect(position(page)).toHaveAttribute("aria-valuetext", "0:06 of 0:30");
  await page.keyboard.press("l");
  await expect(position(page)).toHaveValue("16");
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await expect(position(page)).toHaveValue("0");
  await page.keyboard.press("ArrowRight");
  await expect(position(page)).toHaveValue("5");
  await page.keyboard.press("m");
  await expect(player(page).getByRole("button", { name: "Unmute" })).toBeVisible();
  await page.keyboard.press("k");
  await expect(player(page).getByRole("button", { name: "Pause" })).toBeVisible();
  await page.keyboard.press(" ");
  await expect(player(page).getByRole("button", { name: "Play" })).toBeVisible();
  await page.getByRole("searchbox").fill("");
  await page.getByRole("searchbox").pressSequentially("k m");
  await expect(player(page).getByRole("button", { name: "Play" })).toBeVisible();
  await expect(player(page).getByRole("button", { name: "Unmute" })).toBeVisible();
  await player(page).getByRole("combobox", { name: "Speed" }).selectOption("1.5");
  expect(
    await page.locator("audio").evaluate((audio: HTMLAudioElement) => audio.playbackRate),
  ).toBe(1.5);
});

test("a recording that failed can be heard; one that is gone says so", async ({ page }) => {
  await signInAs(page, "Admin");
  const id = await uploadRecording(page, { title: "Nobody speaks" });
  await page.goto(`/meetings/${id}`);
  await expect(position(page)).toHaveAttribute("aria-valuetext", "0:00 of 0:01");
  await page.route("**/api/recordings/*", (route) => route.fulfill({ status: 404 }));
  await page.reload();
  await expect(player(page)).toContainText("The recording is not here any more");
  await expectAccessible(page, "a recording that is gone");
});

/** Opens the dialog of a speaker from the table of speakers. */
async function openSpeaker(page: Page, id: string, name: string): Promise<Locator> {
  await page.goto(`/meetings/${id}?tab=speakers`);
  const dialog = page.getByRole("dialog", { name: `Who is ${name}?` });
  await page.getByRole("button", { name: `${name}, rename or merge` }).click();
  await expect(dialog).toBeVisible();
  return dialog;
}

test("a speaker becomes a member everywhere in the meeting, and Undo takes it back", async ({
  page,
}) => {
  const id = await openRecorded(page, "Who was that");
  const dialog = await openSpeaker(page, id, "Speaker A");
  await dialog.getByRole("combobox", { name: "Member, contact or a new name" }).fill("ada mor");
  const option = dialog.getByRole("option", { name: /Ada Moreno.*Member/ });
  await expect(option).toBeVisible();
  await expectAccessible(page, "the dialog of a speaker");
  await page.keyboard.press("ArrowDown");
  await expect(option).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Enter");
  await expect(dialog).toBeHidden();
  const table = page.getByRole("table", { name: "Speakers" });
  await expect(table).toContainText("Ada Moreno");
  const names = async () => {
    const answer = await (await page.request.get(`/api/v1/meetings/${id}/transcript`)).json();
    return answer.transcript.slice(0, 2).map((turn: { speaker: string }) => turn.speaker);
  };
  expect(await names()).toEqual(["Ada Moreno", "Speaker B"]);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(table).toContainText("Speaker A");
  expect(await names()).toEqual(["Speaker A", "Speaker B"]);
});

test("a name that somebody in the meeting has is offered as a merge", async ({ page }) => {
  const id = await openRecorded(page, "Twice the same");
  const dialog = await openSpeaker(page, id, "Speaker A");
  const field = dialog.getByRole("combobox", { name: "Member, contact or a new name" });
  await field.fill("speaker b");
  await field.press("Enter");
  await expect(dialog.getByRole("alert")).toContainText("Speaker B is a speaker of this meeting");
  await dialog.getByRole("button", { name: "Merge Speaker A into Speaker B" }).click();
  await expect(dialog).toBeHidden();
  const rows = page.getByRole("table", { name: "Speakers" }).getByRole("row");
  await expect(rows).toHaveCount(2);
  await expect(rows.nth(1)).toContainText("100%");
});

/** Opens the editor of a turn by keyboard. */
async function editTurn(page: Page, turn: number): Promise<Locator> {
  const row = turnsOf(page).nth(turn);
  const text = row.getByRole("textbox", { name: "What was said" });
  await row.focus();
  await page.keyboard.press("e");
  await expect(text).toBeVisible();
  return row;
}

test("a turn is corrected; whoever corrects it at the same time sees both texts and chooses", async ({
  page,
  browser,
}) => {
  const id = await openRecorded(page, "Corrected by two");
  const path = `/meetings/${id}?tab=transcript`;
  await page.goto(path);
  const other = await (await browser.newContext()).newPage();
  await signInAs(other, "Admin");
  await other.goto(path);

  const mine = await editTurn(page, 1);
  const theirs = await editTurn(other, 1);
  await theirs.getByRole("textbox", { name: "What was said" }).fill("Theirs.");
  await theirs.getByRole("button", { name: "Save" }).click();
  await expect(theirs).not.toContainText("Unsure");
  await expect(theirs.getByRole("textbox")).toBeHidden();
  await expect(theirs).toContainText("Theirs.");

  await mine.getByRole("textbox", { name: "What was said" }).fill("Mine.");
  await mine.getByRole("combobox", { name: "Said by" }).selectOption("Speaker A");
  await mine.getByRole("textbox", { name: "What was said" }).press("Control+Enter");
  const conflict = mine.getByRole("alert");
  await expect(conflict).toContainText("Ada Moreno corrected this turn while you were at it");
  await expect(conflict).toContainText("Theirs.");
  await expectAccessible(page, "a turn that was corrected meanwhile");
  await conflict.getByRole("button", { name: "Replace it with mine" }).click();
  await expect(mine.getByRole("textbox")).toBeHidden();
  await expect(mine).toContainText("Mine.");
  await expect(mine).toContainText("Speaker A");
  await expect(page.getByRole("main")).toContainText("Corrected by Ada Moreno");
  await other.context().close();
});

test("a task is written, given to a member, reworded, deleted and brought back", async ({
  page,
}) => {
  const id = await openRecorded(page, "By hand");
  await page.goto(`/meetings/${id}?tab=actions`);
  const form = page.getByRole("form", { name: "New action item" });
  await page.getByRole("button", { name: "Add action item" }).click();
  await form.getByRole("textbox", { name: "Task" }).fill("Ask legal");
  await form.getByRole("combobox", { name: /^Given to/ }).fill("ada");
  await form.getByRole("option", { name: /Ada Moreno/ }).click();
  await form.getByLabel(/^Due/).fill("2026-12-24");
  await expectAccessible(page, "a new task");
  await form.getByRole("button", { name: "Add" }).click();
  const item = page.getByRole("list", { name: "Action items" }).getByRole("listitem");
  await expect(item).toContainText("Ask legal");
  await expect(item).toContainText("Ada Moreno");
  await expect(item).toContainText("24 Dec 2026");

  await item.getByRole("button", { name: "Edit: Ask legal" }).click();
  await page.getByRole("textbox", { name: "Task" }).fill("Ask legal again");
  await page.getByRole("button", { name: "Take it from Ada Moreno" }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(item).toContainText("Ask legal again");
  await expect(item).toContainText("Nobody assigned");
  await item.getByRole("button", { name: "Delete: Ask legal again" }).click();
  await expect(page.getByText("No action items")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).last().click();
  await expect(item).toContainText("Ask legal again");
});

test("a contact is linked to the meeting, taken out, and put back by Undo", async ({ page }) => {
  const id = await openRecorded(page, "With a guest");
  await page.goto(`/meetings/${id}`);
  const contacts = page.getByRole("region", { name: "Contacts" });
  const field = contacts.getByRole("combobox", { name: "Contact" });
  await contacts.getByRole("button", { name: "Add contact" }).click();
  await expect(field).toBeVisible();
  await contacts.getByRole("option").first().click();
  const link = contacts.getByRole("link");
  await expect(link).toHaveCount(1);
  await expectAccessible(page, "a meeting with a contact");
  await contacts.getByRole("button", { name: /^Take .* out of this meeting$/ }).click();
  await expect(link).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).last().click();
  await expect(link).toHaveCount(1);
});

test("paper gets every turn of a long transcript", async ({ page }) => {
  test.setTimeout(120_000);
  await signInAs(page, "Admin");
  const id = await uploadMeeting(page, { title: "On paper", content: longTranscript(400) });
  await page.goto(`/meetings/${id}?tab=transcript`);
  await expect(turnsOf(page).first()).toBeVisible();
  expect(await turnsOf(page).count()).toBeLessThan(150);
  await page.evaluate(() => {
    const seen = window as unknown as { printed: number };
    const count = () => {
      seen.printed = document.querySelectorAll("ol[aria-label^='Transcript of'] > li").length;
    };
    window.addEventListener("beforeprint", count, { once: true });
  });
  await page.pdf();
  const printed = await page.evaluate(() => (window as unknown as { printed: number }).printed);
  expect(printed).toBe(400);
  await expect.poll(() => turnsOf(page).count()).toBeLessThan(150);
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`every part of the page of a recording is accessible and fits a phone in ${colorScheme}`, async ({
    page,
  }) => {
    test.setTimeout(120_000);
    await page.emulateMedia({ colorScheme });
    const id = await openRecorded(page, `Seen in ${colorScheme}`);
    for (const tab of ["summary", "actions", "insights", "transcript", "speakers", "notes"]) {
      await page.setViewportSize({ width: 1280, height: 800 });
      await page.goto(`/meetings/${id}?tab=${tab}`);
      await expect(position(page)).toHaveAttribute("aria-valuetext", "0:00 of 0:30");
      await expectAccessible(page, `${tab} (${colorScheme})`);
      await page.setViewportSize({ width: 320, height: 720 });
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow, `${tab} scrolls sideways at 320 px`).toBeLessThanOrEqual(0);
    }
  });
}
