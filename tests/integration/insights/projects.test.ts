import { beforeAll, describe, expect, test } from "vitest";
import type { Context } from "@/lib/auth/principal";
import type { Grants } from "@/lib/auth/roles";
import type { Criterion } from "@/lib/insights/criteria";
import {
  createInsight,
  deleteInsight,
  getDefinition,
  listDefinitions,
  setInsightActive,
  updateInsight,
} from "@/lib/insights/definitions";
import { updateInsightInput } from "@/lib/insights/inputs";
import {
  countMeetings,
  createProject,
  deleteProject,
  getProject,
  listProjects,
  setCriteria,
  setProjectTeams,
  updateProject,
} from "@/lib/insights/projects";
import { activeInsightsMax } from "@/lib/insights/service";
import {
  type Member,
  makeInsight,
  makeMeeting,
  makeMember,
  makeProject,
  makeResult,
  makeTeam,
  makeWorkspace,
  type TestWorkspace,
} from "../../support/factories";
import { sql } from "../../support/pg";
import { insightInput, projectInput } from "./insight-workspace";

let workspace: TestWorkspace;
let ctx: Context;
let teamId: string;
let otherTeamId: string;
let manager: Member;
let user: Member;
let stranger: Context;

beforeAll(async () => {
  workspace = await makeWorkspace();
  ctx = await workspace.admin.ctx();
  [teamId, otherTeamId] = [await makeTeam(workspace), await makeTeam(workspace)];
  manager = await makeMember(workspace, { role: "manager", teamIds: [teamId] });
  user = await makeMember(workspace, { role: "user", teamIds: [teamId] });
  stranger = await (await makeWorkspace()).admin.ctx();
});

const withGrants = (given: Context, grants: Grants): Context => ({
  ...given,
  principal: { ...given.principal, grants: { ...given.principal.grants, ...grants } },
});

async function auditOf(workspaceId: string, targetId: string): Promise<string[]> {
  const rows = await sql<{ action: string }[]>`select action from audit_events
    where workspace_id = ${workspaceId} and target_id = ${targetId} order by at`;
  return rows.map(({ action }) => action);
}

