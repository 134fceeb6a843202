import { describe, expect, inject, test } from "vitest";
import { db } from "@/db/client";
import { apiKeys } from "@/db/schema/api-keys";
import { apiKeyEnds, newApiKeyToken } from "@/lib/auth/api-key-token";
import { startSession } from "@/lib/auth/new-session";
import { sha256 } from "@/lib/core/crypto";
import { newId } from "@/lib/core/ids";
import * as invitations from "@/lib/members/invitations";
import * as profile from "@/lib/members/profile";
import * as members from "@/lib/members/service";
import * as teams from "@/lib/members/teams";
import { addMember } from "@/lib/workspaces/create-workspace";
import {
  contextOfToken,
  cookieOf,
  makeTeam,
  makeWorkspace,
  refusal,
  stranger,
} from "@/tests/integration/auth/fixtures";
import { sql } from "@/tests/support/pg";

async function makeKey(workspaceId: string, createdBy: string, roleId: string | null) {
  const token = newApiKeyToken();
  const [key] = await db()
    .insert(apiKeys)
    .values({
      workspaceId,
      name: "Export",
      ...apiKeyEnds(token),
      keyHash: sha256(token),
      roleId,
      access: "read",
      createdBy,
      createdByLabel: "Somebody",
    })
    .returning({ id: apiKeys.id });
  if (!key) throw new Error("the key was not made");
  return { id: key.id, token };
}

async function auditActions(workspaceId: string): Promise<string[]> {
  const rows = await sql<{ action: string }[]>`
    select action from audit_events where workspace_id = ${workspaceId} order by at, id`;
  return rows.map((row) => row.action);
}

const unchanged = { managerId: null, teamIds: [], hasSeat: true };

