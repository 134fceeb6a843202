import { and, eq, isNotNull, ne } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { connectionSecrets, connections } from "@/db/schema/integrations";
import { recordOwnAudit } from "@/lib/audit/record-audit";
import type { ConnectionRow } from "@/lib/integrations/connection-row";
import type { Fault } from "@/lib/integrations/contract";
import { notAnsweringSince, recordErrorOf } from "@/lib/integrations/error-catalogue";
import { findProvider } from "@/lib/integrations/registry";
import { notify, resolveIncident } from "@/lib/notify/notify";

// The health of connections after they were made: the only writer of their status, of `failing_since` and of their
// incidents. A status changes for authorisation only (D-10); a tool that does not answer is told, not coloured.

type Ref = Pick<ConnectionRow, "id" | "workspaceId">;

const grantKey = (id: string) => `connection:${id}`;
const answerKey = (id: string) => `connection-answer:${id}`;
const expiryKey = (id: string) => `connection-expiry:${id}`;

/** How people call the tool. */
export const toolName = (slug: string): string => findProvider(slug)?.name ?? slug;

/** What the audit trail says about a connection. */
export const auditOf = ({ id, provider }: Pick<ConnectionRow, "id" | "provider">) => ({
  target: { type: "connection", id, label: toolName(provider) },
  metadata: { integration: provider },
});

function audienceOf({ scope, ownerUserId, connectedBy }: ConnectionRow) {
  if (scope === "personal") return { userIds: ownerUserId === null ? [] : [ownerUserId] };
  return {
    permission: "integrations:update:all" as const,
    userIds: connectedBy === null ? [] : [connectedBy],
  };
}

/** Whom trouble of a connection concerns (D-31), and where it is mended. An alert never leaves through what it is about. */
export function alertAbout(connection: ConnectionRow, now: Date) {
  return {
    workspaceId: connection.workspaceId,
    to: { ...audienceOf(connection), exceptConnectionId: connection.id },
    link: `/settings/integrations/${connection.provider}`,
    now,
  };
}

async function lock(tx: Tx, { id, workspaceId }: Ref): Promise<ConnectionRow | null> {
  const [row] = await tx
    .select()
    .from(connections)
    .where(
      and(
        eq(connections.id, id),
        eq(connections.workspaceId, workspaceId),
        ne(connections.status, "disconnected"),
      ),
    )
    .for("no key update");
  return row ?? null;
}

const itself = ({ id, workspaceId }: Ref) =>
  and(eq(connections.id, id), eq(connections.workspaceId, workspaceId));

/** After a crash between a refresh and its storing, the tool has used up the token that we still hold. */
async function wasRefreshLost(tx: Tx, { id }: Ref): Promise<boolean> {
  const [row] = await tx
    .select({ id: connectionSecrets.id })
    .from(connectionSecrets)
    .where(and(eq(connectionSecrets.id, id), isNotNull(connectionSecrets.refreshBeganAt)));
  return row !== undefined;
}

type Reauth = Extract<Fault, { kind: "reauth" }>;

async function detailOf(tx: Tx, row: ConnectionRow, fault: Reauth): Promise<string | null> {
  if (fault.missing && fault.missing.length > 0) {
    const words = findProvider(row.provider)?.scopeWords ?? {};
    return `Missing: ${fault.missing.map((scope) => words[scope] ?? scope).join("; ")}.`;
  }
  if (fault.reason !== "token_expired" || !(await wasRefreshLost(tx, row))) return null;
  return "Harmony was interrupted while the tool renewed its sign-in, and the answer was lost.";
}

/** Yellow at once, with one alert for the whole incident. */
async function needAttention(tx: Tx, row: ConnectionRow, fault: Reauth, now: Date): Promise<void> {
  const name = toolName(row.provider);
  const isNews = row.status !== "needs_attention" || row.attentionReason !== fault.reason;
  const detail = isNews ? await detailOf(tx, row, fault) : row.attentionDetail;
  const { code, message } = recordErrorOf(fault);
  await tx
    .update(connections)
    .set({
      status: "needs_attention",
      attentionReason: fault.reason,
      attentionSince: row.attentionSince ?? now,
      attentionDetail: detail,
      lastError: { code, message, at: now.toISOString() },
      updatedAt: now,
    })
    .where(itself(row));
  if (isNews) {
    const { target, metadata } = auditOf(row);
    await recordOwnAudit(tx, row.workspaceId, now, {
      category: "connection_changes",
      action: "connection.needs_attention",
      target,
      result: "failure",
      metadata: { ...metadata, reason: fault.reason },
    });
    // A tool that lets nobody in does answer.
    await resolveIncident(tx, row.workspaceId, answerKey(row.id), null, now);
  }
  await notify(tx, {
    ...alertAbout(row, now),
    incidentKey: grantKey(row.id),
    type: "connection_status_changed",
    severity: "warning",
    title: `${name} needs attention`,
    body: `${message} ${detail === null ? "" : `${detail} `}Reconnect ${name}; until then nothing is synced, and what changes is kept.`,
  });
}

