import { sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { users } from "@/db/schema/users";
import { recordAudit } from "@/lib/audit/record-audit";
import { type NewSession, startSession } from "@/lib/auth/new-session";
import { contextAtTheDoor, type Visitor } from "@/lib/auth/sign-in-visitor";
import { safeEqual } from "@/lib/core/crypto";
import { env } from "@/lib/core/env";
import { AppError } from "@/lib/core/errors";
import { addMember, createUser, createWorkspaceIn } from "@/lib/workspaces/create-workspace";

/** Serialises first-run set-ups across processes; any number that nothing else locks. */
const setUpLock = 4_821_078;

async function hasUsers(tx: Tx): Promise<boolean> {
  const [row] = await tx.select({ id: users.id }).from(users).limit(1);
  return row !== undefined;
}

/** True until the first account exists; the set-up page is there only so long. */
export async function needsSetUp(): Promise<boolean> {
  return !(await hasUsers(db()));
}

export interface SetUpInput {
  readonly token: string;
  readonly workspace: string;
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

function requireToken(token: string): void {
  const { HARMONY_SETUP_TOKEN } = env();
  if (HARMONY_SETUP_TOKEN && safeEqual(token.trim(), HARMONY_SETUP_TOKEN)) return;
  throw new AppError("unauthorized", "The set-up token is not right", {
    fix: "Open the link that the start command printed, or take the token from HARMONY_SETUP_TOKEN.",
  });
}

/**
 * Makes the first workspace (plan Max) and its Admin, and signs them in: all of it or nothing, and only while
 * there is no account at all. Of two people who do it at the same moment one is refused.
 */
export async function setUpWorkspace(visitor: Visitor, input: SetUpInput): Promise<NewSession> {
  requireToken(input.token);
  return db().transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${setUpLock})`);
    if (await hasUsers(tx)) {
      throw new AppError("conflict", "This installation is set up already", {
        fix: "Sign in, or ask an admin for an invitation.",
      });
    }
    const workspace = await createWorkspaceIn(tx, { name: input.workspace, plan: "max" });
    const { id } = await createUser(tx, input);
    await addMember(tx, {
      workspaceId: workspace.id,
      userId: id,
      roleId: workspace.roleIds.admin,
    });
    const person = { id, label: input.name };
    const ctx = contextAtTheDoor(visitor, person, { id: workspace.id, plan: "max" });
    await recordAudit(tx, ctx, {
      category: "members",
      action: "workspace.set_up",
      target: { type: "workspace", id: workspace.id, label: input.workspace },
    });
    return startSession(tx, visitor, { userId: id, workspaceId: workspace.id });
  });
}