describe("changing members", () => {
  test("an admin sets role, manager, teams and seat, and it holds on the member's next request", async () => {
    const { workspace, people } = await makeWorkspace({ ada: "admin", lena: "user" });
    const sales = await makeTeam(workspace.id, "Sales", []);
    await members.updateMember(await people.ada.ctx(), {
      memberId: people.lena.memberId,
      roleId: workspace.roleIds.manager,
      managerId: people.ada.userId,
      teamIds: [sales],
      hasSeat: false,
    });
    const { principal } = await people.lena.ctx();
    expect(principal.grants["meetings:read"]).toBe("team");
    expect(principal.teamIds).toEqual([sales]);
    const { rows } = await members.listMembers(await people.ada.ctx(), { query: "lena", page: 1 });
    expect(rows).toMatchObject([
      {
        role: { key: "manager" },
        manager: { userId: people.ada.userId, name: "ada" },
        teams: [{ id: sales, name: "Sales" }],
        hasSeat: false,
      },
    ]);
    expect(await auditActions(workspace.id)).toContain("member.updated");
  });

  test("the last Admin can be neither demoted nor removed", async () => {
    const { workspace, people } = await makeWorkspace({ ada: "admin", lena: "user" });
    const ctx = await people.ada.ctx();
    const demote = members.updateMember(ctx, {
      ...unchanged,
      memberId: people.ada.memberId,
      roleId: workspace.roleIds.user,
    });
    expect(await refusal(demote)).toMatchObject({
      code: "conflict",
      details: { reason: "last_admin" },
    });
    const remove = members.removeMember(ctx, { memberId: people.ada.memberId });
    expect(await refusal(remove)).toMatchObject({
      code: "conflict",
      details: { reason: "last_admin" },
    });
    expect((await people.ada.ctx()).principal.grants["members:update"]).toBe("all");
  });

  test("of two admins who remove each other at the same moment one stays", async () => {
    const { workspace, people } = await makeWorkspace({ ada: "admin", ben: "admin" });
    const [ada, ben] = [await people.ada.ctx(), await people.ben.ctx()];
    const results = await Promise.allSettled([
      members.removeMember(ada, { memberId: people.ben.memberId }),
      members.removeMember(ben, { memberId: people.ada.memberId }),
    ]);
    expect(results.map((result) => result.status).sort()).toEqual(["fulfilled", "rejected"]);
    const [left] = await sql<{ n: number }[]>`select count(*)::int n from memberships
      where workspace_id = ${workspace.id} and removed_at is null`;
    expect(left?.n).toBe(1);
  });

  test("nobody reports to themselves, directly or through others", async () => {
    const { workspace, people } = await makeWorkspace({
      ada: "admin",
      tom: "manager",
      lena: "user",
    });
    const ctx = await people.ada.ctx();
    const report = (person: "tom" | "lena", to: "tom" | "lena", role: "manager" | "user") =>
      members.updateMember(ctx, {
        ...unchanged,
        memberId: people[person].memberId,
        roleId: workspace.roleIds[role],
        managerId: people[to].userId,
      });
    expect((await refusal(report("tom", "tom", "manager"))).code).toBe("invalid_request");
    await report("lena", "tom", "user");
    const circle = await refusal(report("tom", "lena", "manager"));
    expect(circle).toMatchObject({ code: "invalid_request" });
    expect(circle.details.fields).toHaveProperty("managerId");
  });

  test("only a role with members:update for all may change anything", async () => {
    const { workspace, people } = await makeWorkspace({
      ada: "admin",
      tom: "manager",
      lena: "user",
    });
    const team = await makeTeam(workspace.id, "Sales", []);
    for (const name of ["tom", "lena"] as const) {
      const ctx = await people[name].ctx();
      const tries = [
        () =>
          members.updateMember(ctx, {
            ...unchanged,
            memberId: people[name].memberId,
            roleId: workspace.roleIds.admin,
          }),
        () => members.removeMember(ctx, { memberId: people.ada.memberId }),
        () =>
          invitations.inviteMember(ctx, {
            email: "new@example.test",
            roleId: workspace.roleIds.user,
            teamIds: [],
          }),
        () => teams.createTeam(ctx, { name: "Mine" }),
        () => teams.renameTeam(ctx, { teamId: team, name: "Mine" }),
        () => teams.deleteTeam(ctx, { teamId: team }),
        () => teams.addToTeam(ctx, { teamId: team, userId: people[name].userId }),
      ];
      for (const attempt of tries) expect((await refusal(attempt())).code).toBe("forbidden");
      expect((await members.listMembers(ctx, { query: "", page: 1 })).total).toBe(3);
    }
  });

  test("a role that may change members cannot be used to gain rights it does not hold", async () => {
    const { workspace, people } = await makeWorkspace({
      ada: "admin",
      tom: "manager",
      lena: "user",
    });
    const roleId = newId("role");
    await sql`insert into roles (id, workspace_id, name, permissions) values (${roleId},
      ${workspace.id}, 'People', ${["members:read:all", "members:update:all"]})`;
    await sql`update memberships set role_id = ${roleId} where id = ${people.tom.memberId}`;
    const ctx = await people.tom.ctx();
    const promote = members.updateMember(ctx, {
      ...unchanged,
      memberId: people.tom.memberId,
      roleId: workspace.roleIds.admin,
    });
    expect((await refusal(promote)).code).toBe("forbidden");
    const remove = members.removeMember(ctx, { memberId: people.ada.memberId });
    expect((await refusal(remove)).code).toBe("forbidden");
    const invite = invitations.inviteMember(ctx, {
      email: "friend@example.test",
      roleId: workspace.roleIds.admin,
      teamIds: [],
    });
    expect((await refusal(invite)).code).toBe("forbidden");
  });
});

