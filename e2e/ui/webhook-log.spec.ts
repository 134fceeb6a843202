import { expect, type Locator, type Page } from "playwright/test";
import { type Receiver, startReceiver, status } from "../../tests/support/receiver";
import { expectAccessible } from "./accessibility";
import { signInAs } from "./sign-in";
import { test } from "./test";
import { uploadMeeting } from "./upload-meeting";

// Meetings that other tests process at the same time reach these webhooks too: what belongs to a test is found by
// its meeting, and a webhook for `meeting.started`, which nothing here sends, gets nothing but its own tests.

const path = "/settings/integrations/webhooks";

test.use({ permissions: ["clipboard-read", "clipboard-write"] });

let receiver: Receiver;
let name: string;

test.beforeEach(async () => {
  receiver = await startReceiver();
  name = `Log ${Date.now()}`;
});
test.afterEach(() => receiver.stop());

/** A new webhook of the test's own, open on its log; answers the address of that page. */
async function openLog(page: Page, event: string): Promise<string> {
  await page.goto(path);
  await page.getByRole("button", { name: "Add Webhook" }).click();
  const form = page.getByRole("dialog", { name: "Add a webhook" });
  await form.getByLabel("URL").fill(receiver.url);
  await form.getByLabel(event).check();
  await form.getByLabel("Name").fill(name);
  await form.getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: "I have stored this secret" }).click();
  await page.getByRole("link", { name }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
  await expect(page.getByText("No deliveries yet")).toBeVisible();
  return new URL(page.url()).pathname;
}

