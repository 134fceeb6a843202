import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { promisify } from "node:util";
import { expect, type Page } from "playwright/test";
import postgres from "postgres";
import { findFreePort } from "../../scripts/embedded-postgres";
import { expectAccessible } from "./accessibility";
import { signInAs } from "./sign-in";
import { test } from "./test";

// docs/examples/oauth-app as its README has it: made with the CLI, run with Node.js, connected in a browser.

const { HARMONY_E2E_DATABASE = "", HARMONY_E2E_URL = "", PATH = "" } = process.env;
const run = promisify(execFile);

const sql = postgres(HARMONY_E2E_DATABASE, { max: 1, onnotice: () => undefined });
let program: ChildProcess;
let url = "";
let clientId = "";
let output = "";

test.beforeAll(async () => {
  const port = await findFreePort();
  url = `http://127.0.0.1:${port}`;
  const command = ["oauth-app", "create", "--workspace", "acme", "--name", "Meeting list"];
  const { stdout } = await run(
    process.execPath,
    [
      ...["--import", "tsx", "scripts/harmony.ts", ...command],
      ...["--redirect-uri", `${url}/callback`, "--scopes", "meetings:read", "--json"],
    ],
    {
      env: {
        PATH,
        NODE_ENV: "production",
        DATABASE_URL: HARMONY_E2E_DATABASE,
        HARMONY_SECRET: "not used by this command, but asked for",
        HARMONY_DATA_DIR: tmpdir(),
      },
    },
  );
  const app = JSON.parse(stdout) as { client_id: string; client_secret: string };
  clientId = app.client_id;
  program = spawn(process.execPath, ["docs/examples/oauth-app/app.mjs"], {
    env: {
      PATH,
      NODE_ENV: "production",
      CLIENT_ID: app.client_id,
      CLIENT_SECRET: app.client_secret,
      HARMONY_URL: HARMONY_E2E_URL,
      PORT: String(port),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [program.stdout, program.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  await expect.poll(() => output, { timeout: 30_000 }).toContain(`Open ${url}`);
});

test.afterAll(async () => {
  await sql.end({ timeout: 5 });
  if (program.exitCode !== null) return;
  const exited = once(program, "exit");
  program.kill();
  await exited;
});

const grants = () => sql<{ ended: string | null; refreshes: number }[]>`
  select g.revoked_reason as ended,
    (select count(*)::int from oauth_payloads p where p.grant_id = g.id and p.model = 'RefreshToken') as refreshes
  from oauth_grants g where g.app_id = ${clientId} order by g.created_at`;

async function connect(page: Page): Promise<void> {
  await page.goto(url);
  await page.getByRole("button", { name: "Connect Harmony" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(
    "Meeting list wants to use your Harmony data",
  );
}

test("a person connects the example app, sees their meetings there, and disconnects it", async ({
  page,
}) => {
  await signInAs(page, "Admin");
  await page.goto(url);
  await expectAccessible(page, "the example before it is connected");
  await connect(page);
  await page.getByRole("button", { name: "Allow" }).click();

  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Your latest meetings");
  expect(page.url()).toBe(`${url}/`);
  await expect(page.getByRole("listitem")).toHaveCount(10);
  await expectAccessible(page, "the example with meetings");
  const titles = await page.getByRole("listitem").allTextContents();
  const cookie = (await page.context().cookies(url)).find(({ name }) => name.startsWith("meeting"));
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Lax" });

  await page.getByRole("button", { name: "Refresh access" }).click();
  await expect(page.getByRole("listitem")).toHaveText(titles);
  expect(await grants()).toEqual([{ ended: null, refreshes: 2 }]);

  await page.getByRole("button", { name: "Disconnect" }).click();
  await expect(page.getByRole("button", { name: "Connect Harmony" })).toBeVisible();
  expect(await grants()).toEqual([{ ended: "app", refreshes: 0 }]);
  expect(output).not.toMatch(/hat_|hrt_|hsk_/);
});

test("Cancel, an answer that was not asked for and a form of elsewhere connect nothing", async ({
  page,
}) => {
  await signInAs(page, "Admin");
  await connect(page);
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByText("You did not allow the access.")).toBeVisible();
  await expectAccessible(page, "the example after Cancel");

  const stray = `${url}/callback?code=x&state=y&iss=${encodeURIComponent(HARMONY_E2E_URL)}`;
  expect((await page.request.get(stray)).status()).toBe(400);
  for (const path of ["/refresh", "/disconnect"]) {
    const answer = await page.request.post(`${url}${path}`, { form: { form_token: "guess" } });
    expect(answer.status()).toBe(403);
  }
});

test("when the access was ended at Harmony, the app says so and connects again", async ({
  page,
}) => {
  await signInAs(page, "Admin");
  await connect(page);
  await page.getByRole("button", { name: "Allow" }).click();
  await expect(page.getByRole("listitem")).toHaveCount(10);
  await sql`update oauth_grants set revoked_at = now(), revoked_reason = 'person'
    where app_id = ${clientId} and revoked_at is null`;
  await sql`delete from oauth_payloads where model = 'RefreshToken'
    and grant_id in (select id from oauth_grants where app_id = ${clientId})`;
  await page.reload();
  await expect(page.getByText("The access has ended. Connect again.")).toBeVisible();
  await page.getByRole("link", { name: "Start again" }).click();
  await expect(page.getByRole("button", { name: "Connect Harmony" })).toBeVisible();
});
