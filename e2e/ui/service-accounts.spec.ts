import { expect, type Page } from "playwright/test";
import postgres from "postgres";
import { DEMO_USERS } from "../../db/demo-users";
import { expectAccessible } from "./accessibility";
import { signInAs } from "./sign-in";
import { test } from "./test";

const path = "/settings/integrations/api/service-accounts";

/** The demo workspace's plan, which has no service accounts of itself. */
async function setPlan(plan: "max" | "enterprise"): Promise<void> {
  const sql = postgres(process.env.HARMONY_E2E_DATABASE ?? "", { max: 1 });
  try {
    await sql`update workspaces set plan = ${plan} where id in (
      select m.workspace_id from memberships m join users u on u.id = m.user_id
      where u.email = ${DEMO_USERS.admin.email})`;
  } finally {
    await sql.end();
  }
}

test.beforeAll(() => setPlan("enterprise"));
test.afterAll(() => setPlan("max"));

const statusWith = async (page: Page, token: string) =>
  (
    await page.request.get("/v1/meetings", { headers: { Authorization: `Bearer ${token}` } })
  ).status();

/** axe at the ends of what the layout must hold, in light and dark. */
async function expectAccessibleAtAllSizes(page: Page, what: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    for (const width of [320, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      await expectAccessible(page, `${what}, ${colorScheme}, ${width} px`);
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow, `${what} is no wider than ${width} px`).toBeLessThanOrEqual(0);
    }
  }
  await page.emulateMedia({ colorScheme: "light" });
}