describe("a project", () => {
  test("is made, read, changed and deleted with everything in it, and the trail tells", async () => {
    const { id } = await createProject(
      ctx,
      projectInput({ name: "Discovery", team_ids: [teamId], language: "german" }),
    );
    expect(await getProject(ctx, id)).toEqual({
      id,
      name: "Discovery",
      description: "",
      language: "de",
      knowledge: "",
      criteria: [],
      teams: [{ id: teamId, name: expect.any(String) }],
      definitions: 0,
      active: 0,
      results: 0,
      lastResultAt: null,
      mayEdit: true,
    });
    const insight = await createInsight(ctx, insightInput(id));
    await makeResult(await makeMeeting(workspace, { teamId }), insight.id, { value: true });
    await updateProject(ctx, {
      id,
      name: "Discovery 2",
      description: "What we learn",
      language: "",
      knowledge: "We sell pumps.",
    });
    await setProjectTeams(ctx, { id, team_ids: [otherTeamId, teamId, teamId] });
    await setCriteria(ctx, {
      id,
      criteria: [{ kind: "attribute", field: "tags", any: ["Demo"] }],
    });
    expect(await getProject(ctx, id)).toMatchObject({
      name: "Discovery 2",
      language: null,
      knowledge: "We sell pumps.",
      criteria: [{ kind: "attribute", field: "tags", any: ["Demo"] }],
      definitions: 1,
      active: 1,
      results: 1,
      lastResultAt: "2026-02-01T15:00:00Z",
    });
    expect((await getProject(ctx, id)).teams).toHaveLength(2);
    await deleteProject(ctx, { id });
    await expect(getProject(ctx, id)).rejects.toMatchObject({ code: "not_found" });
    const [left] =
      await sql`select (select count(*)::int from insights where project_id = ${id}) as i,
      (select count(*)::int from insight_results where insight_id = ${insight.id}) as r`;
    expect(left).toEqual({ i: 0, r: 0 });
    expect(await auditOf(workspace.id, id)).toEqual([
      "insight_project.created",
      "insight_project.updated",
      "insight_project.updated",
      "insight_project.updated",
      "insight_project.deleted",
    ]);
  });

  test("is refused a taken name, an unknown language and a team of somebody else, each by its field", async () => {
    await createProject(ctx, projectInput({ name: "Taken" }));
    const refused = async (work: Promise<unknown>) =>
      work.then(
        () => null,
        (error: { code: string; details: { fields?: Record<string, string> } }) => ({
          code: error.code,
          fields: Object.keys(error.details.fields ?? {}),
        }),
      );
    expect(await refused(createProject(ctx, projectInput({ name: "tAKEN" })))).toEqual({
      code: "invalid_request",
      fields: ["name"],
    });
    expect(
      await refused(createProject(ctx, projectInput({ name: "X", language: "Klingonese" }))),
    ).toEqual({ code: "invalid_request", fields: ["language"] });
    const foreign = await makeTeam(await makeWorkspace());
    expect(
      await refused(createProject(ctx, projectInput({ name: "X", team_ids: [foreign] }))),
    ).toEqual({ code: "invalid_request", fields: ["team_ids"] });
  });

  test("of one name is made once, however many ask at the same moment", async () => {
    const asked = Array.from({ length: 4 }, () =>
      createProject(ctx, projectInput({ name: "At once" })),
    );
    const settled = await Promise.allSettled(asked);
    expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  test("of another workspace is not there, for reading and for every change", async () => {
    const { id } = await makeProject(workspace);
    const insight = await makeInsight(workspace, id, { type: "yes_no" });
    const basics = { name: "Mine", description: "", language: "", knowledge: "" };
    const calls = [
      () => getProject(stranger, id),
      () => updateProject(stranger, { id, ...basics }),
      () => setProjectTeams(stranger, { id, team_ids: [] }),
      () => setCriteria(stranger, { id, criteria: [] }),
      () => deleteProject(stranger, { id }),
      () => createInsight(stranger, insightInput(id)),
      () => getDefinition(stranger, insight),
      () => setInsightActive(stranger, { id: insight, active: false }),
      () => deleteInsight(stranger, { id: insight }),
    ];
    for (const call of calls) await expect(call()).rejects.toMatchObject({ code: "not_found" });
    expect(await listDefinitions(stranger, id)).toEqual([]);
    expect((await getProject(ctx, id)).active).toBe(1);
  });
});

describe("who may do what", () => {
  test("everybody sees projects of their teams and of everybody; only the right to edit changes them", async () => {
    const made = {
      everybody: await makeProject(workspace),
      team: await makeProject(workspace, [teamId]),
      other: await makeProject(workspace, [otherTeamId]),
    };
    for (const member of [manager, user]) {
      const theirs = await member.ctx();
      const seen = (await listProjects(theirs)).map(({ id }) => id);
      expect(seen).toEqual(expect.arrayContaining([made.everybody.id, made.team.id]));
      expect(seen).not.toContain(made.other.id);
      await expect(getProject(theirs, made.other.id)).rejects.toMatchObject({ code: "not_found" });
      await expect(deleteProject(theirs, { id: made.other.id })).rejects.toMatchObject({
        code: "not_found",
      });
      await expect(deleteProject(theirs, { id: made.team.id })).rejects.toMatchObject({
        code: "forbidden",
      });
      await expect(createProject(theirs, projectInput({ name: "No" }))).rejects.toMatchObject({
        code: "forbidden",
      });
      expect(await getProject(theirs, made.team.id)).toMatchObject({ mayEdit: false });
    }
  });

  test("the right to edit one's teams' projects ends where another team or everybody begins", async () => {
    const theirs = withGrants(await manager.ctx(), { "insights:update": "team" });
    const { id } = await createProject(
      theirs,
      projectInput({ name: "Ours alone", team_ids: [teamId] }),
    );
    expect(await getProject(theirs, id)).toMatchObject({ mayEdit: true });
    for (const team_ids of [[], [teamId, otherTeamId]]) {
      await expect(setProjectTeams(theirs, { id, team_ids })).rejects.toMatchObject({
        code: "forbidden",
      });
    }
    const shared = await makeProject(workspace, [teamId, otherTeamId]);
    await expect(setCriteria(theirs, { id: shared.id, criteria: [] })).rejects.toMatchObject({
      code: "forbidden",
    });
  });

  test("counts tell of no more meetings than the viewer may see (D-71)", async () => {
    const { id } = await makeProject(workspace);
    const insight = await makeInsight(workspace, id, { type: "yes_no" });
    for (const values of [{ teamId }, { teamId: otherTeamId }, { userId: user.userId }]) {
      await makeResult(await makeMeeting(workspace, values), insight, { value: true });
    }
    const seenBy = async (member: Member) => {
      const theirs = await member.ctx();
      const [definition] = await listDefinitions(theirs, id);
      const summary = (await listProjects(theirs)).find((project) => project.id === id);
      return [summary?.results, definition?.results];
    };
    expect(await seenBy(workspace.admin)).toEqual([3, 3]);
    expect(await seenBy(manager)).toEqual([1, 1]);
    expect(await seenBy(user)).toEqual([1, 1]);
    const project = await getProject(await user.ctx(), id);
    expect(await countMeetings(await user.ctx(), project)).toEqual({ all: 1, met: 1 });
  });
});

describe("an insight", () => {
  test("of every type is added and read back as it was written", async () => {
    const { id } = await makeProject(workspace);
    const wanted = [
      { name: "A", type: "summary" },
      { name: "B", type: "open_question", desired_outcome: "A risk", context: "B2B" },
      { name: "C", type: "markdown" },
      { name: "D", type: "competitors_analysis", items: ["Acme"] },
      { name: "E", type: "spin_improvement" },
      { name: "F", type: "yes_no", items: ["price", "price", "cost"] },
      { name: "G", type: "scale", scale_min: 0, scale_max: 5 },
      { name: "H", type: "checklist", items: ["Budget", "Timeline"] },
    ];
    for (const values of wanted) await createInsight(ctx, insightInput(id, values));
    const found = await listDefinitions(ctx, id);
    expect(found.map(({ name, type, options }) => ({ name, type, options }))).toEqual([
      { name: "A", type: "summary", options: {} },
      { name: "B", type: "open_question", options: {} },
      { name: "C", type: "markdown", options: {} },
      { name: "D", type: "competitors_analysis", options: { items: ["Acme"] } },
      { name: "E", type: "spin_improvement", options: {} },
      { name: "F", type: "yes_no", options: { items: ["price", "cost"] } },
      { name: "G", type: "scale", options: { scaleMin: 0, scaleMax: 5 } },
      { name: "H", type: "checklist", options: { items: ["Budget", "Timeline"] } },
    ]);
    expect(found[1]).toMatchObject({ desiredOutcome: "A risk", context: "B2B", active: true });
    // No language model is configured: what takes judgement says so.
    expect(found.filter(({ needsModel }) => needsModel).map(({ name }) => name)).toEqual([
      "B",
      "C",
      "E",
      "G",
    ]);
  });

  test("waits for a language model where a criterion of its project does", async () => {
    const { id } = await makeProject(workspace);
    const insight = await createInsight(ctx, insightInput(id));
    const needsModel = async () => (await getDefinition(ctx, insight.id)).needsModel;
    expect(await needsModel()).toBe(false);
    const setTo = (criteria: readonly Criterion[]) =>
      setCriteria(ctx, { id, criteria: [...criteria] });
    await setTo([{ kind: "boolean", question: "Was the offer mentioned?" }]);
    expect(await needsModel()).toBe(false);
    await setTo([{ kind: "boolean", question: "Is it a call with a new customer?" }]);
    expect(await needsModel()).toBe(true);
    await setTo([{ kind: "category", question: "Kind of call", any: ["Demo", "Renewal"] }]);
    expect(await needsModel()).toBe(true);
  });

  test.each([
    ["without a question", { question: " " }, "question"],
    ["with bounds upside down", { type: "scale", scale_min: 5, scale_max: 5 }, "scale_max"],
    ["with a bound that is no number", { type: "scale", scale_min: Number.NaN }, "scale_min"],
    ["as a checklist without items", { type: "checklist" }, "items"],
  ])("%s is refused by its field", (_what, values, field) => {
    const parsed = updateInsightInput.safeParse({
      id: "ins_1",
      name: "N",
      type: "yes_no",
      question: "Q?",
      ...values,
    });
    expect(parsed.error?.issues.map(({ path }) => path[0])).toEqual([field]);
  });

  test("keeps its type once it has answers, and everything else can change", async () => {
    const { id: projectId } = await makeProject(workspace);
    const { id } = await createInsight(ctx, insightInput(projectId));
    const input = updateInsightInput.parse({
      id,
      name: "Mood",
      type: "scale",
      question: "How was the mood?",
    });
    await updateInsight(ctx, input);
    await makeResult(await makeMeeting(workspace), id, { value: 7 });
    await expect(updateInsight(ctx, { ...input, type: "yes_no" })).rejects.toMatchObject({
      code: "invalid_request",
      details: { fields: { type: expect.any(String) } },
    });
    await updateInsight(ctx, { ...input, question: "How was the mood at the end?" });
    expect(await getDefinition(ctx, id)).toMatchObject({
      type: "scale",
      question: "How was the mood at the end?",
      results: 1,
    });
  });

  test("is disabled without losing its answers, enabled, and deleted with them", async () => {
    const { id: projectId } = await makeProject(workspace);
    const { id } = await createInsight(ctx, insightInput(projectId));
    await makeResult(await makeMeeting(workspace), id, { value: true });
    await setInsightActive(ctx, { id, active: false });
    await setInsightActive(ctx, { id, active: false });
    expect(await getDefinition(ctx, id)).toMatchObject({ active: false, results: 1 });
    await setInsightActive(ctx, { id, active: true });
    await deleteInsight(ctx, { id });
    await expect(getDefinition(ctx, id)).rejects.toMatchObject({ code: "not_found" });
    expect(await auditOf(workspace.id, id)).toEqual([
      "insight.created",
      "insight.disabled",
      "insight.enabled",
      "insight.deleted",
    ]);
  });

  test("is one of at most 200 active ones of a workspace, also when many are added at once", async () => {
    const full = await makeWorkspace();
    const own = await full.admin.ctx();
    const projects = [await makeProject(full), await makeProject(full)];
    const [first, second] = projects.map(({ id }) => id);
    for (let n = 0; n < activeInsightsMax - 1; n += 1) {
      await makeInsight(full, first ?? "", { type: "yes_no", name: `Q${n}` });
    }
    const added = await Promise.allSettled(
      ["a", "b", "c"].map((name) => createInsight(own, insightInput(second ?? "", { name }))),
    );
    expect(added.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    await expect(createInsight(own, insightInput(first ?? ""))).rejects.toMatchObject({
      code: "quota_exceeded",
      details: { limit: 50 },
    });
  });
});
