import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { roles } from "@/db/schema/members";
import { sessions } from "@/db/schema/users";
import { workspaces } from "@/db/schema/workspaces";
import { revokeApiKey, rotateApiKey } from "@/lib/api-keys/service";
import { newApiKeyToken } from "@/lib/auth/api-key-token";
import { newId } from "@/lib/core/ids";
import { removeMember, updateMember } from "@/lib/members/service";
import { addToTeam, removeFromTeam } from "@/lib/members/teams";
import { type Api, errorOf, idsOf, makeApi, sendRaw } from "../../support/api-client";
import { doors } from "../../support/doors";
import {
  type Member,
  makeForm,
  makeKey,
  makeMeeting,
  makeMember,
  makeTeam,
  makeVtt,
  makeWorkspace,
} from "../../support/factories";
import type { Answer } from "../../support/openapi-check";
import { sql } from "../../support/pg";

// Each door is a process of its own with its own memory of keys: what changes in the database must hold on the
// next request in both, though both have just used the key.

let lane: Api;
let next: Api;

beforeAll(async () => {
  [lane, next] = await Promise.all([makeApi(doors[0].url), makeApi(doors[1].url)]);
});

/** The same GET through both doors. */
async function both(credential: { key: string } | { cookie: string }, path = "/meetings") {
  const answers = await Promise.all([
    lane.with(credential).get(path),
    next.with(credential).get(path),
  ]);
  return answers;
}

const statuses = (answers: readonly Answer[]) => answers.map(({ status }) => status);
const limits = (answers: readonly Answer[]) =>
  answers.map(({ headers }) => headers["x-ratelimit-limit"]);

const unauthorized = {
  code: "unauthorized",
  message: "The credential is missing or not valid",
  details: {},
};

describe("a credential that is not valid", () => {
  test.for([
    ["none at all", {}],
    ["an empty header", { authorization: "" }],
    ["another scheme", { authorization: "Basic aGs6eA==" }],
    ["a bearer without a token", { authorization: "Bearer" }],
    ["a token that is no key", { authorization: "Bearer nonsense" }],
    [
      "a key of our shape with a wrong checksum",
      { authorization: `Bearer hk_live_${"0".repeat(36)}` },
    ],
    ["a key that nobody has", { authorization: `Bearer ${newApiKeyToken()}` }],
    ["a key with a character too many", { authorization: `Bearer ${newApiKeyToken()}x` }],
    ["two tokens", { authorization: `Bearer ${newApiKeyToken()} ${newApiKeyToken()}` }],
    ["a key in another header", { "x-api-key": newApiKeyToken() }],
    ["a session that nobody has", { cookie: "next-auth.session-token=nobody" }],
    ["a cookie that cannot be decoded", { cookie: "next-auth.session-token=%E0%A4%A" }],
    ["other cookies", { cookie: "theme=dark; next-auth.csrf-token=x" }],
  ] as const)("is refused without a reason: %s", async ([, headers]) => {
    for (const api of [lane, next]) {
      const answer = await api.get("/meetings", headers);
      expect(answer.status).toBe(401);
      expect(errorOf(answer)).toMatchObject(unauthorized);
    }
  });

  test("a key in the query string is no credential", async () => {
    const { admin } = await makeWorkspace();
    const { token } = await makeKey(admin);
    const answer = await lane.get(`/meetings?api_key=${token}`);
    expect(answer.status).toBe(401);
    expect(answer.text).not.toContain(token);
  });

  test("an expired key is refused, and says that it has expired", async () => {
    const { admin } = await makeWorkspace();
    const { token } = await makeKey(admin, {
      expiresAt: "2026-01-31",
      now: () => new Date("2026-01-01T00:00:00Z"),
    });
    for (const answer of await both({ key: token })) {
      expect(answer.status).toBe(401);
      expect(errorOf(answer)).toMatchObject({ ...unauthorized, details: { reason: "expired" } });
    }
  });

  test("a key that expires between two requests is refused on the second", async () => {
    const { admin } = await makeWorkspace();
    const key = await makeKey(admin, { expiresAt: "2099-01-01" });
    expect(statuses(await both({ key: key.token }))).toEqual([200, 200]);
    await sql`update api_keys set expires_at = now() where id = ${key.id}`;
    for (const answer of await both({ key: key.token }))
      expect(errorOf(answer).details).toEqual({ reason: "expired" });
  });
});

