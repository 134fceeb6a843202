import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { machineSteps, steps } from "@/app/docs/oauth/samples";
import { issueRegistrationToken, setAppRegistration } from "@/lib/oauth-server/registration-tokens";
import { makeMeetings, makeWorkspace } from "../../support/factories";
import { allow, jarOf, makeApp, origin, redirectUri } from "../oauth-server/oauth-client";
import { makeAccount, makeClient } from "../service-accounts/service-account";
import { type HtmlPage, readPage, unescapeHtml } from "./html-page";

const run = promisify(execFile);
let page: HtmlPage;
let blocks: readonly string[] = [];

beforeAll(async () => {
  page = await readPage(`${inject("laneUrl")}/docs/oauth`);
  blocks = [...page.html.matchAll(/<code>([^<]*)<\/code><\/pre>/g)].map(([, code = ""]) =>
    unescapeHtml(code),
  );
});

describe("the page about OAuth", () => {
  test("is open to everybody, sets no cookie and loads nothing from elsewhere", () => {
    expect(page.status).toBe(200);
    expect(page.headers.get("set-cookie")).toBeNull();
    expect(page.loads.filter((url) => new URL(url, origin()).origin !== origin())).toEqual([]);
  });

  test("is reached from the reference; its links lead to places that are there", async () => {
    const reference = await readPage(`${origin()}/docs`);
    expect(reference.links).toContain("/docs/oauth");
    const inside = page.links.filter((link) => link.startsWith("#"));
    expect(inside.filter((link) => !page.ids.has(link.slice(1)))).toEqual([]);
    const into = page.links.filter((link) => link.startsWith("/docs#"));
    expect(into.filter((link) => !reference.ids.has(link.slice("/docs#".length)))).toEqual([]);
  });

  test("prints the example app as it is run by the tests", () => {
    const file = readFileSync("docs/examples/oauth-app/app.mjs", "utf8").trimEnd();
    expect(blocks).toContain(file);
  });

  test("names every endpoint of the metadata", async () => {
    const answer = await fetch(`${origin()}/.well-known/oauth-authorization-server`);
    const metadata = (await answer.json()) as Record<string, unknown>;
    for (const [name, value] of Object.entries(metadata)) {
      if (!/_endpoint$|^jwks_uri$/.test(name)) continue;
      expect(page.text).toContain(new URL(String(value)).pathname);
    }
  });
});

async function canRun(): Promise<boolean> {
  const found = await Promise.all(
    [
      ["bash", "--version"],
      ["curl", "--version"],
      ["openssl", "version"],
    ].map(([name = "", flag = ""]) =>
      run(name, [flag]).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.every(Boolean);
}

test("its shell lines, copied from the page, go from nothing to a revoked token", async ({
  skip,
}) => {
  if (!(await canRun())) skip("needs bash, curl and openssl");
  const workspace = await makeWorkspace();
  await makeMeetings(workspace, [{}, {}]);
  const app = await makeApp(workspace.admin);
  const printed = steps(origin());
  for (const code of Object.values(printed)) expect(blocks).toContain(code);
  /** Everything so far in one shell, as a reader has it; gives what the last step printed. */
  const shell = async (env: Record<string, string>, code: string) => {
    const { stdout } = await run("bash", ["-euo", "pipefail", "-c", code], {
      env: { PATH: process.env.PATH, NODE_ENV: "production", ...env },
      timeout: 25_000,
    });
    return stdout.trim();
  };
  const prepare = printed.prepare.replace(/^export .*$/m, "");
  const [address = "", verifier = ""] = (
    await shell({ CLIENT_ID: app.clientId }, `${prepare}\n${printed.authorize}\necho "$VERIFIER"`)
  ).split("\n");
  const jar = jarOf(workspace.admin);
  const location = (await jar.send(address)).headers.get("location") ?? "";
  const state = new URL(address).searchParams.get("state") ?? "";
  const back = await allow(jar, workspace.admin, {
    verifier,
    state,
    location: new URL(location, origin()),
  });
  expect(back.searchParams.get("state")).toBe(state);
  const env = {
    CLIENT_ID: app.clientId,
    CLIENT_SECRET: app.clientSecret ?? "",
    REDIRECT_URI: redirectUri,
    VERIFIER: verifier,
    CODE: back.searchParams.get("code") ?? "",
  };
  const first = JSON.parse(await shell(env, printed.exchange));
  const own = (tokens: { access_token: string; refresh_token: string }) => ({
    ...env,
    ACCESS_TOKEN: tokens.access_token,
    REFRESH_TOKEN: tokens.refresh_token,
  });
  expect(JSON.parse(await shell(own(first), printed.call)).pagination.total).toBe(2);
  const second = JSON.parse(await shell(own(first), printed.refresh));
  expect(second.refresh_token).not.toBe(first.refresh_token);
  expect(JSON.parse(await shell(own(second), printed.introspect)).active).toBe(true);
  expect(await shell(own(second), printed.revoke)).toBe("");
  expect(JSON.parse(await shell(own(second), printed.introspect))).toEqual({ active: false });
  expect(JSON.parse(await shell(own(second), printed.call)).error.code).toBe("unauthorized");
});

test("the lines for programs that act for nobody work as they stand", async ({ skip }) => {
  if (!(await canRun())) skip("needs bash, curl and openssl");
  const { token, register } = machineSteps(origin());
  for (const code of [token, register]) expect(blocks).toContain(code);
  const workspace = await makeWorkspace({ plan: "enterprise" });
  const ctx = await workspace.admin.ctx();
  const shell = async (code: string, env: Record<string, string>) =>
    JSON.parse(
      (
        await run("bash", ["-euo", "pipefail", "-c", code], {
          env: { PATH: process.env.PATH, NODE_ENV: "production", ...env },
          timeout: 25_000,
        })
      ).stdout,
    );
  const account = await makeAccount(workspace);
  const { clientId, clientSecret } = await makeClient(workspace.admin, account);
  const given = { CLIENT_ID: clientId, CLIENT_SECRET: clientSecret ?? "" };
  expect(await shell(token, given)).toMatchObject({ token_type: "Bearer", expires_in: 3600 });
  await setAppRegistration(ctx, { is_allowed: true });
  const issued = await issueRegistrationToken(ctx, { name: "CI", expires_in_days: 7 });
  expect(await shell(register, { REGISTRATION_TOKEN: issued.token })).toMatchObject({
    client_id: expect.stringMatching(/^hcl_/),
    client_secret: expect.stringMatching(/^hsk_/),
  });
});
