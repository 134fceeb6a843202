import { pool } from "@/db/client";
import type { Fragment } from "@/db/fragments";
import type { ApiUsage, Outcomes, Program, UsageRow } from "@/lib/api-usage/schema";
import { maskedApiKey } from "@/lib/auth/api-key-token";
import { type Context, requirePermission } from "@/lib/auth/principal";
import { requestsPerMinuteOf } from "@/lib/plans/plans";

// What programs ask of the API and how they are answered (handbook 2.2, tab Usage).

const programsMax = 100;
const operationsMax = 100;

/** Whether a day is one of the last 30, today among them. */
export function within30Days(day: Fragment): Fragment {
  return pool()`${day} > (now() at time zone 'UTC')::date - 30`;
}

/** The last 30 days in UTC as rows `d (day)` of text. */
export function last30Days(): Fragment {
  return pool()`(select to_char(at, 'YYYY-MM-DD') as day from generate_series(
    (now() at time zone 'UTC')::date - 29, (now() at time zone 'UTC')::date, interval '1 day') at) d`;
}

function sums(): Fragment {
  return pool()`coalesce(sum(u.answered), 0)::float8 as answered, coalesce(sum(u.refused), 0)::float8 as refused,
    coalesce(sum(u.limited), 0)::float8 as limited, coalesce(sum(u.failed), 0)::float8 as failed`;
}

/**
 * The workspace's rows `u` of the last 30 days, each with the program that its credential belongs to: people's grants
 * come together under their app.
 */
function uses({ principal }: Context): Fragment {
  const sql = pool();
  return sql`(
    select x.*, coalesce(g.app_id, x.credential_id) as program_id
    from api_usage x left join oauth_grants g on g.workspace_id = x.workspace_id and g.id = x.credential_id
    where x.workspace_id = ${principal.workspaceId} and ${within30Days(sql`x.day`)}) u`;
}

interface ProgramRow extends Outcomes {
  readonly id: string;
  readonly kind: Program["kind"];
  readonly name: string | null;
  readonly first4: string | null;
  readonly last4: string | null;
  readonly account: string | null;
  readonly credentials: number;
}

/** Names what the ids `u.id` of a query belong to. */
function named({ principal: { workspaceId } }: Context) {
  const sql = pool();
  return {
    columns: sql`case when k.id is not null then 'api_key' when a.id is not null then 'oauth_app'
        when s.id is not null then 'service_account' else 'removed' end as kind,
      coalesce(k.name, a.name, s.name) as name, k.first4, k.last4, t.name as account`,
    joins: sql`left join api_keys k on k.workspace_id = ${workspaceId} and k.id = u.id
      left join service_accounts t on t.workspace_id = ${workspaceId} and t.id = k.service_account_id
      left join oauth_apps a on a.id = u.id
      left join service_accounts s on s.workspace_id = ${workspaceId} and s.id = u.id`,
  };
}

function programOf(row: ProgramRow): Outcomes & Program {
  const { id, kind, first4, last4, account, credentials } = row;
  const { answered, refused, limited, failed } = row;
  return {
    ...{ answered, refused, limited, failed },
    id,
    kind,
    name: row.name ?? "Removed",
    masked: first4 && last4 ? maskedApiKey({ first4, last4 }) : null,
    account,
    people: kind === "oauth_app" ? credentials : null,
  };
}

/** The use of the last 30 days: of the whole workspace, or with `days` and `operations` of one program of it. */
export async function readApiUsage(ctx: Context, program: string | null): Promise<ApiUsage> {
  requirePermission(ctx, "api-keys:read", "all");
  const { columns, joins } = named(ctx);
  const { workspaceId, plan } = ctx.principal;
  // Of one moment: what is counted meanwhile is in all of the figures or in none.
  return pool().begin("isolation level repeatable read read only", async (sql) => {
    const ofProgram = program === null ? sql`true` : sql`u.program_id = ${program}`;
    const all = sql`u.answered + u.refused + u.limited + u.failed`;
    const [workspace] = await sql<{ own: number | null }[]>`
      select rate_limit_per_minute as own from workspaces where id = ${workspaceId}`;
    const days = await sql<(Outcomes & { day: string })[]>`
      select d.day, ${sums()} from ${last30Days()}
      left join ${uses(ctx)} on u.day = d.day::date and ${ofProgram}
      group by d.day order by d.day`;
    const programs = await sql<ProgramRow[]>`
      select u.*, ${columns}
      from (select u.program_id as id, count(distinct u.credential_id)::int as credentials, ${sums()}
        from ${uses(ctx)} group by u.program_id
        order by sum(${all}) desc, u.program_id limit ${programsMax}) u
      ${joins} order by ${all} desc, u.id`;
    const operations = await sql<(Outcomes & { operation: string })[]>`
      select u.operation, ${sums()} from ${uses(ctx)} where ${ofProgram} group by u.operation
      order by sum(${all}) desc, u.operation limit ${operationsMax}`;
    return {
      limitPerMinute: requestsPerMinuteOf(plan, workspace?.own ?? null),
      days: [...days],
      operations: [...operations],
      programs: programs.map(programOf),
    };
  });
}

type ExportRow = ProgramRow & Pick<UsageRow, "day" | "credentialId" | "operation">;

const exportedAtOnce = 1000;

/** Everything of the last 30 days, a thousand rows at a time, in the order of credential, day and operation. */
export async function* exportApiUsage(ctx: Context): AsyncIterable<readonly UsageRow[]> {
  requirePermission(ctx, "api-keys:read", "all");
  const sql = pool();
  const { columns, joins } = named(ctx);
  let last: UsageRow | null = null;
  do {
    const after: Fragment = last
      ? sql`(u.credential_id, u.day, u.operation) > (${last.credentialId}, ${last.day}::text::date, ${last.operation})`
      : sql`true`;
    const rows: ExportRow[] = await sql<ExportRow[]>`
      select u.*, ${columns} from (
        select u.program_id as id, u.credential_id as "credentialId", 1 as credentials,
          to_char(u.day, 'YYYY-MM-DD') as day, u.operation, u.answered, u.refused, u.limited, u.failed
        from ${uses(ctx)} where ${after}
        order by u.credential_id, u.day, u.operation limit ${exportedAtOnce}) u
      ${joins} order by u."credentialId", u.day, u.operation`;
    const page = rows.map((row) => ({
      ...programOf(row),
      day: row.day,
      credentialId: row.credentialId,
      operation: row.operation,
    }));
    if (page.length > 0) yield page;
    last = page.length < exportedAtOnce ? null : (page.at(-1) ?? null);
  } while (last);
}
