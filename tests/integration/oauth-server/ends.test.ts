import * as client from "openid-client";
import { expect, test } from "vitest";
import { pool } from "@/db/client";
import { endAllSessions, endOtherSessions, signOut } from "@/lib/members/profile";
import { removeMember, updateMember } from "@/lib/members/service";
import { listMyApps } from "@/lib/oauth-server/authorised-apps";
import { sweepOauth } from "@/lib/oauth-server/sweep";
import {
  type Member,
  makeMeetings,
  makeMember,
  makeTeam,
  makeWorkspace,
} from "@/tests/support/factories";
import { connectApp, makeApp, readMeetings, start } from "./oauth-client";

// What ends with a session, a membership, a right or a plan; and what time takes away.

const names = (error: unknown) => (error as { error?: string }).error ?? String(error);

const remembered = async (userId: string) => {
  const rows =
    await pool()`select 1 from oauth_payloads where model = 'Session' and account_id = ${userId}`;
  return rows.length;
};

async function connected(plan?: "max") {
  const workspace = await makeWorkspace(plan ? { plan } : {});
  const member = await makeMember(workspace, { role: "admin" });
  const app = await makeApp(workspace.admin);
  return { workspace, member, app, ...(await connectApp(member, app)) };
}

const tokenOf = ({ cookie }: Member) => cookie.slice(cookie.indexOf("=") + 1);

test.each([
  [
    "signing out",
    async (member: Member) => signOut({ ip: null, userAgent: null, sessionToken: tokenOf(member) }),
  ],
  ["signing out everywhere", async (member: Member) => endAllSessions(await member.ctx())],
  [
    "signing out elsewhere",
    async (member: Member) => {
      await endOtherSessions(await member.ctx(), tokenOf(member));
    },
  ],
])(
  "%s makes the authorization server forget the person, and leaves their apps connected",
  async (_what, end) => {
    const { member, tokens, jar, config } = await connected();
    expect(await remembered(member.userId)).toBe(1);
    await end(member);
    expect(await remembered(member.userId)).toBe(0);
    const silent = await start(jar, config, { prompt: "none" });
    expect(silent.location.searchParams.get("error")).toBe("login_required");
    // An app that was allowed works while the person is not looking.
    expect((await readMeetings(tokens.access_token)).status).toBe(200);
    const fresh = await client.refreshTokenGrant(config, tokens.refresh_token ?? "");
    expect((await readMeetings(fresh.access_token)).status).toBe(200);
  },
);

test("a member who is removed takes their apps along, for good", async () => {
  const { workspace, member, tokens, config, app } = await connected();
  await removeMember(await workspace.admin.ctx(), { memberId: member.membershipId });
  expect((await readMeetings(tokens.access_token)).status).toBe(401);
  const refreshed = client.refreshTokenGrant(config, tokens.refresh_token ?? "");
  await expect(refreshed.catch(names)).resolves.toBe("invalid_grant");
  expect(await remembered(member.userId)).toBe(0);
  const grants =
    await pool()`select revoked_reason from oauth_grants where app_id = ${app.clientId}`;
  expect(grants).toEqual([{ revoked_reason: "member_removed" }]);
  // Whoever comes back starts anew.
  await pool()`update memberships set removed_at = null where id = ${member.membershipId}`;
  expect((await readMeetings(tokens.access_token)).status).toBe(401);
});

test("a member who is removed keeps their apps in other workspaces", async () => {
  const { member, tokens } = await connected();
  const other = await makeWorkspace();
  await pool()`insert into memberships (id, workspace_id, user_id, role_id)
    values (${`mbr_${other.id.slice(4)}`}, ${other.id}, ${member.userId}, ${other.roleIds.user})`;
  await removeMember(await other.admin.ctx(), { memberId: `mbr_${other.id.slice(4)}` });
  expect((await readMeetings(tokens.access_token)).status).toBe(200);
});

test("a role that is lowered in the middle holds from the next request on", async () => {
  const { workspace, member, tokens } = await connected();
  await makeMeetings(workspace, [{}, {}]);
  const total = async () =>
    ((await (await readMeetings(tokens.access_token)).json()) as { pagination: { total: number } })
      .pagination.total;
  expect(await total()).toBe(2);
  await updateMember(await workspace.admin.ctx(), {
    memberId: member.membershipId,
    roleId: workspace.roleIds.user,
    managerId: null,
    teamIds: [],
    hasSeat: true,
  });
  expect(await total()).toBe(0);
});

test("a team that a consent was limited to and that is deleted leaves the app nothing", async () => {
  const workspace = await makeWorkspace();
  const team = await makeTeam(workspace);
  await makeMeetings(workspace, [{ teamId: team, userId: workspace.admin.userId }]);
  const app = await makeApp(workspace.admin);
  const { tokens } = await connectApp(workspace.admin, app, { allowed: { teamIds: [team] } });
  await pool()`update meetings set team_id = null where team_id = ${team}`;
  await pool()`delete from teams where id = ${team}`;
  const answer = await readMeetings(tokens.access_token);
  expect(((await answer.json()) as { pagination: { total: number } }).pagination.total).toBe(0);
  expect(await listMyApps(await workspace.admin.ctx())).toMatchObject([{ teams: [] }]);
});

test("a workspace that is downgraded in the middle has the lesser plan's limits with the next request", async () => {
  const { workspace, tokens } = await connected("max");
  const limit = async () =>
    (await readMeetings(tokens.access_token)).headers.get("x-ratelimit-limit");
  expect(await limit()).toBe("300");
  await pool()`update workspaces set plan = 'plus' where id = ${workspace.id}`;
  expect(await limit()).toBe("60");
});

test("the sweep takes what is over, and nothing that is not", async () => {
  const { workspace, tokens, config, app } = await connected();
  await client.refreshTokenGrant(config, tokens.refresh_token ?? "");
  const [grant] = await pool()`select id from oauth_grants where app_id = ${app.clientId}`;
  const id = String(grant?.id);
  await pool()`insert into oauth_payloads (model, key, payload, expires_at)
    select 'Interaction', 'sweep-' || ${id} || n, '{}', now() - interval '1 s' from generate_series(1, 6000) n`;
  await pool()`update oauth_refresh_answers set answered_at = now() - interval '61 s' where grant_id = ${id}`;
  await pool()`insert into oauth_kills (id, workspace_id, reach, total, ended, finished_at)
    select ${id} || n, ${workspace.id}, 'workspace', 0, 0, now() - n * interval '1 day' from (values (29), (31)) d (n)`;
  await Promise.all([sweepOauth(), sweepOauth()]);
  const n = async (rows: Promise<readonly unknown[]>) => (await rows).length;
  const sql = pool();
  expect(await n(sql`select 1 from oauth_payloads where key like ${`sweep-${id}%`}`)).toBe(0);
  expect(await n(sql`select 1 from oauth_refresh_answers where grant_id = ${id}`)).toBe(0);
  expect(await n(sql`select 1 from oauth_kills where id like ${`${id}%`}`)).toBe(1);
  expect((await readMeetings(tokens.access_token)).status).toBe(200);
});
