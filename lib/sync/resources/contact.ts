import { and, eq, inArray, sql } from "drizzle-orm";
import { contacts } from "@/db/schema/contacts";
import { contactFields } from "@/lib/sync/records/fields";
import { twoWayHandler } from "@/lib/sync/resources/two-way";

/**
 * Contacts of a CRM. Those that are not linked are recognised by their e-mail address (handbook D-22); people whom
 * Harmony has never met are left alone, since a contact here is somebody who took part in a meeting.
 */
export const contactHandler = twoWayHandler<"contact">({
  resource: "contact",
  topic: "contact.changed",
  fields: contactFields,
  fieldsOf: ({ name, email, phone, title, company }) => ({ name, email, phone, title, company }),
  read: async (tx, workspaceId, ids) => {
    if (ids.length === 0) return [];
    const rows = await tx
      .select()
      .from(contacts)
      .where(and(eq(contacts.workspaceId, workspaceId), inArray(contacts.id, [...ids])));
    return rows.map(({ id, name, email, phone, title, company, updatedAt }) => ({
      id,
      label: name,
      fields: { name, email, phone, title, company },
      changedAt: updatedAt,
    }));
  },
  match: async (tx, workspaceId, { email }) => {
    const address = email?.trim().toLowerCase();
    if (!address) return null;
    const [row] = await tx
      .select({ id: contacts.id })
      .from(contacts)
      .where(and(eq(contacts.workspaceId, workspaceId), sql`lower(${contacts.email}) = ${address}`))
      .limit(1);
    return row?.id ?? null;
  },
  write: async (tx, workspaceId, id, fields, now) => {
    await tx
      .update(contacts)
      .set({ ...fields, updatedAt: now })
      .where(and(eq(contacts.workspaceId, workspaceId), eq(contacts.id, id)));
  },
});