async function createAccount(page: Page, name: string): Promise<void> {
  await page.goto(path);
  await page.getByRole("button", { name: "Create service account" }).click();
  const form = page.getByRole("dialog", { name: "Create a service account" });
  await form.getByLabel("Name").fill(name);
  await form.getByLabel("Role").selectOption({ label: "Admin" });
  await expectAccessible(page, "the dialog for a new account");
  await form.getByRole("button", { name: "Create" }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
}

test("an account is made, its token shown once and used; disabled it is refused, enabled it works again", async ({
  page,
}) => {
  await signInAs(page, "Admin");
  const name = `Warehouse ${Date.now()}`;
  await createAccount(page, name);
  await expectAccessibleAtAllSizes(page, "a new account");

  await page.getByRole("button", { name: "Generate API token" }).click();
  const form = page.getByRole("dialog", { name: "Generate an API token" });
  await expect(form.getByText("It has the account’s role and teams")).toBeVisible();
  await form.getByLabel("Name").fill("Nightly");
  await expectAccessible(page, "the dialog for a new token");
  await form.getByRole("button", { name: "Generate API token" }).click();
  const shown = page.getByRole("dialog", { name: "Your new key “Nightly”" });
  const token = await shown.getByLabel("API key", { exact: true }).inputValue();
  await shown.getByRole("button", { name: "I have stored this key" }).click();
  await expect(shown).toBeHidden();
  expect(await page.content()).not.toContain(token);
  expect(await statusWith(page, token)).toBe(200);

  await page.getByRole("button", { name: "Disable" }).click();
  const question = page.getByRole("alertdialog", { name: `Disable “${name}”?` });
  await expect(question).toContainText("1 API token and 0 OAuth clients");
  await expectAccessible(page, "the question before an account is disabled");
  await question.getByRole("button", { name: "Disable" }).click();
  await expect(page.getByText("This account is disabled")).toBeVisible();
  expect(await statusWith(page, token)).toBe(401);
  await expectAccessible(page, "a disabled account");

  await page.getByRole("button", { name: "Enable" }).click();
  await expect(page.getByText("This account is disabled")).toBeHidden();
  expect(await statusWith(page, token)).toBe(200);

  // Among the workspace's keys it says whose it is.
  await page.goto("/settings/integrations/api");
  const row = page.getByRole("row").filter({ hasText: name });
  await expect(row).toContainText(`API token of ${name}`);
  await row.getByRole("link", { name }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();

  await page.getByRole("button", { name: "Delete" }).click();
  await page
    .getByRole("alertdialog", { name: `Delete “${name}”?` })
    .getByRole("button", { name: "Delete" })
    .click();
  await page.waitForURL((url) => url.pathname === path);
  await expect(page.getByRole("link", { name })).toHaveCount(0);
  expect(await statusWith(page, token)).toBe(401);
});

test("an OAuth client's secret is shown once and gets tokens; a second replaces the first without a gap", async ({
  page,
}) => {
  await signInAs(page, "Admin");
  const name = `Exports ${Date.now()}`;
  await createAccount(page, name);
  await page.getByRole("button", { name: "Add OAuth client" }).click();
  const form = page.getByRole("dialog", { name: "Add an OAuth client" });
  await form.getByRole("button", { name: "Add client" }).click();
  await expect(form.getByText("Give it a name.")).toBeVisible();
  await form.getByLabel("Name").fill("Loader");
  await form.getByLabel("Public key (private_key_jwt)").check();
  await expect(form.getByLabel("JSON Web Key Set")).toBeVisible();
  await expectAccessible(page, "the dialog for a new client");
  await form.getByLabel("Client secret").check();
  await form.getByRole("button", { name: "Add client" }).click();

  const shown = page.getByRole("dialog", { name: "The client secret of “Loader”" });
  const secretField = shown.getByLabel("Client secret", { exact: true });
  const stored = shown.getByRole("button", { name: "I have stored this secret" });
  const first = await secretField.inputValue();
  await expectAccessible(page, "the dialog with the secret");
  await stored.click();
  await expect(shown).toBeHidden();
  expect(await page.content()).not.toContain(first);
  const card = page.getByRole("listitem").filter({ hasText: "Client ID" });
  const clientId = (await card.locator("code").first().textContent()) ?? "";

  const tokenWith = (secret: string) =>
    page.request.post("/oauth/token", {
      form: { grant_type: "client_credentials", client_id: clientId, client_secret: secret },
    });
  const answer = await tokenWith(first);
  expect(answer.status()).toBe(200);
  const { access_token: token } = (await answer.json()) as { access_token: string };
  expect(await statusWith(page, token)).toBe(200);

  await card.getByRole("button", { name: "New secret" }).click();
  const second = await secretField.inputValue();
  await stored.click();
  await expect(card.getByRole("listitem")).toHaveCount(2);
  await expectAccessibleAtAllSizes(page, "an account with a client");
  await card
    .getByRole("button", { name: `Remove the secret ending in ${first.slice(-4)}` })
    .click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Remove" }).click();
  await expect(card.getByRole("listitem")).toHaveCount(1);
  expect([(await tokenWith(first)).status(), (await tokenWith(second)).status()]).toEqual([
    401, 200,
  ]);

  await card.getByRole("button", { name: "Actions for Loader" }).click();
  await page.getByRole("menuitem", { name: "Disable" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Disable" }).click();
  await expect(card.getByText("Disabled")).toBeVisible();
  expect([await statusWith(page, token), (await tokenWith(second)).status()]).toEqual([401, 401]);
});

test("registration by programs is switched on, a token is shown once and registers an app", async ({
  page,
}) => {
  await signInAs(page, "Admin");
  await page.goto("/settings/integrations/api/oauth-apps");
  const register = (token: string) =>
    page.request.post("/oauth/register", {
      headers: { Authorization: `Bearer ${token}` },
      data: { client_name: "By program", redirect_uris: ["https://app.example/callback"] },
    });
  await page.getByRole("switch").check();
  await page.getByRole("button", { name: "New registration token" }).click();
  const form = page.getByRole("dialog", { name: "New registration token" });
  const name = `CI ${Date.now()}`;
  await form.getByLabel("Name").fill(name);
  await expectAccessible(page, "the dialog for a new registration token");
  await form.getByRole("button", { name: "Create token" }).click();
  const shown = page.getByRole("dialog", { name: `The registration token “${name}”` });
  const token = await shown.getByLabel("Registration token", { exact: true }).inputValue();
  await expectAccessible(page, "the dialog with the registration token");
  await shown.getByRole("button", { name: "I have stored this token" }).click();
  const answer = await register(token);
  expect(answer.status()).toBe(201);
  await expectAccessibleAtAllSizes(page, "app registration");
  await page.getByRole("button", { name: `Revoke ${name}` }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Revoke" }).click();
  await expect(page.getByRole("row").filter({ hasText: name })).toContainText("Revoked");
  expect((await register(token)).status()).toBe(401);
  await page.getByRole("switch").uncheck();
  await expect(page.getByRole("switch")).not.toBeChecked();
});

test("below Enterprise the page says which plan has service accounts, and offers no button", async ({
  page,
}) => {
  await setPlan("max");
  await signInAs(page, "Admin");
  await page.goto(path);
  await expect(page.getByText("Service accounts are part of the Enterprise plan")).toBeVisible();
  await expect(page.getByRole("button", { name: "Create service account" })).toHaveCount(0);
  await expectAccessibleAtAllSizes(page, "service accounts on another plan");
});

test("a Team Manager is told that the role does not include service accounts", async ({ page }) => {
  await signInAs(page, "Team Manager");
  await page.goto(path);
  await expect(page.getByText("Your role does not include service accounts")).toBeVisible();
  await expectAccessible(page, "service accounts without the right");
});
