import { beforeAll, describe, expect, test } from "vitest";
import {
  type Api,
  type Credential,
  errorOf,
  idsOf,
  listOf,
  makeApi,
} from "../../support/api-client";
import { doors } from "../../support/doors";
import {
  addContent,
  type Member,
  makeContact,
  makeInsight,
  makeKey,
  makeMeeting,
  makeMember,
  makeProject,
  makeResult,
  makeTeam,
  makeWorkspace,
  type TestMeeting,
  type TestWorkspace,
} from "../../support/factories";

// Who sees what (handbook D-71): meetings by role, contacts and answers through their meetings, definitions
// through their project's teams; and no total or count tells of more than the caller may see.

interface World {
  readonly workspace: TestWorkspace;
  readonly manager: Member;
  readonly user: Member;
  readonly meetings: Readonly<Record<"ofTeam" | "ofOther" | "ofUser" | "ofManager", TestMeeting>>;
  readonly contacts: Readonly<Record<"team" | "other" | "shared" | "nobody", string>>;
  readonly insights: Readonly<Record<"everyone" | "team" | "other", string>>;
  readonly credentials: Readonly<Record<Caller, Credential>>;
}

const callers = [
  "admin's browser",
  "manager's browser",
  "user's browser",
  "key without a role",
  "key with the Admin role",
  "key with the Team Manager role",
  "key with the User role",
] as const;
type Caller = (typeof callers)[number];
type Reach = "all" | "team" | "own";

const reachOf: Readonly<Record<Caller, Reach>> = {
  "admin's browser": "all",
  "manager's browser": "team",
  "user's browser": "own",
  "key without a role": "all",
  "key with the Admin role": "all",
  "key with the Team Manager role": "team",
  "key with the User role": "own",
};

const day = (n: number) => new Date(`2026-03-0${n}T12:00:00Z`);

async function makeWorld(): Promise<World> {
  const workspace = await makeWorkspace();
  const [teamId, otherId] = [await makeTeam(workspace), await makeTeam(workspace)];
  const manager = await makeMember(workspace, { role: "manager", teamIds: [teamId] });
  const user = await makeMember(workspace, { role: "user", teamIds: [teamId] });
  // Keys of team and own reach are bound to the one who makes them; only an Admin may.
  const asManager = await makeMember(workspace, { role: "admin", teamIds: [teamId] });
  const meetings = {
    ofTeam: await makeMeeting(workspace, { teamId, date: day(4) }),
    ofOther: await makeMeeting(workspace, { teamId: otherId, date: day(3) }),
    ofUser: await makeMeeting(workspace, { userId: user.userId, date: day(2) }),
    ofManager: await makeMeeting(workspace, {
      teamId: otherId,
      userId: manager.userId,
      date: day(1),
    }),
  };
  for (const meeting of Object.values(meetings)) await addContent(meeting);
  const contacts = {
    team: await makeContact(workspace, { name: "A team" }, [meetings.ofTeam]),
    other: await makeContact(workspace, { name: "B other" }, [meetings.ofOther]),
    shared: await makeContact(workspace, { name: "C shared" }, Object.values(meetings)),
    nobody: await makeContact(workspace, { name: "D nobody" }),
  };
  const insights = {
    everyone: await makeInsight(workspace, (await makeProject(workspace)).id, { type: "yes_no" }),
    team: await makeInsight(workspace, (await makeProject(workspace, [teamId])).id, {
      type: "yes_no",
    }),
    other: await makeInsight(workspace, (await makeProject(workspace, [otherId])).id, {
      type: "yes_no",
    }),
  };
  for (const meeting of Object.values(meetings)) {
    for (const insight of Object.values(insights))
      await makeResult(meeting, insight, { value: meeting === meetings.ofTeam });
  }
  const { admin, roleIds } = workspace;
  const key = async (creator: Member, roleId: string | null) => ({
    key: (await makeKey(creator, { roleId })).token,
  });
  return {
    workspace,
    manager,
    user,
    meetings,
    contacts,
    insights,
    credentials: {
      "admin's browser": { cookie: admin.cookie },
      "manager's browser": { cookie: manager.cookie },
      "user's browser": { cookie: user.cookie },
      "key without a role": await key(admin, null),
      "key with the Admin role": await key(admin, roleIds.admin),
      "key with the Team Manager role": await key(asManager, roleIds.manager),
      "key with the User role": await key(asManager, roleIds.user),
    },
  };
}

