import { eq, sql } from "drizzle-orm";
import * as client from "openid-client";
import { expect, test } from "vitest";
import { db, pool } from "@/db/client";
import { oauthGrants } from "@/db/schema/oauth";
import { newId } from "@/lib/core/ids";
import { setOauthPolicy } from "@/lib/oauth-server/approvals";
import {
  endKilledGrants,
  type Kill,
  killAllApps,
  listKills,
  startKill,
} from "@/lib/oauth-server/kills";
import { sweepOauth } from "@/lib/oauth-server/sweep";
import { type Member, makeMember, makeWorkspace } from "@/tests/support/factories";
import { waitFor } from "@/tests/support/wait-for";
import { connectApp, makeApp, readMeetings } from "./oauth-client";

// Kill switches: they hold before any grant is touched, and what is behind them ends whatever happens to the job.

const names = (error: unknown) => (error as { error?: string }).error ?? String(error);

/** Pulls the switch and takes the job away, so that nothing but the switch itself holds. */
async function pullOnly(by: Member, what: Kill) {
  const ctx = await by.ctx();
  return db().transaction(async (tx) => {
    const kill = await startKill(tx, ctx, what);
    await tx.execute(
      sql`delete from pgboss.job where name = 'oauth.kill' and data ->> 'killId' = ${kill.id}`,
    );
    return kill;
  });
}

const killRow = async (id: string) => {
  const [row] =
    await pool()`select total, ended, finished_at is not null as is_finished from oauth_kills where id = ${id}`;
  return row;
};

/** Grants without tokens, as many people would have given them. */
async function manyGrants(by: Member, appId: string, n: number): Promise<void> {
  const row = () => ({
    id: newId("request"),
    workspaceId: by.workspaceId,
    appId,
    userId: by.userId,
    scopes: ["meetings:read"],
  });
  await db()
    .insert(oauthGrants)
    .values(Array.from({ length: n }, row));
}

const openGrants = async (appId: string) => {
  const [row] =
    await pool()`select count(*)::int as n from oauth_grants where app_id = ${appId} and revoked_at is null`;
  return row?.n;
};

test.each(["workspace", "app_here", "app"] as const)(
  "the switch of reach “%s” holds at once, in every process, before any grant is touched",
  async (reach) => {
    const workspace = await makeWorkspace();
    const app = await makeApp(workspace.admin);
    const { tokens, config } = await connectApp(workspace.admin, app);
    // The servers remember the credential now.
    expect((await readMeetings(tokens.access_token)).status).toBe(200);
    await pullOnly(workspace.admin, {
      reach,
      ...(reach === "workspace" ? {} : { appId: app.clientId }),
    });
    expect(await openGrants(app.clientId)).toBe(1);
    expect((await readMeetings(tokens.access_token)).status).toBe(401);
    const refreshed = client.refreshTokenGrant(config, tokens.refresh_token ?? "");
    await expect(refreshed.catch(names)).resolves.toBe(
      reach === "app" ? "invalid_client" : "invalid_grant",
    );
    await expect(connectApp(workspace.admin, app)).rejects.toBeDefined();
  },
);

test("the switch of a workspace reaches no other workspace, that of a publisher every one", async () => {
  const publisher = await makeWorkspace();
  const [one, two] = [await makeWorkspace(), await makeWorkspace()];
  const app = await makeApp(publisher.admin, { is_shared: true });
  const first = await connectApp(one.admin, app);
  const second = await connectApp(two.admin, app);
  await killAllApps(await one.admin.ctx());
  expect((await readMeetings(first.tokens.access_token)).status).toBe(401);
  expect((await readMeetings(second.tokens.access_token)).status).toBe(200);
  const kill = await pullOnly(publisher.admin, { reach: "app", appId: app.clientId });
  expect(kill.total).toBeGreaterThanOrEqual(1);
  expect((await readMeetings(second.tokens.access_token)).status).toBe(401);
});

test("the job behind a switch is run by the worker, and tells how far it is", async () => {
  const workspace = await makeWorkspace();
  const app = await makeApp(workspace.admin);
  const { tokens } = await connectApp(workspace.admin, app);
  await manyGrants(workspace.admin, app.clientId, 450);
  const ctx = await workspace.admin.ctx();
  const { id } = await killAllApps(ctx);
  await waitFor("the switch to be through", async () => (await killRow(id))?.is_finished === true);
  expect(await killRow(id)).toEqual({ total: 451, ended: 451, is_finished: true });
  expect(await openGrants(app.clientId)).toBe(0);
  expect(await listKills(ctx, "workspace")).toMatchObject([
    { id, reach: "workspace", total: 451, ended: 451, isFinished: true },
  ]);
  const left = await pool()`select 1 from oauth_payloads p join oauth_grants g on g.id = p.grant_id
    where g.app_id = ${app.clientId}`;
  expect(left).toEqual([]);
  expect((await readMeetings(tokens.access_token)).status).toBe(401);
  const [audit] = await pool()`select action, metadata from audit_events
    where workspace_id = ${workspace.id} and action = 'oauth.killed'`;
  expect(audit?.metadata).toEqual({ reach: "workspace", grants: 451 });
});

