import type postgres from "postgres";
import type { StoredTurn } from "@/db/schema/meetings";
import { customerConversations } from "@/db/seed-data/conversations/customers";
import { salesConversations } from "@/db/seed-data/conversations/sales";

export interface BulkWorkspace {
  readonly index: number;
  readonly id: string;
  readonly slug: string;
  readonly teamIds: readonly string[];
  readonly userIds: readonly string[];
}

/** Rows of one INSERT; larger statements gain nothing and hold more in memory. */
export const meetingsPerStatement = 20_000;
/** So many of the newest meetings of each workspace get people and a transcript. */
const transcriptsPerWorkspace = 20;

const kinds = ["Sales Call", "Product Demo", "QBR", "Support Call", "Check-in", "Onboarding"];
const firstWords = [
  ...["Amber", "Birch", "Copper", "Delta", "Ember", "Falcon", "Granite", "Harvest", "Indigo"],
  ...["Juniper", "Keystone", "Lantern", "Maple", "Nimbus", "Opal", "Prairie", "Quarry", "River"],
  ...["Summit", "Timber", "Umber", "Valley", "Willow", "Yonder", "Zephyr"],
];
const secondWords = [
  ...["Foods", "Logistics", "Energy", "Clinics", "Retail", "Media", "Systems", "Works"],
  ...["Partners", "Traders", "Hotels", "Textiles"],
];

/**
 * Meetings of the last two years, more of them lately, on working days from eight to five: 97 % processed, 3 %
 * failed, owners and teams spread evenly, one in twenty without a team.
 */
export async function insertMeetings(
  sql: postgres.Sql,
  workspace: BulkWorkspace,
  rows: number,
): Promise<void> {
  await sql`
    insert into meetings (id, workspace_id, title, date, duration_seconds, status, progress, failure_code,
      failure_message, source, language, team_id, user_id, created_at, updated_at)
    select 'mtg_' || substr(replace(gen_random_uuid()::text, '-', ''), 1, 20), ${workspace.id}, d.title, d.date,
      d.seconds, case when d.failed then 'failed' else 'processed' end, case when d.failed then 5 else 100 end,
      case when d.failed then 'no_speech' end,
      case when d.failed then 'The recording holds no speech. Check the microphone and record again.' end,
      'zoom', 'en', d.team, d.owner, d.date + d.seconds * interval '1 second',
      d.date + d.seconds * interval '1 second' + interval '3 minutes'
    from (
      select (${kinds}::text[])[1 + floor(random() * ${kinds.length})::int] || ' - '
          || (${firstWords}::text[])[1 + floor(random() * ${firstWords.length})::int] || ' '
          || (${secondWords}::text[])[1 + floor(random() * ${secondWords.length})::int] as title,
        b.day - case extract(isodow from b.day) when 6 then 1 when 7 then 2 else 0 end * interval '1 day'
          + (8 + floor(random() * 9)) * interval '1 hour'
          + floor(random() * 4) * interval '15 minutes' as date,
        (300 + power(random(), 2) * 5100)::int as seconds, random() < 0.03 as failed,
        case when random() < 0.95
          then (${[...workspace.teamIds]}::text[])[1 + floor(random() * ${workspace.teamIds.length})::int]
          end as team,
        (${[...workspace.userIds]}::text[])[1 + floor(random() * ${workspace.userIds.length})::int] as owner
      from (select date_trunc('day', now())
          - (1 + floor(power(random(), 1.4) * 730)) * interval '1 day' as day
        from generate_series(1, ${rows}::int)) b) d`;
}

interface SampleTalk {
  readonly turns: readonly StoredTurn[];
  readonly words: number;
  readonly seconds: number;
}

/** A written conversation between speaker 0 (ours) and speaker 1 (theirs), twelve seconds a turn. */
function sampleTalks(): SampleTalk[] {
  return [...salesConversations, ...customerConversations].map(({ text }) => {
    const lines = text.trim().split("\n");
    const host = lines[0]?.split(":", 1)[0];
    const turns = lines.map((line, index) => ({
      speaker: line.startsWith(`${host}:`) ? 0 : 1,
      text: line.slice(line.indexOf(": ") + 2),
      startMs: index * 12_000,
      endMs: index * 12_000 + 11_000,
    }));
    const words = turns.reduce((sum, turn) => sum + turn.text.split(" ").length, 0);
    return { turns, words, seconds: turns.length * 12 };
  });
}

/** Gives the newest processed meetings of each workspace a transcript; returns how many. */
export async function writeTranscripts(
  sql: postgres.Sql,
  workspaceIds: readonly string[],
): Promise<number> {
  const talks = sampleTalks();
  const written = await sql`
    with newest as (
      select m.id, m.workspace_id, m.rank from unnest(${[...workspaceIds]}::text[]) as w (id)
      cross join lateral (select x.id, x.workspace_id, row_number() over (order by x.date desc, x.id desc) as rank
        from meetings x where x.workspace_id = w.id and x.status = 'processed'
        order by x.date desc, x.id desc limit ${transcriptsPerWorkspace}) m),
    talks as (select (t.talk ->> 'words')::int as words, (t.talk ->> 'seconds')::int as seconds,
        t.talk -> 'turns' as turns, t.n
      from jsonb_array_elements(${sql.json(JSON.parse(JSON.stringify(talks)))}) with ordinality as t (talk, n)),
    lasting as (update meetings m set duration_seconds = t.seconds from newest n
      join talks t on t.n = 1 + n.rank % ${talks.length} where m.id = n.id)
    insert into transcripts (meeting_id, workspace_id, speakers, turns, timing, format, word_count, engine)
    select n.id, n.workspace_id,
      '[{"label":"Speaker A","name":"Speaker A"},{"label":"Speaker B","name":"Speaker B"}]'::jsonb,
      t.turns, 'exact', 'vtt', t.words,
      '{"id":"file","name":"Transcript file","model":null,"version":"1"}'::jsonb
    from newest n join talks t on t.n = 1 + n.rank % ${talks.length}`;
  return written.count;
}

/** The people of those meetings: the owner and one contact of the workspace. */
export async function linkParticipants(
  sql: postgres.Sql,
  workspaceIds: readonly string[],
): Promise<void> {
  const ids = [...workspaceIds];
  await sql`
    insert into participants (id, workspace_id, meeting_id, position, name, email, type, user_id, words, talk_ms)
    select 'par_' || substr(replace(gen_random_uuid()::text, '-', ''), 1, 20), m.workspace_id, m.id, 0, u.name,
      u.email, 'internal', u.id, t.word_count / 2, m.duration_seconds * 500
    from transcripts t join meetings m on m.id = t.meeting_id join users u on u.id = m.user_id
    where t.workspace_id = any(${ids})`;
  await sql`
    with chosen as (select m.id as meeting_id, m.workspace_id, m.duration_seconds, t.word_count, c.id, c.name, c.email
      from transcripts t join meetings m on m.id = t.meeting_id
      cross join lateral (select x.* from contacts x where x.workspace_id = m.workspace_id
        order by md5(x.id || m.id) limit 1) c
      where t.workspace_id = any(${ids})),
    linked as (insert into meeting_contacts (workspace_id, meeting_id, contact_id)
      select workspace_id, meeting_id, id from chosen)
    insert into participants (id, workspace_id, meeting_id, position, name, email, type, contact_id, words, talk_ms)
    select 'par_' || substr(replace(gen_random_uuid()::text, '-', ''), 1, 20), workspace_id, meeting_id, 1, name,
      email, 'external', id, word_count / 2, duration_seconds * 500 from chosen`;
}
