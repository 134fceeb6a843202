import { and, asc, eq, inArray, isNull, sql as text } from "drizzle-orm";
import type { z } from "zod";
import { db, pool } from "@/db/client";
import { allOf, type Fragment, utcText } from "@/db/fragments";
import type { EngineRecord, StoredSpeaker, StoredTurn } from "@/db/schema/meetings";
import { memberships, teamMembers, teams } from "@/db/schema/members";
import { users } from "@/db/schema/users";
import type { Context } from "@/lib/auth/principal";
import type { Reach } from "@/lib/auth/roles";
import { meetingVisibility, visibleMeetings } from "@/lib/auth/visibility";
import { notFound } from "@/lib/core/errors";
import type { PageInput } from "@/lib/http/page";
import { type MeetingNotes, noNotes } from "@/lib/meetings/notes";
import type { MeetingFilters } from "@/lib/meetings/queries";
import { mayOnMeeting } from "@/lib/meetings/rights";
import type {
  FailureCode,
  MeetingDetail,
  meetingListItem,
  meetingStages,
} from "@/lib/meetings/schema";
import { listMeetings, oneMeeting } from "@/lib/meetings/service";
import {
  type SpeakerFacts,
  type Stretch,
  speakerFacts,
  stretchesOf,
} from "@/lib/meetings/talk-facts";
import { endOfTurns } from "@/lib/transcripts/transcript";

// What our own pages show beside the API's answers: names in place of ids, and the turns behind a summary. Every
// read is bounded by the workspace and by what the viewer may see.

export type MeetingStage = (typeof meetingStages)[number];
type ListItem = z.output<typeof meetingListItem>;

export interface MeetingListRow extends ListItem {
  readonly stage: MeetingStage | null;
  readonly progress: number;
  readonly owner: string | null;
  readonly team: string | null;
  readonly participants: number;
}

export interface MeetingListPage {
  readonly rows: readonly MeetingListRow[];
  readonly page: number;
  readonly perPage: number;
  readonly total: number;
}

type RowFacts = Pick<
  MeetingListRow,
  "id" | "stage" | "progress" | "owner" | "team" | "participants"
>;

/** The names and counts of the meetings in one page, by id. */
async function factsOf(ctx: Context, ids: readonly string[]): Promise<Map<string, RowFacts>> {
  const sql = pool();
  const rows = await sql<RowFacts[]>`
    select m.id, m.stage, m.progress, coalesce(u.name, u.email) as owner, t.name as team,
      (select count(*)::int from participants p where p.meeting_id = m.id) as participants
    from meetings m left join users u on u.id = m.user_id left join teams t on t.id = m.team_id
    where m.workspace_id = ${ctx.principal.workspaceId} and m.id = any(${[...ids]})`;
  return new Map(rows.map((row) => [row.id, row]));
}

/** One page of the meeting list, as the API pages and filters it, with what its table shows besides. */
export async function listMeetingRows(
  ctx: Context,
  query: PageInput & MeetingFilters,
): Promise<MeetingListPage> {
  const answer = JSON.parse((await listMeetings(ctx, query)).text) as {
    data: ListItem[];
    pagination: { page: number | null; per_page: number; total: number };
  };
  const facts = await factsOf(
    ctx,
    answer.data.map((row) => row.id),
  );
  return {
    rows: answer.data.map((row) => ({
      ...row,
      ...(facts.get(row.id) ?? {
        stage: null,
        progress: 0,
        owner: null,
        team: null,
        participants: 0,
      }),
    })),
    page: answer.pagination.page ?? 1,
    perPage: answer.pagination.per_page,
    total: answer.pagination.total,
  };
}

// --- Choices ----------------------------------------------------------------------------------------------

export interface Choice {
  readonly value: string;
  readonly label: string;
}

const choicesMax = 500;
const personName = text<string>`coalesce(${users.name}, ${users.email})`;

/** The teams within a reach: every one, or those the viewer is in. By name, at most 500. */
export async function teamChoices(ctx: Context, reach: Reach | undefined): Promise<Choice[]> {
  const { workspaceId, teamIds } = ctx.principal;
  if (reach !== "all" && teamIds.length === 0) return [];
  return db()
    .select({ value: teams.id, label: teams.name })
    .from(teams)
    .where(
      and(
        eq(teams.workspaceId, workspaceId),
        reach === "all" ? undefined : inArray(teams.id, [...teamIds]),
      ),
    )
    .orderBy(asc(text`lower(${teams.name})`))
    .limit(choicesMax);
}

