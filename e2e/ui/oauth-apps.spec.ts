import { expect, type Locator, type Page } from "playwright/test";
import postgres from "postgres";
import { expectAccessible } from "./accessibility";
import { signInAs } from "./sign-in";
import { test } from "./test";

const path = "/settings/integrations/api/oauth-apps";

test.use({ permissions: ["clipboard-read", "clipboard-write"] });

/** 32 × 32 pixels of one colour. */
const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAACAAAAAgCAIAAAD8GO2jAAAAKklEQVR42mOwiTpBU8QwasGoBaMWjFowasGoBaMWjFowasGoBaMWDBULAE1peEyiBpuJAAAAAElFTkSuQmCC",
  "base64",
);

async function storeSecret(page: Page): Promise<string> {
  const shown = page.getByRole("dialog", { name: /^The client secret of/ });
  const secret = await shown.getByLabel("Client secret", { exact: true }).inputValue();
  await shown.getByRole("button", { name: "I have stored this secret" }).click();
  await expect(shown).toBeHidden();
  return secret;
}

const openForm = async (page: Page): Promise<Locator> => {
  await page.getByRole("button", { name: "Create OAuth app" }).click();
  return page.getByRole("dialog", { name: "Create an OAuth app" });
};

async function deleteApp(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: "Delete" }).click();
  const question = page.getByRole("alertdialog", { name: `Delete “${name}”?` });
  await expect(question).toContainText("nobody loses anything");
  await question.getByRole("button", { name: "Delete" }).click();
  await page.waitForURL((url) => url.pathname === path);
}

/** Everybody of the workspace allows the app and uses it, more on some days than on others. */
async function letPeopleUse(clientId: string): Promise<void> {
  const sql = postgres(process.env.HARMONY_E2E_DATABASE ?? "", { max: 1 });
  try {
    await sql`with made as (
        insert into oauth_grants (id, workspace_id, app_id, user_id, scopes)
        select a.id || m.user_id, a.workspace_id, a.id, m.user_id, a.scopes
        from oauth_apps a join memberships m on m.workspace_id = a.workspace_id and m.removed_at is null
        where a.id = ${clientId} returning id, workspace_id)
      insert into api_usage (workspace_id, credential_id, day, operation, answered, refused, limited, failed)
      select workspace_id, id, (now() at time zone 'UTC')::date - age, operation, (age * 37) % 11 * 20 + 1, 0, 0, 0
      from made, generate_series(0, 29) age, unnest(array['listMeetings', 'getTranscript']) operation`;
  } finally {
    await sql.end();
  }
}

