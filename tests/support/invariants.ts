import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, inject } from "vitest";
import { sql } from "./pg";
import { waitFor } from "./wait-for";

// What must hold whatever happened: asserted at the end of tests that break things.

/** Meetings whose end is not told by exactly one event of the newest kind. */
function meetingsWithoutTheirEvent(workspaceId: string) {
  return sql`select m.id, m.status, m.failure_code from meetings m
    where m.workspace_id = ${workspaceId} and m.source in ('api', 'upload', 'transcript_paste')
      and m.recording_key is not null and m.status in ('processed', 'failed')
      and not exists (select 1 from events e where e.meeting_id = m.id
        and e.workspace_id = m.workspace_id and e.type = 'meeting.' || m.status)`;
}

/** Answers of uploaded meetings that were given without an event, or told twice in one run. */
function answersWithoutTheirEvent(workspaceId: string) {
  return sql`select r.id, r.runs, count(e.id)::int as told from insight_results r
    join meetings m on m.id = r.meeting_id and m.recording_key is not null
    left join events e on e.type = 'insight.generated' and e.data ->> 'result_id' = r.id
    where r.workspace_id = ${workspaceId} and r.status = 'answered'
    group by r.id having count(e.id) <> r.runs`;
}

function wrongCounters(workspaceId: string) {
  return sql`select coalesce(c.status, m.status) as status, c.n as counted, m.n as real
    from (select status, n from meeting_counts where workspace_id = ${workspaceId}) c
    full join (select status, count(*)::int as n from meetings
      where workspace_id = ${workspaceId} group by status) m on m.status = c.status
    where coalesce(c.n, 0) <> coalesce(m.n, 0)`;
}

function openWorkWithoutJob(workspaceId: string) {
  return sql`select m.id, m.status from meetings m
    where m.workspace_id = ${workspaceId} and m.recording_key is not null
      and m.status in ('queued', 'processing')
      and not exists (select 1 from pgboss.job j where j.name in ('meeting.process', 'meeting.transcribe')
        and j.data ->> 'meetingId' = m.id and j.state in ('created', 'retry', 'active'))`;
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
}

/** The stored files of a workspace, as the ids of their meetings. */
export function storedFiles(workspaceId: string, dataDir = inject("dataDir")): Promise<string[]> {
  return filesBelow(join(dataDir, "recordings", workspaceId));
}

/** Bytes that arrived and belong to nothing yet; other tests may be uploading at the same time. */
export function stagedFiles(dataDir = inject("dataDir")): Promise<string[]> {
  return filesBelow(join(dataDir, "staged"));
}

/**
 * Waits until no bytes that are staged now are left. Other tests may be uploading, but theirs end; an orphan stays.
 */
async function expectNothingStaged(dataDir: string): Promise<void> {
  const now = await stagedFiles(dataDir);
  await waitFor("the end of what was staged", async () => {
    const left = await stagedFiles(dataDir);
    return now.every((name) => !left.includes(name));
  });
}

/** After a refusal: no meeting, no contact, no job, no kept answer, no event and no file. */
export async function expectNothingKept(
  workspaceId: string,
  dataDir = inject("dataDir"),
): Promise<void> {
  const [left] = await sql`select
    (select count(*)::int from meetings where workspace_id = ${workspaceId}) as meetings,
    (select count(*)::int from contacts where workspace_id = ${workspaceId}) as contacts,
    (select count(*)::int from idempotency_records where workspace_id = ${workspaceId}) as answers,
    (select count(*)::int from events where workspace_id = ${workspaceId}) as events,
    (select count(*)::int from pgboss.job where data ->> 'workspaceId' = ${workspaceId}) as jobs`;
  expect(left).toEqual({ meetings: 0, contacts: 0, answers: 0, events: 0, jobs: 0 });
  expect(await storedFiles(workspaceId, dataDir)).toEqual([]);
  await expectNothingStaged(dataDir);
}

/** Every file has its row and every row its file; events, counters and jobs agree with the meetings. */
export async function expectInvariants(workspaceId: string): Promise<void> {
  const rows = await sql<{ id: string }[]>`select id from meetings
    where workspace_id = ${workspaceId} and recording_key = 'recordings/' || workspace_id || '/' || id`;
  expect((await storedFiles(workspaceId)).sort()).toEqual(rows.map(({ id }) => id).sort());
  expect([...(await meetingsWithoutTheirEvent(workspaceId))]).toEqual([]);
  expect([...(await answersWithoutTheirEvent(workspaceId))]).toEqual([]);
  expect([...(await wrongCounters(workspaceId))]).toEqual([]);
  expect([...(await openWorkWithoutJob(workspaceId))]).toEqual([]);
}