/** Whose meetings the viewer can look for; nobody's but their own with the reach "own". At most 500. */
export async function ownerChoices(ctx: Context): Promise<Choice[]> {
  const { workspaceId, teamIds } = ctx.principal;
  const visibility = meetingVisibility(ctx.principal);
  if (visibility.reach === "own") return [];
  const colleagues = db()
    .select({ id: teamMembers.userId })
    .from(teamMembers)
    .where(
      and(eq(teamMembers.workspaceId, workspaceId), inArray(teamMembers.teamId, [...teamIds])),
    );
  return db()
    .select({ value: users.id, label: personName })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .where(
      and(
        eq(memberships.workspaceId, workspaceId),
        isNull(memberships.removedAt),
        visibility.reach === "all" ? undefined : inArray(users.id, colleagues),
      ),
    )
    .orderBy(asc(text`lower(${personName})`))
    .limit(choicesMax);
}

// --- Home -------------------------------------------------------------------------------------------------

export interface MyActionItem {
  readonly id: string;
  readonly text: string;
  readonly dueDate: string | null;
  readonly meetingId: string;
  readonly meetingTitle: string;
}

const homeRows = 6;

function inSight(ctx: Context): Fragment {
  const sql = pool();
  return allOf([
    sql`m.workspace_id = ${ctx.principal.workspaceId}`,
    ...visibleMeetings(meetingVisibility(ctx.principal)),
  ]);
}

/** My open action items that are no mere suggestions: the six due first, and how many there are. */
export async function myActionItems(
  ctx: Context,
): Promise<{ readonly rows: readonly MyActionItem[]; readonly total: number }> {
  const sql = pool();
  const rows = await sql<(MyActionItem & { total: number })[]>`
    select a.id, a.text, a.due_date::text as "dueDate", m.id as "meetingId",
      m.title as "meetingTitle", (count(*) over ())::int as total
    from action_items a join meetings m on m.id = a.meeting_id
    where a.workspace_id = ${ctx.principal.workspaceId} and a.status = 'open'
      and a.assignee_user_id = ${ctx.principal.userId}
      and (a.source = 'manual' or a.confident or a.edited_at is not null) and ${inSight(ctx)}
    order by a.due_date nulls last, m.date desc, a.position limit ${homeRows}`;
  return { rows: rows.map(({ total: _, ...row }) => row), total: rows[0]?.total ?? 0 };
}

export interface OpenMeeting {
  readonly id: string;
  readonly title: string;
  readonly status: ListItem["status"];
  readonly stage: MeetingStage | null;
  readonly progress: number;
}

/** Meetings that are recorded, wait or are being processed now: the newest six, and how many there are. */
export async function openMeetings(
  ctx: Context,
): Promise<{ readonly rows: readonly OpenMeeting[]; readonly total: number }> {
  const sql = pool();
  const rows = await sql<(OpenMeeting & { total: number })[]>`
    select m.id, m.title, m.status, m.stage, m.progress, (count(*) over ())::int as total
    from meetings m where ${inSight(ctx)} and m.status in ('recording', 'queued', 'processing')
    order by m.date desc, m.id desc limit ${homeRows}`;
  return { rows: rows.map(({ total: _, ...row }) => row), total: rows[0]?.total ?? 0 };
}

// --- The meeting page -------------------------------------------------------------------------------------

export interface PageParticipant {
  readonly name: string;
  readonly email: string | null;
  readonly type: "internal" | "external";
  readonly contactId: string | null;
  readonly company: string | null;
  readonly words: number;
  readonly talkMs: number;
}

export interface MeetingHead {
  readonly id: string;
  readonly title: string;
  readonly date: string;
  readonly durationSeconds: number;
  readonly status: ListItem["status"];
  readonly stage: MeetingStage | null;
  readonly progress: number;
  readonly failure: { readonly code: FailureCode; readonly message: string } | null;
  readonly medium: MeetingDetail["medium"];
  readonly source: MeetingDetail["source"];
  readonly language: string | null;
  readonly tags: readonly string[];
  readonly file: {
    readonly kind: "transcript" | "audio" | "video";
    readonly name: string;
    readonly bytes: number | null;
  } | null;
  /** When the workspace's retention removed the recording; null while it is there, or where there was none. */
  readonly recordingRemovedAt: string | null;
  /** Who recognised the speech; null without a transcript. */
  readonly engine: EngineRecord | null;
  readonly team: string | null;
  readonly owner: string | null;
  readonly participants: readonly PageParticipant[];
  /** By name, whether they spoke or not. */
  readonly contacts: readonly { readonly id: string; readonly name: string }[];
  readonly counts: { readonly actionItems: number; readonly insights: number };
  readonly hasNotes: boolean;
  readonly mayUpdate: boolean;
  readonly mayDelete: boolean;
}

