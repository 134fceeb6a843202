import type { events } from "@/db/schema/activity";
import type { insightResults, insights } from "@/db/schema/insights";
import type {
  actionItems,
  EngineRecord,
  meetingContacts,
  meetingNotes,
  meetings,
  participants,
  summaries,
  transcripts,
} from "@/db/schema/meetings";
import { type AnalysedMeeting, analyseMeeting } from "@/db/seed-data/analyse-meeting";
import { type DemoFailure, demoFailures } from "@/db/seed-data/failures";
import { noteFor } from "@/db/seed-data/notes";
import type { DemoTeam } from "@/db/seed-data/people";
import { type PlannedMeeting, planMeetings } from "@/db/seed-data/plan-meetings";
import { createRandom, type Random } from "@/db/seed-data/random";
import type { InsightAnswer } from "@/lib/analysis/analyst";
import { createRulesAnalyst } from "@/lib/analysis/rules/rules-analyst";
import { newId } from "@/lib/core/ids";
import type { EventData, EventType } from "@/lib/events/schema";
import type { Person } from "@/lib/processing/match-people";
import { countWords } from "@/lib/transcripts/transcript";

/** The ids of everything that meetings refer to. */
export interface DemoDirectory {
  readonly workspaceId: string;
  readonly userIds: ReadonlyMap<string, string>;
  readonly teamIds: ReadonlyMap<DemoTeam, string>;
  readonly members: readonly Person[];
  readonly contacts: readonly Person[];
  readonly definitions: readonly (Omit<typeof insights.$inferInsert, "id" | "workspaceId"> & {
    readonly id: string;
    readonly options: { scaleMin?: number; scaleMax?: number; items?: string[] };
    /** Teams of its project; none means every team. */
    readonly teams: readonly DemoTeam[];
    readonly createdAt: Date;
  })[];
}

/** Rows ready to be inserted, in an order that foreign keys accept. */
export interface DemoRows {
  readonly meetings: (typeof meetings.$inferInsert)[];
  readonly transcripts: (typeof transcripts.$inferInsert)[];
  readonly participants: (typeof participants.$inferInsert)[];
  readonly meetingContacts: (typeof meetingContacts.$inferInsert)[];
  readonly summaries: (typeof summaries.$inferInsert)[];
  readonly actionItems: (typeof actionItems.$inferInsert)[];
  readonly insightResults: (typeof insightResults.$inferInsert)[];
  readonly notes: (typeof meetingNotes.$inferInsert)[];
  readonly events: (typeof events.$inferInsert)[];
  readonly files: { readonly key: string; readonly content: Buffer }[];
  readonly failed: {
    readonly meetingId: string;
    readonly ownerId: string;
    readonly title: string;
    readonly message: string;
    readonly at: Date;
  }[];
}

const seed = 20_260_101;
const minuteMs = 60_000;
const dayMs = 86_400_000;
const transcriptEngine: EngineRecord = {
  id: "file",
  name: "Transcript file",
  model: null,
  version: "1",
};

/** Every so many meetings one fails; the written conversations are spared. */
function failuresByIndex(planned: readonly PlannedMeeting[]): Map<number, DemoFailure> {
  const candidates = planned.flatMap(({ kind, account }, index) =>
    account !== null && (kind === "sales_call" || kind === "support_call" || kind === "demo")
      ? [index]
      : [],
  );
  const step = Math.floor(candidates.length / demoFailures.length);
  return new Map(
    demoFailures.flatMap((failure, nth) => {
      const index = candidates[(nth + 1) * step - 1];
      return index === undefined ? [] : [[index, failure] as const];
    }),
  );
}

/** State of one meeting while its rows are made. */
interface Making {
  readonly directory: DemoDirectory;
  readonly rows: DemoRows;
  readonly random: Random;
  readonly now: Date;
  readonly meeting: PlannedMeeting;
  readonly id: string;
}

