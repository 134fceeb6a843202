import { pool, type Tx } from "@/db/client";
import { allOf, type Fragment, utcText } from "@/db/fragments";
import type { StoredSpeaker, StoredTurn } from "@/db/schema/meetings";
import { guardedRead } from "@/lib/auth/guarded-read";
import type { Context } from "@/lib/auth/principal";
import { meetingVisibility, visibleMeetings } from "@/lib/auth/visibility";
import { clockOf } from "@/lib/core/dates";
import { AppError, notFound } from "@/lib/core/errors";
import type { JsonText } from "@/lib/http/json-text";
import { type PageInput, type PageRow, pageJson, sliceOf } from "@/lib/http/page";
import { keptPages, pageUnlessKnown } from "@/lib/meetings/page-cache";
import { isShortPage, type MeetingFilters, meetingPage } from "@/lib/meetings/queries";
import { lockMeeting, type MeetingRow } from "@/lib/meetings/rights";
import type { MeetingDetail, StatusView, SummaryView, TranscriptView } from "@/lib/meetings/schema";

/** The meetings that the caller may see, newest first. */
export async function listMeetings(
  ctx: Context,
  query: PageInput & MeetingFilters,
): Promise<JsonText> {
  const { page, per_page, cursor, ...filters } = query;
  const { workspaceId } = ctx.principal;
  const scope = { list: "meetings", workspaceId, filters };
  const slice = sliceOf({ page, per_page, cursor }, scope);
  const visibility = meetingVisibility(ctx.principal);
  const made = meetingPage(workspaceId, filters, visibility, slice);
  if (!isShortPage(filters, visibility, slice)) {
    const row = await guardedRead<PageRow>(ctx, made, "any");
    if (!row) throw new Error("the page query returned no row");
    return pageJson(row, slice, scope);
  }
  const key = JSON.stringify([workspaceId, filters.status, slice.perPage, slice.page, cursor]);
  const kept = keptPages().get(key);
  const row = await guardedRead<PageRow & { version: string }>(
    ctx,
    pageUnlessKnown(workspaceId, made, kept?.version ?? null),
  );
  if (!row) throw new Error("the page query returned no row");
  if (kept?.version === row.version) return kept.json;
  const json = pageJson(row, slice, scope);
  keptPages().set(key, { version: row.version, json });
  return json;
}

/** The condition that finds one meeting for this caller and nobody else's. */
export function oneMeeting(ctx: Context, id: string): Fragment {
  const sql = pool();
  const own = sql`m.workspace_id = ${ctx.principal.workspaceId} and m.id = ${id}`;
  return allOf([own, ...visibleMeetings(meetingVisibility(ctx.principal))]);
}

/** One meeting with its participants, or `not_found`. */
export async function getMeeting(ctx: Context, id: string): Promise<MeetingDetail> {
  const sql = pool();
  const row = await guardedRead<{ body: string }>(
    ctx,
    sql`select json_build_object(
        'id', m.id, 'title', m.title, 'date', ${utcText(sql`m.date`)},
        'duration', m.duration_seconds, 'status', m.status, 'source', m.source,
        'medium', m.medium, 'language', m.language, 'team_id', m.team_id, 'user_id', m.user_id,
        'contact_ids', array(select mc.contact_id from meeting_contacts mc
          where mc.meeting_id = m.id order by mc.contact_id),
        'participants', (select coalesce(json_agg(json_build_object('name', p.name, 'email', p.email,
            'type', p.type, 'contact_id', p.contact_id, 'user_id', p.user_id) order by p.position), '[]')
          from participants p where p.meeting_id = m.id),
        'tags', m.tags,
        'recording_available', m.recording_key is not null and m.recording_kind <> 'transcript',
        'summary_available', m.status = 'processed'
          and exists (select 1 from summaries s where s.meeting_id = m.id),
        'transcript_available', m.status = 'processed'
          and exists (select 1 from transcripts t where t.meeting_id = m.id),
        'failure', case when m.failure_code is not null then
          json_build_object('code', m.failure_code, 'message', m.failure_message) end,
        'created_at', ${utcText(sql`m.created_at`)},
        'updated_at', ${utcText(sql`m.updated_at`)})::text as body
      from meetings m where ${oneMeeting(ctx, id)}`,
  );
  if (!row) throw notFound("Meeting");
  return JSON.parse(row.body);
}