describe("the form of the header", () => {
  test.for(["Bearer ", "bearer ", "BEARER ", "Bearer   "])("%j is understood", async (scheme) => {
    const { admin } = await makeWorkspace();
    const { token } = await makeKey(admin);
    const answer = await lane.get("/meetings", { authorization: `${scheme}${token}` });
    expect(answer.status).toBe(200);
  });

  test("a wrong header is not made good by a valid cookie", async () => {
    const { admin } = await makeWorkspace();
    const answer = await lane
      .with({ cookie: admin.cookie })
      .get("/meetings", { authorization: "Bearer nonsense" });
    expect(answer.status).toBe(401);
  });
});

describe("a revoked key is refused on the next request, by both processes that had just accepted it", () => {
  const afterwards = [
    "/meetings",
    "/meetings/mtg_unknown",
    "/contacts",
    "/insights",
    "/meetings?nonsense=1",
    "/meetings/not-an-id",
  ];

  test.for(afterwards)("%s", async (path) => {
    const { admin } = await makeWorkspace();
    const { id, token } = await makeKey(admin);
    expect(statuses(await both({ key: token }))).toEqual([200, 200]);
    await revokeApiKey(await admin.ctx(), { id });
    for (const answer of await both({ key: token }, path)) {
      expect(answer.status).toBe(401);
      expect(errorOf(answer)).toMatchObject(unauthorized);
    }
  });

  test("even where the answer would be 429 or 304", async () => {
    const { admin } = await makeWorkspace({ rateLimitPerMinute: 1, plan: "enterprise" });
    const { id, token } = await makeKey(admin);
    const [first] = await both({ key: token });
    expect(statuses(await both({ key: token }))).toEqual([429, 429]);
    await revokeApiKey(await admin.ctx(), { id });
    const etag = first?.headers.etag ?? "";
    expect(
      (await lane.with({ key: token }).get("/meetings", { "if-none-match": etag })).status,
    ).toBe(401);
    expect(
      (await next.with({ key: token }).get("/meetings", { "if-none-match": etag })).status,
    ).toBe(401);
  });

  test("a rotated key ends at once without an overlap, and lives on with one", async () => {
    const { admin } = await makeWorkspace();
    const old = await makeKey(admin);
    expect(statuses(await both({ key: old.token }))).toEqual([200, 200]);
    const second = await rotateApiKey(await admin.ctx(), { id: old.id, overlap: "24h" });
    expect(statuses(await both({ key: old.token }))).toEqual([200, 200]);
    expect(statuses(await both({ key: second.token }))).toEqual([200, 200]);
    const third = await rotateApiKey(await admin.ctx(), { id: second.id, overlap: "none" });
    expect(statuses(await both({ key: second.token }))).toEqual([401, 401]);
    expect(statuses(await both({ key: third.token }))).toEqual([200, 200]);
    await sql`update api_keys set revoked_at = now() where id = ${old.id}`;
    expect(statuses(await both({ key: old.token }))).toEqual([401, 401]);
  });
});

