import { expect, inject, test } from "vitest";
import { pool } from "@/db/client";
import { sha256 } from "@/lib/core/crypto";
import type { IssuedOAuthApp } from "@/lib/oauth-server/apps";
import { endGrant } from "@/lib/oauth-server/store";
import { makeWorkspace } from "@/tests/support/factories";
import { allow, connectApp, discover, jarOf, makeApp, redirectUri, start } from "./oauth-client";

// Requests of the same moment, over two processes of the product: nobody is logged out by mistake, nothing ends as a
// fault of ours, and what was revoked stays revoked.

const servers = [inject("laneUrl"), inject("nextUrl")];
const serverOf = (turn: number) => servers[turn % servers.length] ?? "";

interface Answer {
  readonly status: number;
  readonly access: string;
  readonly refresh: string;
  readonly error: string;
}

async function post(
  server: string,
  path: string,
  app: IssuedOAuthApp,
  fields: Readonly<Record<string, string>>,
): Promise<Answer> {
  const secret = Buffer.from(`${app.clientId}:${app.clientSecret}`).toString("base64");
  const response = await fetch(`${server}${path}`, {
    method: "POST",
    headers: { authorization: `Basic ${secret}` },
    body: new URLSearchParams(fields),
  });
  const text = await response.text();
  const body = text.startsWith("{") ? JSON.parse(text) : {};
  return {
    status: response.status,
    access: body.access_token ?? "",
    refresh: body.refresh_token ?? "",
    error: body.error ?? "",
  };
}

const refreshAt = (server: string, app: IssuedOAuthApp, token: string) =>
  post(server, "/oauth/token", app, { grant_type: "refresh_token", refresh_token: token });

const revokeAt = (server: string, app: IssuedOAuthApp, token: string) =>
  post(server, "/oauth/revoke", app, { token });

const read = async (server: string, token: string) =>
  (await fetch(`${server}/v1/meetings`, { headers: { authorization: `Bearer ${token}` } })).status;

async function connected() {
  const workspace = await makeWorkspace();
  const app = await makeApp(workspace.admin);
  const { tokens } = await connectApp(workspace.admin, app);
  const token = tokens.refresh_token ?? "";
  return { workspace, app, access: tokens.access_token, token };
}

const grantOf = async (workspaceId: string) => {
  const [grant] = await pool()<{ id: string; reason: string | null }[]>`
    select id, revoked_reason as reason from oauth_grants where workspace_id = ${workspaceId}
    order by created_at desc`;
  return grant;
};

test("double refreshes in two processes, again and again: one successor each, and all of them work", async () => {
  const { app, token } = await connected();
  let current = token;
  for (let round = 0; round < 20; round += 1) {
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, turn) => refreshAt(serverOf(turn), app, current)),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(new Set(answers.map(({ refresh }) => refresh)).size).toBe(1);
    const [first] = answers;
    expect(await read(serverOf(round), first?.access ?? "")).toBe(200);
    current = first?.refresh ?? "";
  }
});

test("a refresh and a revocation that meet: both are answered, and nothing is left open", async () => {
  const { workspace, app } = await connected();
  for (let round = 0; round < 15; round += 1) {
    const { tokens } = await connectApp(workspace.admin, app);
    const token = tokens.refresh_token ?? "";
    const [refreshed, revoked] = await Promise.all([
      refreshAt(serverOf(round), app, token),
      revokeAt(serverOf(round + 1), app, round % 3 === 0 ? token : tokens.access_token),
    ]);
    expect(revoked.status).toBe(200);
    expect([200, 400]).toContain(refreshed.status);
    for (const access of [tokens.access_token, refreshed.access].filter(Boolean)) {
      expect(await read(serverOf(round), access)).toBe(401);
    }
    const later = await refreshAt(serverOf(round), app, refreshed.refresh || token);
    expect(later.error).toBe("invalid_grant");
  }
});

