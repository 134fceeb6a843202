import { randomBytes } from "node:crypto";
import { and, eq } from "drizzle-orm";
import { db } from "@/db/client";
import { migrate } from "@/db/migrate";
import { memberships, teamMembers, teams } from "@/db/schema/members";
import { startSession } from "@/lib/auth/new-session";
import type { Context } from "@/lib/auth/principal";
import type { RoleKey } from "@/lib/auth/roles";
import { readSession } from "@/lib/auth/session";
import type { Visitor } from "@/lib/auth/sign-in-visitor";
import { systemClock } from "@/lib/core/clock";
import { newId } from "@/lib/core/ids";
import type { PlanName } from "@/lib/plans/plans";
import {
  addMember,
  createUser,
  createWorkspace,
  type MadeWorkspace,
} from "@/lib/workspaces/create-workspace";
import { type EmptyDatabase, makeEmptyDatabase } from "../../support/empty-database";

export const goodPassword = "correct horse battery staple";

const unique = () => randomBytes(6).toString("hex");

/** A browser without a session, from an address of its own, so that tests do not share rate windows. */
export function stranger(sessionToken: string | null = null): Visitor {
  return {
    ip: `test-${unique()}`,
    userAgent: "Mozilla/5.0 (X11; Linux) Firefox/143.0",
    sessionToken,
  };
}

export interface TestPerson {
  readonly userId: string;
  readonly memberId: string;
  readonly email: string;
  readonly name: string;
  /** A live session token: the value of the cookie. */
  readonly token: string;
  /** What services get from the session; read anew at each call. */
  readonly ctx: () => Promise<Context>;
}

/** The context that a request with this session token gets. */
export async function contextOfToken(token: string): Promise<Context> {
  const session = await readSession(token);
  if (!session) throw new Error("the session is not valid");
  return {
    principal: session.principal,
    requestId: newId("request"),
    now: systemClock,
    ip: "127.0.0.1",
    userAgent: "test",
    proof: { checked: true },
  };
}

/** A workspace of its own, with the given people in it; each has a password and is signed in. */
export async function makeWorkspace<P extends string>(
  people: Readonly<Record<P, RoleKey>>,
  plan: PlanName = "max",
): Promise<{
  readonly workspace: MadeWorkspace;
  readonly people: Readonly<Record<P, TestPerson>>;
}> {
  const workspace = await createWorkspace({ name: `Test ${unique()}`, plan });
  const made: [string, TestPerson][] = [];
  for (const [name, role] of Object.entries<RoleKey>(people)) {
    const email = `${name}-${unique()}@example.test`;
    const { id: userId } = await createUser(db(), { email, name, password: goodPassword });
    const roleId = workspace.roleIds[role];
    await addMember(db(), { workspaceId: workspace.id, userId, roleId });
    const { token } = await startSession(db(), stranger(), { userId, workspaceId: workspace.id });
    const ctx = () => contextOfToken(token);
    const memberId = await memberIdOf(workspace.id, userId);
    made.push([name, { userId, memberId, email, name, token, ctx }]);
  }
  return { workspace, people: Object.fromEntries(made) as Record<P, TestPerson> };
}

async function memberIdOf(workspaceId: string, userId: string): Promise<string> {
  const [row] = await db()
    .select({ id: memberships.id })
    .from(memberships)
    .where(and(eq(memberships.workspaceId, workspaceId), eq(memberships.userId, userId)));
  if (!row) throw new Error("there is no such member");
  return row.id;
}

/** A team with these people in it. */
export async function makeTeam(
  workspaceId: string,
  name: string,
  people: readonly TestPerson[],
): Promise<string> {
  const [team] = await db().insert(teams).values({ workspaceId, name }).returning();
  if (!team) throw new Error("the team was not made");
  for (const { userId } of people) {
    await db().insert(teamMembers).values({ workspaceId, teamId: team.id, userId });
  }
  return team.id;
}

/** The error that a promise ends with; fails the test when it does not. */
export async function refusal(promise: Promise<unknown>): Promise<{
  readonly code: string;
  readonly message: string;
  readonly fix: string | null;
  readonly details: Readonly<Record<string, unknown>>;
}> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error && "code" in error)) throw new Error(`not refused: ${error}`);
  return error as Error & Awaited<ReturnType<typeof refusal>>;
}

export function cookieOf(token: string): string {
  return `next-auth.session-token=${token}`;
}

/**
 * An empty, migrated database beside the shared one, for what must not be shared: the first run, and mail.
 * Services of this test file use it from now on, so it comes before anything else.
 */
export async function useOwnDatabase(): Promise<EmptyDatabase> {
  const database = await makeEmptyDatabase("auth");
  await migrate(database.url);
  process.env.DATABASE_URL = database.url;
  return database;
}
