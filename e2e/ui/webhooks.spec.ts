import { createHmac } from "node:crypto";
import { expect, type Locator, type Page } from "playwright/test";
import { type Receiver, startReceiver, status } from "../../tests/support/receiver";
import { expectAccessible } from "./accessibility";
import { signInAs } from "./sign-in";
import { test } from "./test";
import { uploadMeeting } from "./upload-meeting";

const path = "/settings/integrations/webhooks";

test.use({ permissions: ["clipboard-read", "clipboard-write"] });

// Most tests here make a webhook, use it and take it away again.
test.describe.configure({ timeout: 90_000 });

let receiver: Receiver;

test.beforeEach(async () => {
  receiver = await startReceiver();
});
test.afterEach(() => receiver.stop());

/** Presses Tab until the control has the focus, as somebody without a mouse does. */
async function tabTo(page: Page, control: Locator): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    if (await control.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab does not reach ${control}`);
}

async function storeSecret(page: Page): Promise<string> {
  const shown = page.getByRole("dialog", { name: /signing secret/ });
  const secret = await shown.getByLabel("Signing secret", { exact: true }).inputValue();
  await shown.getByRole("button", { name: "I have stored this secret" }).click();
  await expect(shown).toBeHidden();
  return secret;
}

/** A webhook with a name of its own for some events, by mouse; answers its secret. */
async function add(page: Page, name: string, events = ["meeting.processed"]): Promise<string> {
  await page.goto(path);
  await page.getByRole("button", { name: "Add Webhook" }).click();
  const form = page.getByRole("dialog", { name: "Add a webhook" });
  await form.getByLabel("URL").fill(receiver.url);
  for (const event of events) await form.getByLabel(event).check();
  await form.getByLabel("Name").fill(name);
  await form.getByRole("button", { name: "Save" }).click();
  return storeSecret(page);
}

const rowOf = (page: Page, name: string) => page.getByRole("row", { name: new RegExp(name) });

async function chooseAction(page: Page, name: string, action: string): Promise<void> {
  await page.getByRole("button", { name: `Actions for ${name}` }).click();
  await page.getByRole("menuitem", { name: action }).click();
}

/** The demo's plan has room for twenty: each test takes its own away. */
async function remove(page: Page, name: string): Promise<void> {
  await page.goto(path);
  await chooseAction(page, name, "Delete");
  const question = page.getByRole("alertdialog", { name: `Delete “${name}”?` });
  await question.getByRole("button", { name: "Delete" }).click();
  await expect(rowOf(page, name)).toHaveCount(0);
}

test("with the keyboard alone URL and events make a webhook, and its secret is shown once", async ({
  page,
}) => {
  await signInAs(page, "Admin");
  const other = `There before ${Date.now()}`;
  await add(page, other);
  const open = page.getByRole("button", { name: "Add Webhook" });
  await tabTo(page, open);
  await page.keyboard.press("Enter");

  const form = page.getByRole("dialog", { name: "Add a webhook" });
  await expect(form.getByLabel("URL")).toBeFocused();
  expect(new URL(page.url()).searchParams.get("edit")).toBe("new");
  await expectAccessible(page, "the form of a new webhook");
  await page.keyboard.press("Enter");
  await expect(form).toContainText("Enter the address that receives the events.");
  await expect(form).toContainText("Choose at least one event.");
  await expectAccessible(page, "the form with its errors");
  await page.keyboard.type(receiver.url);
  await expect(form).not.toContainText("Enter the address that receives the events.");
  await tabTo(page, form.getByRole("button", { name: "Select all events of Meetings" }));
  await page.keyboard.press("Enter");
  for (const event of ["meeting.started", "meeting.processed", "meeting.failed"]) {
    await expect(form.getByLabel(event)).toBeChecked();
  }
  await tabTo(page, form.getByLabel("meeting.failed"));
  await page.keyboard.press("Space");
  await expect(form.getByLabel("meeting.failed")).not.toBeChecked();
  await tabTo(page, form.getByRole("button", { name: "Save" }));
  await page.keyboard.press("Enter");

  const host = new URL(receiver.url).host;
  const shown = page.getByRole("dialog", { name: `The signing secret of “${host}”` });
  await expect(shown).toBeVisible();
  const secret = await shown.getByLabel("Signing secret", { exact: true }).inputValue();
  expect(secret).toMatch(/^whsec_/);
  await expectAccessible(page, "the dialog with the secret");
  await page.keyboard.press("Escape");
  await page.mouse.click(5, 5);
  await expect(shown).toBeVisible();
  await tabTo(page, shown.getByRole("button", { name: "Copy signing secret" }));
  await page.keyboard.press("Enter");
  await expect(shown.getByRole("status").filter({ hasText: "Copied" })).toHaveCount(1);
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(secret);
  await tabTo(page, shown.getByRole("button", { name: "I have stored this secret" }));
  await page.keyboard.press("Enter");
  await expect(shown).toBeHidden();
  await expect(open).toBeFocused();

  expect(page.url()).not.toContain("edit=");
  const row = rowOf(page, `^${host}`);
  await expect(row).toContainText("meeting.started");
  await expect(row).toContainText("Active");
  await expect(row).toContainText("Never used");
  expect(await page.content()).not.toContain(secret);
  const again = await page.reload();
  expect(again?.headers()["cache-control"]).toContain("no-store");
  expect(await page.content()).not.toContain(secret);
  await remove(page, host);
  await remove(page, other);
});

test("an address is tested before it is saved, and the answer is told beside it", async ({
  page,
}) => {
  await signInAs(page, "Admin");
  await page.goto(`${path}?edit=new`);
  const form = page.getByRole("dialog", { name: "Add a webhook" });
  const url = form.getByLabel("URL");
  const run = form.getByRole("button", { name: "Test", exact: true });
  const result = form.getByRole("status");
  await url.fill(receiver.url);
  await run.click();
  await expect(result).toContainText(/Answered 204 in \d+/);
  expect(receiver.received[0]?.headers["x-harmony-test"]).toBe("true");
  await expectAccessible(page, "a test that worked");

  receiver.answer = status(500);
  await run.click();
  await expect(result).toContainText(/Answered 500 in .*Look into its own log/);
  await expectAccessible(page, "a test that failed");
  await url.fill("http://10.0.0.1/hook");
  await expect(result).toHaveText("");
  await run.click();
  await expect(url).toHaveAttribute("aria-invalid", "true");
  await expect(form).toContainText("private, local or reserved network");
  expect(receiver.received).toHaveLength(2);
});

test("what is missed during a pause is offered on resume, and arrives signed", async ({ page }) => {
  await signInAs(page, "Admin");
  const name = `Paused ${Date.now()}`;
  const secret = await add(page, name);
  await chooseAction(page, name, "Pause");
  const question = page.getByRole("alertdialog", { name: `Pause “${name}”?` });
  await expectAccessible(page, "the question before a pause");
  await question.getByRole("button", { name: "Pause" }).click();
  await expect(rowOf(page, name)).toContainText("Paused");

  const title = `Missed ${Date.now()}`;
  const meetingId = await uploadMeeting(page, { title });
  await rowOf(page, name).getByRole("link", { name }).click();
  await expect(page.getByText("Paused: nothing is sent")).toBeVisible();
  await expectAccessible(page, "the page of a paused webhook");
  await page.getByRole("button", { name: "Resume" }).click();
  const offer = page.getByRole("alertdialog", { name: `Resume “${name}”?` });
  await expect(offer.getByLabel(/^Send \d+ missed events?$/)).toBeChecked();
  await expectAccessible(page, "the offer to send what was missed");
  expect(receiver.received).toEqual([]);
  await offer.getByRole("button", { name: "Resume" }).click();
  await expect(page.getByRole("heading", { level: 1 }).locator("..")).toContainText("Active");

  const mine = () =>
    receiver.received.find(({ body }) => JSON.parse(String(body)).data.meeting_id === meetingId);
  await expect.poll(() => mine() !== undefined).toBe(true);
  const sent = mine();
  expect(JSON.parse(String(sent?.body))).toMatchObject({
    event: "meeting.processed",
    data: { meeting_id: meetingId, title },
  });
  expect(sent?.headers["x-harmony-signature"]).toBe(
    createHmac("sha256", secret)
      .update(sent?.body ?? "")
      .digest("hex"),
  );
  await remove(page, name);
});

test("a new secret overlaps with the former one until it is switched over", async ({ page }) => {
  await signInAs(page, "Admin");
  const name = `Rotated ${Date.now()}`;
  const first = await add(page, name);
  await rowOf(page, name).getByRole("link", { name }).click();
  await page
    .getByRole("navigation", { name: "Parts of the webhook" })
    .getByRole("link", { name: "Settings" })
    .click();
  await expectAccessible(page, "the settings of a webhook");
  await page.getByRole("button", { name: "Regenerate" }).click();
  const dialog = page.getByRole("dialog", { name: `Regenerate the secret of “${name}”` });
  await expect(dialog.getByLabel("It goes on for 24 hours")).toBeChecked();
  await expectAccessible(page, "the dialog for a new secret");
  await dialog.getByRole("button", { name: "Regenerate" }).click();
  const second = await storeSecret(page);
  await expect(page.getByText("Two secrets sign")).toBeVisible();
  await expect(page.getByRole("main")).toContainText(`whsec_…${second.slice(-4)}, takes over`);
  await expectAccessible(page, "the settings during a rotation");

  await page.getByRole("button", { name: "Send test" }).click();
  const tests = page.getByRole("dialog", { name: `Send a test to “${name}”` });
  await expectAccessible(page, "the dialog for a test");
  await tests.getByRole("button", { name: "Send test" }).click();
  const sign = (secret: string, body: Buffer) =>
    createHmac("sha256", secret).update(body).digest("hex");
  await expect.poll(() => receiver.received.length).toBe(1);
  const during = receiver.received[0];
  const body = during?.body ?? Buffer.of();
  expect(during?.headers).toMatchObject({
    "x-harmony-signature": sign(first, body),
    "x-harmony-signature-next": sign(second, body),
  });

  await page.getByRole("button", { name: "Switch now" }).click();
  const question = page.getByRole("alertdialog", { name: "Switch to the new secret now?" });
  await expectAccessible(page, "the question before the switch");
  await question.getByRole("button", { name: "Switch now" }).click();
  await expect(page.getByText("Two secrets sign")).toBeHidden();
  await page.getByRole("button", { name: "Send test" }).click();
  await tests.getByRole("button", { name: "Send test" }).click();
  await expect.poll(() => receiver.received.length).toBe(2);
  const after = receiver.received[1];
  expect(after?.headers["x-harmony-signature"]).toBe(sign(second, after?.body ?? Buffer.of()));
  expect(after?.headers["x-harmony-signature-next"]).toBeUndefined();
  await remove(page, name);
});

test("an edit is kept, filters included, and its address opens it", async ({ page }) => {
  await signInAs(page, "Admin");
  const name = `Edited ${Date.now()}`;
  await add(page, name);
  await rowOf(page, name).getByRole("link", { name }).click();
  await page.waitForURL(/\/whk_/);
  const id = new URL(page.url()).pathname.split("/").at(-1);
  await page.goto(`${path}?edit=${id}`);
  const form = page.getByRole("dialog", { name: `Edit “${name}”` });
  await form.getByLabel("insight.generated").check();
  await form.getByText("Filters").click();
  await form.getByLabel("Shortest meeting, in minutes").fill("0");
  await form.getByRole("button", { name: "Save" }).click();
  await expect(form.getByText("Choose from 1 minute to 24 hours.")).toBeVisible();
  await form.getByLabel("Shortest meeting, in minutes").fill("15");
  await form.getByLabel("Search sources").fill("zoom");
  await form.getByLabel("Zoom", { exact: true }).check();
  await expectAccessible(page, "the form with filters");
  await form.getByRole("button", { name: "Save" }).click();
  await expect(form).toBeHidden();
  await page.goto(`${path}/${id}?tab=settings`);
  const main = page.getByRole("main");
  await expect(main).toContainText("insight.generated");
  await expect(main).toContainText("15 min");
  await expect(main).toContainText("Zoom");
  await remove(page, name);
});

test("a Team Manager sees webhooks without the means to change them, a User is told why not", async ({
  page,
}) => {
  await signInAs(page, "Admin");
  const name = `Seen ${Date.now()}`;
  await add(page, name);
  await page.context().clearCookies();
  await signInAs(page, "Team Manager", path);
  await expect(page.getByText("View only")).toBeVisible();
  await expect(page.getByRole("button", { name: "Add Webhook" })).toHaveCount(0);
  await expect(page.getByRole("button", { name: /^Actions for/ })).toHaveCount(0);
  await page.goto(`${path}?edit=new`);
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await rowOf(page, name).getByRole("link", { name }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
  await expect(page.getByRole("button", { name: "Send test" })).toHaveCount(0);
  await page.context().clearCookies();
  await signInAs(page, "User", path);
  await expect(page.getByText("Your role does not include webhooks")).toBeVisible();
  await expectAccessible(page, "webhooks for somebody who may not see them");
  await page.context().clearCookies();
  await signInAs(page, "Admin");
  await remove(page, name);
});

test("the catalogue of events lists each with its fields and a sample to copy", async ({
  page,
}) => {
  await signInAs(page, "Admin", path);
  await page.getByRole("link", { name: "Event catalogue" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Event catalogue");
  await expectAccessible(page, "the catalogue of events");
  await page.getByRole("navigation", { name: "Events" }).getByText("meeting.processed").click();
  await expect(page).toHaveURL(/#meeting\.processed$/);
  const section = page.locator('[id="meeting.processed"]');
  await expect(section).toContainText("Processing complete");
  await expect(section).toContainText("Length in seconds.");
  await section.getByRole("button", { name: /^Copy/ }).click();
  await expect(section.getByRole("status").filter({ hasText: "Copied" })).toHaveCount(1);
  const copied = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
  expect(copied).toMatchObject({
    event: "meeting.processed",
    data: { meeting_id: "mtg_abc123", title: "Sales Call", duration: 1800 },
  });
});