/** Makes all rows of the demo workspace's meetings. The same day and version give the same content. */
export async function buildDemoRows(directory: DemoDirectory, now: Date): Promise<DemoRows> {
  const random = createRandom(seed);
  const analyst = createRulesAnalyst();
  const planned = planMeetings(now, random);
  const failures = failuresByIndex(planned);
  const rows: DemoRows = {
    meetings: [],
    transcripts: [],
    participants: [],
    meetingContacts: [],
    summaries: [],
    actionItems: [],
    insightResults: [],
    notes: [],
    events: [],
    files: [],
    failed: [],
  };
  for (const [index, meeting] of planned.entries()) {
    const making = { directory, rows, random, now, meeting, id: newId("meeting") };
    const questions = directory.definitions.filter(
      ({ teams, createdAt }) =>
        createdAt <= meeting.date && (teams.length === 0 || teams.includes(meeting.team)),
    );
    const analysed = await analyseMeeting(meeting, analyst, questions, directory, random);
    const failure = failures.get(index);
    if (failure) addFailed(making, failure, analysed);
    else addProcessed(making, analysed, { ...analyst.engine });
  }
  return rows;
}

function baseRow({ directory, meeting, id }: Making) {
  return {
    id,
    workspaceId: directory.workspaceId,
    title: meeting.title,
    date: meeting.date,
    medium: meeting.medium,
    language: "en",
    teamId: directory.teamIds.get(meeting.team) ?? null,
    userId: directory.userIds.get(meeting.owner) ?? null,
    tags: [...meeting.tags],
    attributes: meeting.account ? { account: meeting.account.name } : {},
  };
}

function keepFile(
  { rows, directory, id }: Making,
  name: string,
  content: Buffer,
  kind: "transcript" | "audio",
) {
  const key = `recordings/${directory.workspaceId}/${id}`;
  rows.files.push({ key, content });
  return {
    recordingKey: key,
    recordingKind: kind,
    recordingName: name,
    recordingType: kind === "transcript" ? "text/vtt" : "audio/wav",
    recordingBytes: content.length,
  };
}

function addEvent<T extends EventType>(
  { rows, directory }: Making,
  type: T,
  data: EventData[T],
  occurredAt: Date,
): void {
  rows.events.push({
    workspaceId: directory.workspaceId,
    type,
    meetingId: data.meeting_id,
    data: { ...data },
    occurredAt,
  });
}

function addFailed(making: Making, failure: DemoFailure, analysed: AnalysedMeeting): void {
  const { rows, meeting, id } = making;
  const base = baseRow(making);
  const at = new Date(meeting.date.getTime() + 35 * minuteMs);
  const content =
    failure.file?.content === "transcript" ? Buffer.from(analysed.file) : failure.file?.content;
  const kind = failure.file?.content === "transcript" ? "transcript" : "audio";
  rows.meetings.push({
    ...base,
    language: failure.language ?? base.language,
    status: "failed",
    progress: 5,
    failureCode: failure.code,
    failureMessage: failure.message,
    source: failure.source,
    createdAt: new Date(at.getTime() - 2 * minuteMs),
    updatedAt: at,
    ...(failure.file && content ? keepFile(making, failure.file.name, content, kind) : {}),
  });
  const { code, message } = failure;
  const data = { meeting_id: id, title: meeting.title, error: { code, message } };
  addEvent(making, "meeting.failed", data, at);
  if (base.userId) {
    rows.failed.push({ meetingId: id, ownerId: base.userId, title: meeting.title, message, at });
  }
}

function addProcessed(making: Making, analysed: AnalysedMeeting, engine: EngineRecord): void {
  const { rows, meeting, random, id } = making;
  const seconds = Math.ceil(analysed.transcript.durationMs / 1000);
  const endedAt = new Date(meeting.date.getTime() + seconds * 1000);
  const doneAt = new Date(endedAt.getTime() + random.between(2 * minuteMs, 6 * minuteMs));
  const isUpload = meeting.source === "upload" || meeting.source === "api";
  const fileName = `${meeting.title.toLowerCase().replace(/[^a-z0-9]+/g, "-")}.vtt`;
  rows.meetings.push({
    ...baseRow(making),
    status: "processed",
    progress: 100,
    durationSeconds: seconds,
    source: meeting.source,
    createdAt: endedAt,
    updatedAt: doneAt,
    ...(isUpload ? keepFile(making, fileName, Buffer.from(analysed.file), "transcript") : {}),
  });
  addPeople(making, analysed, endedAt);
  addOutline(making, analysed, engine, doneAt);
  addAnswers(making, analysed.answers, engine, doneAt);
  const data = { meeting_id: id, title: meeting.title, duration: seconds };
  addEvent(making, "meeting.processed", data, doneAt);
  if (random.chance(0.2)) addNote(making, doneAt);
}

