import { expect } from "playwright/test";
import { expectAccessible } from "./accessibility";
import { consent, control } from "./sandbox";
import { signInAs } from "./sign-in";
import { test } from "./test";
import { uploadMeeting } from "./upload-meeting";

// A person's calendar, from the invitation on Home to the attendees of a recorded meeting.

const manager = "tom.becker@acme.example";
const title = "Quarterly review with Hooli";

test("a connected calendar shows what is coming on Home, and offers its attendees to a recording", async ({
  page,
}) => {
  test.setTimeout(120_000);
  await signInAs(page, "Team Manager");
  await page.getByRole("link", { name: "Connect a calendar" }).click();
  await page.waitForURL(/\/settings\/integrations\?category=calendar/);
  await control("google_calendar", {
    do: "add_event",
    organizer: manager,
    summary: title,
    start: new Date(Date.now() - 60_000).toISOString(),
    minutes: 45,
    conference: "zoom",
    attendees: [{ email: "gavin@hooli.example", displayName: "Gavin Belson" }],
  });
  await page.goto("/settings/integrations/google_calendar?connect=1");
  await page.getByRole("button", { name: /^Continue to/ }).click();
  await consent(page, /tom\.becker@acme\.example/);
  await expect(page.getByRole("heading", { name: "Google Calendar connected" })).toBeVisible();
  await expect(async () => {
    await page.goto("/");
    const link = page.getByRole("link", { name: `Open link of ${title}` });
    await expect(link).toHaveAttribute("href", /zoom\.us/, { timeout: 2000 });
    await expect(link).toHaveAttribute("rel", /noopener/);
  }).toPass({ timeout: 30_000 });
  await expectAccessible(page, "Home with upcoming events");

  const id = await uploadMeeting(page, { title: "Quarterly review Hooli" });
  await page.goto(`/meetings/${id}`);
  await expect(page.getByText(`This looks like “${title}” in your calendar`)).toBeVisible();
  await expectAccessible(page, "a proposal from the calendar");
  await page.getByRole("button", { name: "Use its attendees" }).click();
  // Among the people and among the contacts.
  await expect(page.getByRole("link", { name: "Gavin Belson" })).toHaveCount(2);
  await expect(page.getByRole("button", { name: "Use its attendees" })).toBeHidden();
  // What had the focus is gone; it did not fall to nowhere.
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
});
