import { and, asc, eq, isNotNull, sql } from "drizzle-orm";
import { z } from "zod";
import { db } from "@/db/client";
import { connections } from "@/db/schema/integrations";
import { users } from "@/db/schema/users";
import { toolName } from "@/lib/integrations/health";
import { connectionStatusWords } from "@/lib/integrations/schema";
import { defineCommand, text } from "./command";
import { findWorkspace } from "./workspaces";

const listedMax = 1000;

interface Listed {
  readonly id: string;
  readonly provider: string;
  readonly scope: string;
  readonly owner: string | null;
  readonly status: keyof typeof connectionStatusWords;
  readonly reason: string | null;
  readonly account: string | null;
  readonly connected_at: string | null;
  readonly last_sync_at: string | null;
}

function line(one: Listed): string {
  const whose = one.owner ?? "workspace";
  const status = connectionStatusWords[one.status] + (one.reason ? ` (${one.reason})` : "");
  const facts = [one.id, toolName(one.provider), whose, status, one.account ?? "-"];
  return facts.join("  ");
}

export const listConnectionsCommand = defineCommand({
  name: "connection list",
  description: "List a workspace's connections to tools, those of its members too.",
  options: { "--workspace <workspace>": "its id or slug" },
  input: z.object({ workspace: text("--workspace") }),
  run: async ({ workspace }) => {
    const { id, name } = await findWorkspace(workspace);
    const rows = await db()
      .select({
        id: connections.id,
        provider: connections.provider,
        scope: connections.scope,
        owner: users.email,
        status: connections.status,
        reason: connections.attentionReason,
        account: connections.accountLabel,
        connectedAt: connections.connectedAt,
        lastSyncAt: connections.lastSyncAt,
      })
      .from(connections)
      .leftJoin(users, eq(users.id, connections.ownerUserId))
      .where(and(eq(connections.workspaceId, id), isNotNull(connections.connectedAt)))
      .orderBy(asc(connections.provider), sql`${users.email} nulls first`)
      .limit(listedMax);
    const listed = rows.map(({ connectedAt, lastSyncAt, ...row }) => ({
      ...row,
      connected_at: connectedAt?.toISOString() ?? null,
      last_sync_at: lastSyncAt?.toISOString() ?? null,
    }));
    return {
      text: listed.length === 0 ? `"${name}" has no connections.` : listed.map(line).join("\n"),
      json: { workspace: id, connections: listed },
    };
  },
});