describe("removing a member", () => {
  test("ends their access with the next request, in both doors", async () => {
    const { people } = await makeWorkspace({ ada: "admin", lena: "user" });
    const read = (base: string) =>
      fetch(`${base}/api/v1/meetings`, { headers: { cookie: cookieOf(people.lena.token) } });
    for (const base of [inject("laneUrl"), inject("nextUrl")]) {
      expect((await read(base)).status).toBe(200);
    }
    await members.removeMember(await people.ada.ctx(), { memberId: people.lena.memberId });
    for (const base of [inject("laneUrl"), inject("nextUrl")]) {
      expect((await read(base)).status).toBe(401);
    }
    const left = await sql`select 1 from sessions where user_id = ${people.lena.userId}`;
    expect(left).toHaveLength(0);
  });

  test("leaves a member of another workspace signed in, there", async () => {
    const { people } = await makeWorkspace({ ada: "admin", lena: "user" });
    const elsewhere = await makeWorkspace({ zoe: "admin" });
    await addMember(db(), {
      workspaceId: elsewhere.workspace.id,
      userId: people.lena.userId,
      roleId: elsewhere.workspace.roleIds.user,
    });
    await members.removeMember(await people.ada.ctx(), { memberId: people.lena.memberId });
    const { principal } = await contextOfToken(people.lena.token);
    expect(principal.workspaceId).toBe(elsewhere.workspace.id);
  });

  test("keeps their API keys working within the teams of that moment, and tells the admins", async () => {
    const { workspace, people } = await makeWorkspace({ ada: "admin", tom: "manager" });
    const sales = await makeTeam(workspace.id, "Sales", [people.tom]);
    const key = await makeKey(workspace.id, people.tom.userId, workspace.roleIds.manager);
    const read = () =>
      fetch(`${inject("laneUrl")}/api/v1/meetings`, {
        headers: { authorization: `Bearer ${key.token}` },
      });
    expect((await read()).status).toBe(200);
    await members.removeMember(await people.ada.ctx(), { memberId: people.tom.memberId });
    expect((await read()).status).toBe(200);
    const [row] = await sql<{ frozen_team_ids: string[] }[]>`
      select frozen_team_ids from api_keys where id = ${key.id}`;
    expect(row?.frozen_team_ids).toEqual([sales]);
    const notices = await sql`select user_id, title, severity from notifications
      where workspace_id = ${workspace.id}`;
    expect(notices).toMatchObject([
      { user_id: people.ada.userId, severity: "warning", title: expect.stringContaining("tom") },
    ]);
  });

  test("frees seat, teams and reports, keeps the row for the history, and is audited", async () => {
    const { workspace, people } = await makeWorkspace({
      ada: "admin",
      tom: "manager",
      lena: "user",
    });
    await makeTeam(workspace.id, "Sales", [people.tom]);
    const ctx = await people.ada.ctx();
    await members.updateMember(ctx, {
      ...unchanged,
      memberId: people.lena.memberId,
      roleId: workspace.roleIds.user,
      managerId: people.tom.userId,
    });
    await members.removeMember(ctx, { memberId: people.tom.memberId });
    const [row] =
      await sql`select removed_at, has_seat from memberships where id = ${people.tom.memberId}`;
    expect(row).toMatchObject({ removed_at: expect.any(Date), has_seat: false });
    expect(await sql`select 1 from team_members where user_id = ${people.tom.userId}`).toHaveLength(
      0,
    );
    const { rows } = await members.listMembers(ctx, { query: "", page: 1 });
    expect(rows.find((member) => member.userId === people.lena.userId)?.manager).toBeNull();
    expect(await auditActions(workspace.id)).toContain("member.removed");
    const again = members.removeMember(ctx, { memberId: people.tom.memberId });
    expect((await refusal(again)).code).toBe("not_found");
  });
});

