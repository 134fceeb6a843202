import { existsSync, readFileSync } from "node:fs";
import * as client from "openid-client";
import { describe, expect, test } from "vitest";
import { pool } from "@/db/client";
import { sha256 } from "@/lib/core/crypto";
import { practices } from "@/lib/docs/rfc9700";
import { createOAuthApp } from "@/lib/oauth-server/apps";
import { oauthAppInput } from "@/lib/oauth-server/schema";
import { browserJar } from "@/tests/integration/auth/browser-jar";
import { readPage } from "@/tests/integration/docs/html-page";
import { makeWorkspace } from "@/tests/support/factories";
import {
  allow,
  connectApp,
  discover,
  jarOf,
  makeApp,
  origin,
  readMeetings,
  redirectUri,
  start,
} from "./oauth-client";

// The table of RFC 9700 that the documentation prints, held against the tests that it names; and the proofs that
// belong to no other file.

const names = (error: unknown) => (error as { error?: string }).error ?? String(error);

describe("the table", () => {
  const sources = new Map<string, string>();
  const sourceOf = (file: string) => {
    const known = sources.get(file) ?? (existsSync(file) ? readFileSync(file, "utf8") : "");
    sources.set(file, known);
    return known;
  };

  test.each(practices.map((one) => [`${one.section}: ${one.demand}`, one] as const))(
    "%s",
    (_title, { proofs }) => {
      expect(proofs.length).toBeGreaterThan(0);
      const missing = proofs.filter(
        ({ file, test: name }) => !sourceOf(file).includes(`"${name}"`),
      );
      expect(missing).toEqual([]);
    },
  );

  test("is printed whole, with every test that it names", async () => {
    const page = await readPage(`${origin()}/docs/oauth`);
    // Marks of code become elements, around which the reader of pages leaves spaces.
    const bare = (text: string) => text.replace(/[`\s]/g, "");
    const printed = bare(page.text);
    const texts = practices.flatMap(({ demand, done, proofs }) => [
      demand,
      done,
      ...proofs.map((proof) => proof.test),
    ]);
    expect(texts.filter((text) => !printed.includes(bare(text)))).toEqual([]);
  });
});

const query = (clientId: string, changes: Readonly<Record<string, string>> = {}) =>
  new URLSearchParams({
    client_id: clientId,
    response_type: "code",
    redirect_uri: redirectUri,
    scope: "meetings:read",
    state: "s",
    code_challenge: "a".repeat(43),
    code_challenge_method: "S256",
    ...changes,
  });

test("no access token is ever in an address: only the code flow is offered", async () => {
  const workspace = await makeWorkspace();
  const app = await makeApp(workspace.admin);
  const jar = jarOf(workspace.admin);
  for (const type of ["token", "id_token token", "code token"]) {
    const answer = await jar.send(
      `/oauth/authorize?${query(app.clientId, { response_type: type, nonce: "n" })}`,
    );
    const location = answer.headers.get("location") ?? "";
    expect(location).toContain("error=unsupported_response_type");
    expect(location).not.toContain("access_token");
  }
  const { callback } = await connectApp(workspace.admin, app);
  expect([...callback.searchParams.keys()].sort()).toEqual(["code", "iss", "state"]);
});

test("there is no password grant", async () => {
  const workspace = await makeWorkspace();
  const config = await discover(await makeApp(workspace.admin));
  const asked = client.genericGrantRequest(config, "password", {
    username: workspace.admin.email,
    password: "anything",
  });
  await expect(asked.catch(names)).resolves.toBe("unsupported_grant_type");
  expect(config.serverMetadata().grant_types_supported).not.toContain("password");
});

test("a public app's refresh token is rotated, and its replay ends the family", async () => {
  const workspace = await makeWorkspace();
  const app = await makeApp(workspace.admin, { kind: "native", authentication: "none" });
  const { tokens, config } = await connectApp(workspace.admin, app);
  const old = tokens.refresh_token ?? "";
  const fresh = await client.refreshTokenGrant(config, old);
  expect(fresh.refresh_token).not.toBe(old);
  await pool()`update oauth_refresh_answers set answered_at = answered_at - interval '31 seconds'
    where token_hash = ${sha256(old)}`;
  await expect(client.refreshTokenGrant(config, old).catch(names)).resolves.toBe("invalid_grant");
  expect((await readMeetings(fresh.access_token)).status).toBe(401);
});

test("a web app without a secret or key cannot be made", async () => {
  const workspace = await makeWorkspace();
  const input = oauthAppInput.parse({
    name: "Open",
    kind: "web",
    authentication: "none",
    redirect_uris: [redirectUri],
    scopes: ["meetings:read"],
  });
  await expect(createOAuthApp(await workspace.admin.ctx(), input)).rejects.toMatchObject({
    code: "invalid_request",
  });
});

test("a client id cannot be taken for a person", async () => {
  const workspace = await makeWorkspace();
  const app = await makeApp(workspace.admin);
  const { tokens } = await connectApp(workspace.admin, app, {
    parameters: { scope: "openid meetings:read" },
  });
  expect(app.clientId).toMatch(/^hcl_/);
  expect(tokens.claims()?.sub).toMatch(/^usr_/);
});

test("the consent page loads nothing from elsewhere, cannot be framed and sends no referrer", async () => {
  const workspace = await makeWorkspace();
  const jar = jarOf(workspace.admin);
  const started = await start(jar, await discover(await makeApp(workspace.admin)));
  const answer = await jar.send(started.location.pathname);
  const html = await answer.text();
  expect(html).toContain("Deal Desk wants to use your Harmony data");
  const addresses = [...html.matchAll(/\s(?:src|href|action)="([^"]+)"/g)].map(
    ([, address = ""]) => new URL(address.replaceAll("&amp;", "&"), origin()),
  );
  expect(addresses.filter((url) => url.protocol !== "data:" && url.origin !== origin())).toEqual(
    [],
  );
  expect(answer.headers.get("x-frame-options")).toBe("DENY");
  expect(answer.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
  expect(html).toContain('<meta name="referrer" content="no-referrer"');
});

test("an error is not sent to the app before the person has signed in", async () => {
  const workspace = await makeWorkspace();
  const app = await makeApp(workspace.admin);
  const path = `/oauth/authorize?${query(app.clientId, { scope: "junk" })}`;
  const stranger = browserJar(origin());
  const answer = await stranger.send(path);
  expect(answer.status).toBe(303);
  const location = new URL(answer.headers.get("location") ?? "", origin());
  expect(location.origin + location.pathname).toBe(`${origin()}/login`);
  expect(location.searchParams.get("next")).toBe(path);
  const signedIn = await jarOf(workspace.admin).send(path);
  expect(signedIn.headers.get("location")).toContain(`${redirectUri}?error=invalid_scope`);
  const silent = await stranger.send(`/oauth/authorize?${query(app.clientId, { prompt: "none" })}`);
  expect(silent.headers.get("location")).toContain(`${redirectUri}?error=login_required`);
});

test("every redirect of the server is a 303", async () => {
  const workspace = await makeWorkspace();
  const app = await makeApp(workspace.admin);
  const jar = jarOf(workspace.admin);
  const first = await jar.send(`/oauth/authorize?${query(app.clientId)}`);
  const wrong = await jar.send(`/oauth/authorize?${query(app.clientId, { scope: "junk" })}`);
  expect([first.status, wrong.status]).toEqual([303, 303]);
  const location = new URL(first.headers.get("location") ?? "", origin());
  const answers: number[] = [];
  const send = jar.send;
  const watched = {
    ...jar,
    send: async (...given: Parameters<typeof send>) => {
      const answer = await send(...given);
      answers.push(answer.status);
      return answer;
    },
  };
  await allow(watched, workspace.admin, { verifier: "", state: "s", location });
  expect(answers).toEqual([303]);
});

test("no answer is sent by a message between windows", async () => {
  const workspace = await makeWorkspace();
  const app = await makeApp(workspace.admin);
  const answer = await jarOf(workspace.admin).send(
    `/oauth/authorize?${query(app.clientId, { response_mode: "web_message" })}`,
  );
  expect(answer.headers.get("location")).toContain("error=unsupported_response_mode");
});
