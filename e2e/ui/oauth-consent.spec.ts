import { createHash, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type BrowserContext, expect, type Page } from "playwright/test";
import postgres from "postgres";
import { expectAccessible } from "./accessibility";
import { signInAs } from "./sign-in";
import { test } from "./test";

// A third-party app from the person's side: asking, waiting, allowing, and taking it back; and from the admin's.

const adminPage = "/settings/integrations/api/authorised-apps";

/** Where the app waits for its code: a page of its own on the loopback address, as native apps have. */
async function startApp() {
  const arrived: URL[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    if (url.pathname === "/callback") arrived.push(url);
    response.setHeader("content-type", "text/html");
    response.end(
      "<!doctype html><html lang=en><title>The app</title><h1>Back in the app</h1></html>",
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    arrived,
    callback: `http://127.0.0.1:${port}/callback`,
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}

async function inDatabase<T>(work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(process.env.HARMONY_E2E_DATABASE ?? "", { max: 1 });
  try {
    return await work(sql);
  } finally {
    await sql.end();
  }
}

const letters = (n: number) => randomBytes(n).toString("hex").slice(0, n);

/** A public native app of another workspace, which its publisher shares. */
async function publishApp(name: string): Promise<string> {
  const clientId = `hcl_${letters(24)}`;
  const workspaceId = `wsp_${letters(20)}`;
  await inDatabase(async (sql) => {
    await sql`insert into workspaces (id, name, slug, plan) values (${workspaceId}, 'Northwind Tools', ${workspaceId}, 'max')`;
    await sql`insert into oauth_apps (id, workspace_id, name, description, kind, authentication, redirect_uris, scopes, is_shared)
      values (${clientId}, ${workspaceId}, ${name}, 'Puts what was said into the forecast.', 'native', 'none',
        ${["http://127.0.0.1/callback"]}, ${["meetings:read", "contacts:read", "insights:read"]}, true)`;
  });
  return clientId;
}

/** The address that the app sends the browser to, and what it needs for the token later. */
function beginFlow(origin: string, clientId: string, callback: string) {
  const verifier = randomBytes(32).toString("base64url");
  const state = randomBytes(16).toString("base64url");
  const query = new URLSearchParams({
    client_id: clientId,
    response_type: "code",
    redirect_uri: callback,
    scope: "openid email meetings:read contacts:read insights:read",
    state,
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  });
  const exchange = async (code: string) => {
    const answer = await fetch(`${origin}/oauth/token`, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "authorization_code",
        ...{ client_id: clientId, code, redirect_uri: callback, code_verifier: verifier },
      }),
    });
    return (await answer.json()) as { access_token: string };
  };
  return { url: `${origin}/oauth/authorize?${query}`, state, exchange };
}

/** The screen in the sizes and themes of the product: nothing found by axe, nothing wider than the screen. */
async function look(page: Page, name: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    for (const width of [320, 768, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      await page.screenshot({
        path: `test-results/screens/oauth-${name}-${colorScheme}-${width}.png`,
        fullPage: true,
      });
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow, `${name} scrolls sideways at ${width} px`).toBeLessThanOrEqual(0);
    }
    await expectAccessible(page, `${name} (${colorScheme})`);
  }
  await page.emulateMedia({ colorScheme: "light" });
}

const statusWith = async (origin: string, token: string) =>
  (await fetch(`${origin}/v1/meetings`, { headers: { authorization: `Bearer ${token}` } })).status;

async function asAdmin(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await signInAs(page, "Admin", adminPage);
  return page;
}

test("asked, approved by an admin elsewhere, allowed on the page that waited, and withdrawn: the app's next request is refused", async ({
  page,
  browser,
  baseURL,
}) => {
  test.setTimeout(240_000);
  const origin = baseURL ?? "";
  const app = await startApp();
  const name = `Forecast ${letters(6)}`;
  const clientId = await publishApp(name);
  const flow = beginFlow(origin, clientId, app.callback);

  await signInAs(page, "User");
  await page.goto(flow.url);
  await expect(page.getByRole("heading", { level: 1 })).toContainText(`${name} wants to use`);
  await expect(page.getByText("Unverified publisher")).toBeVisible();
  await expect(page.getByText("An admin has to approve this app first")).toBeVisible();
  await expect(page.getByRole("button", { name: "Allow" })).toHaveCount(0);
  await look(page, "consent-ask");
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.getByRole("button", { name: "Ask an admin" }).click();
  await expect(page.getByText("Waiting for an admin")).toBeVisible();
  await expect(page.getByRole("button", { name: "Allow" })).toBeDisabled();
  await look(page, "consent-waiting");

  const elsewhere = await browser.newContext({ ...(baseURL ? { baseURL } : {}) });
  const admin = await asAdmin(elsewhere);
  const waiting = admin.getByRole("listitem").filter({ has: admin.getByRole("heading", { name }) });
  await expect(waiting).toContainText("Asked by Lena Fischer");
  await expect(waiting).toContainText("Unverified publisher");
  await look(admin, "authorised-admin-waiting");
  await admin.getByRole("button", { name: `Approve ${name}` }).click();
  await expect(waiting).toContainText("Approved");

  // The page of the person goes on without being loaded again; Allow stays theirs to press.
  const status = page.getByRole("status").filter({ hasText: "An admin has approved it" });
  await expect(status).toBeVisible();
  await look(page, "consent-approved");
  await page.getByLabel("Read insights and their answers").uncheck();
  await page.getByRole("button", { name: "Allow" }).focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(`${app.callback}**`);
  const back = app.arrived[0];
  expect(back?.searchParams.get("state")).toBe(flow.state);
  expect(back?.searchParams.get("iss")).toBe(origin);
  const { access_token: token } = await flow.exchange(back?.searchParams.get("code") ?? "");
  expect(await statusWith(origin, token)).toBe(200);

  await page.goto("/settings/profile#authorised-apps");
  const mine = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name }) });
  await expect(mine).toContainText("Read contacts");
  await expect(mine).not.toContainText("Read insights");
  await look(page, "profile");
  await mine.getByRole("button", { name: `Revoke ${name}` }).click();
  const question = page.getByRole("alertdialog", { name: `Withdraw the access of “${name}”?` });
  await expect(question.getByRole("button", { name: "Cancel" })).toBeFocused();
  await expectAccessible(page, "the question before access is withdrawn");
  await question.getByRole("button", { name: "Revoke" }).click();
  // While the question is open the page behind it is hidden from roles.
  await expect(question).toBeHidden();
  await expect(mine).toHaveCount(0);
  expect(await statusWith(origin, token)).toBe(401);

  await elsewhere.close();
  await app.stop();
});