/** The demo's plan has room for twenty: each test takes its own away. */
async function remove(page: Page, log: string): Promise<void> {
  await page.goto(log);
  await page.getByRole("button", { name: `Actions for ${name}` }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await expect(page.getByText("Deleted", { exact: true }).first()).toBeVisible();
}

async function sendTest(page: Page): Promise<void> {
  const arrived = receiver.received.length;
  await page.getByRole("button", { name: "Send test" }).first().click();
  const dialog = page.getByRole("dialog", { name: /^Send a test/ });
  await dialog.getByRole("button", { name: "Send test" }).click();
  await expect(dialog).toBeHidden();
  await expect.poll(() => receiver.received.length).toBeGreaterThan(arrived);
}

const rows = (page: Page) => page.getByRole("table", { name: "Deliveries" }).getByRole("row");
const drawerOf = (page: Page, event: string) => page.getByRole("dialog", { name: event });
const receivedOf = (meetingId: string) =>
  receiver.received.filter(({ body }) => body.toString().includes(meetingId));

async function searchFor(page: Page, id: string): Promise<Locator> {
  await page.getByRole("searchbox", { name: "Search deliveries" }).fill(id);
  await page.waitForURL((url) => url.searchParams.get("q") === id);
  return rows(page).filter({ hasText: "meeting.processed" });
}

test("a new delivery waits under a button, and opens with what was sent and what came back", async ({
  page,
}) => {
  receiver.answer = (response) => {
    response.writeHead(200, { "content-type": "application/json", "x-trace": "abc" });
    response.end('{"stored":true}');
  };
  await signInAs(page, "Admin");
  const log = await openLog(page, "meeting.processed");
  await expectAccessible(page, "a log without deliveries");
  const meetingId = await uploadMeeting(page, { title: `Heard of ${name}` });

  await page.getByRole("button", { name: /^\d+ new$/ }).click();
  const row = await searchFor(page, meetingId);
  await expect(row).toHaveCount(1);
  await expect(row).toContainText("Succeeded");
  await expect(row).toContainText("200");
  await expectAccessible(page, "a log with a delivery");

  await row.getByRole("link").focus();
  await page.keyboard.press("Enter");
  const drawer = drawerOf(page, "meeting.processed");
  await expect(drawer.getByRole("region", { name: "Request headers, code" })).toContainText(
    "x-harmony-signature: ",
  );
  await expect(drawer.getByRole("region", { name: "Response headers, code" })).toContainText(
    "x-trace: abc",
  );
  await expect(drawer.getByText('"stored": true')).toBeVisible();
  await drawer.getByRole("tab", { name: "Raw" }).first().click();
  const sent = receivedOf(meetingId)[0];
  await expect(drawer.getByText(sent?.body.toString() ?? "nothing", { exact: true })).toBeVisible();
  await expectAccessible(page, "the drawer of a delivery");

  await drawer.getByRole("button", { name: "Copy this attempt as a curl command" }).click();
  const curl = await page.evaluate(() => navigator.clipboard.readText());
  expect(curl).toContain(`curl -X POST '${receiver.url}'`);
  expect(curl).toContain(`x-harmony-signature: ${sent?.headers["x-harmony-signature"]}`);
  await drawer.getByRole("button", { name: "Copy link to this delivery" }).click();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  await page.keyboard.press("Escape");
  await expect(drawer).toBeHidden();
  await expect(row.getByRole("link")).toBeFocused();
  expect(page.url()).not.toContain("delivery=");

  await page.goto(link);
  await expect(drawer).toContainText(String(sent?.headers["x-harmony-delivery"]));
  await page.keyboard.press("Escape");
  await expect(drawer).toBeHidden();
  expect(new URL(page.url()).pathname).toBe(log);
  await remove(page, log);
});

test("j and k go along the list while a delivery is open, and Back closes it", async ({ page }) => {
  await signInAs(page, "Admin");
  const log = await openLog(page, "meeting.started");
  await sendTest(page);
  await sendTest(page);
  await page.goto(log);
  await expect(rows(page)).toHaveCount(3);
  await expect(rows(page).getByText("Test", { exact: true })).toHaveCount(2);
  // A test cannot be sent again, so there is nothing to choose.
  await expect(page.getByRole("checkbox", { name: /^Select the delivery/ })).toHaveCount(0);

  const links = rows(page).getByRole("link");
  const ids = await links.evaluateAll((all) =>
    all.map((link) => new URLSearchParams(link.getAttribute("href") ?? "").get("delivery")),
  );
  const opened = () => new URL(page.url()).searchParams.get("delivery");
  await links.first().click();
  const drawer = drawerOf(page, "meeting.started");
  await expect(drawer).toContainText(ids[0] ?? "");
  await expect(drawer.getByRole("button", { name: "Redeliver" })).toHaveCount(0);
  await page.keyboard.press("j");
  await expect(drawer.getByText(ids[1] ?? "", { exact: true })).toBeVisible();
  expect(opened()).toBe(ids[1]);
  await page.keyboard.press("j");
  expect(opened()).toBe(ids[1]);
  await page.keyboard.press("k");
  await expect(drawer.getByText(ids[0] ?? "", { exact: true })).toBeVisible();
  await drawer.getByRole("button", { name: "Next delivery" }).click();
  await expect(drawer.getByText(ids[1] ?? "", { exact: true })).toBeVisible();
  await expect(drawer.getByRole("button", { name: "Next delivery" })).toBeFocused();
  await page.goBack();
  await expect(drawer).toBeHidden();
  expect(opened()).toBeNull();
  await expect(links.nth(1)).toBeFocused();
  await remove(page, log);
});

test("a delivery that failed is followed while it is open, and sent again by hand", async ({
  page,
}) => {
  receiver.answer = status(500);
  await signInAs(page, "Admin");
  const log = await openLog(page, "meeting.processed");
  const meetingId = await uploadMeeting(page, { title: `Heard of ${name}` });
  await page.goto(log);
  const row = await searchFor(page, meetingId);
  await expect(row).toContainText("500");
  await row.getByRole("link").click();
  const drawer = drawerOf(page, "meeting.processed");
  // The second attempt follows five seconds after the first and appears without a reload.
  await expect(drawer.getByRole("button", { name: /^Attempt 2/ })).toBeVisible({ timeout: 20_000 });
  await expect(drawer).toContainText("Next attempt");
  await drawer.getByRole("button", { name: /^Attempt 1/ }).click();
  await expect(drawer.getByText("to attempt 1")).toBeVisible();

  receiver.answer = status(204);
  await drawer.getByRole("button", { name: "Redeliver" }).click();
  await drawer.getByRole("button", { name: "Show it" }).click();
  await expect(drawer).toContainText("Redelivery of");
  await expect(drawer.getByText("Succeeded").first()).toBeVisible({ timeout: 20_000 });
  await page.keyboard.press("Escape");
  await expect(row).toHaveCount(2);
  await expect(row.first()).toContainText("Redelivery");

  await row.first().getByRole("checkbox").check();
  await row.last().getByRole("checkbox").check();
  const before = receivedOf(meetingId).length;
  await page.getByRole("button", { name: "Redeliver selected" }).click();
  // Both are of one event, which is sent once.
  await expect(page.getByText("1 event sent again")).toBeVisible();
  await expect.poll(() => receivedOf(meetingId).length).toBeGreaterThan(before);
  await expect(row).toHaveCount(3);
  await remove(page, log);
});

test("what a pause kept back is explained, counted and sent", async ({ page }) => {
  await signInAs(page, "Admin");
  const log = await openLog(page, "meeting.processed");
  await page.getByRole("button", { name: `Actions for ${name}` }).click();
  await page.getByRole("menuitem", { name: "Pause" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Pause" }).click();
  await expect(page.getByText("Paused: nothing is sent")).toBeVisible();
  const meetingId = await uploadMeeting(page, { title: `Heard of ${name}` });

  await page.getByRole("button", { name: "Why was this not delivered?" }).click();
  const why = page.getByRole("dialog", { name: "Why was this not delivered?" });
  const subject = why.getByLabel("Event or meeting");
  await expect(subject).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(why).toContainText("Enter the id of an event or of a meeting.");
  await subject.fill("evt_nothing");
  await page.keyboard.press("Enter");
  await expect(why).toContainText("No event or meeting with this id is known.");
  await subject.fill(meetingId);
  await page.keyboard.press("Enter");
  await expect(why).toContainText("the webhook had been paused by");
  await expectAccessible(page, "the explanation");
  await why.getByRole("button", { name: "Open the delivery" }).first().click();
  const drawer = drawerOf(page, "meeting.processed");
  await expect(drawer).toContainText("This was not sent");
  await drawer.getByRole("button", { name: "Redeliver" }).click();
  await expect(page.getByText(/This webhook is paused and sends nothing. Resume it/)).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(drawer).toBeHidden();

  await page.getByRole("button", { name: "Resume" }).click();
  const offer = page.getByRole("alertdialog", { name: `Resume “${name}”?` });
  await offer.getByLabel(/^Send \d+ missed events?$/).uncheck();
  await offer.getByRole("button", { name: "Resume" }).click();
  await expect(offer).toBeHidden();
  expect(receivedOf(meetingId)).toHaveLength(0);

  await page.getByRole("button", { name: "Send missed events…" }).click();
  const dialog = page.getByRole("dialog", { name: "Send missed events" });
  const count = dialog.getByRole("button", { name: "Count" });
  await count.click();
  const send = dialog.getByRole("button", { name: /^Send \d+ events?$/ });
  await expect(send).toBeVisible();
  await expectAccessible(page, "the counted events");
  // Another range has another number: nothing can be sent before that was seen.
  await dialog.getByLabel("meeting.failed").uncheck();
  await expect(send).toHaveCount(0);
  await count.click();
  await send.click();
  await expect(dialog).toBeHidden();
  await expect.poll(() => receivedOf(meetingId).length).toBe(1);

  await page.getByRole("button", { name: "Send missed events…" }).click();
  await count.click();
  await expect(dialog).toContainText("Nothing is missing");
  await page.keyboard.press("Escape");
  await remove(page, log);
});

test("filters live in the address, and what they leave out is said", async ({ page }) => {
  await signInAs(page, "Admin");
  const log = await openLog(page, "meeting.started");
  await sendTest(page);
  await page.goto(log);
  await page.getByLabel("Status").selectOption("Succeeded");
  await page.waitForURL((url) => url.searchParams.get("status") === "succeeded");
  await expect(rows(page)).toHaveCount(2);
  await page.getByLabel("Event").selectOption("meeting.failed");
  await expect(page.getByText("No delivery fits")).toBeVisible();
  await page.getByRole("link", { name: "Clear filters" }).click();
  await expect(rows(page)).toHaveCount(2);
  await page.getByRole("searchbox", { name: "Search deliveries" }).fill("Weekly");
  await expect(page.getByText(/The search takes a whole id/)).toBeVisible();
  await page.goto(`${log}?status=lost`);
  await expect(page.getByText("These filters cannot be used")).toBeVisible();
  await page.goto(`${log}?delivery=dlv_gone`);
  await expect(page.getByRole("dialog")).toContainText("This delivery is not in the log");
  await expectAccessible(page, "a delivery that is not there");
  await remove(page, log);
});

test("a Team Manager sees everything and sends nothing", async ({ page }) => {
  await signInAs(page, "Admin");
  const log = await openLog(page, "meeting.processed");
  const meetingId = await uploadMeeting(page, { title: `Heard of ${name}` });
  await page.context().clearCookies();
  await signInAs(page, "Team Manager");
  await page.goto(log);
  const row = await searchFor(page, meetingId);
  await expect(row).toContainText("204");
  await expect(page.getByRole("checkbox")).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Send missed events…" })).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Why was this not delivered?" })).toBeVisible();
  await row.getByRole("link").click();
  const drawer = drawerOf(page, "meeting.processed");
  await expect(drawer.getByRole("heading", { name: "Response" })).toBeVisible();
  await expect(drawer.getByRole("button", { name: "Redeliver" })).toHaveCount(0);
  await page.context().clearCookies();
  await signInAs(page, "Admin");
  await remove(page, log);
});
