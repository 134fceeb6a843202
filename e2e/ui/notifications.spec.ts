import { expect, type Page } from "playwright/test";
import { startReceiver, status } from "../../tests/support/receiver";
import { expectAccessible } from "./accessibility";
import { signInAs } from "./sign-in";
import { test } from "./test";
import { uploadMeeting, uploadRecording } from "./upload-meeting";

const webhooks = "/settings/integrations/webhooks";
const preferences = "/settings/integrations/notifications";

const bell = (page: Page) => page.getByRole("button", { name: /^Notifications/ });
const panel = (page: Page) => page.getByRole("dialog", { name: "Notifications" });

async function unreadOf(page: Page): Promise<number> {
  const label = (await bell(page).getAttribute("aria-label")) ?? "";
  return Number(/, (\d+)\+? unread$/.exec(label)?.[1] ?? 0);
}

/** A webhook whose receiver answers 410, and a meeting for it: its disabling is told to every admin. */
async function breakWebhook(page: Page, name: string): Promise<string> {
  const receiver = await startReceiver();
  receiver.answer = status(410);
  await page.goto(webhooks);
  await page.getByRole("button", { name: "Add Webhook" }).click();
  const form = page.getByRole("dialog", { name: "Add a webhook" });
  await form.getByLabel("URL").fill(receiver.url);
  await form.getByLabel("meeting.processed").check();
  await form.getByLabel("Name").fill(name);
  await form.getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: "I have stored this secret" }).click();
  const link = (await page.getByRole("link", { name }).getAttribute("href")) ?? "";
  await uploadMeeting(page, { title: `For ${name}` });
  await expect.poll(() => receiver.received.length).toBeGreaterThan(0);
  await receiver.stop();
  return new URL(link, page.url()).pathname;
}

/** The demo's plan has room for twenty: each test takes its own away. */
async function remove(page: Page, webhook: string, name: string): Promise<void> {
  await page.goto(webhook);
  await page.getByRole("button", { name: `Actions for ${name}` }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await expect(page.getByText("Deleted", { exact: true }).first()).toBeVisible();
}

test("trouble reaches the bell by itself, leads to its cause, and is read from then on", async ({
  page,
}) => {
  test.setTimeout(120_000);
  const name = `Gone ${Date.now()}`;
  await signInAs(page, "Admin");
  const webhook = await breakWebhook(page, name);
  await page.goto("/contacts");
  const title = `Webhook “${name}” was disabled`;
  await expect
    .poll(async () => {
      await page.goto("/contacts");
      return unreadOf(page);
    })
    .toBeGreaterThan(0);

  await bell(page).focus();
  await page.keyboard.press("Enter");
  const item = panel(page).getByRole("listitem").filter({ hasText: title });
  await expect(item).toContainText("Problem");
  await expect(item).toContainText("Unread");
  await expect(item).toContainText("The receiver answered 410 Gone");
  await expectAccessible(page, "the panel of the bell");
  await item.getByRole("link").click();
  await page.waitForURL((url) => url.pathname === webhook);
  await expect(panel(page)).toBeHidden();

  await page.goto("/notifications?type=webhook_disabled");
  const read = page.getByRole("listitem").filter({ hasText: title });
  await expect(read).toBeVisible();
  await expect(read).not.toContainText("Unread");
  await page.getByLabel("Read or unread").selectOption("Unread");
  await page.waitForURL((url) => url.searchParams.get("unread") === "1");
  await expect(read).toHaveCount(0);
  await remove(page, webhook, name);
});

test("a notification that arrives while a page is open shows without a reload, and nothing moves", async ({
  page,
}) => {
  test.setTimeout(120_000);
  const name = `Later ${Date.now()}`;
  await signInAs(page, "Admin");
  const other = await page.context().newPage();
  await other.goto("/contacts");
  const before = await unreadOf(other);
  const place = await bell(other).boundingBox();
  await page.bringToFront();
  const webhook = await breakWebhook(page, name);
  await other.bringToFront();
  await expect.poll(() => unreadOf(other), { timeout: 40_000 }).toBeGreaterThan(before);
  expect(await bell(other).boundingBox()).toEqual(place);

  await other.goto("/notifications");
  await other.getByRole("button", { name: "Mark all as read" }).click();
  await expect(other.getByRole("listitem").filter({ hasText: "Unread" })).toHaveCount(0);
  await expectAccessible(other, "the list of notifications");
  await other.close();
  await remove(page, webhook, name);
});

test("the count goes down with each one that is opened, and is said, not only shown", async ({
  page,
}) => {
  await signInAs(page, "User");
  await page.goto("/notifications");
  const markAll = page.getByRole("button", { name: "Mark all as read" });
  if (await markAll.isVisible()) await markAll.click();
  await expect(bell(page)).toHaveAccessibleName("Notifications");
  const id = await uploadRecording(page, { title: `Unheard ${Date.now()}` });
  await expect
    .poll(async () => {
      await page.reload();
      return unreadOf(page);
    })
    .toBe(1);
  await bell(page).click();
  const unread = panel(page).getByRole("listitem").filter({ hasText: "Unread" });
  await expect(unread).toHaveCount(1);
  await unread.getByRole("link").click();
  await page.waitForURL(`/meetings/${id}`);
  await expect(bell(page)).toHaveAccessibleName("Notifications");
  await page.reload();
  await expect(bell(page)).toHaveAccessibleName("Notifications");
});

test("a choice of the grid is saved at once, with the keyboard alone, and is the person's own", async ({
  page,
}) => {
  await signInAs(page, "User", preferences);
  const mail = page.getByRole("switch", { name: "Successful syncs, Email" });
  await expect(mail).not.toBeChecked();
  await mail.focus();
  await page.keyboard.press("Space");
  await expect(page.getByText("Saved: Successful syncs, Email is on")).toBeVisible();
  await page.reload();
  await expect(mail).toBeChecked();
  await mail.uncheck();
  await expect(page.getByText("Saved: Successful syncs, Email is off")).toBeVisible();

  for (const name of ["Sync errors, In-app. Always on", "Status changes, In-app. Always on"]) {
    const locked = page.getByRole("switch", { name });
    await expect(locked).toBeChecked();
    await expect(locked).toBeDisabled();
  }
  await expect(
    page.getByRole("switch", { name: "Sync errors, Teams. Connect Microsoft Teams to use this" }),
  ).toBeDisabled();
  await expectAccessible(page, "the grid of alerts");
});

test("somebody whom nothing concerns reads what will appear here", async ({ page }) => {
  await signInAs(page, "Team Manager");
  await expect(bell(page)).toHaveAccessibleName(/^Notifications(, \d+ unread)?$/);
  await page.goto("/notifications?type=sync_succeeded");
  await expect(page.getByText("No notification fits")).toBeVisible();
  await page.getByRole("link", { name: "Clear filters" }).click();
  await page.waitForURL((url) => url.pathname === "/notifications" && url.search === "");
});
