import type { Tx } from "@/db/client";
import { auditEvents } from "@/db/schema/activity";
import type { AuditAction, AuditCategory, AuditResult } from "@/lib/audit/schema";
import type { Context } from "@/lib/auth/principal";

/** What the audit trail knows (handbook 24); categories and actions are shown to admins as filters. */
export interface AuditEntry {
  readonly category: AuditCategory;
  readonly action: AuditAction;
  readonly target?: { readonly type: string; readonly id: string; readonly label: string };
  readonly result?: AuditResult;
  /**
   * Never secrets, never transcript text. `integration` names the tool that an entry is about by its slug: the page
   * filters by it.
   */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

const actorTypes = {
  session: "user",
  api_key: "api_key",
  oauth_app: "oauth_app",
  service_account: "service_account",
  job: "system",
} as const;

function columnsOf(entry: AuditEntry) {
  return {
    category: entry.category,
    action: entry.action,
    targetType: entry.target?.type ?? null,
    targetId: entry.target?.id ?? null,
    targetLabel: entry.target?.label ?? null,
    result: entry.result ?? "success",
    metadata: { ...entry.metadata },
  } as const;
}

/** Appends to the workspace's audit trail in the transaction of the change. */
export async function recordAudit(tx: Tx, ctx: Context, entry: AuditEntry): Promise<void> {
  const { principal } = ctx;
  await tx.insert(auditEvents).values({
    ...columnsOf(entry),
    workspaceId: principal.workspaceId,
    at: ctx.now(),
    actorType: actorTypes[principal.kind],
    actorId: principal.id,
    actorLabel: principal.label,
    ip: ctx.ip,
    userAgent: ctx.userAgent?.slice(0, 300) ?? null,
  });
}

/** The same for what Harmony does by itself, or notices about a credential: there is no request behind it. */
export async function recordOwnAudit(
  tx: Tx,
  workspaceId: string,
  at: Date,
  entry: AuditEntry & {
    readonly actor?: { readonly type: "api_key"; readonly id: string; readonly label: string };
  },
): Promise<void> {
  await tx.insert(auditEvents).values({
    ...columnsOf(entry),
    workspaceId,
    at,
    actorType: entry.actor?.type ?? "system",
    actorId: entry.actor?.id ?? null,
    actorLabel: entry.actor?.label ?? "Harmony",
  });
}
