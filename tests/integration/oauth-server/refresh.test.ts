import * as client from "openid-client";
import { expect, test } from "vitest";
import { pool } from "@/db/client";
import { sha256 } from "@/lib/core/crypto";
import { makeWorkspace } from "@/tests/support/factories";
import { connectApp, makeApp, readMeetings } from "./oauth-client";

// Refresh tokens: for one use, with thirty seconds for an answer that was lost on the way.

const names = (error: unknown) => (error as { error?: string }).error ?? String(error);

async function connected() {
  const workspace = await makeWorkspace();
  const app = await makeApp(workspace.admin);
  const { tokens, config } = await connectApp(workspace.admin, app);
  const refresh = (token = tokens.refresh_token ?? "") => client.refreshTokenGrant(config, token);
  return { workspace, app, tokens, config, refresh };
}

test("every refresh gives a new pair, and the old refresh token the same pair again for thirty seconds", async () => {
  const { tokens, refresh } = await connected();
  const first = await refresh();
  expect(first.refresh_token).not.toBe(tokens.refresh_token);
  const repeats = await Promise.all(Array.from({ length: 8 }, () => refresh()));
  for (const again of repeats) {
    expect(again.access_token).toBe(first.access_token);
    expect(again.refresh_token).toBe(first.refresh_token);
  }
  expect((await readMeetings(first.access_token)).status).toBe(200);
});

test("two refreshes at the same moment get one pair", async () => {
  const { refresh } = await connected();
  const answers = await Promise.all(Array.from({ length: 20 }, () => refresh()));
  expect(new Set(answers.map((answer) => answer.access_token)).size).toBe(1);
});

test("later, the old token ends the whole family, and the person is told", async () => {
  const { workspace, tokens, refresh } = await connected();
  const first = await refresh();
  await pool()`update oauth_refresh_answers set answered_at = answered_at - interval '31 seconds'
    where token_hash = ${sha256(tokens.refresh_token ?? "")}`;
  await expect(refresh().catch(names)).resolves.toBe("invalid_grant");
  expect((await readMeetings(first.access_token)).status).toBe(401);
  await expect(refresh(first.refresh_token).catch(names)).resolves.toBe("invalid_grant");
  const told = await pool()`select type from notifications
    where workspace_id = ${workspace.id} and user_id = ${workspace.admin.userId}`;
  expect(told).toMatchObject([{ type: "oauth_app_revoked" }]);
});

test("another app cannot use the token, and its trying ends nothing", async () => {
  const { workspace, tokens, refresh } = await connected();
  const other = await makeApp(workspace.admin, { name: "Other" });
  const { config } = await connectApp(workspace.admin, other);
  const stolen = client.refreshTokenGrant(config, tokens.refresh_token ?? "");
  await expect(stolen.catch(names)).resolves.toBe("invalid_grant");
  expect((await refresh()).access_token).toMatch(/^hat_/);
});

test("a grant that is used lives on: refreshed on day 20 and again on day 40", async () => {
  const { workspace, refresh } = await connected();
  const age = (days: number) => pool()`update oauth_payloads p set
      expires_at = expires_at - make_interval(days => ${days}),
      payload = payload || jsonb_build_object('exp', (payload ->> 'exp')::bigint - ${days * 86_400}::bigint,
        'iat', (payload ->> 'iat')::bigint - ${days * 86_400}::bigint)
    from oauth_grants g where g.workspace_id = ${workspace.id} and (p.grant_id = g.id or p.model = 'Grant'
      and p.payload ->> 'accountId' = g.user_id)`;
  await age(20);
  const first = await refresh();
  await age(20);
  const second = await refresh(first.refresh_token);
  expect((await readMeetings(second.access_token)).status).toBe(200);
  await age(31);
  await expect(refresh(second.refresh_token).catch(names)).resolves.toBe("invalid_grant");
});
