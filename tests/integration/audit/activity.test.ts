import { describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { revokeApiKey } from "@/lib/api-keys/service";
import {
  type ActivityFilters,
  activityFilters,
  countNewerActivity,
  exportActivity,
  findActivity,
  listActivity,
  listActivityIntegrations,
  listActors,
} from "@/lib/audit/activity";
import { recordAudit, recordOwnAudit } from "@/lib/audit/record-audit";
import { principalOfApiKey } from "@/lib/auth/api-key-principal";
import { writeRefusals } from "@/lib/auth/key-refusals";
import { retryMeeting } from "@/lib/meetings/retry-meeting";
import {
  type Member,
  makeKey,
  makeMeeting,
  makeMember,
  makeTeam,
  makeWorkspace,
} from "../../support/factories";
import { sql } from "../../support/pg";

async function actionsOf(person: Member, filters: ActivityFilters = {}): Promise<string[]> {
  const { rows } = await listActivity(await person.ctx(), { filters });
  return rows.map(({ action }) => action);
}

describe("who sees what", () => {
  test("an Admin sees the workspace's, everybody else what they did themselves, nobody another workspace's", async () => {
    const workspace = await makeWorkspace();
    const other = await makeWorkspace();
    await makeTeam(workspace);
    await makeTeam(other);
    const manager = await makeMember(workspace, { role: "manager" });
    const user = await makeMember(workspace, { role: "user" });
    await recordAudit(db(), await user.ctx(), { category: "sign_in", action: "user.signed_in" });
    expect(await actionsOf(workspace.admin)).toEqual(["user.signed_in", "team.created"]);
    expect(await actionsOf(manager)).toEqual([]);
    expect(await actionsOf(user)).toEqual(["user.signed_in"]);
    expect(await listActors(await user.ctx())).toEqual([]);
    const { rows } = await listActivity(await workspace.admin.ctx(), { filters: {} });
    const team = rows[1]?.id ?? "";
    expect(await findActivity(await workspace.admin.ctx(), team)).toMatchObject({ id: team });
    expect(await findActivity(await user.ctx(), team)).toBeNull();
    expect(await findActivity(await other.admin.ctx(), team)).toBeNull();
  });

  test("a role without the permission is refused", async () => {
    const { admin } = await makeWorkspace();
    const ctx = await admin.ctx();
    const without = { ...ctx, principal: { ...ctx.principal, grants: {} } };
    await expect(listActivity(without, { filters: {} })).rejects.toMatchObject({
      code: "forbidden",
    });
    await expect(exportActivity(without, {}).next()).rejects.toMatchObject({ code: "forbidden" });
  });
});

describe("filters", () => {
  test("category, actor, integration, result, dates and words narrow the list, together too", async () => {
    const workspace = await makeWorkspace();
    const { admin } = workspace;
    const key = await makeKey(admin);
    const other = await makeMember(workspace, { role: "admin" });
    const at = (day: number) => () => new Date(Date.UTC(2026, 9, day, 12));
    await recordAudit(db(), await other.ctx(at(1)), {
      category: "members",
      action: "team.renamed",
      target: { type: "team", id: "team_1", label: "50%_Sales" },
    });
    await recordAudit(db(), await other.ctx(at(2)), {
      category: "sync_events",
      action: "sync.completed",
      metadata: { integration: "slack" },
    });
    await recordOwnAudit(db(), workspace.id, at(3)(), {
      category: "errors",
      action: "webhook.disabled",
      result: "failure",
    });
    const found = (filters: ActivityFilters) => actionsOf(admin, filters);
    expect(await found({ category: "members" })).toEqual(["team.renamed"]);
    expect(await found({ actor: other.userId })).toEqual(["sync.completed", "team.renamed"]);
    expect(await found({ actor: "system" })).toEqual(["webhook.disabled"]);
    expect(await found({ integration: "slack" })).toEqual(["sync.completed"]);
    expect(await found({ result: "failure" })).toEqual(["webhook.disabled"]);
    expect(await found({ date_from: "2026-10-02", date_to: "2026-10-02" })).toEqual([
      "sync.completed",
    ]);
    expect(await found({ q: "renamed a team" })).toEqual(["team.renamed"]);
    expect(await found({ q: "50%_s" })).toEqual(["team.renamed"]);
    expect(await found({ q: "50x" })).toEqual([]);
    expect(await found({ q: key.id })).toEqual(["api_key.generated"]);
    expect(await found({ actor: other.userId, category: "errors" })).toEqual([]);
    expect(await listActivityIntegrations(await admin.ctx())).toEqual(["slack"]);
    const actors = await listActors(await admin.ctx());
    expect(actors).toEqual(
      expect.arrayContaining([
        { value: other.userId, label: other.name },
        { value: key.id, label: "API key “Test key”" },
        { value: "system", label: "Harmony" },
      ]),
    );
  });

  test("what no filter can be is refused before any query", () => {
    for (const wrong of [{ category: "nothing" }, { result: "maybe" }, { date_from: "soon" }]) {
      expect(activityFilters.safeParse(wrong).success).toBe(false);
    }
  });
});

test("pages follow each other without a gap while new entries come, and those are counted", async () => {
  const { admin } = await makeWorkspace();
  const add = async (n: number) => {
    // One instant for all: the id decides.
    const ctx = await admin.ctx(() => new Date("2026-10-05T10:00:00Z"));
    for (let i = 0; i < n; i += 1) {
      await recordAudit(db(), ctx, { category: "sign_in", action: "user.signed_in" });
    }
  };
  await add(7);
  const ctx = await admin.ctx();
  const first = await listActivity(ctx, { filters: {}, perPage: 3 });
  expect(first.total).toBe(7);
  await recordAudit(db(), ctx, { category: "sign_in", action: "user.signed_out" });
  const seen = first.rows.map(({ id }) => id);
  let cursor = first.nextCursor;
  while (cursor !== null) {
    const page = await listActivity(ctx, { filters: {}, perPage: 3, cursor });
    seen.push(...page.rows.map(({ id }) => id));
    cursor = page.nextCursor;
  }
  expect(new Set(seen).size).toBe(7);
  expect(seen).toHaveLength(7);
  expect(await countNewerActivity(ctx, { filters: {}, after: first.newest })).toBe(1);
  const failures = { result: "failure" } as const;
  expect(await countNewerActivity(ctx, { filters: failures, after: null })).toBe(0);
});

test("an export holds every entry of its filters once, and stands in the trail itself", async () => {
  const { admin, id } = await makeWorkspace();
  await sql`insert into audit_events (id, workspace_id, at, actor_type, actor_label, category, action, result)
    select 'aud_x' || ${id.slice(4)}::text || n, ${id}, '2026-10-01'::timestamptz + (n / 7) * interval '1 second',
      'system', 'Harmony', 'meetings', 'meeting.deleted', 'success' from generate_series(1, 2500) n`;
  const ids: string[] = [];
  for await (const rows of exportActivity(await admin.ctx(), { category: "meetings" })) {
    ids.push(...rows.map((row) => row.id));
  }
  expect(ids).toHaveLength(2500);
  expect(new Set(ids).size).toBe(2500);
  const { rows } = await listActivity(await admin.ctx(), { filters: { category: "members" } });
  expect(rows).toMatchObject([
    { action: "audit.exported", metadata: { filters: { category: "meetings" } } },
  ]);
});

describe("what leaves an entry", () => {
  test("requests with a key that was revoked: one entry for all of them", async () => {
    const { admin } = await makeWorkspace();
    const key = await makeKey(admin);
    await revokeApiKey(await admin.ctx(), { id: key.id });
    for (let n = 0; n < 3; n += 1) {
      expect(await principalOfApiKey(key.token, true)).toMatchObject({ ok: false });
    }
    await writeRefusals();
    await writeRefusals();
    const { rows } = await listActivity(await admin.ctx(), { filters: { actor: key.id } });
    expect(rows).toMatchObject([
      {
        action: "api.auth_failed",
        actorType: "api_key",
        actorLabel: "Test key",
        result: "failure",
        metadata: { reason: "revoked", requests: 3 },
      },
    ]);
  });

  test("a failed meeting that is retried", async () => {
    const workspace = await makeWorkspace();
    const meeting = await makeMeeting(workspace, {
      status: "failed",
      userId: workspace.admin.userId,
    });
    await retryMeeting(await workspace.admin.ctx(), { id: meeting.id });
    expect(await actionsOf(workspace.admin, { q: meeting.id })).toEqual(["meeting.retried"]);
  });
});