test("a job that is cut off in the middle goes on where it stood, and twice at once ends each grant once", async () => {
  const workspace = await makeWorkspace();
  const app = await makeApp(workspace.admin);
  await manyGrants(workspace.admin, app.clientId, 900);
  const { id } = await pullOnly(workspace.admin, { reach: "workspace" });
  const job = { workspaceId: workspace.id, killId: id };
  await expect(endKilledGrants(job, { signal: AbortSignal.abort() })).rejects.toThrow();
  expect(await killRow(id)).toEqual({ total: 900, ended: 200, is_finished: false });
  // A process that is killed leaves its portion undone.
  await pool()
    .begin(async (tx) => {
      await tx`update oauth_grants set revoked_at = now() where id in (
        select id from oauth_grants where app_id = ${app.clientId} and revoked_at is null limit 50)`;
      throw new Error("killed");
    })
    .catch(() => null);
  const { signal } = new AbortController();
  await Promise.all([endKilledGrants(job, { signal }), endKilledGrants(job, { signal })]);
  await endKilledGrants(job, { signal });
  expect(await killRow(id)).toEqual({ total: 900, ended: 900, is_finished: true });
  expect(await openGrants(app.clientId)).toBe(0);
});

test("what is allowed after the switch, once an admin has opened again, stays", async () => {
  const workspace = await makeWorkspace();
  const app = await makeApp(workspace.admin);
  await connectApp(workspace.admin, app);
  const { id } = await pullOnly(workspace.admin, { reach: "workspace" });
  await setOauthPolicy(await workspace.admin.ctx(), { policy: "open" });
  const { tokens } = await connectApp(workspace.admin, app);
  expect((await readMeetings(tokens.access_token)).status).toBe(200);
  await endKilledGrants(
    { workspaceId: workspace.id, killId: id },
    { signal: new AbortController().signal },
  );
  expect((await readMeetings(tokens.access_token)).status).toBe(200);
  expect(await openGrants(app.clientId)).toBe(1);
});

test("a switch with nothing behind it is through at once", async () => {
  const workspace = await makeWorkspace();
  const { id } = await killAllApps(await workspace.admin.ctx());
  expect(await killRow(id)).toEqual({ total: 0, ended: 0, is_finished: true });
});

test("a switch whose job gave up gets another one within the hour", async () => {
  const workspace = await makeWorkspace();
  const app = await makeApp(workspace.admin);
  await manyGrants(workspace.admin, app.clientId, 3);
  const { id } = await pullOnly(workspace.admin, { reach: "workspace" });
  await pool()`update oauth_kills set created_at = created_at - interval '2 hours' where id = ${id}`;
  await db()
    .update(oauthGrants)
    .set({ createdAt: new Date(Date.now() - 3 * 3_600_000) })
    .where(eq(oauthGrants.appId, app.clientId));
  await sweepOauth();
  await waitFor("the switch to be through", async () => (await killRow(id))?.is_finished === true);
});

test("only admins pull switches, and only over what is theirs", async () => {
  const workspace = await makeWorkspace();
  const manager = await makeMember(workspace, { role: "manager" });
  const elsewhere = await makeWorkspace();
  const app = await makeApp(workspace.admin);
  const { tokens } = await connectApp(workspace.admin, app);
  const forbidden = { code: "forbidden" };
  await expect(killAllApps(await manager.ctx())).rejects.toMatchObject(forbidden);
  await expect(listKills(await manager.ctx(), "workspace")).rejects.toMatchObject(forbidden);
  for (const reach of ["app", "app_here"] as const) {
    const pulled = pullOnly(manager, { reach, appId: app.clientId });
    await expect(pulled).rejects.toMatchObject(forbidden);
  }
  const foreign = pullOnly(elsewhere.admin, { reach: "app", appId: app.clientId });
  await expect(foreign).rejects.toMatchObject({ code: "not_found" });
  expect((await readMeetings(tokens.access_token)).status).toBe(200);
});
