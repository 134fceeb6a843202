import { describe, expect, test } from "vitest";
import * as invitations from "@/lib/members/invitations";
import { removeMember } from "@/lib/members/service";
import {
  contextOfToken,
  makeTeam,
  makeWorkspace,
  refusal,
  stranger,
} from "@/tests/integration/auth/fixtures";
import { sql } from "@/tests/support/pg";

const password = "seven quiet herons";
let number = 0;

/** An address that nobody has yet. */
function newAddress(): string {
  number += 1;
  return `guest${number}-${process.pid}-${Date.now()}@example.test`;
}

async function invite(teamIds: readonly string[] = [], email = newAddress()) {
  const made = await makeWorkspace({ ada: "admin" });
  const ctx = await made.people.ada.ctx();
  const { link } = await invitations.inviteMember(ctx, {
    email,
    roleId: made.workspace.roleIds.user,
    teamIds: [...teamIds],
  });
  const token = link?.split("/invite/")[1] ?? "";
  const [row] = await invitations.listInvitations(ctx);
  return { ...made, ctx, email, token, invitationId: row?.id ?? "" };
}

describe("an invitation", () => {
  test("makes an account with the chosen role and teams, signs in, and works once", async () => {
    const made = await makeWorkspace({ ada: "admin" });
    const teamId = await makeTeam(made.workspace.id, "Sales", []);
    const ctx = await made.people.ada.ctx();
    const email = newAddress();
    const { link } = await invitations.inviteMember(ctx, {
      email,
      roleId: made.workspace.roleIds.manager,
      teamIds: [teamId],
    });
    const token = link?.split("/invite/")[1] ?? "";
    expect(await invitations.findInvitation(token)).toEqual({
      email,
      workspace: expect.stringMatching(/^Test /),
      inviter: "ada",
      role: "Team Manager",
      hasAccount: false,
    });
    const session = await invitations.acceptWithNewAccount(stranger(), {
      token,
      name: "Grace",
      password,
    });
    const { principal } = await contextOfToken(session.token);
    expect(principal).toMatchObject({ workspaceId: made.workspace.id, teamIds: [teamId] });
    expect(principal.grants["meetings:read"]).toBe("team");
    expect(await invitations.findInvitation(token)).toBeNull();
    const again = invitations.acceptWithNewAccount(stranger(), { token, name: "Eve", password });
    expect((await refusal(again)).code).toBe("not_found");
    const actions = await sql<{ action: string }[]>`
      select action from audit_events where workspace_id = ${made.workspace.id} order by at, id`;
    expect(actions.map(({ action }) => action)).toEqual(
      expect.arrayContaining(["member.invited", "member.joined", "user.signed_in"]),
    );
  });

  test("accepted twice at the same moment makes one account", async () => {
    const { token, email } = await invite();
    const accept = (name: string) =>
      invitations.acceptWithNewAccount(stranger(), { token, name, password });
    const results = await Promise.allSettled([accept("One"), accept("Two")]);
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await sql`select 1 from users where email = ${email}`).toHaveLength(1);
  });

  test("is stored as a hash only", async () => {
    const { token, invitationId } = await invite();
    const [row] = await sql`select * from invitations where id = ${invitationId}`;
    expect(row?.token_hash).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(row)).not.toContain(token);
  });

  test("that has expired is refused like one that never was", async () => {
    const { token, invitationId } = await invite();
    await sql`update invitations set expires_at = now() - interval '1 second' where id = ${invitationId}`;
    expect(await invitations.findInvitation(token)).toBeNull();
    const accept = (given: string) =>
      refusal(
        invitations.acceptWithNewAccount(stranger(), { token: given, name: "Late", password }),
      );
    const { code, message, fix } = await accept("x".repeat(43));
    expect(await accept(token)).toMatchObject({ code, message, fix });
    expect(code).toBe("not_found");
  });

  test("resent gets a fresh link, and the former one stops working", async () => {
    const { ctx, token, invitationId } = await invite();
    const { link } = await invitations.resendInvitation(ctx, { invitationId });
    expect(await invitations.findInvitation(token)).toBeNull();
    expect(await invitations.findInvitation(link?.split("/invite/")[1] ?? "")).not.toBeNull();
  });

  test("revoked stops working at once and is no longer listed", async () => {
    const { ctx, token, invitationId } = await invite();
    await invitations.revokeInvitation(ctx, { invitationId });
    expect(await invitations.findInvitation(token)).toBeNull();
    expect(await invitations.listInvitations(ctx)).toEqual([]);
    const again = invitations.resendInvitation(ctx, { invitationId });
    expect((await refusal(again)).code).toBe("not_found");
  });

  test("is not made twice for one address, nor for a member; an expired one gives way", async () => {
    const { ctx, workspace, email, people, invitationId } = await invite();
    const again = () =>
      invitations.inviteMember(ctx, { email, roleId: workspace.roleIds.user, teamIds: [] });
    expect((await refusal(again())).code).toBe("conflict");
    const member = invitations.inviteMember(ctx, {
      email: people.ada.email,
      roleId: workspace.roleIds.user,
      teamIds: [],
    });
    expect((await refusal(member)).code).toBe("conflict");
    await sql`update invitations set expires_at = now() - interval '1 second' where id = ${invitationId}`;
    await again();
    expect(await invitations.listInvitations(ctx)).toMatchObject([{ email, isExpired: false }]);
  });

  test("of somebody with an account is accepted only by that account, signed in", async () => {
    const home = await makeWorkspace({ lena: "user", mallory: "user" });
    const { lena, mallory } = home.people;
    const { token, workspace } = await invite([], lena.email);
    expect(await invitations.findInvitation(token)).toMatchObject({ hasAccount: true });
    const hijack = invitations.acceptWithNewAccount(stranger(), { token, name: "M", password });
    expect((await refusal(hijack)).code).toBe("conflict");
    for (const visitor of [stranger(), stranger(mallory.token)]) {
      const wrong = invitations.acceptSignedIn(visitor, { token });
      expect((await refusal(wrong)).code).toBe("forbidden");
    }
    const session = await invitations.acceptSignedIn(stranger(lena.token), { token });
    expect((await contextOfToken(session.token)).principal.workspaceId).toBe(workspace.id);
    await expect(contextOfToken(lena.token)).rejects.toThrow("not valid");
  });

  test("brings a removed member back as a new membership", async () => {
    const { ctx, workspace, people } = await invite();
    const guest = await makeWorkspace({ lena: "user" });
    const accept = async () => {
      const { link } = await invitations.inviteMember(ctx, {
        email: guest.people.lena.email,
        roleId: workspace.roleIds.user,
        teamIds: [],
      });
      const token = link?.split("/invite/")[1] ?? "";
      return invitations.acceptSignedIn(stranger(lenaToken), { token });
    };
    let lenaToken = guest.people.lena.token;
    lenaToken = (await accept()).token;
    const [member] = await sql<{ id: string }[]>`select id from memberships
      where workspace_id = ${workspace.id} and user_id = ${guest.people.lena.userId}`;
    await removeMember(await people.ada.ctx(), { memberId: member?.id ?? "" });
    const session = await accept();
    expect((await contextOfToken(session.token)).principal.workspaceId).toBe(workspace.id);
    const rows = await sql`select removed_at from memberships
      where workspace_id = ${workspace.id} and user_id = ${guest.people.lena.userId}
      order by created_at`;
    expect(rows).toMatchObject([{ removed_at: expect.any(Date) }, { removed_at: null }]);
  });

  test("is limited to thirty a minute in one workspace", async () => {
    const { ctx, workspace } = await invite();
    const one = () =>
      invitations.inviteMember(ctx, {
        email: newAddress(),
        roleId: workspace.roleIds.user,
        teamIds: [],
      });
    for (let n = 0; n < 29; n += 1) await one();
    expect((await refusal(one())).code).toBe("rate_limited");
  });
});