let world: World;
let attacker: TestWorkspace;
let attackerKey: string;

beforeAll(async () => {
  world = await makeWorld();
  attacker = await makeWorkspace();
  attackerKey = (await makeKey(attacker.admin)).token;
});

/** The names of the meetings that a caller may see, in list order. */
function visibleNames(caller: Caller): (keyof World["meetings"])[] {
  if (reachOf[caller] === "all") return ["ofTeam", "ofOther", "ofUser", "ofManager"];
  if (caller === "manager's browser") return ["ofTeam", "ofManager"];
  if (caller === "key with the Team Manager role") return ["ofTeam"];
  return caller === "user's browser" ? ["ofUser"] : [];
}

function visibleContacts(caller: Caller): { id: string; meetings_count: number }[] {
  const { team, other, shared, nobody } = world.contacts;
  const names = visibleNames(caller);
  const count = (id: string, meetings_count: number) => ({ id, meetings_count });
  if (reachOf[caller] === "all")
    return [count(team, 1), count(other, 1), count(shared, 4), count(nobody, 0)];
  const found = names.includes("ofTeam") ? [count(team, 1)] : [];
  return names.length > 0 ? [...found, count(shared, names.length)] : found;
}

function visibleInsights(caller: Caller): string[] {
  const { everyone, team, other } = world.insights;
  return reachOf[caller] === "all" ? [everyone, team, other] : [everyone, team];
}

