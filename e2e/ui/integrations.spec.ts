import { expect, type Locator, type Page } from "playwright/test";
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
  reconnect,
  slack,
} from "./tool-pages";
import { uploadMeeting } from "./upload-meeting";

// Connecting, using, breaking and ending tools, against their stand-ins. The workspace has one Slack connection, so
// the tests of this file run one after the other, each from whatever the one before has left.

test.describe.configure({ timeout: 120_000 });

/** Presses Tab until the control has the focus, as somebody without a mouse does. */
async function tabTo(page: Page, control: Locator): Promise<void> {
  for (let presses = 0; presses < 90; presses += 1) {
    if (await control.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab does not reach ${control}`);
}

async function choose(page: Page, select: Locator, option: string): Promise<void> {
  await select.selectOption(option);
  await expect(page.getByText("Saved: Sync errors, Email")).toBeVisible();
}

test.afterAll(async ({ browser, baseURL }) => {
  const page = await browser.newPage(baseURL === undefined ? {} : { baseURL });
  await signInAs(page, "Admin");
  await disconnect(page, slack, "Slack");
  await disconnect(page, calendar, "Google Calendar");
  await page.close();
});

/** Opens the sync that sent this, among those of meetings that other tests upload at the same time. */
async function openSyncOf(page: Page, title: string): Promise<void> {
  const entries = page.getByRole("list", { name: "Entries of the sync" });
  await expect(async () => {
    await page.goto(`${slack}?tab=log`);
    const syncs = page
      .getByRole("table", { name: "Syncs" })
      .getByRole("link", { name: "Real-time" });
    await expect(syncs.first()).toBeVisible();
    for (let index = (await syncs.count()) - 1; index >= 0; index -= 1) {
      await syncs.nth(index).click();
      await expect(entries).toHaveCount(1);
      const mine = entries.getByRole("listitem").filter({ hasText: title });
      if ((await mine.count()) === 1) return expect(mine).toContainText("Done");
      await syncs.nth(index).click();
      await expect(entries).toHaveCount(0);
    }
    throw new Error(`no sync tells of ${title} yet`);
  }).toPass({ timeout: 40_000 });
}

test("with the keyboard alone Slack is found, connected, tested and set up, and a message arrives", async ({
  page,
}) => {
  await signInAs(page, "Admin");
  await disconnect(page, slack, "Slack");
  await page.goto("/contacts");
  await page.keyboard.press("g");
  await page.keyboard.press("i");
  await page.waitForURL((url) => url.pathname === catalogue);
  await expect(heading(page, "Integrations")).toBeVisible();
  await page.keyboard.press("/");
  await expect(page.getByLabel("Search integrations")).toBeFocused();
  await page.keyboard.type("NOTIFICATIONS and");
  await page.waitForURL((url) => url.searchParams.get("q") === "NOTIFICATIONS and");
  await expect(page.getByRole("link", { name: "Connect Google Calendar" })).toHaveCount(0);
  await tabTo(page, page.getByRole("link", { name: "Connect Slack" }));
  await page.keyboard.press("Enter");

  const sheet = page.getByRole("dialog", { name: "Connect Slack" });
  await expect(sheet).toContainText("Harmony will be able to…");
  await expect(sheet.getByRole("listitem").filter({ hasText: "Permissions" })).toHaveAttribute(
    "aria-current",
    "step",
  );
  for (const step of ["Sign in", "Set up"]) await expect(sheet).toContainText(step);
  await expect(sheet.getByRole("button", { name: "Continue to Slack" })).toBeFocused();
  await expectAccessible(page, "the connect sheet");
  await page.keyboard.press("Enter");
  await atTheTool(page, /^Choose/);
  await tabTo(page, page.getByRole("button", { name: /^Acme/ }));
  await page.keyboard.press("Enter");
  await atTheTool(page, /asks for access/);
  await tabTo(page, page.getByRole("button", { name: "Allow" }));
  await page.keyboard.press("Enter");

  await page.waitForURL((url) => url.pathname === slack && url.searchParams.get("tab") === "sync");
  await expect(heading(page, "Slack connected")).toBeFocused();
  expect(page.url()).not.toContain("outcome");
  const result = page.getByRole("region", { name: "Slack connected" });
  await expect(result).toContainText("Slack answered in");
  for (const line of ["Sign-in works.", "Meeting data works.", "Action items works."]) {
    await expect(result.getByRole("listitem").filter({ hasText: line })).toBeVisible();
  }
  await expectAccessible(page, "the return from Slack");

  const search = page.getByLabel("Search: Default channel");
  await tabTo(page, search);
  await page.keyboard.type(channel.slice(1));
  const choice = page.getByRole("radio", { name: channel, exact: true });
  await tabTo(page, choice);
  await page.keyboard.press("Space");
  await expect(choice).toBeChecked();
  await expect(page.getByText("Not saved yet")).toBeVisible();
  await tabTo(page, button(page, "Save"));
  await page.keyboard.press("Enter");
  await expect(page.getByText("Sync settings saved")).toBeVisible();
  await tabTo(page, button(page, "Send test message"));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("status").filter({ hasText: "Sent" })).toBeVisible();
  // Meetings of other tests may be posted beside it.
  const tests = (await messagesIn(channel)).filter((text) =>
    text.includes("test message from Harmony"),
  );
  expect(tests).toHaveLength(1);
  await page.reload();
  await expect(heading(page, "Slack connected")).toHaveCount(0);
});

test("who declines at the tool reads that nothing was authorised, and can try again", async ({
  page,
}) => {
  await signInAs(page, "Admin");
  await disconnect(page, slack, "Slack");
  await page.goto(`${slack}?connect=1`);
  await button(page, "Continue to Slack").click();
  await consent(page, /^Acme/, "Cancel");
  await expect(heading(page, "Connection cancelled")).toBeFocused();
  await expect(page.getByText("Slack was not authorised.")).toBeVisible();
  await expectAccessible(page, "a declined sign-in");
  await button(page, "Try again").click();
  await expect(page.getByRole("dialog", { name: "Connect Slack" })).toBeVisible();
});

test("a sign-in link that is not known any more stores nothing and says so", async ({ page }) => {
  await signInAs(page, "Admin");
  await disconnect(page, slack, "Slack");
  await page.goto("/api/integrations/slack/callback?code=whatever&state=of-nobody");
  await page.waitForURL((url) => url.pathname === slack);
  await expect(heading(page, "This sign-in link expired")).toBeFocused();
  await expect(button(page, "Disconnect")).toHaveCount(0);
  await page.goto(`${slack}?outcome=connected`);
  await expect(page.locator("h1")).toBeVisible();
  await expect(heading(page, "Slack connected")).toHaveCount(0);
});

test("a meeting that is processed is posted to the channel, and the log says so while one looks", async ({
  page,
}) => {
  await signInAs(page, "Admin");
  await ensureSlack(page);
  await page.goto(`${slack}?tab=log`);
  await expect(page.getByRole("table", { name: "Syncs" })).toBeVisible();
  const title = `Renewal ${Date.now()}`;
  await uploadMeeting(page, { title });
  await expect
    .poll(async () => (await messagesIn(channel)).filter((text) => text.includes(title)).length, {
      timeout: 30_000,
    })
    .toBe(1);

  await button(page, /^\d+ new$/).click();
  const newest = page.getByRole("row").filter({ hasText: "Real-time" }).first();
  await expect(newest).toContainText("1 created");
  await openSyncOf(page, title);
  await expectAccessible(page, "the sync log with an open sync");
  const href = await page.getByRole("link", { name: "Download CSV" }).getAttribute("href");
  const csv = await page.request.get(href ?? "");
  expect(csv.headers()["content-type"]).toContain("text/csv");
  expect((await csv.text()).split("\r\n").length).toBeGreaterThan(2);
  await page.getByLabel("Status").selectOption("Failed");
  await page.getByLabel("Trigger").selectOption("Hourly");
  await expect(page.getByText("No sync fits")).toBeVisible();
  await page.getByRole("link", { name: "Clear filters" }).click();
  await expect(newest).toBeVisible();
});

test("a meeting is shared to a channel with a note, and the message can be opened", async ({
  page,
}) => {
  await signInAs(page, "Admin");
  await ensureSlack(page);
  const title = `Shared ${Date.now()}`;
  const id = await uploadMeeting(page, { title });
  await page.goto(`/meetings/${id}`);
  await button(page, "Share to Slack").click();
  const dialog = page.getByRole("dialog", { name: "Share to Slack" });
  await dialog.getByLabel("Search: Channel").fill("random");
  await dialog.getByRole("radio", { name: "#random", exact: true }).check();
  await dialog.getByLabel("Note").fill("Look at the <next> steps & dates");
  await expectAccessible(page, "the share dialog");
  await dialog.getByRole("button", { name: "Share" }).click();
  await expect(dialog.getByText("Sent", { exact: true })).toBeVisible();
  await expect(dialog.getByRole("link", { name: /Open the message/ })).toBeVisible();
  const arrived = (await messagesIn("#random")).filter((text) => text.includes(title));
  expect(arrived).toHaveLength(1);
  expect(arrived[0]).toContain("Look at the");
});

test("a dead grant turns the connection yellow with its reason, and Reconnect heals it", async ({
  page,
}) => {
  await signInAs(page, "Admin");
  await ensureSlack(page);
  await control("slack", { do: "revoke_grants", quiet: true });
  await page.goto(slack);
  await button(page, "Test connection").click();
  const dialog = page.getByRole("dialog", { name: "Test of Slack" });
  await expect(dialog.getByText("Slack cannot be used as it is.")).toBeVisible();
  await expectAccessible(page, "a failed test");
  await dialog.getByRole("button", { name: "Close" }).last().click();
  await expect(page.getByText("Needs Attention").first()).toBeVisible();
  await expect(page.getByText(/Slack needs attention since/)).toBeVisible();
  await page.goto(catalogue);
  await expect(page.getByRole("link", { name: "Reconnect Slack" })).toBeVisible();
  await expectAccessible(page, "the catalogue with a tool that needs attention");

  await page.goto(slack);
  await reconnect(page, /^Northwind/);
  await expect(heading(page, "You signed in with another account")).toBeFocused();
  const choice = page.getByRole("region", { name: "You signed in with another account" });
  await expect(choice).toContainText("Acme");
  await expect(choice).toContainText("Northwind Traders");
  await expectAccessible(page, "the choice between two accounts");
  await button(page, "Keep Acme").click();
  await expect(page.getByText("Needs Attention").first()).toBeVisible();

  await reconnect(page, /^Acme/);
  await expect(heading(page, "Slack connected")).toBeFocused();
  await page.goto(slack);
  await expect(page.getByText("Needs Attention")).toHaveCount(0);
  await expect(page.getByText("Connected", { exact: true }).first()).toBeVisible();
});

test("alerts of one tool can differ from the general choice, for the person alone", async ({
  page,
}) => {
  await signInAs(page, "Admin");
  await ensureSlack(page);
  await page.goto(`${slack}?tab=notifications`);
  const mail = page.getByLabel("Sync errors, Email");
  await choose(page, mail, "Off");
  await page.reload();
  await expect(mail).toHaveValue("off");
  await expectAccessible(page, "alerts of one tool");
  await page.goto("/settings/integrations/notifications");
  await expect(page.getByRole("switch", { name: "Sync errors, Email" })).toBeChecked();
  await expect(page.getByRole("switch", { name: "Sync errors, Slack" })).toBeEnabled();
  await page.goto(`${slack}?tab=notifications`);
  await choose(page, mail, "Usual: on");
});

test("a User sees the workspace's tool read-only, connects their own calendar and finds its events; an admin ends it", async ({
  page,
  browser,
  baseURL,
}) => {
  await signInAs(page, "Admin");
  await ensureSlack(page);
  const context = await browser.newContext(baseURL === undefined ? {} : { baseURL });
  const user = await context.newPage();
  await signInAs(user, "User");
  await user.goto(catalogue);
  const row = user.getByRole("listitem").filter({ has: user.getByRole("link", { name: "Slack" }) });
  await expect(row).toContainText("Connected");
  await expect(row).toContainText("Managed by your admin");
  await expect(row.getByRole("button")).toHaveCount(0);
  await user.goto(slack);
  await expect(user.getByText("View only")).toBeVisible();
  await expect(button(user, /Sync now|Test connection|Disconnect/)).toHaveCount(0);
  await expectAccessible(user, "a workspace tool for a User");

  await disconnect(user, calendar, "Google Calendar");
  await connect(user, calendar, /lena\.fischer/);
  await expect(heading(user, "Google Calendar connected")).toBeFocused();
  await button(user, "Done").click();
  await user.waitForURL((url) => url.searchParams.get("tab") === "log");
  const first = user.getByRole("row").filter({ hasText: "First sync" });
  await expect(first).toContainText("Succeeded", { timeout: 30_000 });
  await user.goto(calendar);
  await expect(heading(user, "Upcoming events")).toBeVisible();
  await expect(button(user, /Copy/).first()).toBeVisible();
  await expectAccessible(user, "a calendar with events");
  await user.goto("/");
  await expect(heading(user, /^Upcoming/)).toBeVisible();

  await page.goto(catalogue);
  const member = page.getByRole("row").filter({ hasText: "Lena Fischer" });
  await expect(member).toContainText("Google Calendar");
  await expectAccessible(page, "the catalogue of an admin");
  await member.getByRole("button").click();
  const question = page.getByRole("alertdialog", { name: /Disconnect Google Calendar of Lena/ });
  await question.getByRole("button", { name: "Disconnect" }).click();
  await expect(question).toBeHidden();
  await expect(member).toHaveCount(0);
  await user.goto(calendar);
  await expect(user.getByText("Disconnected", { exact: true }).first()).toBeVisible();
  await context.close();
});

test("after Disconnect the log stays, and Connect brings the settings back", async ({ page }) => {
  await signInAs(page, "Admin");
  await ensureSlack(page);
  await page.goto(`${slack}?tab=log`);
  const rows = page.getByRole("table", { name: "Syncs" }).getByRole("row");
  await expect(rows.nth(1)).toBeVisible();
  await button(page, "Disconnect").click();
  const question = page.getByRole("alertdialog", { name: "Disconnect Slack?" });
  await expect(question).toContainText("Stays:");
  await expectAccessible(page, "the question before Disconnect");
  await question.getByRole("button", { name: "Cancel" }).click();
  await expect(button(page, "Disconnect")).toBeFocused();
  await disconnect(page, slack, "Slack");
  await page.goto(`${slack}?tab=log`);
  await expect(rows.nth(1)).toBeVisible();
  await page.goto(catalogue);
  const tile = page.getByRole("listitem").filter({ hasText: "Slack" });
  await expect(tile).toContainText("Disconnected");

  await connect(page, slack, /^Acme/);
  await expect(heading(page, "Slack connected")).toBeVisible();
  await page.getByLabel("Search: Default channel").fill(channel.slice(1));
  await expect(page.getByRole("radio", { name: channel, exact: true })).toBeChecked();
});