describe("narrowed rights hold on the next request in both processes", () => {
  test("a plan that goes down: limit and uploads", async () => {
    const { admin, id } = await makeWorkspace({ plan: "max" });
    const { token } = await makeKey(admin);
    expect(limits(await both({ key: token }))).toEqual(["300", "300"]);
    await db().update(workspaces).set({ plan: "solo" }).where(eq(workspaces.id, id));
    const answers = await both({ key: token });
    expect(limits(answers)).toEqual(["20", "20"]);
    for (const api of [lane, next]) {
      const refused = await api.with({ key: token }).upload(makeForm(makeVtt(), "a.vtt"));
      expect(refused.status).toBe(403);
      expect(errorOf(refused).details).toEqual({ plan: "solo", required_plan: "plus" });
    }
  });

  test("a plan that goes down below what was used already", async () => {
    const { admin, id } = await makeWorkspace({ plan: "enterprise", rateLimitPerMinute: 30 });
    const { token } = await makeKey(admin);
    for (let n = 0; n < 5; n += 1) await both({ key: token });
    await db().update(workspaces).set({ rateLimitPerMinute: 5 }).where(eq(workspaces.id, id));
    expect(statuses(await both({ key: token }))).toEqual([429, 429]);
    await db().update(workspaces).set({ rateLimitPerMinute: 30 }).where(eq(workspaces.id, id));
    expect(statuses(await both({ key: token }))).toEqual([200, 200]);
  });

  test("a custom role that loses a permission", async () => {
    const workspace = await makeWorkspace();
    const roleId = newId("role");
    await db()
      .insert(roles)
      .values({
        id: roleId,
        workspaceId: workspace.id,
        name: "Reader",
        permissions: ["meetings:read:all", "contacts:read:all"],
      });
    const meeting = await makeMeeting(workspace);
    const { token } = await makeKey(workspace.admin, { roleId });
    expect(statuses(await both({ key: token }, "/contacts"))).toEqual([200, 200]);
    expect((await both({ key: token })).map(idsOf)).toEqual([[meeting.id], [meeting.id]]);
    await db()
      .update(roles)
      .set({ permissions: ["meetings:read:own"] })
      .where(eq(roles.id, roleId));
    const refused = await both({ key: token }, "/contacts");
    expect(statuses(refused)).toEqual([403, 403]);
    for (const answer of refused)
      expect(errorOf(answer).details).toEqual({ required_scope: "contacts:read" });
    expect((await both({ key: token })).map(idsOf)).toEqual([[], []]);
    await db().update(roles).set({ permissions: [] }).where(eq(roles.id, roleId));
    expect(statuses(await both({ key: token }))).toEqual([403, 403]);
  });

  test("a team that the creator of a key leaves, and joins", async () => {
    const workspace = await makeWorkspace();
    const { admin } = workspace;
    const teamId = await makeTeam(workspace);
    const meeting = await makeMeeting(workspace, { teamId });
    const { token } = await makeKey(admin, { roleId: workspace.roleIds.manager });
    expect((await both({ key: token })).map(idsOf)).toEqual([[], []]);
    await addToTeam(await admin.ctx(), { teamId, userId: admin.userId });
    expect((await both({ key: token })).map(idsOf)).toEqual([[meeting.id], [meeting.id]]);
    await removeFromTeam(await admin.ctx(), { teamId, userId: admin.userId });
    expect((await both({ key: token })).map(idsOf)).toEqual([[], []]);
    for (const answer of await both({ key: token }, `/meetings/${meeting.id}`))
      expect(answer.status).toBe(404);
  });

  test("a signed-in person whose role changes, or who is removed", async () => {
    const workspace = await makeWorkspace();
    const meeting = await makeMeeting(workspace);
    const person = await makeMember(workspace, { role: "admin" });
    const { cookie } = person;
    expect((await both({ cookie })).map(idsOf)).toEqual([[meeting.id], [meeting.id]]);
    await updateMember(await workspace.admin.ctx(), {
      memberId: person.membershipId,
      roleId: workspace.roleIds.user,
      managerId: null,
      teamIds: [],
      hasSeat: true,
    });
    expect((await both({ cookie })).map(idsOf)).toEqual([[], []]);
    await removeMember(await workspace.admin.ctx(), { memberId: person.membershipId });
    expect(statuses(await both({ cookie }))).toEqual([401, 401]);
  });
});

describe("a key whose creator was removed", () => {
  async function leave(workspace: Awaited<ReturnType<typeof makeWorkspace>>, person: Member) {
    await removeMember(await workspace.admin.ctx(), { memberId: person.membershipId });
  }

  test("keeps working with the teams that the creator had, whatever happens to those teams' people", async () => {
    const workspace = await makeWorkspace();
    const [teamId, other] = [await makeTeam(workspace), await makeTeam(workspace)];
    const creator = await makeMember(workspace, { role: "admin", teamIds: [teamId] });
    const inTeam = await makeMeeting(workspace, { teamId, date: new Date("2026-03-01") });
    const own = await makeMeeting(workspace, {
      userId: creator.userId,
      date: new Date("2026-02-01"),
    });
    await makeMeeting(workspace, { teamId: other });
    const { roleIds } = workspace;
    const manager = await makeKey(creator, { roleId: roleIds.manager });
    const user = await makeKey(creator, { roleId: roleIds.user });
    const everything = await makeKey(creator);
    await leave(workspace, creator);
    for (const answer of await both({ key: manager.token }))
      expect(idsOf(answer)).toEqual([inTeam.id, own.id]);
    for (const answer of await both({ key: user.token })) expect(idsOf(answer)).toEqual([own.id]);
    for (const answer of await both({ key: everything.token }))
      expect(idsOf(answer)).toHaveLength(3);
  });

  test("does not gain a team when the person comes back", async () => {
    const workspace = await makeWorkspace();
    const teamId = await makeTeam(workspace);
    const creator = await makeMember(workspace, { role: "admin" });
    await makeMeeting(workspace, { teamId });
    const { token } = await makeKey(creator, { roleId: workspace.roleIds.manager });
    await leave(workspace, creator);
    await sql`insert into memberships (id, workspace_id, user_id, role_id)
      values (${newId("membership")}, ${workspace.id}, ${creator.userId}, ${workspace.roleIds.admin})`;
    await addToTeam(await workspace.admin.ctx(), { teamId, userId: creator.userId });
    for (const answer of await both({ key: token })) expect(idsOf(answer)).toEqual([]);
  });
});