describe("teams", () => {
  test("are created, renamed, filled, emptied and deleted, each of it audited", async () => {
    const { workspace, people } = await makeWorkspace({ ada: "admin", lena: "user" });
    const ctx = await people.ada.ctx();
    const { id: teamId } = await teams.createTeam(ctx, { name: "Sales" });
    await teams.renameTeam(ctx, { teamId, name: "Field Sales" });
    await teams.addToTeam(ctx, { teamId, userId: people.lena.userId });
    expect(await teams.listTeams(ctx)).toEqual([
      {
        id: teamId,
        name: "Field Sales",
        memberCount: 1,
        meetingCount: 0,
        members: [{ userId: people.lena.userId, name: "lena" }],
      },
    ]);
    await teams.removeFromTeam(ctx, { teamId, userId: people.lena.userId });
    expect((await people.lena.ctx()).principal.teamIds).toEqual([]);
    await teams.deleteTeam(ctx, { teamId });
    expect(await teams.listTeams(ctx)).toEqual([]);
    expect(
      (await auditActions(workspace.id)).filter((action) => action.startsWith("team.")),
    ).toEqual([
      "team.created",
      "team.renamed",
      "team.member_added",
      "team.member_removed",
      "team.deleted",
    ]);
  });

  test("have names of their own, whatever the capitals", async () => {
    const { people } = await makeWorkspace({ ada: "admin" });
    const ctx = await people.ada.ctx();
    const { id } = await teams.createTeam(ctx, { name: "Sales" });
    expect((await refusal(teams.createTeam(ctx, { name: "SALES" }))).code).toBe("invalid_request");
    await teams.renameTeam(ctx, { teamId: id, name: "SALES" });
  });

  test("that hold meetings are not deleted, and the answer says how many they hold", async () => {
    const { workspace, people } = await makeWorkspace({ ada: "admin" });
    const teamId = await makeTeam(workspace.id, "Sales", []);
    await sql`insert into meetings (id, workspace_id, title, date, source, status, team_id)
      values (${newId("meeting")}, ${workspace.id}, 'Kick-off', now(), 'upload', 'processed', ${teamId})`;
    const ctx = await people.ada.ctx();
    expect(await refusal(teams.deleteTeam(ctx, { teamId }))).toMatchObject({
      code: "conflict",
      message: expect.stringContaining("1 meeting"),
      details: { reason: "team_holds_meetings", meetings: 1 },
    });
    expect(await teams.listTeams(ctx)).toMatchObject([{ meetingCount: 1 }]);
  });

  test("that alone see an insight project are not deleted, since the project would be for everybody", async () => {
    const { workspace, people } = await makeWorkspace({ ada: "admin" });
    const teamId = await makeTeam(workspace.id, "Sales", []);
    const projectId = newId("project");
    await sql`insert into projects (id, workspace_id, name) values (${projectId}, ${workspace.id}, 'Deals')`;
    await sql`insert into project_teams (workspace_id, project_id, team_id)
      values (${workspace.id}, ${projectId}, ${teamId})`;
    const refused = await refusal(teams.deleteTeam(await people.ada.ctx(), { teamId }));
    expect(refused).toMatchObject({ code: "conflict", details: { reason: "team_holds_projects" } });
  });
});

