import { readFile } from "node:fs/promises";
import { expect } from "playwright/test";
import postgres from "postgres";
import { expectAccessible } from "./accessibility";
import { generateKey } from "./api-key";
import { signInAs } from "./sign-in";
import { test } from "./test";

const path = "/settings/integrations/api/usage";

/** A month of use of the key, more on some days than on others; then it is revoked, so that others find room. */
async function useForAMonth(name: string): Promise<void> {
  const sql = postgres(process.env.HARMONY_E2E_DATABASE ?? "", { max: 1 });
  try {
    await sql`insert into api_usage (workspace_id, credential_id, day, operation, answered, refused, limited, failed)
      select k.workspace_id, k.id, (now() at time zone 'UTC')::date - age, operation, (age * 37) % 11 * 120,
        age % 4 * 9, case when age = 12 then 700 else 0 end, age % 7 / 6
      from api_keys k, generate_series(1, 29) age, unnest(array['listMeetings', 'getTranscript', 'resumableUpload'])
        operation where k.name = ${name}`;
    await sql`update api_keys set revoked_at = now() where name = ${name}`;
  } finally {
    await sql.end();
  }
}

test("a key's requests appear on its page of use, which its menu opens, and in the file", async ({
  page,
}) => {
  await signInAs(page, "Admin");
  const name = `Counted ${Date.now()}`;
  const token = await generateKey(page, name);
  const ask = async (below: string) =>
    (
      await page.request.get(`/v1${below}`, { headers: { authorization: `Bearer ${token}` } })
    ).status();
  expect([await ask("/meetings"), await ask("/contacts"), await ask("/contacts/con_none")]).toEqual(
    [200, 200, 404],
  );
  await page.getByRole("button", { name: `Actions for ${name}` }).click();
  await page.getByRole("menuitem", { name: "Usage" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Usage" })).toBeVisible();
  const operations = page.getByRole("table", { name: "Requests by operation" });
  await expect(async () => {
    await page.reload();
    await expect(operations.getByRole("row")).toHaveCount(4, { timeout: 1_000 });
  }).toPass({ timeout: 30_000 });
  await expect(operations.getByRole("row", { name: /Details of contacts/ })).toContainText(
    "getContactAnswered0Refused1Over the limit0Failed0",
  );
  await expect(page.getByText("66.7% of all")).toBeVisible();
  await expect(page.getByLabel("Program")).toHaveValue(/^key_/);

  await page.getByLabel("Program").selectOption({ label: "All programs" });
  const programs = page.getByRole("table", { name: "Requests by program" });
  await expect(programs.getByRole("row", { name: new RegExp(name) })).toContainText("API key hk_");
  await programs.getByRole("link", { name }).click();
  await expect(programs).toBeHidden();
  await expect(operations.getByRole("row")).toHaveCount(4);

  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Export CSV" }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^harmony-api-usage-.*\.csv$/);
  const lines = (await readFile(await download.path(), "utf8")).split("\r\n");
  expect(lines.filter((line) => line.includes(name))).toHaveLength(3);

  await operations.getByRole("link", { name: "listContacts" }).click();
  await expect(page).toHaveURL(/\/docs#listContacts$/);
});

test("an unknown program leads back to all; somebody without the right does not see the use", async ({
  page,
}) => {
  await signInAs(page, "Admin");
  const name = `Long used ${Date.now()}`;
  await generateKey(page, name);
  await useForAMonth(name);
  await page.goto(`${path}?program=key_none`);
  await page.getByRole("link", { name: "Show all programs" }).click();
  await expect(page.getByRole("row", { name: new RegExp(name) })).toBeVisible();
  await page.context().clearCookies();
  await signInAs(page, "User");
  await page.goto(path);
  await expect(page.getByText(name)).toHaveCount(0);
  await expect(page.getByRole("heading", { level: 1, name: "Usage" })).toBeVisible();
});

for (const theme of ["light", "dark"] as const) {
  test.describe(theme, () => {
    test.use({ colorScheme: theme, viewport: { width: 1280, height: 800 } });

    test(`the use of a month is accessible at every width in ${theme}`, async ({ page }) => {
      await signInAs(page, "Admin");
      const name = `A name as long as the form lets it be, so that it does not fit ${Date.now()}`;
      await generateKey(page, name);
      await useForAMonth(name);
      await page.goto(path);
      await expect(page.getByRole("row", { name: new RegExp(name) })).toBeVisible();
      await page.getByText("Figures").click();
      for (const width of [1920, 1280, 768, 320]) {
        await page.setViewportSize({ width, height: 800 });
        await expectAccessible(page, `the use at ${width} px in ${theme}`);
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect(overflow, `scrolls sideways at ${width} px`).toBeLessThanOrEqual(0);
        await page.screenshot({
          path: `test-results/screens/api-usage-${theme}-${width}.png`,
          fullPage: true,
        });
      }
    });
  });
}
