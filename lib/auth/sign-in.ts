import { and, eq, isNull } from "drizzle-orm";
import { db } from "@/db/client";
import { DEMO_USERS } from "@/db/demo-users";
import { memberships } from "@/db/schema/members";
import { users } from "@/db/schema/users";
import { workspaces } from "@/db/schema/workspaces";
import { type NewSession, startSession } from "@/lib/auth/new-session";
import { verifyPassword } from "@/lib/auth/password";
import { auditSignIn } from "@/lib/auth/sign-in-audit";
import { countAccountTry, type Person, type Visitor } from "@/lib/auth/sign-in-visitor";
import { safeEqual } from "@/lib/core/crypto";
import { env } from "@/lib/core/env";
import { AppError } from "@/lib/core/errors";
import { log } from "@/lib/core/log";

/** The one answer to a wrong address and to a wrong password: it must not tell which of the two it was. */
function wrongCredentials(): AppError {
  return new AppError("unauthorized", "The e-mail address or the password is not right", {
    fix: "Check both and try again. If you were invited, use the link in the invitation first.",
  });
}

/** Recorded beside the answer, never before it: otherwise its time would tell that the account exists. */
function recordFailure(visitor: Visitor, person: Person): void {
  auditSignIn(db(), visitor, person, {
    action: "user.sign_in_failed",
    result: "failure",
    metadata: { method: "password" },
  }).catch((error: unknown) => log().error({ err: error }, "a failed sign-in was not recorded"));
}

/**
 * Signs in with e-mail address and password. Unknown addresses, accounts without a password and wrong
 * passwords take the same time (one argon2id check) and get the same words.
 * @throws AppError `unauthorized`, or `rate_limited` after ten tries a minute on one account.
 */
export async function signInWithPassword(
  visitor: Visitor,
  input: { readonly email: string; readonly password: string },
): Promise<NewSession> {
  const email = input.email.trim().toLowerCase();
  await countAccountTry(email);
  const [user] = await db()
    .select({ id: users.id, name: users.name, passwordHash: users.passwordHash })
    .from(users)
    .where(eq(users.email, email));
  const fits = await verifyPassword(user?.passwordHash ?? null, input.password);
  const person = { id: user?.id ?? "", label: user?.name ?? email };
  if (!user || !fits) {
    recordFailure(visitor, person);
    throw wrongCredentials();
  }
  return db().transaction(async (tx) => {
    await auditSignIn(tx, visitor, person, {
      action: "user.signed_in",
      metadata: { method: "password" },
    });
    return startSession(tx, visitor, { userId: user.id });
  });
}

export const demoRoles = ["admin", "manager", "user"] as const;
export type DemoRole = (typeof demoRoles)[number];

/** The workspace of the demo; its people are in db/demo-users.ts. */
const demoSlug = "acme";

function requireDemoPassword(password: string | undefined): void {
  const { demo, demoNeedsPassword, HARMONY_DEMO_PASSWORD } = env();
  if (!demo) {
    throw new AppError("forbidden", "This installation has no demo", {
      fix: "Sign in with your e-mail address.",
    });
  }
  if (!demoNeedsPassword) return;
  if (HARMONY_DEMO_PASSWORD && safeEqual(password ?? "", HARMONY_DEMO_PASSWORD)) return;
  throw new AppError("unauthorized", "The demo password is not right", {
    fix: "It is HARMONY_DEMO_PASSWORD of the person who started this installation.",
  });
}

/**
 * One-click sign-in as one of the demo's people. Exists only in demo mode; where others than this machine can
 * reach the server it needs HARMONY_DEMO_PASSWORD.
 */
export async function signInToDemo(
  visitor: Visitor,
  input: { readonly role: DemoRole; readonly password?: string | undefined },
): Promise<NewSession> {
  requireDemoPassword(input.password);
  const { email } = DEMO_USERS[input.role];
  const [found] = await db()
    .select({ userId: users.id, name: users.name, workspaceId: workspaces.id })
    .from(users)
    .innerJoin(memberships, and(eq(memberships.userId, users.id), isNull(memberships.removedAt)))
    .innerJoin(workspaces, eq(workspaces.id, memberships.workspaceId))
    .where(and(eq(users.email, email), eq(workspaces.slug, demoSlug)));
  if (!found) {
    throw new AppError("service_unavailable", "The demo's people are not here yet", {
      fix: "The demo workspace is still being written, or somebody removed this person. Wait a moment and try again.",
    });
  }
  return db().transaction(async (tx) => {
    await auditSignIn(
      tx,
      visitor,
      { id: found.userId, label: found.name ?? email },
      { action: "user.signed_in", metadata: { method: "demo" } },
    );
    return startSession(tx, visitor, { userId: found.userId, workspaceId: found.workspaceId });
  });
}
