import { DrizzleAdapter } from "@auth/drizzle-adapter";
import { pgTable, text } from "drizzle-orm/pg-core";
import type { Adapter, AdapterSession } from "next-auth/adapters";
import { type Db, db } from "@/db/client";
import { id, instant } from "@/db/columns";
import { accounts, sessions, verificationTokens } from "@/db/schema/users";
import { endSession, startSession } from "@/lib/auth/new-session";
import { joinInvitedWorkspaces } from "@/lib/auth/sign-in-admission";
import { auditSignIn } from "@/lib/auth/sign-in-audit";
import type { Visitor } from "@/lib/auth/sign-in-visitor";
import { sha256 } from "@/lib/core/crypto";
import { AppError } from "@/lib/core/errors";

/** The users table as next-auth sees it: it never reads a password hash. */
const usersTable = pgTable("users", {
  id: id("user"),
  name: text("name"),
  email: text("email").notNull(),
  emailVerified: instant("email_verified"),
  image: text("image"),
});

type StoreTables = NonNullable<Parameters<typeof DrizzleAdapter<Db>>[1]>;

function storeOn(client: Db) {
  return DrizzleAdapter(client, {
    usersTable,
    // Ours has no columns for a provider's tokens; linkAccount below writes none.
    accountsTable: accounts as unknown as StoreTables["accountsTable"],
    sessionsTable: sessions,
    verificationTokensTable: verificationTokens,
  });
}

/** What is being done at the door, by whom. */
export interface DoorCall {
  readonly visitor: Visitor;
  /** next-auth's action: "callback" while somebody signs in. */
  readonly action: string;
  /** The provider that proves who it is: "google", "email". */
  readonly provider: string;
}

/**
 * The store of next-auth's database sessions: @auth/drizzle-adapter over our tables, with these differences.
 * Session tokens are stored and looked up as SHA-256. A provider's own tokens are not stored. A sign-in never
 * attaches an account to whoever happens to be signed in: it starts a session of its own. Accounts are made
 * for invited people only, who join their workspaces in the same transaction.
 */
export function authAdapter({ visitor, action, provider }: DoorCall): Adapter {
  const base = storeOn(db());
  const withToken = (session: AdapterSession, token: string) => ({
    ...session,
    sessionToken: token,
  });
  const adapter = {
    ...base,
    createUser: (data: { email: string; name?: string | null }) =>
      db().transaction(async (tx) => {
        const email = data.email.toLowerCase();
        const create = storeOn(tx).createUser;
        const user = await create?.({ ...data, id: "", email, emailVerified: new Date() });
        if (!user) throw new Error("the account was not made");
        const person = { id: user.id, label: user.name ?? email };
        const joined = await joinInvitedWorkspaces(tx, visitor, person, email);
        if (joined === 0)
          throw new AppError("forbidden", "There is no invitation for this address");
        return user;
      }),
    getUserByEmail: (email: string) => base.getUserByEmail?.(email.toLowerCase()) ?? null,
    linkAccount: (account: Parameters<NonNullable<typeof base.linkAccount>>[0]) =>
      base.linkAccount?.({
        userId: account.userId,
        type: account.type,
        provider: account.provider,
        providerAccountId: account.providerAccountId,
      }),
    createSession: ({ sessionToken, userId }: { sessionToken: string; userId: string }) =>
      db().transaction(async (tx) => {
        const user = await storeOn(tx).getUser?.(userId);
        const person = { id: userId, label: user?.name ?? user?.email ?? userId };
        const metadata = { method: provider };
        await auditSignIn(tx, visitor, person, { action: "user.signed_in", metadata });
        const { expires } = await startSession(tx, visitor, { userId }, sessionToken);
        return { sessionToken, userId, expires };
      }),
    getSessionAndUser: async (token: string) => {
      if (action === "callback") return null;
      const found = await base.getSessionAndUser?.(sha256(token));
      return found ? { ...found, session: withToken(found.session, token) } : null;
    },
    updateSession: async (change: Partial<AdapterSession> & { sessionToken: string }) => {
      const token = change.sessionToken;
      const found = await base.updateSession?.({ ...change, sessionToken: sha256(token) });
      return found ? withToken(found, token) : null;
    },
    deleteSession: (token: string) => endSession(db(), token),
  };
  // The package types its adapter with a newer core than next-auth 4 has; the shapes are the same.
  return adapter as unknown as Adapter;
}
