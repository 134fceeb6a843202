import { beforeAll, describe, expect, test } from "vitest";
import { type Api, makeApi } from "../../support/api-client";
import { doors } from "../../support/doors";
import {
  addContent,
  addParticipant,
  makeContact,
  makeInsight,
  makeKey,
  makeMeeting,
  makeProject,
  makeQueuedMeeting,
  makeResult,
  makeTeam,
  makeWorkspace,
  type TestMeeting,
  testEngine,
} from "../../support/factories";
import { sql } from "../../support/pg";

// One workspace with every kind of content, read whole through every endpoint and both doors.

const at = new Date("2026-01-15T10:20:30.400Z");
const atText = "2026-01-15T10:20:30Z";
const stamps = { createdAt: at, updatedAt: at };
const engine = testEngine;

interface Content {
  readonly key: string;
  readonly cookie: string;
  readonly userId: string;
  readonly teamId: string;
  readonly processed: TestMeeting;
  readonly queued: TestMeeting;
  readonly failed: TestMeeting;
  readonly recording: TestMeeting;
  readonly contactId: string;
  readonly strangerId: string;
  readonly actionItemId: string;
  readonly project: { readonly id: string; readonly name: string };
  readonly insights: Readonly<Record<"yesNo" | "scale" | "checklist" | "text", string>>;
  readonly results: Readonly<Record<"yesNo" | "scale" | "checklist" | "text", string>>;
}

async function makeContent(): Promise<Content> {
  const workspace = await makeWorkspace();
  const { admin } = workspace;
  const teamId = await makeTeam(workspace);
  const { token: key } = await makeKey(admin);
  const processed = await makeMeeting(workspace, {
    title: 'Sales Call – "Acme" <Corp>',
    userId: admin.userId,
    teamId,
    language: "en",
    tags: ["vip", "größe"],
    recordingKey: `recordings/${workspace.id}/x`,
    recordingKind: "audio",
    ...stamps,
  });
  const { actionItemId } = await addContent(processed);
  const queued = await makeQueuedMeeting(workspace, {
    date: new Date("2026-02-03T09:00:00Z"),
    durationSeconds: 0,
    ...stamps,
  });
  const failed = await makeMeeting(workspace, {
    status: "failed",
    date: new Date("2026-02-02T09:00:00Z"),
    source: "upload",
    medium: "phone_call",
    ...stamps,
  });
  const recording = await makeMeeting(workspace, {
    status: "recording",
    date: new Date("2026-02-04T09:00:00Z"),
    source: "companion_bot",
    ...stamps,
  });
  const contactId = await makeContact(
    workspace,
    {
      name: "Mara Lindt",
      email: "Mara@Lindt.example",
      company: "Lindt & Co",
      phone: "4930123456",
      title: "CFO",
      tags: ["key"],
      attributes: { lead_score: 7 },
      lastInteractionAt: at,
      ...stamps,
    },
    [processed, queued],
  );
  const strangerId = await makeContact(workspace, { name: "Älva", ...stamps });
  await addParticipant(processed, {
    position: 1,
    name: "Mara Lindt",
    email: "mara@lindt.example",
    type: "external",
    contactId,
  });
  await addParticipant(processed, {
    position: 0,
    name: admin.name,
    email: admin.email,
    type: "internal",
    userId: admin.userId,
  });
  const project = await makeProject(workspace, [teamId]);
  const insights = {
    yesNo: await makeInsight(workspace, project.id, { type: "yes_no", ...stamps }),
    scale: await makeInsight(workspace, project.id, { type: "scale", ...stamps }),
    checklist: await makeInsight(workspace, project.id, { type: "checklist", ...stamps }),
    text: await makeInsight(workspace, project.id, {
      type: "open_question",
      active: false,
      ...stamps,
    }),
  };
  const results = {
    yesNo: await makeResult(processed, insights.yesNo, {
      value: true,
      score: 0.5,
      explanation: "John said so.",
      evidence: [{ turn: 2 }, { turn: 0 }, { turn: 99 }],
    }),
    scale: await makeResult(processed, insights.scale, { value: 7 }),
    checklist: await makeResult(processed, insights.checklist, {
      value: [
        { item: "Budget", done: true },
        { item: "Timeline", done: false },
      ],
    }),
    text: await makeResult(processed, insights.text, {
      status: "needs_language_model",
      explanation: "Configure a language model.",
    }),
  };
  return {
    key,
    cookie: admin.cookie,
    userId: admin.userId,
    teamId,
    processed,
    queued,
    failed,
    recording,
    contactId,
    strangerId,
    actionItemId,
    project,
    insights,
    results,
  };
}