test("an admin allows, sees who allowed what, revokes all of an app with a live count, and allows it again", async ({
  page,
  baseURL,
}) => {
  test.setTimeout(240_000);
  const origin = baseURL ?? "";
  const app = await startApp();
  const name = `Ledger ${letters(6)}`;
  const clientId = await publishApp(name);
  const flow = beginFlow(origin, clientId, app.callback);
  await signInAs(page, "Admin");
  await page.goto(flow.url);
  await expect(page.getByRole("button", { name: "Allow" })).toBeEnabled();
  await look(page, "consent-allow");
  await page.getByRole("button", { name: "Allow" }).click();
  await page.waitForURL(`${app.callback}**`);
  const { access_token: token } = await flow.exchange(
    app.arrived[0]?.searchParams.get("code") ?? "",
  );
  expect(await statusWith(origin, token)).toBe(200);

  await page.goto(`${adminPage}?app=${clientId}`);
  const rows = page.getByRole("region", { name: "Who allowed what" }).getByRole("listitem");
  await expect(rows.filter({ hasText: name }).first()).toContainText("Ada Moreno");
  await look(page, "authorised-admin");
  await page.getByRole("button", { name: `Revoke all of ${name}` }).click();
  const question = page.getByRole("alertdialog");
  await expect(question).toContainText("1 person here");
  await expectAccessible(page, "the question before an app is blocked");
  await question.getByRole("button", { name: "Revoke all" }).click();
  await expect(page.getByText(`All access of “${name}” is ended`)).toBeVisible();
  await page.reload();
  await expect(page.getByText(`All access of “${name}” is ended`)).toBeVisible();
  expect(await statusWith(origin, token)).toBe(401);
  await page.getByRole("button", { name: `Allow ${name} again` }).click();
  await expect(page.getByRole("button", { name: `Revoke all of ${name}` })).toBeVisible();
  await app.stop();
});

test("the policy is changed and said in plain words, and the switch for all apps needs its words typed", async ({
  page,
  baseURL,
}) => {
  test.setTimeout(120_000);
  const origin = baseURL ?? "";
  await signInAs(page, "Admin", adminPage);
  const save = async (policy: string) => {
    await page.getByLabel(policy).check();
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  };
  await save("Only apps that an admin approved");
  await page.reload();
  await expect(page.getByLabel("Only apps that an admin approved")).toBeChecked();

  const app = await startApp();
  const clientId = await publishApp(`Switch ${letters(6)}`);
  const flow = beginFlow(origin, clientId, app.callback);
  await page.goto(flow.url);
  await page.getByRole("button", { name: "Allow" }).click();
  await page.waitForURL(`${app.callback}**`);
  const { access_token: token } = await flow.exchange(
    app.arrived[0]?.searchParams.get("code") ?? "",
  );
  expect(await statusWith(origin, token)).toBe(200);

  await page.goto(adminPage);
  await page.getByRole("button", { name: "Revoke all apps" }).click();
  const question = page.getByRole("alertdialog");
  const confirm = question.getByRole("button", { name: "Revoke all apps" });
  await expect(confirm).toBeDisabled();
  await question.getByRole("textbox").fill("revoke all");
  await expectAccessible(page, "the question before all apps are revoked");
  await confirm.click();
  await expect(page.getByText("All access of all apps is ended")).toBeVisible();
  expect(await statusWith(origin, token)).toBe(401);
  await expect(page.getByLabel("No apps")).toBeChecked();
  await save("This workspace’s own apps");
  await app.stop();
});

test("a request that is over, and an address that is not registered, are explained without jargon", async ({
  page,
  baseURL,
}) => {
  await signInAs(page, "User");
  await page.goto("/oauth/consent/no-such-request");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("no longer open");
  await look(page, "consent-over");
  const clientId = await publishApp(`Wrong ${letters(6)}`);
  await page.goto(beginFlow(baseURL ?? "", clientId, "http://127.0.0.1/elsewhere").url);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("could not be connected");
  await look(page, "error");
});
