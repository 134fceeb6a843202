import { readFileSync } from "node:fs";
import { expect, type Locator, type Page } from "playwright/test";
import { expectAccessible } from "./accessibility";
import { signInAs } from "./sign-in";
import { test } from "./test";
import { salesCall, uploadMeeting } from "./upload-meeting";

// Insights from an empty project to its CSV file, by keyboard and by mouse, and what others see of it.

test.describe.configure({ timeout: 120_000 });

/** Presses Tab until the control has the focus, as somebody without a mouse does. */
async function tabTo(page: Page, control: Locator): Promise<void> {
  for (let presses = 0; presses < 80; presses += 1) {
    if (await control.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab does not reach ${control}`);
}

/** A project of everybody's meetings, by mouse; answers its address. */
async function createProject(page: Page, name: string): Promise<string> {
  await page.goto("/insights");
  await page.getByRole("button", { name: "Create project" }).click();
  const form = page.getByRole("dialog", { name: "Create a project" });
  await form.getByLabel("Name").fill(name);
  await form.getByRole("button", { name: "Create project" }).click();
  await page.waitForURL(/\/insights\/projects\/prj_\w+\?tab=configuration/);
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  return page.url().replace(/\?.*/, "");
}

async function deleteProject(page: Page, url: string, name: string): Promise<void> {
  await page.goto(`${url}?tab=basics`);
  const question = page.getByRole("alertdialog", { name: `Delete “${name}”?` });
  await page.getByRole("button", { name: "Delete project" }).click();
  const confirm = question.getByRole("button", { name: "Delete project" });
  await expect(confirm).toBeDisabled();
  await expectAccessible(page, "the question before a project is deleted");
  await question.getByLabel(/^Type/).fill(name);
  await confirm.click();
  await page.waitForURL(/\/insights$/);
  await expect(page.getByRole("link", { name, exact: true })).toHaveCount(0);
}

async function addInsight(page: Page, name: string, question: string): Promise<void> {
  await page.getByRole("button", { name: "Add insight" }).click();
  const form = page.getByRole("dialog", { name: "Add an insight" });
  await form.getByLabel("Name").fill(name);
  await form.getByLabel("Question").fill(question);
  await form.getByRole("button", { name: "Save" }).click();
  await expect(form).toBeHidden();
  await expect(page.getByRole("row", { name: new RegExp(name) })).toBeVisible();
}

test("with the keyboard alone a project and its first insight are made; mistakes are told beside their fields", async ({
  page,
}) => {
  await signInAs(page, "Admin", "/insights");
  const name = `By keyboard ${Date.now()}`;
  const open = page.getByRole("button", { name: "Create project" });
  await tabTo(page, open);
  await page.keyboard.press("Enter");
  const form = page.getByRole("dialog", { name: "Create a project" });
  await expect(form).toBeVisible();
  const save = form.getByRole("button", { name: "Create project" });
  await tabTo(page, save);
  await page.keyboard.press("Enter");
  await expect(form).toContainText("Enter a name.");
  await expectAccessible(page, "the form of a new project with its error");
  await tabTo(page, form.getByLabel("Name"));
  await page.keyboard.type(name);
  await page.keyboard.press("Enter");
  await page.waitForURL(/tab=configuration/);
  await expect(page.getByText("No insights yet")).toBeVisible();
  await expectAccessible(page, "a project without insights");

  await tabTo(page, page.getByRole("button", { name: "Add insight" }));
  await page.keyboard.press("Enter");
  const insight = page.getByRole("dialog", { name: "Add an insight" });
  await tabTo(page, insight.getByLabel("Type"));
  await page.keyboard.type("Scale");
  await expect(insight).toContainText("Needs a language model");
  await expect(insight).toContainText("LLM_URL");
  await tabTo(page, insight.getByLabel("Highest"));
  await page.keyboard.press("Control+A");
  await page.keyboard.type("1");
  await tabTo(page, insight.getByRole("button", { name: "Save" }));
  await page.keyboard.press("Enter");
  await expect(insight).toContainText("Enter the question.");
  await expectAccessible(page, "the form of an insight with its errors");
  await insight.getByLabel("Name").fill("Mood");
  await insight.getByLabel("Question").fill("How was the mood?");
  await insight.getByRole("button", { name: "Save" }).click();
  await expect(insight).toContainText("Must be greater than the lowest value.");
  await insight.getByLabel("Highest").fill("5");
  await insight.getByRole("button", { name: "Save" }).click();
  await expect(insight).toBeHidden();
  const row = page.getByRole("row", { name: /Mood/ });
  await expect(row).toContainText("Needs a language model");
  await expect(page.getByText("1 insight needs a language model")).toBeVisible();

  await row.getByRole("button", { name: "Actions for Mood" }).click();
  await page.getByRole("menuitem", { name: "Disable" }).click();
  await expect(row).toContainText("Disabled");
  const remove = page.getByRole("menuitem", { name: "Delete" });
  await expect(async () => {
    // The menu of a moment ago may still be closing.
    if (!(await remove.isVisible()))
      await row.getByRole("button", { name: "Actions for Mood" }).click();
    await remove.click({ timeout: 2000 });
  }).toPass();
  const question = page.getByRole("alertdialog", { name: "Delete “Mood”?" });
  await expect(question.getByRole("button", { name: "Delete insight" })).toBeDisabled();
  await question.getByLabel(/^Type/).fill("Mood");
  await question.getByRole("button", { name: "Delete insight" }).click();
  await expect(row).toHaveCount(0);
  await deleteProject(page, page.url().replace(/\?.*/, ""), name);
});

test("past meetings are counted, asked and reported; the file has a row for each; other pages tell the same", async ({
  page,
}) => {
  await signInAs(page, "Admin");
  const title = `Asked later ${Date.now()}`;
  const meetingId = await uploadMeeting(page, { title, content: salesCall });
  const name = `Past meetings ${Date.now()}`;
  const url = await createProject(page, name);
  await addInsight(page, "Price came up", "Was the price mentioned?");
  const card = page.locator("section", {
    has: page.getByRole("heading", { name: "Ask past meetings" }),
  });
  const begin = card.getByRole("button", { name: "Ask past meetings" });
  await expect(begin).toBeDisabled();
  await card.getByLabel("Price came up").check();
  await card.getByRole("button", { name: "Count" }).click();
  await expect(card.getByRole("status")).toContainText(/This asks 1 question of \d+ meetings?/);
  await expectAccessible(page, "a counted run");
  await begin.click();
  await expect(card).toContainText("Done", { timeout: 60_000 });
  await expect(card).toContainText(/(\d+) of \1 meetings · 1 question/);
  await expectAccessible(page, "a run that is done");

  await page.getByRole("link", { name: "Reports", exact: true }).click();
  await page.getByRole("link", { name: "Price came up" }).click();
  const answers = page.getByRole("table", { name: "Answers by meeting" });
  await expect(answers.getByRole("link", { name: title })).toBeVisible();
  await expectAccessible(page, "the report of a yes/no question");
  await page.getByLabel("Answer", { exact: true }).selectOption("yes");
  await page.waitForURL(/answer=yes/);
  await expect(answers.getByText("Not discussed")).toHaveCount(0);
  await page.goto(`${page.url().replace(/\?.*/, "")}?answer=no`);
  await expect(page.getByText("No meeting has this answer")).toBeVisible();
  await expectAccessible(page, "a report whose filter leaves nothing");

  await page.goto(`/meetings/${meetingId}?tab=insights`);
  await expect(page.getByRole("link", { name: "Price came up" })).toBeVisible();

  await page.goto(url);
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Export CSV" }).click();
  const file = await (await download).path();
  const lines = readFileSync(file, "utf8").trimEnd().split("\r\n");
  expect(lines[0]).toBe("meeting_id,title,date_utc,duration_seconds,team,owner,Price came up");
  expect(lines.filter((line) => line.startsWith(`${meetingId},`))).toHaveLength(1);
  await deleteProject(page, url, name);
});

test("criteria are saved, counted and shown again; what is wrong is told beside its field", async ({
  page,
}) => {
  await signInAs(page, "Admin");
  const name = `Criteria ${Date.now()}`;
  const url = await createProject(page, name);
  await page.goto(`${url}?tab=criteria`);
  await expect(page.getByText("Boolean and Category criteria need a language model")).toBeVisible();
  await expect(page.getByRole("button", { name: "Add question" })).toBeDisabled();
  await page.getByRole("button", { name: "Add attribute" }).click();
  await page.getByRole("button", { name: "Save criteria" }).click();
  await expect(page.getByText("Enter the attribute's name.")).toBeVisible();
  await expectAccessible(page, "criteria with an error");
  await page.getByRole("button", { name: "Remove attribute 1" }).click();
  await page.getByLabel("Shortest, in minutes").fill("100000");
  await page.getByRole("button", { name: "Save criteria" }).click();
  await expect(page.getByRole("main")).toContainText("At most 6,000 minutes.");
  await page.getByLabel("Shortest, in minutes").fill("30");
  await page.getByLabel("Phone call").check();
  await page.getByRole("button", { name: "Save criteria" }).click();
  await expect(page.getByText(/\d+ of \d+ past meetings that you can see/)).toBeVisible();
  await page.reload();
  await expect(page.getByLabel("Shortest, in minutes")).toHaveValue("30");
  await expect(page.getByLabel("Phone call")).toBeChecked();
  await expectAccessible(page, "saved criteria");
  await deleteProject(page, url, name);
});

test("a User sees the projects of their teams without any control; others are not there", async ({
  page,
}) => {
  await signInAs(page, "Admin", "/insights");
  const hrefOf = (project: string) =>
    page.getByRole("link", { name: project, exact: true }).getAttribute("href");
  const [sales, success] = [await hrefOf("Sales discovery"), await hrefOf("Customer health")];
  await page.context().clearCookies();
  await signInAs(page, "User", "/insights");
  await expect(page.getByRole("button", { name: "Create project" })).toHaveCount(0);
  const seen = await page.getByRole("table").getByRole("link").allTextContents();
  expect(seen).toContain("Product feedback");
  const [visible, hidden] = seen.includes("Sales discovery") ? [sales, success] : [success, sales];
  for (const tab of ["reports", "configuration", "criteria", "teams", "basics"]) {
    await page.goto(`${visible}?tab=${tab}`);
    await expect(page.getByText("View only")).toBeVisible();
    const main = page.getByRole("main");
    for (const verb of [/^Save/, /^Add/, /^Delete/, "Count", "Ask past meetings"]) {
      await expect(main.getByRole("button", { name: verb, disabled: false })).toHaveCount(0);
    }
    await expectAccessible(page, `${tab} for a User`);
  }
  await page.goto(hidden ?? "");
  await expect(page.getByRole("heading", { name: "This page does not exist" })).toBeVisible();
});

for (const theme of ["light", "dark"] as const) {
  test(`every part is accessible and fits a phone in ${theme}`, async ({ page }) => {
    test.setTimeout(360_000);
    await page.emulateMedia({ colorScheme: theme });
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(`${page.url()}: ${error.message}`));
    await signInAs(page, "Admin", "/insights");
    const paths = ["/insights"];
    for (const project of ["Sales discovery", "Customer health", "Product feedback"]) {
      await page.goto("/insights");
      const href = await page
        .getByRole("link", { name: project, exact: true })
        .getAttribute("href");
      for (const tab of ["reports", "configuration", "criteria", "teams", "basics"]) {
        paths.push(`${href}?tab=${tab}`);
      }
      await page.goto(href ?? "");
      const reports = page.getByRole("main").getByRole("listitem").getByRole("link");
      for (const link of await reports.all()) paths.push((await link.getAttribute("href")) ?? "");
    }
    paths.push(`${paths[1]}&date_from=nonsense`, `${paths.at(-1)}?date_to=2001-01-01`);
    for (const width of [320, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      for (const path of paths) {
        await page.goto(path);
        await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        expect(wide, `${path} at ${width}`).toBeLessThanOrEqual(width);
        if (width === 320) await expectAccessible(page, `${path} in ${theme}`);
      }
    }
    expect(errors).toEqual([]);
  });
}
