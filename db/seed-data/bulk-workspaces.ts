import type postgres from "postgres";
import type { BulkWorkspace } from "@/db/seed-data/bulk-meetings";
import { BUILT_IN_ROLES, type RoleKey } from "@/lib/auth/roles";
import { newId } from "@/lib/core/ids";

const usersPerWorkspace = 8;
const contactsPerWorkspace = 200;
const teamNames = ["Sales", "Customer Success", "Product"];
const roleKeys = Object.keys(BUILT_IN_ROLES) as RoleKey[];

/** The first number of which no earlier run has used the slug. */
async function firstFreeNumber(sql: postgres.Sql): Promise<number> {
  const [row] = await sql<{ last: number | null }[]>`
    select max(substring(slug from '^bulk-([0-9]+)$')::int) as last from workspaces
    where slug ~ '^bulk-[0-9]+$'`;
  return (row?.last ?? 0) + 1;
}

/** Workspaces on the Enterprise plan with roles, three teams, eight members without a password, and contacts. */
export async function plantWorkspaces(sql: postgres.Sql, count: number): Promise<BulkWorkspace[]> {
  const first = await firstFreeNumber(sql);
  const planned = Array.from({ length: count }, (_, index) => {
    const number = String(first + index).padStart(3, "0");
    const roleIds = roleKeys.map(() => newId("role"));
    return {
      index,
      id: newId("workspace"),
      slug: `bulk-${number}`,
      name: `Bulk ${number}`,
      roleIds,
      teamIds: teamNames.map(() => newId("team")),
      userIds: Array.from({ length: usersPerWorkspace }, () => newId("user")),
    };
  });
  for (const workspace of planned) await plantOne(sql, workspace);
  return planned;
}

async function plantOne(
  pool: postgres.Sql,
  {
    id,
    slug,
    name,
    roleIds,
    teamIds,
    userIds,
  }: BulkWorkspace & { name: string; roleIds: string[] },
): Promise<void> {
  await pool.begin(async (sql) => {
    await sql`insert into workspaces (id, name, slug, plan, set_up_at)
      values (${id}, ${name}, ${slug}, 'enterprise', now())`;
    await sql`insert into roles (id, workspace_id, key, name)
      select r.id, ${id}, r.key, r.name from unnest(${roleIds}::text[], ${roleKeys}::text[],
        ${roleKeys.map((key) => BUILT_IN_ROLES[key].name)}::text[]) as r (id, key, name)`;
    await sql`insert into teams (id, workspace_id, name)
      select t.id, ${id}, t.name from unnest(${[...teamIds]}::text[], ${teamNames}::text[]) as t (id, name)`;
    // The id makes the address unlike those of a workspace of the same name that was deleted.
    const domain = `${slug}-${id.slice(-8).toLowerCase()}.example`;
    await sql`insert into users (id, name, email)
      select u.id, 'Member ' || u.n, 'member' || u.n || '@' || ${domain}::text
      from unnest(${[...userIds]}::text[]) with ordinality as u (id, n)`;
    // One admin, one manager for each team, users for the rest.
    await sql`insert into memberships (id, workspace_id, user_id, role_id)
      select 'mbr_' || replace(gen_random_uuid()::text, '-', ''), ${id}, u.id,
        (${roleIds}::text[])[case when u.n = 1 then 1 when u.n <= 4 then 2 else 3 end]
      from unnest(${[...userIds]}::text[]) with ordinality as u (id, n)`;
    await sql`insert into team_members (workspace_id, team_id, user_id)
      select ${id}, (${[...teamIds]}::text[])[1 + u.n % 3], u.id
      from unnest(${[...userIds]}::text[]) with ordinality as u (id, n)`;
    await sql`insert into contacts (id, workspace_id, name, email, company)
      select 'con_' || substr(replace(gen_random_uuid()::text, '-', ''), 1, 20), ${id}, 'Contact ' || g,
        'contact' || g || '@company' || g % 60 || '.example', 'Company ' || g % 60
      from generate_series(1, ${contactsPerWorkspace}::int) as g`;
  });
}