describe("another workspace's ids", () => {
  test("are not found, by any service, and nothing changes there", async () => {
    const victim = await makeWorkspace({ vera: "admin", vic: "user" });
    const teamId = await makeTeam(victim.workspace.id, "Secret", [victim.people.vic]);
    const invited = await invitations.inviteMember(await victim.people.vera.ctx(), {
      email: "guest@example.test",
      roleId: victim.workspace.roleIds.user,
      teamIds: [],
    });
    expect(invited.link).toContain("/invite/");
    const [pending] = await invitations.listInvitations(await victim.people.vera.ctx());
    const invitationId = pending?.id ?? "";

    const own = await makeWorkspace({ eve: "admin", bob: "user" });
    const ctx = await own.people.eve.ctx();
    const roleId = own.workspace.roleIds.user;
    const theirs = victim.people.vic;
    const mine = { memberId: own.people.bob.memberId, roleId, ...unchanged };
    const ownTeamId = await makeTeam(own.workspace.id, "Own", []);
    const tries: Record<string, () => Promise<unknown>> = {
      "update member": () => members.updateMember(ctx, { ...mine, memberId: theirs.memberId }),
      "give role": () =>
        members.updateMember(ctx, { ...mine, roleId: victim.workspace.roleIds.user }),
      "set manager": () => members.updateMember(ctx, { ...mine, managerId: theirs.userId }),
      "set team": () => members.updateMember(ctx, { ...mine, teamIds: [teamId] }),
      "remove member": () => members.removeMember(ctx, { memberId: theirs.memberId }),
      "invite with role": () =>
        invitations.inviteMember(ctx, {
          email: "a@example.test",
          roleId: victim.workspace.roleIds.user,
          teamIds: [],
        }),
      "invite with team": () =>
        invitations.inviteMember(ctx, {
          email: "b@example.test",
          roleId,
          teamIds: [teamId],
        }),
      "resend invitation": () => invitations.resendInvitation(ctx, { invitationId }),
      "revoke invitation": () => invitations.revokeInvitation(ctx, { invitationId }),
      "rename team": () => teams.renameTeam(ctx, { teamId, name: "Pwned" }),
      "delete team": () => teams.deleteTeam(ctx, { teamId }),
      "add to team": () => teams.addToTeam(ctx, { teamId, userId: own.people.bob.userId }),
      "add stranger": () =>
        teams.addToTeam(ctx, {
          teamId: ownTeamId,
          userId: theirs.userId,
        }),
      "take from team": () => teams.removeFromTeam(ctx, { teamId, userId: theirs.userId }),
      "switch workspace": () =>
        profile.switchWorkspace(ctx, {
          workspaceId: victim.workspace.id,
          sessionToken: own.people.eve.token,
        }),
    };
    for (const [what, attempt] of Object.entries(tries)) {
      expect((await refusal(attempt())).code, what).toBe("not_found");
    }
    const seen = JSON.stringify([
      await members.listMembers(ctx, { query: "", page: 1 }),
      await members.listPeople(ctx),
      await teams.listTeams(ctx),
      await invitations.listInvitations(ctx),
    ]);
    for (const secret of [theirs.userId, theirs.email, teamId, "guest@example.test"]) {
      expect(seen).not.toContain(secret);
    }
    const after = await teams.listTeams(await victim.people.vera.ctx());
    expect(after).toMatchObject([{ name: "Secret", memberCount: 1 }]);
  });
});

describe("a person's own account", () => {
  test("a new password ends the other sessions, and only the current one can set it", async () => {
    const { people } = await makeWorkspace({ ada: "admin" });
    const other = await startSession(db(), stranger(), { userId: people.ada.userId });
    const ctx = await people.ada.ctx();
    const wrong = profile.changePassword(ctx, {
      current: "not the password",
      next: "a much better pass phrase",
      sessionToken: people.ada.token,
    });
    expect((await refusal(wrong)).details.fields).toHaveProperty("current");
    const result = await profile.changePassword(ctx, {
      current: "correct horse battery staple",
      next: "a much better pass phrase",
      sessionToken: people.ada.token,
    });
    expect(result.ended).toBe(1);
    await expect(contextOfToken(other.token)).rejects.toThrow("not valid");
    await contextOfToken(people.ada.token);
  });

  test("signing out everywhere holds on the next request of every browser", async () => {
    const { workspace, people } = await makeWorkspace({ ada: "admin" });
    await profile.endAllSessions(await people.ada.ctx());
    const answer = await fetch(`${inject("laneUrl")}/api/v1/meetings`, {
      headers: { cookie: cookieOf(people.ada.token) },
    });
    expect(answer.status).toBe(401);
    expect(await auditActions(workspace.id)).toContain("user.signed_out_everywhere");
  });

  test("a member of two workspaces switches between them in this browser only", async () => {
    const first = await makeWorkspace({ ada: "admin" });
    const second = await makeWorkspace({ zoe: "admin" });
    await addMember(db(), {
      workspaceId: second.workspace.id,
      userId: first.people.ada.userId,
      roleId: second.workspace.roleIds.user,
    });
    const other = await startSession(db(), stranger(), { userId: first.people.ada.userId });
    await profile.switchWorkspace(await first.people.ada.ctx(), {
      workspaceId: second.workspace.id,
      sessionToken: first.people.ada.token,
    });
    expect((await first.people.ada.ctx()).principal.workspaceId).toBe(second.workspace.id);
    expect((await contextOfToken(other.token)).principal.workspaceId).toBe(first.workspace.id);
    const names = await profile.listMyWorkspaces(await first.people.ada.ctx());
    expect(names.map(({ id }) => id)).toEqual([first.workspace.id, second.workspace.id]);
  });
});
