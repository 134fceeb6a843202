import { and, eq, gt } from "drizzle-orm";
import { db } from "@/db/client";
import { sessions, users } from "@/db/schema/users";
import { sha256 } from "@/lib/core/crypto";

/** A person who is signed in, whether they belong to a workspace or not. */
export interface Account {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

/** The account behind a session token; null when the token is unknown or expired. */
export async function accountOfSession(token: string | null): Promise<Account | null> {
  if (token === null) return null;
  const [row] = await db()
    .select({ id: users.id, name: users.name, email: users.email })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(and(eq(sessions.sessionToken, sha256(token)), gt(sessions.expires, new Date())));
  return row ? { ...row, name: row.name ?? row.email } : null;
}