function addPeople({ rows, directory, id }: Making, analysed: AnalysedMeeting, at: Date): void {
  const { workspaceId } = directory;
  const { people, transcript } = analysed;
  const indexOf = new Map(people.map(({ label }, index) => [label, index]));
  rows.transcripts.push({
    meetingId: id,
    workspaceId,
    speakers: people.map(({ label, name }) => ({ label, name })),
    turns: transcript.turns.map((turn) => ({ ...turn, speaker: indexOf.get(turn.speaker) ?? 0 })),
    timing: transcript.timing,
    format: transcript.format,
    wordCount: transcript.turns.reduce((sum, turn) => sum + countWords(turn.text), 0),
    engine: transcriptEngine,
    createdAt: at,
    updatedAt: at,
  });
  for (const [position, { label: _label, ...person }] of people.entries()) {
    rows.participants.push({ ...person, workspaceId, meetingId: id, position });
    if (person.contactId === null) continue;
    rows.meetingContacts.push({ workspaceId, meetingId: id, contactId: person.contactId });
  }
}

function addOutline(
  { rows, directory, random, now, id }: Making,
  { outline, people }: AnalysedMeeting,
  engine: EngineRecord,
  at: Date,
): void {
  const { workspaceId } = directory;
  const { summary } = outline;
  rows.summaries.push({
    meetingId: id,
    workspaceId,
    overview: summary.overview,
    topics: [...summary.topics],
    decisions: summary.decisions.map((decision) => ({ ...decision })),
    nextSteps: [...summary.nextSteps],
    engine,
    generatedAt: at,
  });
  const userOf = new Map(people.map(({ name, userId }) => [name, userId]));
  const isOld = now.getTime() - at.getTime() > 14 * dayMs;
  for (const [position, item] of outline.actionItems.entries()) {
    const isDone = isOld && random.chance(0.75);
    rows.actionItems.push({
      workspaceId,
      meetingId: id,
      position,
      text: item.text,
      assigneeName: item.assignee,
      assigneeUserId: item.assignee === null ? null : (userOf.get(item.assignee) ?? null),
      dueDate: item.dueDate,
      status: isDone ? "done" : "open",
      source: "ai",
      confidence: item.confidence,
      confident: item.confident,
      turn: item.turn,
      // Ticking an item off is an edit by a person.
      editedAt: isDone ? new Date(at.getTime() + random.between(1, 9) * dayMs) : null,
      createdAt: at,
      updatedAt: at,
    });
  }
}

function addAnswers(
  making: Making,
  answers: readonly InsightAnswer[],
  engine: EngineRecord,
  generatedAt: Date,
): void {
  const { rows, directory, id: meetingId } = making;
  for (const answer of answers) {
    const definition = directory.definitions.find(({ id }) => id === answer.insightId);
    if (!definition) continue;
    const resultId = newId("insightResult");
    const isAnswered = answer.status === "answered";
    rows.insightResults.push({
      id: resultId,
      workspaceId: directory.workspaceId,
      insightId: definition.id,
      meetingId,
      status: answer.status,
      value: isAnswered ? answer.value : null,
      score: isAnswered ? (answer.score ?? null) : null,
      explanation: isAnswered ? (answer.explanation ?? null) : answer.reason,
      evidence: isAnswered ? answer.evidence.map(({ turn }) => ({ turn })) : [],
      engine,
      generatedAt,
    });
    if (!isAnswered) continue;
    const { id: insight_id, name, type } = definition;
    const data = { insight_id, result_id: resultId, meeting_id: meetingId, name, type };
    addEvent(making, "insight.generated", data, generatedAt);
  }
}

function addNote({ rows, directory, meeting, random, id }: Making, after: Date): void {
  const updatedAt = new Date(after.getTime() + random.between(10, 120) * minuteMs);
  rows.notes.push({
    meetingId: id,
    workspaceId: directory.workspaceId,
    markdown: noteFor(meeting, random),
    updatedBy: directory.userIds.get(meeting.owner) ?? null,
    updatedAt,
    createdAt: updatedAt,
  });
}