type HeadBody = Omit<MeetingHead, "mayUpdate" | "mayDelete"> & {
  teamId: string | null;
  userId: string | null;
};

/** What stands around every tab of a meeting's page, or `not_found`. */
export async function readMeetingHead(ctx: Context, id: string): Promise<MeetingHead> {
  const sql = pool();
  const [row] = await sql<{ body: HeadBody }[]>`
    select json_build_object('id', m.id, 'title', m.title, 'date', ${utcText(sql`m.date`)},
      'durationSeconds', m.duration_seconds, 'status', m.status, 'stage', m.stage,
      'progress', m.progress, 'failure', case when m.failure_code is not null then
        json_build_object('code', m.failure_code, 'message', m.failure_message) end,
      'medium', m.medium, 'source', m.source, 'language', m.language, 'tags', m.tags,
      'file', case when m.recording_key is not null then json_build_object('kind', m.recording_kind,
        'name', coalesce(m.recording_name, ''), 'bytes', m.recording_bytes) end,
      'recordingRemovedAt', ${utcText(sql`m.recording_removed_at`)},
      'engine', (select tr.engine from transcripts tr where tr.meeting_id = m.id),
      'teamId', m.team_id, 'userId', m.user_id, 'team', t.name,
      'owner', coalesce(u.name, u.email),
      'participants', (select coalesce(json_agg(json_build_object('name', p.name,
          'email', p.email, 'type', p.type, 'contactId', p.contact_id, 'company', c.company,
          'words', p.words, 'talkMs', p.talk_ms) order by p.position), '[]')
        from participants p left join contacts c on c.id = p.contact_id where p.meeting_id = m.id),
      'contacts', (select coalesce(json_agg(json_build_object('id', c.id, 'name', c.name)
          order by c.name, c.id), '[]')
        from meeting_contacts mc join contacts c on c.id = mc.contact_id where mc.meeting_id = m.id),
      'counts', json_build_object(
        'actionItems', (select count(*)::int from action_items a where a.meeting_id = m.id),
        'insights', (select count(*)::int from insight_results r
          where r.meeting_id = m.id and r.status = 'answered')),
      'hasNotes', exists (select 1 from meeting_notes n where n.meeting_id = m.id and n.markdown <> '')
    ) as body
    from meetings m left join teams t on t.id = m.team_id left join users u on u.id = m.user_id
    where ${oneMeeting(ctx, id)}`;
  if (!row) throw notFound("Meeting");
  const { teamId, userId, ...head } = row.body;
  return {
    ...head,
    mayUpdate: mayOnMeeting(ctx.principal, "meetings:update", { teamId, userId }),
    mayDelete: mayOnMeeting(ctx.principal, "meetings:delete", { teamId, userId }),
  };
}

export interface PageActionItem {
  readonly id: string;
  readonly text: string;
  readonly assignee: string | null;
  /** The member that it is given to; null for nobody, or for a speaker who is none. */
  readonly assigneeUserId: string | null;
  readonly isMine: boolean;
  readonly dueDate: string | null;
  readonly status: "open" | "done";
  readonly isSuggestion: boolean;
  /** 0 to 1; null for items that a person wrote. */
  readonly confidence: number | null;
  readonly turn: number | null;
  /** Position of that turn in the recording. */
  readonly startMs: number | null;
}

export interface PageSummary {
  readonly overview: string;
  readonly topics: readonly string[];
  readonly decisions: readonly {
    readonly text: string;
    readonly turn: number;
    readonly startMs: number | null;
  }[];
  readonly nextSteps: readonly string[];
  readonly engine: EngineRecord;
  readonly generatedAt: string;
}

/** The summary with the turns that its decisions come from; null while there is none. */
export async function readPageSummary(ctx: Context, id: string): Promise<PageSummary | null> {
  const sql = pool();
  const [row] = await sql<PageSummary[]>`
    select s.overview, s.topics, s.next_steps as "nextSteps", s.engine,
      ${utcText(sql`s.generated_at`)} as "generatedAt",
      (select coalesce(json_agg(json_build_object('text', d.value ->> 'text',
          'turn', (d.value ->> 'turn')::int,
          'startMs', (t.turns -> (d.value ->> 'turn')::int ->> 'startMs')::int) order by d.ordinality), '[]')
        from jsonb_array_elements(s.decisions) with ordinality d) as decisions
    from meetings m join summaries s on s.meeting_id = m.id
    left join transcripts t on t.meeting_id = m.id where ${oneMeeting(ctx, id)}`;
  return row ?? null;
}

