import { and, eq, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { contacts } from "@/db/schema/contacts";

export interface ContactRef {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
}

const columns = { id: contacts.id, name: contacts.name, email: contacts.email };

/** Finds a contact by its address (trimmed, case-insensitive), or makes one named by it. */
export async function findOrCreateContact(
  tx: Tx,
  workspaceId: string,
  email: string,
): Promise<ContactRef> {
  const address = email.trim().toLowerCase();
  const byEmail = and(
    eq(contacts.workspaceId, workspaceId),
    eq(sql`lower(${contacts.email})`, address),
  );
  const [made] = await tx
    .insert(contacts)
    .values({ workspaceId, name: address, email: address })
    .onConflictDoNothing()
    .returning(columns);
  if (made) return made;
  const [known] = await tx.select(columns).from(contacts).where(byEmail);
  if (!known) throw new Error("the contact was removed at the same moment");
  return known;
}
