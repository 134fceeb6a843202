import { expect, type Page } from "playwright/test";
import { type Receiver, startReceiver, status } from "../tests/support/receiver";
import { startTestSandbox, type TestSandbox } from "../tests/support/sandbox";
import { expectAccessible } from "./ui/accessibility";
import { test } from "./ui/test";

// The pages of the stand-ins in a browser: accessible in both themes, as narrow as a phone, by keyboard alone, and a
// consent that leads back to the app.

let sandbox: TestSandbox;
/** What the consent pages lead back to. */
let app: Receiver;
test.beforeAll(async () => {
  app = await startReceiver();
  app.answer = status(200);
  sandbox = await startTestSandbox({ appUrl: new URL(app.url).origin });
});
test.afterAll(async () => {
  await sandbox.stop();
  await app.stop();
});

const callback = (slug: string) => `${new URL(app.url).origin}/api/integrations/${slug}/callback`;
const scopes = {
  slack: "chat:write,chat:write.public,channels:read,groups:read",
  google_calendar:
    "openid https://www.googleapis.com/auth/userinfo.email https://www.googleapis.com/auth/calendar.events.readonly",
};
const authorizeUrl = (slug: keyof typeof scopes) => {
  const path = slug === "slack" ? "/oauth/v2/authorize" : "/o/oauth2/v2/auth";
  const query = new URLSearchParams({
    client_id: `harmony-${slug}`,
    redirect_uri: callback(slug),
    scope: scopes[slug],
    state: "st",
    response_type: "code",
    access_type: "offline",
    prompt: "consent",
  });
  return `${sandbox.url}/${slug}${path}?${query}`;
};

/** The query that the app got back. */
async function arrival(page: Page): Promise<URLSearchParams> {
  await page.waitForURL(/\/callback\?/);
  return new URL(page.url()).searchParams;
}

async function expectFitsPhone(page: Page): Promise<void> {
  await page.setViewportSize({ width: 320, height: 640 });
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect([page.url(), width]).toEqual([page.url(), 320]);
  await page.setViewportSize({ width: 1280, height: 800 });
}

for (const colorScheme of ["light", "dark"] as const) {
  test(`every page is accessible and fits a phone, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    const errors: string[] = [];
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    page.on("pageerror", (error) => errors.push(error.message));
    await sandbox.control(
      "slack",
      { do: "reset" },
      { do: "say", channel: "#sales", text: "Hi *you*" },
    );
    await sandbox.control("google_calendar", { do: "reset" });
    const ada = encodeURIComponent("ada.moreno@acme.example");
    const calendar = `${sandbox.url}/google_calendar/calendars/${ada}`;
    const pages = [
      sandbox.url,
      `${sandbox.url}/slack`,
      `${sandbox.url}/slack/channels/T9TK3CUKW/C0000000S6`,
      `${sandbox.url}/google_calendar`,
      calendar,
      authorizeUrl("slack"),
      authorizeUrl("google_calendar"),
      `${authorizeUrl("google_calendar")}&login_hint=ada.moreno@acme.example`,
      `${authorizeUrl("slack")}&team=T9TK3CUKW`,
    ];
    for (const url of pages) {
      await page.goto(url);
      await expectAccessible(page, page.url());
      await expectFitsPhone(page);
      await shoot(
        page,
        `${new URL(url).pathname.replaceAll("/", "_")}${new URL(url).searchParams.has("login_hint") || new URL(url).searchParams.has("team") ? "_consent" : ""}-${colorScheme}`,
      );
    }
    await page.goto(calendar);
    await page.getByText("Add an event").click();
    await expectAccessible(page, page.url());
    await page.getByRole("link", { name: "Renewal call - Northwind" }).click();
    await expectAccessible(page, page.url());
    await expectFitsPhone(page);
    await shoot(page, `event-${colorScheme}`);
    expect(errors).toEqual([]);
  });
}

const shots = process.env.HARMONY_SANDBOX_SHOTS;
async function shoot(page: Page, name: string) {
  if (shots) await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true });
}

test("consent by keyboard alone leads back with a code, and without the scope that was unticked", async ({
  page,
}) => {
  await page.goto(authorizeUrl("google_calendar"));
  await page.getByRole("button", { name: "ada.moreno@acme.example" }).focus();
  await page.keyboard.press("Enter");
  const box = page.getByRole("checkbox", { name: "View events on all your calendars" });
  await box.focus();
  await page.keyboard.press("Space");
  await page.getByRole("button", { name: "Allow" }).focus();
  await page.keyboard.press("Enter");
  const params = await arrival(page);
  expect(params.get("scope")).toBe("openid https://www.googleapis.com/auth/userinfo.email");
  expect(params.get("state")).toBe("st");
});

test("Cancel leads back with access_denied", async ({ page }) => {
  await page.goto(authorizeUrl("slack"));
  await page.getByRole("button", { name: "Acme acme.slack.com" }).click();
  await page.getByRole("button", { name: "Cancel" }).click();
  expect((await arrival(page)).get("error")).toBe("access_denied");
});

test("a channel that is open shows what is posted there, without a reload by hand", async ({
  page,
}) => {
  await page.goto(`${sandbox.url}/slack/channels/T9TK3CUKW/C0000000S6`);
  await sandbox.control("slack", { do: "say", channel: "#sales", text: "Here I am" });
  await expect(page.getByText("Here I am")).toBeVisible();
});

test("events can be added, moved, answered and cancelled by hand", async ({ page }) => {
  const ada = encodeURIComponent("ada.moreno@acme.example");
  await page.goto(`${sandbox.url}/google_calendar/calendars/${ada}`);
  await page.getByText("Add an event").click();
  await page.getByLabel("Title").fill("Lunch with Kim");
  await page.getByLabel("Invite").fill("kim@contoso.example");
  await page.getByRole("button", { name: "Add" }).click();
  await page.getByRole("link", { name: "Lunch with Kim" }).click();
  await page.getByRole("button", { name: "Declined" }).click();
  await expect(page.getByText("Declined (this person)")).toBeVisible();
  await page.getByLabel("Start (UTC)").fill("2030-05-01T12:30");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Wed 1 May, 12:30 to 13:00 UTC")).toBeVisible();
  await page.getByRole("button", { name: "Cancel this event" }).click();
  await expect(page.getByText("cancelled", { exact: true })).toBeVisible();
});