describe.each(doors)("through the $door door", ({ url }) => {
  let api: Api;

  beforeAll(async () => {
    api = await makeApi(url);
  });

  describe.each(callers)("%s", (caller) => {
    let own: Api;

    beforeAll(() => {
      own = api.with(world.credentials[caller]);
    });

    test("lists its meetings, with their total", async () => {
      const wanted = visibleNames(caller).map((name) => world.meetings[name].id);
      const answer = await own.get("/meetings");
      expect(idsOf(answer)).toEqual(wanted);
      expect(listOf(answer).pagination.total).toBe(wanted.length);
      const processed = await own.get("/meetings?status=processed&per_page=1");
      expect(listOf(processed).pagination.total).toBe(wanted.length);
    });

    test("opens exactly those meetings, and has no other meeting's parts", async () => {
      const names = visibleNames(caller);
      for (const [name, { id }] of Object.entries(world.meetings)) {
        const wanted = names.some((visible) => visible === name) ? 200 : 404;
        for (const part of ["", "/transcript", "/summary", "/insights", "/status"])
          expect([part, (await own.get(`/meetings/${id}${part}`)).status]).toEqual([part, wanted]);
      }
    });

    test("lists the contacts of those meetings, counting only them", async () => {
      const answer = await own.get("/contacts");
      const wanted = visibleContacts(caller);
      expect(listOf(answer).data.map(({ id, meetings_count }) => ({ id, meetings_count }))).toEqual(
        wanted,
      );
      expect(listOf(answer).pagination.total).toBe(wanted.length);
      for (const id of Object.values(world.contacts)) {
        const status = wanted.some((contact) => contact.id === id) ? 200 : 404;
        expect((await own.get(`/contacts/${id}`)).status).toBe(status);
        expect((await own.get(`/contacts/${id}/meetings`)).status).toBe(status);
      }
    });

    test("sees of a shared contact only its own meetings", async () => {
      const wanted = visibleNames(caller).map((name) => world.meetings[name].id);
      const answer = await own.get(`/contacts/${world.contacts.shared}/meetings`);
      if (wanted.length === 0) expect(answer.status).toBe(404);
      else {
        expect(idsOf(answer)).toEqual(wanted);
        expect(listOf(answer).pagination.total).toBe(wanted.length);
      }
    });

    test("lists the definitions of its teams, counting only answers of its meetings", async () => {
      const answer = await own.get("/insights");
      const wanted = visibleInsights(caller);
      expect([...idsOf(answer)].sort()).toEqual([...wanted].sort());
      expect(listOf(answer).pagination.total).toBe(wanted.length);
      for (const { results_count } of listOf(answer).data)
        expect(results_count).toBe(visibleNames(caller).length);
      for (const id of Object.values(world.insights)) {
        const status = wanted.includes(id) ? 200 : 404;
        expect((await own.get(`/insights/${id}`)).status).toBe(status);
        expect((await own.get(`/insights/${id}/data`)).status).toBe(status);
      }
    });

    test("gets data and an aggregate over its own meetings only", async () => {
      const names = visibleNames(caller);
      const answer = await own.get(`/insights/${world.insights.everyone}/data`);
      expect(
        listOf(answer)
          .data.map(({ meeting_id }) => meeting_id)
          .sort(),
      ).toEqual(names.map((name) => world.meetings[name].id).sort());
      expect(listOf(answer).pagination.total).toBe(names.length);
      const yes = names.includes("ofTeam") ? 1 : 0;
      expect(answer.json).toMatchObject({
        aggregate: { yes, no: names.length - yes, unknown: 0 },
      });
    });

    test("gets of a meeting only the answers to its teams' definitions", async () => {
      const [name] = visibleNames(caller);
      if (!name) return;
      const answer = await own.get(`/meetings/${world.meetings[name].id}/insights`);
      expect(answer.json).toMatchObject({ data: expect.any(Array) });
      expect(answer.text.includes(world.insights.other)).toBe(reachOf[caller] === "all");
      expect(answer.text).toContain(world.insights.team);
    });

    test("cannot widen its view by filters", async () => {
      const wanted = visibleNames(caller).map((name) => world.meetings[name].id);
      for (const meeting of Object.values(world.meetings)) {
        const filters = [`team_id=${meeting.teamId}`, `user_id=${meeting.userId ?? "usr_x"}`];
        for (const filter of filters) {
          const answer = await own.get(`/meetings?${filter}`);
          expect(idsOf(answer).filter((id) => !wanted.includes(id))).toEqual([]);
          expect(listOf(answer).pagination.total).toBe(idsOf(answer).length);
        }
      }
    });
  });

  describe("a stranger with a key of another workspace", () => {
    const paths = (ids: { meeting: string; contact: string; insight: string }) => [
      `/meetings/${ids.meeting}`,
      `/meetings/${ids.meeting}/transcript`,
      `/meetings/${ids.meeting}/summary`,
      `/meetings/${ids.meeting}/insights`,
      `/meetings/${ids.meeting}/status`,
      `/contacts/${ids.contact}`,
      `/contacts/${ids.contact}/meetings`,
      `/insights/${ids.insight}`,
      `/insights/${ids.insight}/data`,
    ];

    test("gets the very same 404 for existing and for invented ids", async () => {
      const stranger = api.with({ key: attackerKey });
      const existing = paths({
        meeting: world.meetings.ofTeam.id,
        contact: world.contacts.shared,
        insight: world.insights.everyone,
      });
      const invented = paths({
        meeting: "mtg_00000000000000000000",
        contact: "con_00000000000000000000",
        insight: "ins_00000000000000000000",
      });
      for (const [index, path] of existing.entries()) {
        const real = await stranger.get(path);
        const none = await stranger.get(invented[index] ?? "");
        expect(real.status).toBe(404);
        const { request_id: one, ...left } = errorOf(real);
        const { request_id: two, ...right } = errorOf(none);
        expect(left).toStrictEqual(right);
        expect(one).not.toBe(two);
      }
    });

    test("finds nothing through lists and filters", async () => {
      const stranger = api.with({ key: attackerKey });
      const { ofTeam } = world.meetings;
      for (const path of [
        "/meetings",
        `/meetings?team_id=${ofTeam.teamId}`,
        `/meetings?user_id=${world.user.userId}`,
        "/contacts",
        "/contacts?q=shared",
        "/insights",
        `/insights?team_id=${ofTeam.teamId}`,
      ]) {
        const answer = await stranger.get(path);
        expect(listOf(answer).pagination.total).toBe(0);
        expect(idsOf(answer)).toEqual([]);
      }
    });

    test("sees its own workspace through its own eyes only", async () => {
      const elsewhere = await makeWorkspace();
      const person = await makeMember(elsewhere, { role: "user" });
      const mine = await makeMeeting(elsewhere, { userId: person.userId });
      expect(idsOf(await api.with({ cookie: person.cookie }).get("/meetings"))).toEqual([mine.id]);
    });
  });
});
