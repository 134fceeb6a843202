import AxeBuilder from "@axe-core/playwright";
import { eq } from "drizzle-orm";
import { type Browser, chromium, type Page } from "playwright";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { db } from "@/db/client";
import { workspaces } from "@/db/schema/workspaces";
import { chromiumArgs, findChromium } from "../../support/chromium";
import {
  type Member,
  makeMeetings,
  makeMember,
  makeWorkspace,
  type TestWorkspace,
} from "../../support/factories";

// Settings → Recordings in a browser.

let browser: Browser;
let workspace: TestWorkspace;

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: await findChromium(), args: chromiumArgs });
});
afterAll(() => browser.close());

beforeEach(async () => {
  workspace = await makeWorkspace();
});

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);

async function makeRecordings(ages: readonly number[]): Promise<void> {
  await makeMeetings(
    workspace,
    ages.map((days, n) => ({
      createdAt: daysAgo(days),
      recordingKey: `recordings/${workspace.id}/${n}`,
      recordingKind: "video" as const,
      recordingType: "video/mp4",
      recordingBytes: 1_500_000_000,
    })),
  );
}

async function openAs(member: Member, options: { width?: number; dark?: boolean } = {}) {
  const origin = inject("laneUrl");
  const context = await browser.newContext({
    baseURL: origin,
    viewport: { width: options.width ?? 1280, height: 900 },
    colorScheme: options.dark ? "dark" : "light",
    reducedMotion: "reduce",
  });
  const [name = "", value = ""] = member.cookie.split(/=(.*)/s);
  await context.addCookies([{ name, value, url: origin }]);
  const page = await context.newPage();
  await page.goto("/settings/recordings");
  return page;
}

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target)])).toEqual([]);
}

async function savedDays(): Promise<number | null | undefined> {
  const [row] = await db().select().from(workspaces).where(eq(workspaces.id, workspace.id));
  return row?.recordingRetentionDays;
}

describe("an admin", () => {
  test("sees what a choice would remove, is asked before it is saved, and may think again", async () => {
    await makeRecordings([100, 40, 1]);
    const page = await openAs(workspace.admin);
    await page.getByText("There are 3 recordings (4.5 GB).").waitFor();
    const save = page.getByRole("button", { name: "Save", exact: true });
    expect(await save.isDisabled()).toBe(true);
    await page.getByLabel("Keep recordings").selectOption({ label: "For 30 days" });
    await page.getByText("2 recordings (3 GB) would be removed within the hour.").waitFor();
    await expectAccessible(page);

    await save.click();
    const dialog = page.getByRole("alertdialog", { name: "Remove 2 recordings?" });
    await dialog.waitFor();
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
    expect(await savedDays()).toBeNull();

    await save.click();
    await dialog.getByRole("button", { name: "Save and remove" }).click();
    await page.getByText("Retention saved").waitFor();
    await dialog.waitFor({ state: "hidden" });
    expect(await savedDays()).toBe(30);
    await page.reload();
    expect(await page.getByLabel("Keep recordings").inputValue()).toBe("30");
    await page.context().close();
  });

  test("saves at once what removes nothing, with the keyboard alone", async () => {
    await makeRecordings([1]);
    const page = await openAs(workspace.admin);
    await page.getByLabel("Keep recordings").focus();
    await page.keyboard.type("For 1");
    await page.getByText("nothing would be removed now").waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByText("Retention saved").waitFor();
    expect(await savedDays()).not.toBeNull();
    await page.context().close();
  });

  test("finds the page whole on a phone, with nothing in it, in the dark", async () => {
    const page = await openAs(workspace.admin, { width: 320, dark: true });
    await page.getByText("There are none yet.").waitFor();
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(320);
    await expectAccessible(page);
    await page.context().close();
  });
});

test("somebody who is no admin is told that it is not theirs to see", async () => {
  const page = await openAs(await makeMember(workspace, { role: "manager" }));
  await page.getByText("Your role does not include how long recordings are kept").waitFor();
  expect(await page.getByLabel("Keep recordings").count()).toBe(0);
  await page.context().close();
});
