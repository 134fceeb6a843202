import { eq } from "drizzle-orm";
import { db } from "@/db/client";
import { connections } from "@/db/schema/integrations";
import { sessionTokenOf } from "@/lib/auth/session";
import type { ConnectionRow } from "@/lib/integrations/connection-row";
import { beginConnectInput } from "@/lib/integrations/schema";
import { beginConnect, endGrantAtTool, finishConnect } from "@/lib/integrations/service";
import type { JobPayloads } from "@/lib/jobs/queues";
import type { Member } from "../../support/factories";
import { sql } from "../../support/pg";
import type { StandInTool } from "../../support/stand-in-tool/server";
import { waitFor } from "../../support/wait-for";

// A person in a browser who connects a tool: the way from Connect to the page that they come back to.

function tokenOf(member: Member): string {
  const token = sessionTokenOf(member.cookie);
  if (token === null) throw new Error("the member has no session");
  return token;
}

export interface Begun {
  readonly url: string;
  readonly cookie: { readonly name: string; readonly value: string };
}

export async function begin(
  member: Member,
  slug: string,
  input: Partial<{
    connectionId: string;
    replaceAccount: boolean;
    fields: Record<string, string>;
  }> = {},
): Promise<Begun> {
  return await beginConnect(await member.ctx(), beginConnectInput.parse({ slug, ...input }), {
    sessionToken: tokenOf(member),
  });
}

/** The browser comes back with this query; `as` says what it has with it. */
export async function comeBack(
  slug: string,
  query: URLSearchParams,
  as: { readonly member: Member; readonly cookie?: Begun["cookie"] | null },
): Promise<{ outcome: string | null; attempt: string | null; location: string }> {
  const { location } = await finishConnect({
    slug,
    query,
    sessionToken: tokenOf(as.member),
    cookie: (name) => (as.cookie?.name === name ? as.cookie.value : null),
    ip: null,
    userAgent: null,
  });
  const { searchParams } = new URL(location, "http://harmony.test");
  return { outcome: searchParams.get("outcome"), attempt: searchParams.get("attempt"), location };
}

/** The whole way; returns the outcome. */
export async function connect(
  member: Member,
  slug: string,
  tool: StandInTool,
  options: {
    readonly account?: string;
    readonly scopes?: readonly string[];
    readonly replaceAccount?: boolean;
  } = {},
) {
  const { account = "acme", scopes, replaceAccount = false } = options;
  const begun = await begin(member, slug, { replaceAccount });
  const query = tool.consent(begun.url, { account, ...(scopes ? { scopes } : {}) });
  return await comeBack(slug, query, { member, cookie: begun.cookie });
}

/**
 * The jobs that end grants at their tools, as they lie in the database; they begin tomorrow, since the stack's worker
 * does not know the tools of tests and would put them back while a test ends them.
 */
export async function grantJobs(workspaceId: string) {
  await waitFor("the stack's worker to let the job go", async () => {
    await sql`update pgboss.job set start_after = now() + interval '1 day' where name = 'grant.end'
      and data ->> 'workspaceId' = ${workspaceId} and state in ('created', 'retry')`;
    const taken = await sql`select 1 from pgboss.job where name = 'grant.end'
      and data ->> 'workspaceId' = ${workspaceId} and state in ('created', 'retry', 'active')
      and (state = 'active' or start_after < now() + interval '1 hour')`;
    return taken.length === 0;
  });
  return await sql<{ id: string; data: JobPayloads["grant.end"] }[]>`
    select id, data from pgboss.job where name = 'grant.end' and data ->> 'workspaceId' = ${workspaceId}`;
}

/** What a worker does with them: the stack's own does not know the tools of tests. */
export async function endGrants(workspaceId: string): Promise<void> {
  for (const { id, data } of await grantJobs(workspaceId)) {
    await endGrantAtTool(data, { id, isLastAttempt: false });
  }
}

export async function connectionsOf(workspaceId: string): Promise<ConnectionRow[]> {
  return await db().select().from(connections).where(eq(connections.workspaceId, workspaceId));
}

export async function onlyConnection(workspaceId: string): Promise<ConnectionRow> {
  const [row, ...others] = await connectionsOf(workspaceId);
  if (!row || others.length > 0) throw new Error("there is not exactly one connection");
  return row;
}
