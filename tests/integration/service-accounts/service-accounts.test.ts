import { beforeAll, describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { roles } from "@/db/schema/members";
import { generateApiKey, listApiKeys, revokeApiKey, rotateApiKey } from "@/lib/api-keys/service";
import { newId } from "@/lib/core/ids";
import { removeMember } from "@/lib/members/service";
import { addOAuthSecret } from "@/lib/oauth-server/apps";
import { serviceAccountInput } from "@/lib/service-accounts/schema";
import {
  createServiceAccount,
  deleteServiceAccount,
  getServiceAccount,
  listServiceAccounts,
  setServiceAccountStatus,
  updateServiceAccount,
} from "@/lib/service-accounts/service";
import { type Api, errorOf, idsOf, makeApi } from "@/tests/support/api-client";
import { doors } from "@/tests/support/doors";
import {
  makeForm,
  makeMeetings,
  makeMember,
  makeTeam,
  makeVtt,
  makeWorkspace,
  type TestWorkspace,
} from "@/tests/support/factories";
import { sql } from "@/tests/support/pg";
import { makeAccount, makeClient, makeToken } from "./service-account";

// Each door is a process of its own that has just used the token: what changes must hold on the next request in both.

let lane: Api;
let next: Api;

beforeAll(async () => {
  [lane, next] = await Promise.all([makeApi(doors[0].url), makeApi(doors[1].url)]);
});

async function both(key: string, path = "/meetings") {
  return Promise.all([lane.with({ key }).get(path), next.with({ key }).get(path)]);
}

async function statuses(key: string, path?: string): Promise<number[]> {
  return (await both(key, path)).map(({ status }) => status);
}

async function customRole(workspace: TestWorkspace, permissions: string[]): Promise<string> {
  const id = newId("role");
  await db().insert(roles).values({ id, workspaceId: workspace.id, name: id, permissions });
  return id;
}

const inputFor = (workspace: TestWorkspace, changes: Record<string, unknown> = {}) =>
  serviceAccountInput.parse({
    name: "Warehouse sync",
    role_id: workspace.roleIds.admin,
    ...changes,
  });

describe("an API token", () => {
  test("is refused in every process as soon as its account is disabled or deleted, and works again when enabled", async () => {
    const workspace = await makeWorkspace();
    const ctx = await workspace.admin.ctx();
    const id = await makeAccount(workspace);
    const { token } = await makeToken(workspace.admin, id);
    expect(token).toMatch(/^hk_live_/);
    expect(await statuses(token)).toEqual([200, 200]);
    await setServiceAccountStatus(ctx, { id, status: "disabled" });
    expect(await statuses(token)).toEqual([401, 401]);
    await setServiceAccountStatus(ctx, { id, status: "active" });
    expect(await statuses(token)).toEqual([200, 200]);
    await deleteServiceAccount(ctx, { id });
    expect(await statuses(token)).toEqual([401, 401]);
    await expect(getServiceAccount(ctx, id)).rejects.toMatchObject({ code: "not_found" });
    expect(await listServiceAccounts(ctx)).toEqual([]);
  });

  test("has its account's role and teams at all times", async () => {
    const workspace = await makeWorkspace();
    const ctx = await workspace.admin.ctx();
    const [sales, support] = [await makeTeam(workspace), await makeTeam(workspace)];
    const [ofSales, ofSupport] = await makeMeetings(workspace, [
      { teamId: sales },
      { teamId: support, userId: workspace.admin.userId },
    ]);
    const id = await makeAccount(workspace);
    const { token } = await makeToken(workspace.admin, id);
    const seen = async () => {
      const answers = await both(token);
      return answers.map((answer) => idsOf(answer).sort());
    };
    const all = [ofSales?.id ?? "", ofSupport?.id ?? ""].sort();
    expect(await seen()).toEqual([all, all]);
    const manager = { role_id: workspace.roleIds.manager };
    await updateServiceAccount(ctx, {
      ...inputFor(workspace, { ...manager, team_ids: [sales] }),
      id,
    });
    expect(await seen()).toEqual([[ofSales?.id], [ofSales?.id]]);
    await updateServiceAccount(ctx, {
      ...inputFor(workspace, { ...manager, team_ids: [support] }),
      id,
    });
    expect(await seen()).toEqual([[ofSupport?.id], [ofSupport?.id]]);
  });

  test("follows its role when that is lowered", async () => {
    const workspace = await makeWorkspace();
    const roleId = await customRole(workspace, ["meetings:read:all", "contacts:read:all"]);
    const id = await makeAccount(workspace, { role_id: roleId });
    const { token } = await makeToken(workspace.admin, id);
    expect(await statuses(token, "/contacts")).toEqual([200, 200]);
    await sql`update roles set permissions = ${["meetings:read:all"]} where id = ${roleId}`;
    expect(await statuses(token, "/contacts")).toEqual([403, 403]);
    expect(await statuses(token)).toEqual([200, 200]);
  });

  test("outlives the person who made it", async () => {
    const workspace = await makeWorkspace();
    const leaver = await makeMember(workspace, { role: "admin" });
    const id = await makeAccount(workspace);
    const { token } = await makeToken(leaver, id);
    await removeMember(await workspace.admin.ctx(), { memberId: leaver.membershipId });
    expect(await statuses(token)).toEqual([200, 200]);
    await sql`delete from users where id = ${leaver.userId}`;
    expect(await statuses(token)).toEqual([200, 200]);
    const [listed] = await listApiKeys(await workspace.admin.ctx(), { withRevoked: false });
    expect(listed).toMatchObject({ createdBy: leaver.name, isCreatorRemoved: false });
  });

  test("uploads in its account's name: the meeting has no owner, and the team of the account", async () => {
    const workspace = await makeWorkspace();
    const team = await makeTeam(workspace);
    const id = await makeAccount(workspace, {
      role_id: workspace.roleIds.manager,
      team_ids: [team],
    });
    const { token } = await makeToken(workspace.admin, id, "read_write");
    const answer = await lane.with({ key: token }).upload(makeForm(makeVtt(), "call.vtt"));
    expect(answer.status).toBe(202);
    const [meeting] = await sql`select id, user_id, team_id from meetings
      where workspace_id = ${workspace.id}`;
    expect(meeting).toMatchObject({ user_id: null, team_id: team });
    expect(await statuses(token, `/meetings/${meeting?.id}`)).toEqual([200, 200]);
    const [entry] = await sql`select actor_type, actor_id, actor_label from audit_events
      where workspace_id = ${workspace.id} and action = 'meeting.uploaded'`;
    expect(entry).toEqual({
      actor_type: "service_account",
      actor_id: id,
      actor_label: "Warehouse sync",
    });
  });

  test("uploads also where the account's team was deleted meanwhile, into none", async () => {
    const workspace = await makeWorkspace();
    const team = await makeTeam(workspace);
    const id = await makeAccount(workspace, {
      role_id: workspace.roleIds.manager,
      team_ids: [team],
    });
    await sql`delete from teams where id = ${team}`;
    const { token } = await makeToken(workspace.admin, id, "read_write");
    const answer = await lane.with({ key: token }).upload(makeForm(makeVtt(), "call.vtt"));
    expect(answer.status).toBe(202);
  });

  test("with read access does not upload, whatever its account's role", async () => {
    const workspace = await makeWorkspace();
    const { token } = await makeToken(workspace.admin, await makeAccount(workspace));
    const answer = await lane.with({ key: token }).upload(makeForm(makeVtt(), "call.vtt"));
    expect(answer.status).toBe(403);
  });

  test("is rotated and revoked as any key, and shows its account in the list of keys", async () => {
    const workspace = await makeWorkspace();
    const ctx = await workspace.admin.ctx();
    const id = await makeAccount(workspace);
    const old = await makeToken(workspace.admin, id);
    const fresh = await rotateApiKey(ctx, { id: old.id, overlap: "none" });
    expect(await statuses(old.token)).toEqual([401, 401]);
    expect(await statuses(fresh.token)).toEqual([200, 200]);
    const [listed] = await listApiKeys(ctx, { withRevoked: false, serviceAccountId: id });
    expect(listed).toMatchObject({
      id: fresh.id,
      role: { id: workspace.roleIds.admin },
      serviceAccount: { id, name: "Warehouse sync", isDisabled: false },
    });
    await revokeApiKey(ctx, { id: fresh.id });
    expect(await statuses(fresh.token)).toEqual([401, 401]);
  });

  test("is refused with the plan that is needed once the workspace leaves Enterprise", async () => {
    const workspace = await makeWorkspace();
    const { token } = await makeToken(workspace.admin, await makeAccount(workspace));
    expect(await statuses(token)).toEqual([200, 200]);
    await sql`update workspaces set plan = 'max' where id = ${workspace.id}`;
    for (const answer of await both(token)) {
      expect(answer.status).toBe(403);
      expect(errorOf(answer)).toMatchObject({
        code: "forbidden",
        details: { plan: "max", required_plan: "enterprise" },
      });
    }
    await sql`update workspaces set plan = 'enterprise' where id = ${workspace.id}`;
    expect(await statuses(token)).toEqual([200, 200]);
  });

  test("counts among the plan's active keys, also when many are made at once", async () => {
    const workspace = await makeWorkspace();
    const id = await makeAccount(workspace);
    await sql`insert into api_keys (id, workspace_id, name, first4, last4, key_hash, access, created_by_label)
      select 'key_' || ${newId("apiKey").slice(4)} || n, ${workspace.id}, 'n', 'aaaa', 'bbbb',
        ${workspace.id} || n, 'read', 'Test' from generate_series(1, 98) n`;
    const made = await Promise.allSettled(
      Array.from({ length: 5 }, () => makeToken(workspace.admin, id)),
    );
    expect(made.filter(({ status }) => status === "fulfilled")).toHaveLength(2);
    for (const one of made) {
      if (one.status === "rejected") expect(one.reason).toMatchObject({ code: "quota_exceeded" });
    }
  });

  test("of another workspace's account, or of a deleted one, cannot be made", async () => {
    const [one, other] = [await makeWorkspace(), await makeWorkspace()];
    const theirs = await makeAccount(other);
    await expect(makeToken(one.admin, theirs)).rejects.toMatchObject({ code: "not_found" });
    await deleteServiceAccount(await other.admin.ctx(), { id: theirs });
    await expect(makeToken(other.admin, theirs)).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("a service account", () => {
  test("is listed with its role, teams, credentials and last use, to its own workspace alone", async () => {
    const [workspace, other] = [await makeWorkspace(), await makeWorkspace()];
    const team = await makeTeam(workspace);
    const id = await makeAccount(workspace, {
      role_id: workspace.roleIds.manager,
      team_ids: [team],
      description: "Copies meetings into the warehouse.",
    });
    const { token } = await makeToken(workspace.admin, id);
    await statuses(token);
    const [listed] = await listServiceAccounts(await workspace.admin.ctx());
    expect(listed).toMatchObject({
      id,
      name: "Warehouse sync",
      description: "Copies meetings into the warehouse.",
      role: { id: workspace.roleIds.manager },
      teams: [{ id: team }],
      status: "active",
      createdBy: workspace.admin.name,
      tokens: 1,
      clients: 0,
    });
    const theirs = await other.admin.ctx();
    const missing = { code: "not_found" };
    expect(await listServiceAccounts(theirs)).toEqual([]);
    await expect(getServiceAccount(theirs, id)).rejects.toMatchObject(missing);
    await expect(updateServiceAccount(theirs, { ...inputFor(other), id })).rejects.toMatchObject(
      missing,
    );
    await expect(setServiceAccountStatus(theirs, { id, status: "disabled" })).rejects.toMatchObject(
      missing,
    );
    await expect(deleteServiceAccount(theirs, { id })).rejects.toMatchObject(missing);
  });

  test("is for Enterprise alone; below it what is left can still be switched off and deleted", async () => {
    const max = await makeWorkspace({ plan: "max" });
    const ctx = await max.admin.ctx();
    const refused = { code: "forbidden", details: { required_plan: "enterprise" } };
    await expect(createServiceAccount(ctx, inputFor(max))).rejects.toMatchObject(refused);
    const workspace = await makeWorkspace();
    const id = await makeAccount(workspace);
    await sql`update workspaces set plan = 'max' where id = ${workspace.id}`;
    const downgraded = await workspace.admin.ctx();
    await expect(makeToken(workspace.admin, id)).rejects.toMatchObject(refused);
    await expect(
      updateServiceAccount(downgraded, { ...inputFor(workspace), id }),
    ).rejects.toMatchObject(refused);
    await setServiceAccountStatus(downgraded, { id, status: "disabled" });
    await expect(
      setServiceAccountStatus(downgraded, { id, status: "active" }),
    ).rejects.toMatchObject(refused);
    await deleteServiceAccount(downgraded, { id });
    expect(await listServiceAccounts(downgraded)).toEqual([]);
  });

  test("is managed by admins alone", async () => {
    const workspace = await makeWorkspace();
    const id = await makeAccount(workspace);
    for (const role of ["manager", "user"] as const) {
      const ctx = await (await makeMember(workspace, { role })).ctx();
      const refused = { code: "forbidden" };
      await expect(createServiceAccount(ctx, inputFor(workspace))).rejects.toMatchObject(refused);
      await expect(updateServiceAccount(ctx, { ...inputFor(workspace), id })).rejects.toMatchObject(
        refused,
      );
      await expect(setServiceAccountStatus(ctx, { id, status: "disabled" })).rejects.toMatchObject(
        refused,
      );
      await expect(deleteServiceAccount(ctx, { id })).rejects.toMatchObject(refused);
      await expect(listServiceAccounts(ctx)).rejects.toMatchObject(refused);
    }
  });

  test("gets no wider role than its maker has, and nobody below it makes a credential for it, changes or enables it", async () => {
    const workspace = await makeWorkspace();
    const id = await makeAccount(workspace);
    const keyKeeper = await customRole(workspace, [
      ...["api-keys:read:all", "api-keys:create:all", "api-keys:delete:all"],
      ...["meetings:read:all", "roles:read:all"],
    ]);
    const person = await makeMember(workspace, { role: "user" });
    await sql`update memberships set role_id = ${keyKeeper} where id = ${person.membershipId}`;
    const ctx = await person.ctx();
    await expect(createServiceAccount(ctx, inputFor(workspace))).rejects.toMatchObject({
      code: "forbidden",
    });
    const reader = await customRole(workspace, ["meetings:read:all"]);
    await expect(
      updateServiceAccount(ctx, { ...inputFor(workspace, { role_id: reader }), id }),
    ).rejects.toMatchObject({ code: "forbidden" });
    await expect(makeToken(person, id)).rejects.toMatchObject({
      code: "invalid_request",
      details: { fields: { role_id: "Choose another role." } },
    });
    const client = await makeClient(workspace.admin, id);
    const above = { code: "forbidden", message: "This role may do more than yours" };
    await expect(makeClient(person, id)).rejects.toMatchObject(above);
    await expect(addOAuthSecret(ctx, { id: client.clientId })).rejects.toMatchObject(above);
    await setServiceAccountStatus(ctx, { id, status: "disabled" });
    await expect(setServiceAccountStatus(ctx, { id, status: "active" })).rejects.toMatchObject(
      above,
    );
    const own = await createServiceAccount(ctx, inputFor(workspace, { role_id: reader }));
    expect((await makeToken(person, own.id)).token).toMatch(/^hk_live_/);
  });

  test("cannot have a role of one's own meetings, nor one of teams without any", async () => {
    const [workspace, other] = [await makeWorkspace(), await makeWorkspace()];
    const ctx = await workspace.admin.ctx();
    const create = (changes: Record<string, unknown>) =>
      createServiceAccount(ctx, inputFor(workspace, changes));
    await expect(create({ role_id: workspace.roleIds.user })).rejects.toMatchObject({
      details: { fields: { role_id: expect.stringContaining("no meetings of its own") } },
    });
    await expect(create({ role_id: workspace.roleIds.manager })).rejects.toMatchObject({
      details: { fields: { team_ids: "Choose at least one team." } },
    });
    await expect(create({ team_ids: [await makeTeam(other)] })).rejects.toMatchObject({
      code: "not_found",
    });
    await expect(create({ role_id: other.roleIds.admin })).rejects.toMatchObject({
      code: "not_found",
    });
  });

  test("is one of a hundred at most, also when many are made at once", async () => {
    const workspace = await makeWorkspace();
    await sql`insert into service_accounts (id, workspace_id, name, role_id, team_ids)
      select ${newId("serviceAccount")} || n, ${workspace.id}, 'n', ${workspace.roleIds.admin}, '{}'
      from generate_series(1, 98) n`;
    const made = await Promise.allSettled(Array.from({ length: 5 }, () => makeAccount(workspace)));
    expect(made.filter(({ status }) => status === "fulfilled")).toHaveLength(2);
  });

  test("leaves the trail of who made, changed, disabled and deleted it", async () => {
    const workspace = await makeWorkspace();
    const ctx = await workspace.admin.ctx();
    const id = await makeAccount(workspace);
    await updateServiceAccount(ctx, { ...inputFor(workspace, { name: "Exports" }), id });
    await setServiceAccountStatus(ctx, { id, status: "disabled" });
    await setServiceAccountStatus(ctx, { id, status: "disabled" });
    await deleteServiceAccount(ctx, { id });
    const entries = await sql`select action, target_label, actor_id from audit_events
      where workspace_id = ${workspace.id} and target_id = ${id} order by at, id`;
    expect(entries.map(({ action, target_label }) => [action, target_label])).toEqual([
      ["service_account.created", "Warehouse sync"],
      ["service_account.updated", "Exports"],
      ["service_account.updated", "Exports"],
      ["service_account.deleted", "Exports"],
    ]);
    expect(new Set(entries.map(({ actor_id }) => actor_id))).toEqual(
      new Set([workspace.admin.userId]),
    );
  });
});

test("an ordinary key is not changed by any of this: it has no account and its own role", async () => {
  const workspace = await makeWorkspace();
  const ctx = await workspace.admin.ctx();
  await generateApiKey(ctx, {
    ...{ name: "Plain", role_id: null, access: "read" },
    ...{ expires_at: null, rate_limit_per_minute: null },
  });
  const [key] = await listApiKeys(ctx, { withRevoked: false });
  expect(key).toMatchObject({ serviceAccount: null, role: null });
});
