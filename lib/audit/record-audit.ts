import type { Tx } from "@/db/client";
import { auditEvents } from "@/db/schema/activity";
import type { Context } from "@/lib/auth/principal";

/** What the audit trail knows (handbook 24); categories and actions are shown to admins as filters. */
export interface AuditEntry {
  readonly category:
    | "connection_changes"
    | "sync_events"
    | "errors"
    | "api_access"
    | "webhooks"
    | "meetings"
    | "members"
    | "sign_in";
  readonly action: string;
  readonly target?: { readonly type: string; readonly id: string; readonly label: string };
  readonly result?: "success" | "failure";
  /** Never secrets, never transcript text. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

const actorTypes = { session: "user", api_key: "api_key", job: "system" } as const;

/** Appends to the workspace's audit trail in the transaction of the change. */
export async function recordAudit(tx: Tx, ctx: Context, entry: AuditEntry): Promise<void> {
  const { principal } = ctx;
  await tx.insert(auditEvents).values({
    workspaceId: principal.workspaceId,
    at: ctx.now(),
    actorType: actorTypes[principal.kind],
    actorId: principal.id,
    actorLabel: principal.label,
    category: entry.category,
    action: entry.action,
    targetType: entry.target?.type ?? null,
    targetId: entry.target?.id ?? null,
    targetLabel: entry.target?.label ?? null,
    result: entry.result ?? "success",
    ip: ctx.ip,
    userAgent: ctx.userAgent?.slice(0, 300) ?? null,
    metadata: { ...entry.metadata },
  });
}
