import { expect, type Page } from "playwright/test";
import { expectAccessible } from "./accessibility";
import { atTheTool, consent, control, messagesIn } from "./sandbox";
import { signInAs } from "./sign-in";
import { test } from "./test";
import {
  button,
  calendar,
  catalogue,
  channel,
  connect,
  disconnect,
  ensureSlack,
  heading,
  slack,
} from "./tool-pages";
import { uploadMeeting } from "./upload-meeting";

// What goes wrong with connected tools, and the one button that mends it. The tests share the workspace's connections
// and run one after the other.

test.describe.configure({ timeout: 120_000 });

test.afterAll(async ({ browser, baseURL }) => {
  const page = await browser.newPage(baseURL === undefined ? {} : { baseURL });
  await signInAs(page, "Admin");
  await disconnect(page, slack, "Slack");
  await disconnect(page, calendar, "Google Calendar");
  await page.close();
});

test("access that was taken away is named, and Reconnect asks for it again until it is given", async ({
  page,
}) => {
  await signInAs(page, "Admin");
  await ensureSlack(page);
  await control("slack", { do: "remove_scope", scope: "chat:write" });
  await page.goto(slack);
  await button(page, "Test connection").click();
  const dialog = page.getByRole("dialog", { name: "Test of Slack" });
  await expect(dialog.getByText("Slack cannot be used as it is.")).toBeVisible();
  await dialog.getByRole("button", { name: "Close" }).last().click();
  await expect(page.getByText("Needs Attention").first()).toBeVisible();
  await expect(
    page.getByText(/Access that the sync needs is not granted\. Syncing rests/),
  ).toBeVisible();
  await expect(page.getByText(/Missing: Post messages as Harmony/)).toBeVisible();
  await expectAccessible(page, "a connection with missing access");

  await control("slack", { do: "next_consent", account: "Acme", withhold: ["chat:write"] });
  await button(page, "Reconnect").click();
  await button(page, /^Continue to/).click();
  await expect(heading(page, "Slack is connected, but some access is missing")).toBeFocused();
  const result = page.getByRole("region", { name: /some access is missing/ });
  await expect(result.getByRole("listitem")).toHaveText([/^Post messages as Harmony/]);
  await expect(page.getByText("Needs Attention").first()).toBeVisible();
  await expectAccessible(page, "the return with missing access");

  await page.goto(slack);
  await button(page, "Reconnect").click();
  const sheet = page.getByRole("dialog", { name: "Reconnect Slack" });
  await expect(sheet.getByText(/^Post messages as Harmony/)).toBeVisible();
  await button(page, /^Continue to/).click();
  await atTheTool(page, /^Choose/);
  await page.getByRole("button", { name: /^Acme/ }).click();
  await atTheTool(page, /asks for access/);
  await expect(page.getByText("chat:write", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Allow", exact: true }).click();
  await expect(heading(page, "Slack connected")).toBeFocused();
  await page.goto(slack);
  await expect(page.getByText("Needs Attention")).toHaveCount(0);
});

test("the Back button leads from the tool's page to where one was, and the way can be gone again", async ({
  page,
}) => {
  await signInAs(page, "Admin");
  await disconnect(page, slack, "Slack");
  await page.goto(`${slack}?connect=1`);
  const go = button(page, "Continue to Slack");
  await go.click();
  await atTheTool(page, /^Choose/);
  await page.getByRole("button", { name: /^Acme/ }).click();
  await atTheTool(page, /asks for access/);
  await page.goBack();
  await atTheTool(page, /^Choose/);
  await page.goBack();
  await page.waitForURL((url) => url.pathname === slack);
  await expect(page.getByRole("dialog", { name: "Connect Slack" })).toBeVisible();
  await expect(go).toBeEnabled();
  await expectAccessible(page, "the connect sheet after Back");
  await go.click();
  await consent(page, /^Acme/);
  await expect(heading(page, "Slack connected")).toBeFocused();
});

test("what is connected or ended in one tab shows in the others, which nobody touches", async ({
  page,
  context,
}) => {
  await signInAs(page, "Admin");
  await disconnect(page, slack, "Slack");
  await page.goto(catalogue);
  const tile = page
    .getByRole("listitem")
    .filter({ has: page.getByRole("link", { name: "Slack" }) });
  await expect(tile).toContainText("Disconnected");
  const detail = await context.newPage();
  await detail.goto(slack);
  await expect(button(detail, "Connect")).toBeVisible();

  const other = await context.newPage();
  await connect(other, slack, /^Acme/);
  await expect(heading(other, "Slack connected")).toBeVisible();
  await expect(tile).toContainText("Connected");
  await expect(button(detail, "Disconnect")).toBeVisible();
  await disconnect(other, slack, "Slack");
  await expect(tile).toContainText("Disconnected");
  await expect(button(detail, "Disconnect")).toHaveCount(0);
});

/** Opens the newest sync that failed, once it is the one that says this. */
async function openFailedSync(page: Page, path: string, words: string | RegExp): Promise<void> {
  await expect(async () => {
    await page.goto(`${path}?tab=log&status=failed`);
    const row = page.getByRole("table", { name: "Syncs" }).getByRole("row").nth(1);
    await expect(row).toContainText("Failed", { timeout: 2000 });
    await row.getByRole("link").first().click();
    await expect(page.getByText(words).last()).toBeVisible({ timeout: 2000 });
  }).toPass({ timeout: 60_000 });
}

test("a message of which nobody knows whether it arrived is posted again by hand, and only then", async ({
  page,
}) => {
  await signInAs(page, "Admin");
  await ensureSlack(page);
  const title = `In doubt ${Date.now()}`;
  await control("slack", {
    do: "fault",
    fault: { kind: "lose_answer", operation: "chat.postMessage" },
  });
  await uploadMeeting(page, { title });
  await openFailedSync(page, slack, new RegExp(`Nobody knows whether “${title}” arrived`));
  const entry = page
    .getByRole("list", { name: "Entries of the sync" })
    .getByRole("listitem")
    .filter({ hasText: title });
  await expect(entry).toContainText("Look in Slack whether it arrived");
  await expectAccessible(page, "a message in doubt");
  const arrived = async () =>
    (await messagesIn(channel)).filter((text) => text.includes(title)).length;
  expect(await arrived()).toBe(1);
  await entry.getByRole("button", { name: /^Post again/ }).click();
  await expect(page.getByText("Posted again")).toBeVisible();
  await expect.poll(arrived, { timeout: 30_000 }).toBe(2);
  await expect(entry.getByRole("button", { name: /^Post again/ })).toHaveCount(0);
});

test("a sync that would remove much at once stops, and goes on when somebody says so", async ({
  page,
}) => {
  const admin = "ada.moreno@acme.example";
  await signInAs(page, "Admin");
  await disconnect(page, calendar, "Google Calendar");
  const day = 86_400_000;
  await control("google_calendar", {
    do: "add_many",
    organizer: admin,
    count: 60,
    start: new Date(Date.now() + day).toISOString(),
  });
  await connect(page, calendar, new RegExp(admin));
  await expect(heading(page, "Google Calendar connected")).toBeVisible();
  await page.goto(`${calendar}?tab=log`);
  const first = page.getByRole("row").filter({ hasText: "First sync" });
  await expect(first).toContainText("Succeeded", { timeout: 30_000 });

  const [read] = await control("google_calendar", { do: "events", calendar: admin });
  const events = (read?.events ?? []) as { id: string; summary: string }[];
  const ours = events.filter(({ summary }) => /^Meeting \d+$/.test(summary));
  expect(ours).toHaveLength(60);
  await control("google_calendar", ...ours.map(({ id }) => ({ do: "cancel_event", event: id })));
  await page.goto(calendar);
  await button(page, "Sync now").click();
  await openFailedSync(page, calendar, /^Stopped before \d+ of \d+ events/);
  await expectAccessible(page, "a sync that was stopped before a removal");
  await button(page, "Go on").click();
  await expect(page.getByText("The next sync goes on")).toBeVisible();
  await page.goto(`${calendar}?tab=log&trigger=retry`);
  const retry = page.getByRole("row").filter({ hasText: "Retry" }).first();
  await expect(retry).toContainText("Succeeded", { timeout: 30_000 });
  await page.goto(calendar);
  await expect(page.getByText(/^Meeting \d+$/)).toHaveCount(0);
});
