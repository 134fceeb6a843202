import { pool } from "@/db/client";
import { likePattern } from "@/db/fragments";
import type { Context } from "@/lib/auth/principal";
import { listContacts } from "@/lib/contacts/service";
import type { FindPeopleInput } from "@/lib/meetings/inputs";

/** Somebody whom a speaker, a task or a meeting can be given to. */
export interface PersonChoice {
  readonly kind: "member" | "contact";
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  /** Of a contact. */
  readonly company: string | null;
}

const eachMax = 8;

async function members(ctx: Context, q: string): Promise<PersonChoice[]> {
  const sql = pool();
  return sql<PersonChoice[]>`
    select 'member' as kind, u.id, coalesce(u.name, u.email) as name, u.email, null as company
    from memberships ms join users u on u.id = ms.user_id
    where ms.workspace_id = ${ctx.principal.workspaceId} and ms.removed_at is null
      and lower(coalesce(u.name, '') || ' ' || u.email) like ${likePattern(q)}
    order by lower(coalesce(u.name, u.email)), u.id limit ${eachMax}`;
}

async function contacts(ctx: Context, q: string): Promise<PersonChoice[]> {
  const answer = JSON.parse((await listContacts(ctx, { q, page: 1, per_page: eachMax })).text) as {
    data: { id: string; name: string; email: string | null; company: string | null }[];
  };
  return answer.data.map(({ id, name, email, company }) => ({
    kind: "contact",
    id,
    name,
    email,
    company,
  }));
}

/** Members and contacts that the caller may see, whose name or address contains the words; eight of each at most. */
export async function findPeople(
  ctx: Context,
  { q, kinds }: FindPeopleInput,
): Promise<readonly PersonChoice[]> {
  const wanted = q.trim();
  const found = await Promise.all([
    kinds.includes("member") ? members(ctx, wanted) : [],
    kinds.includes("contact") ? contacts(ctx, wanted) : [],
  ]);
  return found.flat();
}
