import { eq } from "drizzle-orm";
import { z } from "zod";
import { db, pool } from "@/db/client";
import { workspaces } from "@/db/schema/workspaces";
import { recordAudit } from "@/lib/audit/record-audit";
import { type Context, requirePermission } from "@/lib/auth/principal";

/** What the page offers; any number of days that was set otherwise is offered besides. */
const offeredDays = [7, 30, 90, 180, 365, 730] as const;

export const retentionInput = z.strictObject({
  /** Null keeps recordings until their meeting is deleted. */
  days: z
    .int("must be a whole number of days")
    .min(1, "must be at least 1 day")
    .max(3650, "must be at most 3650 days, which is ten years")
    .nullable(),
});

export interface RetentionChoice {
  readonly days: number;
  /** What would be removed within the hour if it were chosen now. */
  readonly recordings: number;
  readonly bytes: number;
}

export interface RecordingRetention {
  /** Null: recordings are kept. */
  readonly days: number | null;
  readonly choices: readonly RetentionChoice[];
  /** Everything that is kept now. */
  readonly kept: { readonly recordings: number; readonly bytes: number };
}

async function currentDays(workspaceId: string): Promise<number | null> {
  const [row] = await db()
    .select({ days: workspaces.recordingRetentionDays })
    .from(workspaces)
    .where(eq(workspaces.id, workspaceId));
  return row?.days ?? null;
}

/** How long the workspace keeps recordings, and what each choice would remove now. */
export async function readRetention(ctx: Context): Promise<RecordingRetention> {
  requirePermission(ctx, "organization:read", "all");
  const { workspaceId } = ctx.principal;
  const days = await currentDays(workspaceId);
  const offered = [...new Set([...offeredDays, ...(days === null ? [] : [days])])];
  const sql = pool();
  // Days as the chore counts them; 0 is everything.
  const rows = await sql<RetentionChoice[]>`
    with ages as (
      select floor(extract(epoch from ${ctx.now().toISOString()}::timestamptz - created_at) / 86400) as age,
        count(*) as n, sum(recording_bytes) as bytes
      from meetings
      where workspace_id = ${workspaceId} and recording_key is not null
        and recording_kind in ('audio', 'video') and status in ('processed', 'failed')
      group by 1
    )
    select d.days, coalesce(sum(a.n), 0)::int as recordings, coalesce(sum(a.bytes), 0)::float8 as bytes
    from unnest(${[0, ...offered]}::int[]) as d (days) left join ages a on a.age >= d.days
    group by d.days order by d.days`;
  const [kept = { recordings: 0, bytes: 0 }, ...choices] = rows;
  return { days, choices, kept: { recordings: kept.recordings, bytes: kept.bytes } };
}

/** Sets how long recordings are kept; the hourly chore removes what is older. */
export async function saveRetention(
  ctx: Context,
  input: z.output<typeof retentionInput>,
): Promise<void> {
  requirePermission(ctx, "organization:update", "all");
  const { workspaceId } = ctx.principal;
  await db().transaction(async (tx) => {
    const [before] = await tx
      .select({ days: workspaces.recordingRetentionDays, name: workspaces.name })
      .from(workspaces)
      .where(eq(workspaces.id, workspaceId))
      .for("update");
    if (!before || before.days === input.days) return;
    await tx
      .update(workspaces)
      .set({ recordingRetentionDays: input.days })
      .where(eq(workspaces.id, workspaceId));
    await recordAudit(tx, ctx, {
      category: "members",
      action: "workspace.retention_changed",
      target: { type: "workspace", id: workspaceId, label: before.name },
      metadata: { from_days: before.days, to_days: input.days },
    });
  });
}