let content: Content;

beforeAll(async () => {
  content = await makeContent();
});

const listItem = (meeting: TestMeeting) => ({
  id: meeting.id,
  title: meeting.title,
  date: `${meeting.date.toISOString().slice(0, 19)}Z`,
  duration: meeting.durationSeconds,
  status: meeting.status,
});

const wholePage = (total: number) => ({
  page: 1,
  per_page: 20,
  total,
  has_more: false,
  next_cursor: null,
});

const meetingDetail = (meeting: TestMeeting) => ({
  ...listItem(meeting),
  source: meeting.source,
  medium: meeting.medium ?? "video_call",
  language: null,
  team_id: null,
  user_id: null,
  contact_ids: [],
  participants: [],
  tags: [],
  recording_available: false,
  summary_available: false,
  transcript_available: false,
  failure: null,
  created_at: atText,
  updated_at: atText,
});

function insightView(name: keyof Content["insights"], type: string, count: number) {
  return {
    id: content.insights[name],
    name: `Insight ${type}`,
    type,
    question: "Was the budget discussed?",
    project: content.project,
    team_ids: [content.teamId],
    active: name !== "text",
    results_count: count,
    created_at: atText,
    updated_at: atText,
  };
}

function resultView(name: keyof Content["results"], type: string, values: object) {
  return {
    id: content.results[name],
    insight_id: content.insights[name],
    insight_name: `Insight ${type}`,
    type,
    meeting_id: content.processed.id,
    status: "answered",
    value: null,
    score: null,
    explanation: null,
    evidence: [],
    generated_at: "2026-02-01T15:00:00Z",
    engine,
    ...values,
  };
}

const yesNoResult = () =>
  resultView("yesNo", "yes_no", {
    value: true,
    score: 0.5,
    explanation: "John said so.",
    evidence: [
      { speaker: "John Smith", text: "I will send the offer by Friday.", timestamp: "01:02:05" },
      { speaker: "John Smith", text: "Thanks for joining today.", timestamp: "00:00:05" },
    ],
  });

const checklist = [
  { item: "Budget", done: true },
  { item: "Timeline", done: false },
];

const mara = () => ({
  id: content.contactId,
  name: "Mara Lindt",
  email: "Mara@Lindt.example",
  company: "Lindt & Co",
  last_interaction_at: atText,
  meetings_count: 2,
});

/** Made in one instant: then the higher id comes first. */
const byIdDown = <T extends { id: string }>(rows: readonly T[]) =>
  [...rows].sort((left, right) => (left.id < right.id ? 1 : -1));