async function countFailure(tx: Tx, row: ConnectionRow, fault: Fault, now: Date): Promise<void> {
  const { code, message } = recordErrorOf(fault);
  const failingSince = row.failingSince ?? now;
  const failures = row.failures + 1;
  await tx
    .update(connections)
    .set({ failingSince, failures, lastError: { code, message, at: now.toISOString() } })
    .where(itself(row));
  if (notAnsweringSince({ failingSince, failures }, now) === null) return;
  const name = toolName(row.provider);
  await notify(tx, {
    ...alertAbout(row, now),
    incidentKey: answerKey(row.id),
    type: "sync_error",
    severity: "error",
    title: `${name} is not answering`,
    body: `${message} The connection is in order; Harmony keeps trying, and what changes meanwhile is kept. Nothing has to be done on your side.`,
  });
}

/**
 * Records what a tool did instead of answering: a dead or narrowed grant turns the connection to needs attention at
 * once, a tool that does not answer is told after three failed tries over 15 minutes. What concerns one record only
 * changes nothing here. The row may be older than the database; a disconnected one stays so.
 */
export async function recordFault(tx: Tx, connection: Ref, fault: Fault, now: Date): Promise<void> {
  if (fault.kind !== "reauth" && fault.kind !== "transient") return;
  const row = await lock(tx, connection);
  if (!row) return;
  if (fault.kind === "reauth") await needAttention(tx, row, fault, now);
  else await countFailure(tx, row, fault, now);
}

/** Records that the tool answered: what was failing is over. Writes nothing where nothing was. */
export async function recordSuccess(tx: Tx, connection: Ref, now: Date): Promise<void> {
  const [row] = await tx
    .update(connections)
    .set({ failingSince: null, failures: 0, lastError: null })
    .where(
      and(
        itself(connection),
        eq(connections.status, "connected"),
        isNotNull(connections.failingSince),
      ),
    )
    .returning({ provider: connections.provider });
  if (!row) return;
  const name = toolName(row.provider);
  await resolveIncident(
    tx,
    connection.workspaceId,
    answerKey(connection.id),
    {
      type: "sync_error",
      title: `${name} answers again`,
      body: "Syncing goes on where it had stopped. Nothing has to be done.",
    },
    now,
  );
}

/** Ends every incident of a connection: with a word after a Connect, without one after a Disconnect. */
export async function endIncidents(
  tx: Tx,
  connection: Pick<ConnectionRow, "id" | "workspaceId" | "provider">,
  how: "works" | "ended",
  now: Date,
): Promise<void> {
  const name = toolName(connection.provider);
  const words =
    how === "ended"
      ? null
      : {
          type: "connection_status_changed" as const,
          title: `${name} is connected again`,
          body: "Syncing goes on, beginning with what was kept. Nothing has to be done.",
        };
  const { workspaceId, id } = connection;
  await resolveIncident(tx, workspaceId, grantKey(id), words, now);
  await resolveIncident(tx, workspaceId, answerKey(id), null, now);
  await resolveIncident(tx, workspaceId, expiryKey(id), null, now);
}

const day = (at: Date) => at.toISOString().slice(0, 10);

/** Warns once of a sign-in that ends within a week, where the tool says when it does. */
export async function warnOfExpiry(
  tx: Tx,
  connection: ConnectionRow,
  endsAt: Date,
  now: Date,
): Promise<void> {
  const name = toolName(connection.provider);
  await notify(tx, {
    ...alertAbout(connection, now),
    incidentKey: expiryKey(connection.id),
    type: "connection_status_changed",
    severity: "warning",
    title: `The sign-in of ${name} ends on ${day(endsAt)}`,
    body: `${name} asks for a new sign-in by then. Reconnect ${name} before that day and nothing is interrupted.`,
  });
}