/** How far the processing of a meeting is. */
export async function getMeetingStatus(ctx: Context, id: string): Promise<StatusView> {
  const sql = pool();
  const row = await guardedRead<{ body: string }>(
    ctx,
    sql`select json_build_object('meeting_id', m.id, 'status', m.status, 'stage', m.stage,
        'progress', m.progress, 'error', case when m.failure_code is not null then
          json_build_object('code', m.failure_code, 'message', m.failure_message) end,
        'updated_at', ${utcText(sql`m.updated_at`)})::text as body
      from meetings m where ${oneMeeting(ctx, id)}`,
  );
  if (!row) throw notFound("Meeting");
  return JSON.parse(row.body);
}

/** `not_ready` until the meeting is processed; a failed one will not become ready by waiting. */
export function requireProcessed(what: string, status: string): void {
  if (status === "processed") return;
  const failed = status === "failed";
  throw new AppError("not_ready", `The ${what} is not available: the meeting is ${status}`, {
    details: { status },
    fix: failed
      ? "Processing failed: see /status for the reason, then retry or upload again."
      : "Ask /status until the meeting is processed, then try again.",
    ...(failed ? {} : { retryAfterSeconds: 2 }),
  });
}

interface TranscriptRow {
  readonly status: string;
  readonly language: string | null;
  readonly speakers: string | null;
  readonly turns: string | null;
  readonly timing: "exact" | "estimated";
  readonly engine: string;
}

/** The transcript as it is now, one entry a turn. */
export async function getTranscript(ctx: Context, id: string): Promise<TranscriptView> {
  const sql = pool();
  const row = await guardedRead<TranscriptRow>(
    ctx,
    sql`select m.status, m.language, t.speakers::text, t.turns::text, t.timing, t.engine::text
      from meetings m left join transcripts t on t.meeting_id = m.id where ${oneMeeting(ctx, id)}`,
  );
  if (!row) throw notFound("Meeting");
  requireProcessed("transcript", row.status);
  if (row.turns === null || row.speakers === null) throw notFound("Transcript");
  const speakers = JSON.parse(row.speakers) as StoredSpeaker[];
  const turns = JSON.parse(row.turns) as StoredTurn[];
  return {
    meeting_id: id,
    transcript: turns.map((turn) => ({
      speaker: speakers[turn.speaker]?.name ?? "Speaker",
      text: turn.text,
      timestamp: clockOf(turn.startMs),
    })),
    timing: row.timing,
    language: row.language,
    engine: JSON.parse(row.engine),
  };
}

interface SummaryRow {
  readonly status: string;
  readonly overview: string | null;
  readonly topics: string;
  readonly decisions: string;
  readonly next_steps: string;
  readonly engine: string;
  readonly generated_at: string;
  readonly items: string;
}

/** The summary with its action items. */
export async function getSummary(ctx: Context, id: string): Promise<SummaryView> {
  const sql = pool();
  const row = await guardedRead<SummaryRow>(
    ctx,
    sql`select m.status, s.overview, s.topics::text, s.decisions::text, s.next_steps::text,
        s.engine::text, ${utcText(sql`s.generated_at`)} as generated_at,
        (select coalesce(json_agg(json_build_object('id', a.id, 'text', a.text,
            'assignee', coalesce(u.name, a.assignee_name), 'due_date', a.due_date, 'status', a.status,
            'source', a.source, 'confidence', a.confidence,
            'suggestion', a.source = 'ai' and not a.confident and a.edited_at is null,
            'timestamp', (t.turns -> a.turn ->> 'startMs')) order by a.position), '[]')::text
          from action_items a left join users u on u.id = a.assignee_user_id
          left join transcripts t on t.meeting_id = a.meeting_id
          where a.meeting_id = m.id) as items
      from meetings m left join summaries s on s.meeting_id = m.id where ${oneMeeting(ctx, id)}`,
  );
  if (!row) throw notFound("Meeting");
  requireProcessed("summary", row.status);
  if (row.overview === null) throw notFound("Summary");
  const decisions = JSON.parse(row.decisions) as { text: string }[];
  const items = JSON.parse(row.items) as (SummaryView["action_items"][number] & {
    timestamp: string | null;
  })[];
  return {
    meeting_id: id,
    summary: {
      overview: row.overview,
      topics: JSON.parse(row.topics),
      decisions: decisions.map((decision) => decision.text),
      next_steps: JSON.parse(row.next_steps),
    },
    action_items: items.map((item) => ({
      ...item,
      timestamp: item.timestamp === null ? null : clockOf(Number(item.timestamp)),
    })),
    generated_at: row.generated_at,
    engine: JSON.parse(row.engine),
  };
}

/**
 * The meeting, locked until the transaction ends, for those who may change it: `not_found` for one that they may not
 * see, `forbidden` for one that they may only read.
 */
export async function lockForUpdate(tx: Tx, ctx: Context, id: string): Promise<MeetingRow> {
  return await lockMeeting(tx, ctx, id, "meetings:update");
}