/** Path below /api/v1 → the whole body that it answers. */
const cases: readonly (readonly [name: string, path: () => string, body: () => unknown])[] = [
  [
    "GET /meetings lists every meeting, the newest first",
    () => "/meetings",
    () => ({
      data: [content.recording, content.queued, content.failed, content.processed].map(listItem),
      pagination: wholePage(4),
    }),
  ],
  [
    "GET /meetings/{id} gives a processed meeting with its people",
    () => `/meetings/${content.processed.id}`,
    () => ({
      ...meetingDetail(content.processed),
      language: "en",
      team_id: content.teamId,
      user_id: content.userId,
      contact_ids: [content.contactId],
      participants: [
        {
          name: expect.any(String),
          email: expect.stringMatching(/@test\.example$/),
          type: "internal",
          contact_id: null,
          user_id: content.userId,
        },
        {
          name: "Mara Lindt",
          email: "mara@lindt.example",
          type: "external",
          contact_id: content.contactId,
          user_id: null,
        },
      ],
      tags: ["vip", "größe"],
      recording_available: true,
      summary_available: true,
      transcript_available: true,
    }),
  ],
  [
    "GET /meetings/{id} gives a queued meeting",
    () => `/meetings/${content.queued.id}`,
    () => ({ ...meetingDetail(content.queued), contact_ids: [content.contactId] }),
  ],
  [
    "GET /meetings/{id} gives a failed meeting with the reason",
    () => `/meetings/${content.failed.id}`,
    () => ({
      ...meetingDetail(content.failed),
      failure: { code: "transcription_error", message: "It could not be read." },
    }),
  ],
  [
    "GET /meetings/{id}/transcript",
    () => `/meetings/${content.processed.id}/transcript`,
    () => ({
      meeting_id: content.processed.id,
      transcript: [
        { speaker: "John Smith", text: "Thanks for joining today.", timestamp: "00:00:05" },
        { speaker: "Mara Lindt", text: "Grüße aus Köln – 你好 👋", timestamp: "00:00:08" },
        { speaker: "John Smith", text: "I will send the offer by Friday.", timestamp: "01:02:05" },
      ],
      timing: "exact",
      language: "en",
      engine: { id: "file", name: "Transcript file", model: null, version: "1" },
    }),
  ],
  [
    "GET /meetings/{id}/summary",
    () => `/meetings/${content.processed.id}/summary`,
    () => ({
      meeting_id: content.processed.id,
      summary: {
        overview: "John thanks Mara and promises an offer.",
        topics: ["Offer"],
        decisions: ["The offer is sent on Friday."],
        next_steps: ["Send the offer."],
      },
      action_items: [
        {
          id: content.actionItemId,
          text: "Send the offer",
          assignee: "John Smith",
          due_date: "2026-02-06",
          status: "open",
          source: "ai",
          confidence: 0.75,
          suggestion: false,
          timestamp: "01:02:05",
        },
      ],
      generated_at: "2026-02-01T15:00:00Z",
      engine,
    }),
  ],
  [
    "GET /meetings/{id}/insights",
    () => `/meetings/${content.processed.id}/insights`,
    () => ({
      meeting_id: content.processed.id,
      data: [
        yesNoResult(),
        resultView("scale", "scale", { value: 7 }),
        resultView("checklist", "checklist", { value: checklist }),
        resultView("text", "open_question", {
          status: "needs_language_model",
          explanation: "Configure a language model.",
        }),
      ].sort((left, right) => (left.insight_id < right.insight_id ? -1 : 1)),
    }),
  ],
  [
    "GET /meetings/{id}/status of a queued meeting",
    () => `/meetings/${content.queued.id}/status`,
    () => ({
      meeting_id: content.queued.id,
      status: "queued",
      stage: null,
      progress: 0,
      error: null,
      updated_at: atText,
    }),
  ],
  [
    "GET /meetings/{id}/status of a failed meeting",
    () => `/meetings/${content.failed.id}/status`,
    () => ({
      meeting_id: content.failed.id,
      status: "failed",
      stage: null,
      progress: 0,
      error: { code: "transcription_error", message: "It could not be read." },
      updated_at: atText,
    }),
  ],
  [
    "GET /contacts lists every contact by name",
    () => "/contacts",
    () => ({
      data: [
        mara(),
        {
          id: content.strangerId,
          name: "Älva",
          email: null,
          company: null,
          last_interaction_at: null,
          meetings_count: 0,
        },
      ],
      pagination: wholePage(2),
    }),
  ],
  [
    "GET /contacts/{id}",
    () => `/contacts/${content.contactId}`,
    () => ({
      ...mara(),
      phone: "4930123456",
      title: "CFO",
      account_id: null,
      tags: ["key"],
      attributes: { lead_score: 7 },
      external_refs: [],
      created_at: atText,
      updated_at: atText,
    }),
  ],
  [
    "GET /contacts/{id}/meetings",
    () => `/contacts/${content.contactId}/meetings`,
    () => ({
      data: [content.queued, content.processed].map(listItem),
      pagination: wholePage(2),
    }),
  ],
  [
    "GET /insights lists every definition, the newest first",
    () => "/insights",
    () => ({
      data: byIdDown([
        insightView("yesNo", "yes_no", 1),
        insightView("scale", "scale", 1),
        insightView("checklist", "checklist", 1),
        insightView("text", "open_question", 0),
      ]),
      pagination: wholePage(4),
    }),
  ],
  [
    "GET /insights/{id}",
    () => `/insights/${content.insights.scale}`,
    () => insightView("scale", "scale", 1),
  ],
  [
    "GET /insights/{id}/data of a yes/no question",
    () => `/insights/${content.insights.yesNo}/data`,
    () => ({
      insight_id: content.insights.yesNo,
      type: "yes_no",
      aggregate: { yes: 1, no: 0, unknown: 0 },
      data: [yesNoResult()],
      pagination: wholePage(1),
    }),
  ],
  [
    "GET /insights/{id}/data of a scale",
    () => `/insights/${content.insights.scale}/data`,
    () => ({
      insight_id: content.insights.scale,
      type: "scale",
      aggregate: { average: 7, min: 7, max: 7, count: 1 },
      data: [resultView("scale", "scale", { value: 7 })],
      pagination: wholePage(1),
    }),
  ],
  [
    "GET /insights/{id}/data of a checklist",
    () => `/insights/${content.insights.checklist}/data`,
    () => ({
      insight_id: content.insights.checklist,
      type: "checklist",
      aggregate: {
        items: [
          { item: "Budget", done: 1, total: 1 },
          { item: "Timeline", done: 0, total: 1 },
        ],
      },
      data: [resultView("checklist", "checklist", { value: checklist })],
      pagination: wholePage(1),
    }),
  ],
  [
    "GET /insights/{id}/data leaves out what no engine could answer",
    () => `/insights/${content.insights.text}/data`,
    () => ({
      insight_id: content.insights.text,
      type: "open_question",
      aggregate: { count: 0 },
      data: [],
      pagination: wholePage(0),
    }),
  ],
];