/** What the token endpoint says to the app: the code is none, so only the app itself is judged. */
async function knows(page: Page, clientId: string, secret: string): Promise<string> {
  const answer = await page.request.post("/oauth/token", {
    headers: {
      authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString("base64")}`,
    },
    form: {
      grant_type: "authorization_code",
      code: "none",
      redirect_uri: "https://app.example/cb",
    },
  });
  return ((await answer.json()) as { error: string }).error;
}

test("an app is made, its secret shown once, changed, given a second secret, disabled and deleted", async ({
  page,
}) => {
  await signInAs(page, "Admin");
  await page.goto(path);
  const name = `Deal Desk ${Date.now()}`;
  const form = await openForm(page);
  await expect(form.getByLabel("Name")).toBeFocused();
  await expectAccessible(page, "the form of a new app");
  await page.keyboard.press("Enter");
  await expect(form.getByText("Give it a name.")).toBeVisible();
  await expect(form.getByText("Give at least one address.")).toBeVisible();
  await expect(form.getByText("Choose at least one kind of access.")).toBeVisible();
  await expectAccessible(page, "the form with its errors");

  await form.getByLabel("Name").fill(name);
  await form.getByLabel("Redirect URI 1", { exact: true }).fill("https://app.example/cb");
  await form.getByRole("button", { name: "Add a redirect URI" }).click();
  await expect(form.getByLabel("Redirect URI 2", { exact: true })).toBeFocused();
  await page.keyboard.type("http://app.example/cb");
  await form.getByLabel("Read meetings, transcripts and summaries").check();
  await form.getByLabel("Other workspaces may connect it").check();
  await expect(form).toContainText("unverified publisher");
  await form.getByRole("button", { name: "Create OAuth app" }).click();
  await expect(form.getByText(/^Must begin with https/)).toBeVisible();
  await expect(form.getByLabel("Redirect URI 2", { exact: true })).toHaveAttribute(
    "aria-invalid",
    "true",
  );
  await expect(form.getByLabel("Redirect URI 1", { exact: true })).not.toHaveAttribute(
    "aria-invalid",
    "true",
  );
  await form.getByLabel("Redirect URI 2", { exact: true }).fill("http://localhost:8080/cb");
  await form.getByRole("button", { name: "Create OAuth app" }).click();

  const shown = page.getByRole("dialog", { name: `The client secret of “${name}”` });
  await expect(shown).toBeVisible();
  await expectAccessible(page, "the dialog with the secret");
  await page.keyboard.press("Escape");
  await expect(shown).toBeVisible();
  await shown.getByRole("button", { name: "Copy client secret" }).click();
  const first = await storeSecret(page);
  expect(first).toMatch(/^hsk_/);
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(first);
  await page.waitForURL((url) => url.pathname.startsWith(`${path}/hcl_`));
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  expect(await page.content()).not.toContain(first);
  const clientId = new URL(page.url()).pathname.split("/").at(-1) ?? "";
  expect(await knows(page, clientId, first)).toBe("invalid_grant");

  await page.getByLabel("Logo").setInputFiles({
    name: "logo.png",
    mimeType: "image/png",
    buffer: Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>"),
  });
  await expect(page.getByText("Not a PNG, JPEG or WebP picture.")).toBeVisible();
  await page
    .getByLabel("Logo")
    .setInputFiles({ name: "logo.png", mimeType: "image/png", buffer: png });
  await expect(page.locator("h1 img")).toHaveJSProperty("naturalWidth", 32);

  await page.getByRole("button", { name: "Edit" }).click();
  const edit = page.getByRole("dialog", { name: `Edit “${name}”` });
  await edit.getByRole("button", { name: "Remove redirect URI 2" }).click();
  await expect(edit.getByLabel("Redirect URI 1", { exact: true })).toBeFocused();
  await edit.getByLabel("Redirect URI 1", { exact: true }).fill("https://app.example/new");
  await expectAccessible(page, "the form of an app");
  await edit.getByRole("button", { name: "Save" }).click();
  await expect(edit).toBeHidden();
  await expect(page.getByRole("list").getByText("https://app.example/new")).toBeVisible();
  await expect(page.getByText("http://localhost:8080/cb")).toHaveCount(0);

  await page.getByRole("button", { name: "Add a secret" }).click();
  const second = await storeSecret(page);
  await expect(page.getByRole("button", { name: "Add a secret" })).toHaveCount(0);
  await page
    .getByRole("button", { name: `Remove the secret that ends in ${first.slice(-4)}` })
    .click();
  const ask = page.getByRole("alertdialog");
  await expect(ask).toContainText("get no more tokens");
  await expectAccessible(page, "the question before a secret is removed");
  await ask.getByRole("button", { name: "Remove" }).click();
  await expect(page.getByText(`hsk_…${first.slice(-4)}`)).toHaveCount(0);
  await expect(page.getByText("The only secret cannot be removed.")).toBeVisible();
  expect(await knows(page, clientId, first)).toBe("invalid_client");
  expect(await knows(page, clientId, second)).toBe("invalid_grant");

  await page.getByRole("button", { name: "Disable" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Disable" }).click();
  await expect(page.getByText("This app is disabled")).toBeVisible();
  expect(await knows(page, clientId, second)).toBe("invalid_client");
  await page.getByRole("button", { name: "Enable" }).click();
  await expect(page.getByText("This app is disabled")).toHaveCount(0);
  expect(await knows(page, clientId, second)).toBe("invalid_grant");

  await deleteApp(page, name);
  await expect(page.getByRole("row", { name: new RegExp(name) })).toHaveCount(0);
  expect(await knows(page, clientId, second)).toBe("invalid_client");
  expect((await page.goto(`${path}/${clientId}`))?.status()).toBe(404);
});

const publicKey = {
  kty: "EC",
  crv: "P-256",
  x: "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
  y: "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
};

test("a pasted private key does not leave the browser; with the public one the app is made without a secret", async ({
  page,
}) => {
  await signInAs(page, "Admin");
  await page.goto(path);
  const name = `Signer ${Date.now()}`;
  const form = await openForm(page);
  await form.getByLabel("Name").fill(name);
  await form.getByLabel("Public key", { exact: true }).check();
  await form.getByLabel("Redirect URI 1", { exact: true }).fill("https://app.example/cb");
  await form.getByLabel("Read contacts").check();
  const d = "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI";
  const sent: string[] = [];
  page.on("request", (request) => sent.push(request.postData() ?? ""));
  await form.getByLabel(/^Public keys/).fill(JSON.stringify({ keys: [{ ...publicKey, d }] }));
  await form.getByRole("button", { name: "Create OAuth app" }).click();
  await expect(form.getByText(/^This is a private key/)).toBeVisible();
  expect(sent.join()).not.toContain(d);
  await expectAccessible(page, "the form with a refused key");
  await form.getByLabel(/^Public keys/).fill(JSON.stringify({ keys: [publicKey] }));
  await form.getByRole("button", { name: "Create OAuth app" }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  await expect(page.getByRole("heading", { name: "Public keys" })).toBeVisible();
  await expect(page.getByText("EC P-256")).toBeVisible();
  await expect(page.getByRole("heading", { name: "Client secrets" })).toHaveCount(0);
  await deleteApp(page, name);
});

test("a native app has no secret unless it asks for one", async ({ page }) => {
  await signInAs(page, "Admin");
  await page.goto(path);
  const name = `Desktop ${Date.now()}`;
  const form = await openForm(page);
  await form.getByLabel("Name").fill(name);
  await form.getByLabel("Native", { exact: true }).check();
  await expect(form.getByLabel("None", { exact: true })).toBeChecked();
  await form.getByLabel("Redirect URI 1", { exact: true }).fill("http://127.0.0.1/cb");
  await form.getByLabel("Read contacts").check();
  await form.getByRole("button", { name: "Create OAuth app" }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  await expect(page.getByRole("heading", { name: "Client secrets" })).toHaveCount(0);
  await deleteApp(page, name);
});

test("the tabs of API lead to its pages, and the in-app reference is still there", async ({
  page,
}) => {
  await signInAs(page, "Admin");
  await page.goto("/settings/integrations/api");
  const tabs = page.getByRole("navigation", { name: "API" });
  await expect(tabs.getByRole("link", { name: "API keys" })).toHaveAttribute(
    "aria-current",
    "page",
  );
  await tabs.getByRole("link", { name: "OAuth apps" }).click();
  await page.waitForURL((url) => url.pathname === path);
  await expect(tabs.getByRole("link", { name: "OAuth apps" })).toHaveAttribute(
    "aria-current",
    "page",
  );
  await page.goto("/settings/integrations/api/docs");
  await page.waitForURL((url) => url.pathname === "/docs");
});

test("who may not manage apps is told why, without controls", async ({ page }) => {
  for (const role of ["Team Manager", "User"] as const) {
    await page.context().clearCookies();
    await signInAs(page, role);
    await page.goto(path);
    await expect(page.getByText("Your role does not include OAuth apps")).toBeVisible();
    await expect(page.getByRole("button", { name: "Create OAuth app" })).toHaveCount(0);
    await expectAccessible(page, `OAuth apps for a ${role}`);
  }
});

for (const theme of ["light", "dark"] as const) {
  test.describe(theme, () => {
    test.use({ colorScheme: theme, viewport: { width: 1280, height: 800 } });

    test(`list and page of an app are accessible at every width in ${theme}`, async ({ page }) => {
      test.setTimeout(240_000);
      await signInAs(page, "Admin");
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1, name: "OAuth apps" })).toBeVisible();
      await examine(page, "empty", theme);
      const name = `A name that is as long as the form allows it ${Date.now()} and a bit`;
      const form = await openForm(page);
      await form.getByLabel("Name").fill(name);
      await form.getByLabel("Description").fill("Prepares follow-ups from what was said.");
      await form
        .getByLabel("Redirect URI 1", { exact: true })
        .fill(`https://app.example/${"long/".repeat(20)}`);
      for (const box of await form.getByRole("checkbox").all()) await box.check();
      await examine(page, "form", theme);
      await form.getByRole("button", { name: "Create OAuth app" }).click();
      await expect(page.getByRole("dialog", { name: /^The client secret of/ })).toBeVisible();
      await examine(page, "secret", theme);
      await storeSecret(page);
      await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
      await page
        .getByLabel("Logo")
        .setInputFiles({ name: "logo.png", mimeType: "image/png", buffer: png });
      await expect(page.locator("h1 img")).toHaveJSProperty("naturalWidth", 32);
      await letPeopleUse(new URL(page.url()).pathname.split("/").at(-1) ?? "");
      await page.reload();
      await expect(page.getByText("Transcripts", { exact: true })).toBeVisible();
      await examine(page, "app", theme);
      await page.goto(path);
      await expect(page.getByRole("row", { name: new RegExp(name) })).toBeVisible();
      await examine(page, "list", theme);
      await page.getByRole("link", { name }).click();
      await page.getByRole("button", { name: "Delete" }).click();
      const question = page.getByRole("alertdialog", { name: `Delete “${name}”?` });
      await expect(question).toContainText(/\d people lose access through it at once/);
      const confirm = question.getByRole("button", { name: "Delete" });
      await expect(confirm).toBeDisabled();
      await question.getByRole("textbox").fill(name);
      await examine(page, "delete", theme);
      await confirm.click();
      await page.waitForURL((url) => url.pathname === path);
      await expect(page.getByText(new RegExp(`“${name}” is deleted`))).toBeVisible();
      await examine(page, "ending", theme);
    });
  });
}

async function examine(page: Page, state: string, theme: string): Promise<void> {
  for (const width of [1280, 320]) {
    await page.setViewportSize({ width, height: 800 });
    await expectAccessible(page, `${state} at ${width} px in ${theme}`);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow, `${state} scrolls sideways at ${width} px`).toBeLessThanOrEqual(0);
    await page.screenshot({
      path: `test-results/screens/oauth-apps-${state}-${theme}-${width}.png`,
      fullPage: true,
    });
  }
  await page.setViewportSize({ width: 1280, height: 800 });
}