test("a grant that ends on our pages while it is refreshed ends, without a fault on either side", async () => {
  const { workspace, app } = await connected();
  for (let round = 0; round < 15; round += 1) {
    const { tokens } = await connectApp(workspace.admin, app);
    const grant = await grantOf(workspace.id);
    const [refreshed, ended] = await Promise.all([
      refreshAt(serverOf(round), app, tokens.refresh_token ?? ""),
      endGrant(grant?.id ?? "", "person"),
    ]);
    expect(ended).toBe(true);
    expect([200, 400]).toContain(refreshed.status);
    if (refreshed.access) expect(await read(serverOf(round), refreshed.access)).toBe(401);
  }
});

test("two thieves with two old tokens of one family end it once, and nobody waits for the other", async () => {
  for (let round = 0; round < 8; round += 1) {
    const { workspace, app, token } = await connected();
    const second = await refreshAt(serverOf(0), app, token);
    const third = await refreshAt(serverOf(1), app, second.refresh);
    await pool()`update oauth_refresh_answers set answered_at = answered_at - interval '31 seconds'
      where token_hash in (${sha256(token)}, ${sha256(second.refresh)})`;
    const answers = await Promise.all([
      refreshAt(serverOf(0), app, token),
      refreshAt(serverOf(1), app, second.refresh),
      refreshAt(serverOf(0), app, third.refresh),
    ]);
    expect(answers.slice(0, 2).map(({ error }) => error)).toEqual([
      "invalid_grant",
      "invalid_grant",
    ]);
    expect([200, 400]).toContain(answers[2]?.status);
    expect(await grantOf(workspace.id)).toMatchObject({ reason: "replay" });
    expect(await read(serverOf(0), third.access)).toBe(401);
    if (answers[2]?.access) expect(await read(serverOf(1), answers[2].access)).toBe(401);
    const told = await pool()`select 1 from notifications where workspace_id = ${workspace.id}`;
    expect(told).toHaveLength(1);
  }
});

test("one code in two processes at the same moment: one answer at most, and the replay ends what it gave", async () => {
  const { workspace, app } = await connected();
  for (let round = 0; round < 8; round += 1) {
    const jar = jarOf(workspace.admin);
    const started = await start(jar, await discover(app));
    const callback = await allow(jar, workspace.admin, started);
    const fields = {
      grant_type: "authorization_code",
      code: callback.searchParams.get("code") ?? "",
      redirect_uri: redirectUri,
      code_verifier: started.verifier,
    };
    const answers = await Promise.all(
      [0, 1, 2, 3].map((turn) => post(serverOf(turn), "/oauth/token", app, fields)),
    );
    const given = answers.filter(({ status }) => status === 200);
    expect(given.length).toBeLessThanOrEqual(1);
    for (const { status, error } of answers) {
      if (status !== 200) expect(`${status} ${error}`).toBe("400 invalid_grant");
    }
    for (const { access } of given) expect(await read(serverOf(round), access)).toBe(401);
  }
});

test("a disabled app, and a member who is removed, in the middle of refreshes: no answer of theirs opens the API", async () => {
  const { workspace, app, token, access } = await connected();
  const refreshes = Promise.all(
    Array.from({ length: 8 }, (_, turn) => refreshAt(serverOf(turn), app, token)),
  );
  await pool()`update oauth_apps set status = 'disabled' where id = ${app.clientId}`;
  const answers = await refreshes;
  for (const { status } of answers) expect([200, 401]).toContain(status);
  for (const one of [access, ...answers.map((answer) => answer.access)].filter(Boolean)) {
    expect(await read(serverOf(0), one)).toBe(401);
  }
  await pool()`update oauth_apps set status = 'active' where id = ${app.clientId}`;
  await pool()`update memberships set removed_at = now() where id = ${workspace.admin.membershipId}`;
  const late = answers.find(({ refresh }) => refresh)?.refresh ?? token;
  const after = await refreshAt(serverOf(1), app, late);
  if (after.access) expect(await read(serverOf(1), after.access)).toBe(401);
});
