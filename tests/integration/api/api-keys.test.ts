import { describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { roles } from "@/db/schema/members";
import { alertExpiringKeys } from "@/lib/api-keys/expiry-alerts";
import { generateApiKey, listApiKeys, revokeApiKey, rotateApiKey } from "@/lib/api-keys/service";
import { isApiKeyToken } from "@/lib/auth/api-key-token";
import { newId } from "@/lib/core/ids";
import type { PlanName } from "@/lib/plans/plans";
import { makeKey, makeMember, makeWorkspace, type TestWorkspace } from "../../support/factories";
import { sql } from "../../support/pg";

const keyInput = {
  name: "Warehouse",
  role_id: null,
  access: "read",
  expires_at: null,
  rate_limit_per_minute: null,
} as const;

async function auditOf(workspaceId: string): Promise<string[]> {
  const rows = await sql<{ action: string }[]>`select action from audit_events
    where workspace_id = ${workspaceId} and action like 'api_key.%' order by at`;
  return rows.map(({ action }) => action);
}

/** A context of somebody whose custom role holds just these permissions. */
async function ctxWith(workspace: TestWorkspace, permissions: string[]) {
  const roleId = newId("role");
  await db()
    .insert(roles)
    .values({ id: roleId, workspaceId: workspace.id, name: roleId, permissions });
  const person = await makeMember(workspace, { role: "user" });
  await sql`update memberships set role_id = ${roleId} where id = ${person.membershipId}`;
  return person.ctx();
}

describe("generating a key", () => {
  test("gives a key with a checksum once, and keeps only its hash and eight characters", async () => {
    const { admin, id } = await makeWorkspace();
    const key = await makeKey(admin);
    expect(isApiKeyToken(key.token)).toBe(true);
    const [row] = await sql<{ text: string }[]>`
      select row_to_json(k)::text as text from api_keys k where k.id = ${key.id}`;
    const random = key.token.slice("hk_live_".length, -6);
    expect(row?.text).not.toContain(random.slice(4, -4));
    const [view] = await listApiKeys(await admin.ctx(), { withRevoked: false });
    expect(view).toMatchObject({
      id: key.id,
      masked: `hk_live_${random.slice(0, 4)}…${random.slice(-4)}`,
      status: "active",
      isCreatorRemoved: false,
    });
    expect(await auditOf(id)).toEqual(["api_key.generated"]);
    const [audit] = await sql`select row_to_json(a)::text as text from audit_events a
      where workspace_id = ${id} and action = 'api_key.generated'`;
    expect(audit?.text).not.toContain(random);
  });

  test.for([
    ["solo", 1, "plus"],
    ["plus", 5, "max"],
  ] as const)(
    "the %s plan has room for %i, and says which plan has more",
    async ([plan, limit, larger]) => {
      const { admin } = await makeWorkspace({ plan });
      const ctx = await admin.ctx();
      const keys = [];
      for (let n = 0; n < limit; n += 1) keys.push(await generateApiKey(ctx, keyInput));
      await expect(generateApiKey(ctx, keyInput)).rejects.toMatchObject({
        code: "quota_exceeded",
        details: { limit, used: limit, plan, required_plan: larger },
      });
      await revokeApiKey(ctx, { id: keys[0]?.id ?? "" });
      await expect(generateApiKey(ctx, keyInput)).resolves.toMatchObject({ access: "read" });
    },
  );

  test("two at once cannot both take the last place", async () => {
    const { admin } = await makeWorkspace({ plan: "plus" });
    const ctx = await admin.ctx();
    for (let n = 0; n < 4; n += 1) await generateApiKey(ctx, keyInput);
    const made = await Promise.allSettled(
      Array.from({ length: 5 }, () => generateApiKey(ctx, keyInput)),
    );
    expect(made.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  test("on Solo a key that uploads is refused with the plan that has it", async () => {
    const { admin } = await makeWorkspace({ plan: "solo" });
    await expect(
      generateApiKey(await admin.ctx(), { ...keyInput, access: "read_write" }),
    ).rejects.toMatchObject({
      code: "forbidden",
      details: { plan: "solo" satisfies PlanName, required_plan: "plus" },
    });
  });

  test.for(["2020-01-01", "yesterday", "2026-02-30"])("an expiry of %s is refused", async (at) => {
    const { admin } = await makeWorkspace();
    await expect(
      generateApiKey(await admin.ctx(), { ...keyInput, expires_at: at }),
    ).rejects.toMatchObject({
      code: "invalid_request",
      details: { fields: { expires_at: expect.any(String) } },
    });
  });

  test("an expiry that is a day lasts to its end", async () => {
    const { admin } = await makeWorkspace();
    const now = () => new Date("2026-01-31T20:00:00Z");
    const { id } = await generateApiKey(await admin.ctx(now), {
      ...keyInput,
      expires_at: "2026-01-31",
    });
    const [row] = await sql`select expires_at from api_keys where id = ${id}`;
    expect(row?.expires_at).toEqual(new Date("2026-01-31T23:59:59Z"));
  });

  test("is for those who may, and nobody makes a key that reaches further than they do", async () => {
    const workspace = await makeWorkspace();
    for (const role of ["manager", "user"] as const) {
      const person = await makeMember(workspace, { role });
      await expect(generateApiKey(await person.ctx(), keyInput)).rejects.toMatchObject({
        code: "forbidden",
      });
    }
    const readsMeetings = await ctxWith(workspace, ["api-keys:create:all", "meetings:read:all"]);
    const refusal = { code: "invalid_request", details: { fields: { role_id: "Choose a role." } } };
    await expect(generateApiKey(readsMeetings, keyInput)).rejects.toMatchObject(refusal);
    const readsAll = await ctxWith(workspace, [
      "api-keys:create:all",
      "meetings:read:all",
      "contacts:read:all",
      "insights:read:all",
    ]);
    await expect(generateApiKey(readsAll, keyInput)).resolves.toMatchObject({ access: "read" });
    await expect(
      generateApiKey(readsAll, { ...keyInput, access: "read_write" }),
    ).rejects.toMatchObject(refusal);
    const ofTeam = await ctxWith(workspace, ["api-keys:create:all", "meetings:read:team"]);
    for (const role of ["admin", "manager"] as const) {
      await expect(
        generateApiKey(ofTeam, { ...keyInput, role_id: workspace.roleIds[role] }),
      ).rejects.toMatchObject({ code: "invalid_request" });
    }
  });

  test("a role of another workspace is as unknown as an invented one", async () => {
    const [one, other] = [await makeWorkspace(), await makeWorkspace()];
    for (const role_id of [other.roleIds.user, "role_unknown"]) {
      await expect(
        generateApiKey(await one.admin.ctx(), { ...keyInput, role_id }),
      ).rejects.toMatchObject({ message: "The role does not exist" });
    }
  });
});

describe("rotating and revoking", () => {
  test("a rotated key has the old one's settings, and the old one ends when the overlap does", async () => {
    const workspace = await makeWorkspace();
    const { admin } = workspace;
    const old = await makeKey(admin, {
      roleId: workspace.roleIds.user,
      access: "read",
      expiresAt: "2099-01-01",
      rateLimitPerMinute: 7,
    });
    const made = await rotateApiKey(await admin.ctx(), { id: old.id, overlap: "7d" });
    const rows = await sql`select role_id, access, expires_at, rate_limit_per_minute from api_keys
      where id in (${old.id}, ${made.id})`;
    expect(rows[0]).toEqual(rows[1]);
    const views = await listApiKeys(await admin.ctx(), { withRevoked: false });
    const view = views.find(({ id }) => id === old.id);
    expect(view?.status).toBe("active");
    expect((view?.endsAt?.getTime() ?? 0) - Date.now()).toBeGreaterThan(6.9 * 86_400_000);
    await expect(
      rotateApiKey(await admin.ctx(), { id: old.id, overlap: "none" }),
    ).rejects.toMatchObject({ code: "invalid_request" });
    expect(await auditOf(workspace.id)).toEqual(["api_key.generated", "api_key.rotated"]);
  });

  test("revoking twice is one revocation", async () => {
    const { admin, id } = await makeWorkspace();
    const key = await makeKey(admin);
    await revokeApiKey(await admin.ctx(), { id: key.id });
    await revokeApiKey(await admin.ctx(), { id: key.id });
    expect(await auditOf(id)).toEqual(["api_key.generated", "api_key.revoked"]);
  });

  test("keys of another workspace are not found", async () => {
    const [one, other] = [await makeWorkspace(), await makeWorkspace()];
    const key = await makeKey(other.admin);
    const ctx = await one.admin.ctx();
    const notFound = { code: "not_found", message: "API key not found" };
    await expect(revokeApiKey(ctx, { id: key.id })).rejects.toMatchObject(notFound);
    await expect(rotateApiKey(ctx, { id: key.id, overlap: "none" })).rejects.toMatchObject(
      notFound,
    );
    expect(await listApiKeys(ctx, { withRevoked: true })).toEqual([]);
  });

  test("keys revoked more than 30 days ago are listed only when asked for", async () => {
    const { admin } = await makeWorkspace();
    const key = await makeKey(admin);
    await sql`update api_keys set revoked_at = now() - interval '31 days' where id = ${key.id}`;
    const ctx = await admin.ctx();
    expect(await listApiKeys(ctx, { withRevoked: false })).toEqual([]);
    expect(await listApiKeys(ctx, { withRevoked: true })).toMatchObject([{ status: "revoked" }]);
  });
});

test("admins are told once that a key expires soon, and once that it has", async () => {
  const { admin, id } = await makeWorkspace();
  const key = await makeKey(admin, { expiresAt: "2099-01-01" });
  const told = async () => {
    await alertExpiringKeys();
    await alertExpiringKeys();
    const rows = await sql<{ type: string }[]>`select type from notifications
      where workspace_id = ${id} and user_id = ${admin.userId} order by created_at`;
    return rows.map(({ type }) => type);
  };
  expect(await told()).toEqual([]);
  await sql`update api_keys set expires_at = now() + interval '6 days' where id = ${key.id}`;
  expect(await told()).toEqual(["api_key_expiring"]);
  await sql`update api_keys set expires_at = now() - interval '1 second' where id = ${key.id}`;
  expect(await told()).toEqual(["api_key_expiring", "api_key_expired"]);
});