describe("access", () => {
  test("a key for reading cannot upload; the answer says which scope is missing", async () => {
    const { admin } = await makeWorkspace();
    const { token } = await makeKey(admin, { access: "read" });
    for (const api of [lane, next]) {
      const answer = await api.with({ key: token }).upload(makeForm(makeVtt(), "a.vtt"));
      expect(answer.status).toBe(403);
      expect(errorOf(answer).details).toEqual({ required_scope: "meetings:write" });
    }
  });

  test("on Solo the answer says which plan is needed, not which key", async () => {
    const { admin } = await makeWorkspace({ plan: "solo" });
    const { token } = await makeKey(admin, { access: "read" });
    for (const api of [lane, next]) {
      const answer = await api.with({ key: token }).upload(makeForm(makeVtt(), "a.vtt"));
      expect(answer.status).toBe(403);
      expect(errorOf(answer)).toMatchObject({
        code: "forbidden",
        details: { plan: "solo", required_plan: "plus" },
      });
    }
  });

  test("a browser session reads, and is refused for anything that changes something", async () => {
    const { admin } = await makeWorkspace();
    for (const api of [lane, next]) {
      const signedIn = api.with({ cookie: admin.cookie });
      expect((await signedIn.get("/meetings")).status).toBe(200);
      const head = await signedIn.send({ method: "HEAD", path: "/api/v1/meetings" });
      expect(head.status).toBe(200);
      const upload = await signedIn.upload(makeForm(makeVtt(), "a.vtt"));
      expect(upload.status).toBe(401);
    }
  });

  test("reading with a session leaves the plan's requests alone", async () => {
    const { admin } = await makeWorkspace({ plan: "plus" });
    const { token } = await makeKey(admin);
    for (let n = 0; n < 3; n += 1) await lane.with({ cookie: admin.cookie }).get("/meetings");
    const answer = await lane.with({ key: token }).get("/meetings");
    expect(answer.headers["x-ratelimit-remaining"]).toBe("59");
    const page = await lane.with({ cookie: admin.cookie }).get("/meetings");
    expect(page.headers["x-ratelimit-limit"]).toBe("600");
  });

  test("an expired session is refused", async () => {
    const { admin } = await makeWorkspace();
    await db()
      .update(sessions)
      .set({ expires: new Date(Date.now() - 1000) })
      .where(eq(sessions.userId, admin.userId));
    expect(statuses(await both({ cookie: admin.cookie }))).toEqual([401, 401]);
  });
});

test("wrong credentials are limited for their address, and never hold up valid ones", async () => {
  const { admin } = await makeWorkspace();
  const { token } = await makeKey(admin);
  for (const { url } of doors) {
    const guesser = await makeApi(url);
    const seen: number[] = [];
    for (let n = 0; n < 61; n += 1) {
      const answer = await guesser.get("/meetings", {
        authorization: `Bearer ${newApiKeyToken()}`,
      });
      seen.push(answer.status);
    }
    expect(seen.slice(0, 60)).toEqual(Array(60).fill(401));
    expect(seen[60]).toBe(429);
    const refused = await guesser.get("/meetings", { authorization: "Bearer nonsense" });
    expect(refused.status).toBe(429);
    expect(errorOf(refused).code).toBe("rate_limited");
    expect((await guesser.with({ key: token }).get("/meetings")).status).toBe(200);
    expect((await (await makeApi(url)).get("/meetings")).status).toBe(401);
  }
});

test("a key's last use is written down, with its address", async () => {
  const { admin } = await makeWorkspace();
  const { id, token } = await makeKey(admin);
  const before = await sql`select last_used_at from api_keys where id = ${id}`;
  expect(before[0]?.last_used_at).toBeNull();
  await lane.with({ key: token }).get("/meetings");
  await expect
    .poll(
      async () => (await sql`select last_used_ip from api_keys where id = ${id}`)[0]?.last_used_ip,
    )
    .toMatch(/^127\./);
});

test("a client cannot choose the address that the server counts it under", async () => {
  const forged = await sendRaw(doors[1].url, {
    path: "/api/v1/meetings",
    headers: {
      "x-harmony-client-ip": "203.0.113.9",
      "x-forwarded-for": "203.0.113.9",
      authorization: "Bearer nonsense",
    },
  });
  expect(forged.status).toBe(401);
  const { admin } = await makeWorkspace();
  const { id, token } = await makeKey(admin);
  for (const api of [next, lane]) {
    const headers = { "x-harmony-client-ip": "203.0.113.9", "x-forwarded-for": "203.0.113.9" };
    await api.with({ key: token }).get("/meetings", headers);
  }
  await expect
    .poll(
      async () => (await sql`select last_used_ip from api_keys where id = ${id}`)[0]?.last_used_ip,
    )
    .toMatch(/^127\./);
});