/** The action items in the order of the meeting. */
export async function readPageActionItems(ctx: Context, id: string): Promise<PageActionItem[]> {
  const sql = pool();
  return sql<PageActionItem[]>`
    select a.id, a.text, coalesce(u.name, a.assignee_name) as assignee,
      a.assignee_user_id as "assigneeUserId", coalesce(a.assignee_user_id = ${ctx.principal.userId}, false) as "isMine",
      a.due_date::text as "dueDate", a.status,
      (a.source = 'ai' and not a.confident and a.edited_at is null) as "isSuggestion",
      a.confidence, a.turn, (t.turns -> a.turn ->> 'startMs')::int as "startMs"
    from meetings m join action_items a on a.meeting_id = m.id
    left join users u on u.id = a.assignee_user_id left join transcripts t on t.meeting_id = m.id
    where ${oneMeeting(ctx, id)} order by a.position limit 500`;
}

/** Speaker (an index into `speakers`), position in ms, text, and 1 where the engine was unsure of the words. */
export type PageTurn = readonly [speaker: number, startMs: number, text: string, unsure?: 1];

export interface PageTranscript {
  /** By index; also of speakers who have no turn any more. */
  readonly speakers: readonly string[];
  readonly turns: readonly PageTurn[];
  readonly timing: "exact" | "estimated";
  readonly wordCount: number;
  readonly engine: EngineRecord;
  /** What a correction is made on. */
  readonly version: number;
  readonly editedBy: string | null;
  readonly editedAt: string | null;
}

/**
 * Below this mean confidence of its words a turn is marked. The built-in engine gives 1 to most words that it got
 * right, and far less where it guessed.
 */
const unsureBelow = 0.7;

type StoredTranscript = Omit<PageTranscript, "speakers" | "turns"> & {
  readonly speakers: StoredSpeaker[];
  readonly turns: StoredTurn[];
};

async function readStoredTranscript(ctx: Context, id: string): Promise<StoredTranscript | null> {
  const sql = pool();
  const [row] = await sql<StoredTranscript[]>`
    select t.speakers, t.turns, t.timing, t.word_count as "wordCount", t.engine, t.version,
      coalesce(u.name, u.email) as "editedBy", ${utcText(sql`t.edited_at`)} as "editedAt"
    from meetings m join transcripts t on t.meeting_id = m.id
    left join users u on u.id = t.edited_by where ${oneMeeting(ctx, id)}`;
  return row ?? null;
}

/** The whole transcript, small enough to send (a ten-hour one has some 600 kB); null while there is none. */
export async function readPageTranscript(ctx: Context, id: string): Promise<PageTranscript | null> {
  const row = await readStoredTranscript(ctx, id);
  if (!row) return null;
  return {
    ...row,
    speakers: row.speakers.map((speaker) => speaker.name),
    turns: row.turns.map(({ speaker, startMs, text, confidence }) =>
      confidence !== undefined && confidence < unsureBelow
        ? ([speaker, startMs, text, 1] as const)
        : ([speaker, startMs, text] as const),
    ),
  };
}

export interface PageTalk extends Pick<PageTranscript, "speakers" | "timing" | "version"> {
  readonly facts: readonly SpeakerFacts[];
  readonly stretches: readonly Stretch[];
  /** Where the last turn ends. */
  readonly durationMs: number;
}

/** Who talked how much, and when; null while there is no transcript. */
export async function readPageTalk(ctx: Context, id: string): Promise<PageTalk | null> {
  const row = await readStoredTranscript(ctx, id);
  if (!row) return null;
  const { speakers, turns, timing, version } = row;
  const stretches = stretchesOf(turns);
  return {
    speakers: speakers.map((speaker) => speaker.name),
    timing,
    version,
    facts: speakerFacts(turns, speakers.length, stretches),
    stretches,
    durationMs: endOfTurns(turns),
  };
}

/** The notes; empty ones of version 0 where nobody has written any. */
export async function readMeetingNotes(ctx: Context, id: string): Promise<MeetingNotes> {
  const sql = pool();
  const [row] = await sql<MeetingNotes[]>`
    select n.markdown, n.version, coalesce(u.name, u.email) as "updatedBy",
      ${utcText(sql`n.updated_at`)} as "updatedAt"
    from meetings m join meeting_notes n on n.meeting_id = m.id
    left join users u on u.id = n.updated_by where ${oneMeeting(ctx, id)}`;
  return row ?? noNotes;
}