describe.each(doors)("through the $door door", ({ url }) => {
  let api: Api;
  let anonymous: Api;

  beforeAll(async () => {
    anonymous = await makeApi(url);
    api = anonymous.with({ key: content.key });
  });

  test.for(cases)("%s", async ([, path, body]) => {
    const answer = await api.get(path());
    expect(answer.status).toBe(200);
    expect(answer.json).toStrictEqual(body());
  });

  test.for(cases)(
    "%s – again by its ETag, as /v1, by HEAD and by a browser session",
    async ([, path]) => {
      const whole = await api.get(path());
      const { etag = "" } = whole.headers;
      const unchanged = await api.get(path(), { "if-none-match": `"other", ${etag}` });
      expect(unchanged.status).toBe(304);
      expect(unchanged.headers.etag).toBe(etag);
      const changed = await api.get(path(), { "if-none-match": '"other"' });
      expect(changed.status).toBe(200);
      const alias = await api.send({ path: `/v1${path()}` });
      expect([alias.text, alias.headers.etag]).toEqual([whole.text, etag]);
      const head = await api.send({ method: "HEAD", path: `/api/v1${path()}` });
      expect([head.status, head.headers.etag, head.text]).toEqual([200, etag, ""]);
      const signedIn = await anonymous.with({ cookie: content.cookie }).get(path());
      expect(signedIn.text).toBe(whole.text);
    },
  );

  test("no call without a credential is answered with content", async () => {
    for (const [, path] of cases) {
      const answer = await (await makeApi(url)).get(path());
      expect(answer.status).toBe(401);
    }
  });

  test("the OpenAPI document is public, and closes every object of every answer", async () => {
    const answer = await anonymous.get("/openapi.json");
    expect(answer.status).toBe(200);
    const open: string[] = [];
    const visit = (node: unknown, path: string) => {
      if (typeof node !== "object" || node === null) return;
      if (
        "properties" in node &&
        !("additionalProperties" in node) &&
        !path.includes("requestBody")
      )
        open.push(path);
      for (const [name, child] of Object.entries(node)) visit(child, `${path}/${name}`);
    };
    visit(answer.json, "#");
    expect(open).toEqual([]);
  });

  test("every operation of the document is exercised here or by the upload tests", async () => {
    const templates = Object.entries(api.contract.document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method} ${path}`),
    );
    const generic = (path: string) => path.replace(/\/(mtg|con|ins)_[^/]+/, "/{id}");
    const exercised = new Set(cases.map(([, path]) => `get ${generic(path())}`));
    expect(templates.filter((name) => !exercised.has(name))).toEqual(["post /meetings/upload"]);
  });
});

test("asking for a meeting as it stands in the database tells nothing of its storage key", async () => {
  const [row] = await sql<{ recording_key: string }[]>`
    select recording_key from meetings where id = ${content.processed.id}`;
  const api = await makeApi(doors[0].url, { key: content.key });
  const answer = await api.get(`/meetings/${content.processed.id}`);
  expect(row?.recording_key).toContain("recordings/");
  expect(answer.text).not.toContain("recordings/");
});
