import { and, sql as drizzleSql, eq } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { pool } from "@/db/client";
import { allOf, type Fragment, likePattern, utcText } from "@/db/fragments";
import { contacts } from "@/db/schema/contacts";
import { guardedRead } from "@/lib/auth/guarded-read";
import type { Context } from "@/lib/auth/principal";
import { meetingVisibility, visibleMeetings } from "@/lib/auth/visibility";
import type { ContactDetail } from "@/lib/contacts/schema";
import { notFound } from "@/lib/core/errors";
import type { JsonText } from "@/lib/http/json-text";
import { type PageInput, type PageRow, pageJson, sliceOf } from "@/lib/http/page";

export interface ContactFilters {
  readonly email?: string | undefined;
  readonly q?: string | undefined;
}

/** A contact is visible when one of its visible meetings is (handbook D-71); to "all" every one is. */
function visibleContacts(ctx: Context): Fragment[] {
  const sql = pool();
  const conditions = visibleMeetings(meetingVisibility(ctx.principal));
  if (conditions.length === 0) return [];
  return [
    sql`exists (select 1 from meeting_contacts mc join meetings m on m.id = mc.meeting_id
      where mc.workspace_id = c.workspace_id and mc.contact_id = c.id and ${allOf(conditions)})`,
  ];
}

function meetingsCount(ctx: Context): Fragment {
  const sql = pool();
  const conditions = visibleMeetings(meetingVisibility(ctx.principal));
  if (conditions.length === 0) {
    return sql`(select count(*)::int from meeting_contacts mc
      where mc.workspace_id = c.workspace_id and mc.contact_id = c.id)`;
  }
  return sql`(select count(*)::int from meeting_contacts mc join meetings m on m.id = mc.meeting_id
    where mc.workspace_id = c.workspace_id and mc.contact_id = c.id and ${allOf(conditions)})`;
}

function contactConditions(ctx: Context, filters: ContactFilters): Fragment[] {
  const sql = pool();
  const conditions = [sql`c.workspace_id = ${ctx.principal.workspaceId}`, ...visibleContacts(ctx)];
  if (filters.email !== undefined) {
    conditions.push(sql`lower(c.email) = ${filters.email.trim().toLowerCase()}`);
  }
  if (filters.q !== undefined && filters.q.trim() !== "") {
    conditions.push(
      sql`lower(c.name || ' ' || coalesce(c.email, '') || ' ' || coalesce(c.company, '')) like ${likePattern(filters.q.trim())}`,
    );
  }
  return conditions;
}

/** The contacts that the caller may see, by name. */
export async function listContacts(
  ctx: Context,
  query: PageInput & ContactFilters,
): Promise<JsonText> {
  const sql = pool();
  const { page, per_page, cursor, ...filters } = query;
  const { workspaceId } = ctx.principal;
  const scope = { list: "contacts", workspaceId, filters };
  const slice = sliceOf({ page, per_page, cursor }, scope);
  const where = allOf(contactConditions(ctx, filters));
  const after = slice.after
    ? sql`and (c.name, c.id) > (${slice.after[0] ?? ""}, ${slice.after[1] ?? ""})`
    : sql``;
  const row = await guardedRead<PageRow>(
    ctx,
    sql`select (select count(*)::int from contacts c where ${where}) as total,
        coalesce(json_agg(json_build_object('id', p.id, 'name', p.name, 'email', p.email,
          'company', p.company, 'last_interaction_at', ${utcText(sql`p.last_interaction_at`)},
          'meetings_count', p.meetings_count)) filter (where p.ord <= ${slice.perPage}), '[]')::text as data,
        (count(*) filter (where p.ord <= ${slice.perPage}))::int as n,
        count(*) > ${slice.perPage} as more,
        (array_agg(array[p.name, p.id] order by p.ord desc) filter (where p.ord <= ${slice.perPage}))[1:1] as last_key
      from (select r.*, row_number() over (order by r.name, r.id) as ord from (
        select c.id, c.workspace_id, c.name, c.email, c.company, c.last_interaction_at,
          ${meetingsCount(ctx)} as meetings_count
        from contacts c where ${where} ${after}
        order by c.name, c.id limit ${slice.perPage + 1} offset ${slice.offset}) r) p`,
    "any",
  );
  if (!row) throw new Error("the page query returned no row");
  const [lastKey] = (row.last_key ?? []) as unknown as string[][];
  const data = JSON.stringify(JSON.parse(row.data));
  return pageJson({ ...row, data, last_key: lastKey ?? null }, slice, scope);
}

/** One contact, or `not_found`. */
export async function getContact(ctx: Context, id: string): Promise<ContactDetail> {
  const sql = pool();
  const where = allOf([...contactConditions(ctx, {}), sql`c.id = ${id}`]);
  const row = await guardedRead<{ body: string }>(
    ctx,
    sql`select json_build_object('id', c.id, 'name', c.name, 'email', c.email, 'company', c.company,
        'last_interaction_at', ${utcText(sql`c.last_interaction_at`)},
        'meetings_count', ${meetingsCount(ctx)}, 'phone', c.phone, 'title', c.title,
        'account_id', c.account_id, 'tags', c.tags, 'attributes', c.attributes,
        'external_refs', '[]'::json, 'created_at', ${utcText(sql`c.created_at`)},
        'updated_at', ${utcText(sql`c.updated_at`)})::text as body
      from contacts c where ${where}`,
  );
  if (!row) throw notFound("Contact");
  return JSON.parse(row.body);
}

/** Throws `not_found` unless the caller may see the contact. */
export async function requireContact(ctx: Context, id: string): Promise<void> {
  const sql = pool();
  const where = allOf([...contactConditions(ctx, {}), sql`c.id = ${id}`]);
  const row = await guardedRead<{ one: number }>(
    ctx,
    sql`select 1 as one from contacts c where ${where}`,
  );
  if (!row) throw notFound("Contact");
}

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
    eq(drizzleSql`lower(${contacts.email})`, address),
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
