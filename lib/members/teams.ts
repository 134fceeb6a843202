import { and, asc, count, eq, ne, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { meetings } from "@/db/schema/meetings";
import { teamMembers, teams } from "@/db/schema/members";
import { recordAudit } from "@/lib/audit/record-audit";
import { type Context, requirePermission } from "@/lib/auth/principal";
import { AppError, invalidRequest, notFound } from "@/lib/core/errors";
import { activeMember } from "@/lib/members/service";

const teamsMax = 200;
/** How many people of a team the page lists; the count is exact. */
const peopleShownMax = 100;

export interface TeamRow {
  readonly id: string;
  readonly name: string;
  readonly memberCount: number;
  readonly meetingCount: number;
  readonly members: readonly { readonly userId: string; readonly name: string }[];
}

/** The workspace's teams by name, each with its people (the first 100) and how many meetings it holds. */
export async function listTeams(ctx: Context): Promise<readonly TeamRow[]> {
  requirePermission(ctx, "members:read", "all");
  const { workspaceId } = ctx.principal;
  // Written out as `teams.id`: a lone table's columns are printed bare, and inside they would mean another id.
  const rows = await db()
    .select({
      id: teams.id,
      name: teams.name,
      memberCount: sql<number>`(select count(*)::int from team_members tm where tm.team_id = teams.id)`,
      meetingCount: sql<number>`(select count(*)::int from meetings m
        where m.workspace_id = ${workspaceId} and m.team_id = teams.id)`,
      members: sql<
        TeamRow["members"]
      >`(select coalesce(json_agg(p order by lower(p.name)), '[]') from (
        select u.id as "userId", coalesce(u.name, u.email) as name from team_members tm
        join users u on u.id = tm.user_id where tm.team_id = teams.id
        order by lower(coalesce(u.name, u.email)) limit ${peopleShownMax}) p)`,
    })
    .from(teams)
    .where(eq(teams.workspaceId, workspaceId))
    .orderBy(asc(sql`lower(${teams.name})`))
    .limit(teamsMax);
  return rows;
}

/** The teams one can choose for a person, by name. */
export async function listTeamChoices(
  ctx: Context,
): Promise<readonly { readonly id: string; readonly name: string }[]> {
  requirePermission(ctx, "members:read", "all");
  return db()
    .select({ id: teams.id, name: teams.name })
    .from(teams)
    .where(eq(teams.workspaceId, ctx.principal.workspaceId))
    .orderBy(asc(sql`lower(${teams.name})`))
    .limit(teamsMax);
}

interface Team {
  readonly id: string;
  readonly name: string;
}

async function findTeam(tx: Tx, ctx: Context, teamId: string): Promise<Team> {
  const [team] = await tx
    .select({ id: teams.id, name: teams.name })
    .from(teams)
    .where(and(eq(teams.workspaceId, ctx.principal.workspaceId), eq(teams.id, teamId)))
    // A meeting that is being put into the team is waited for, and counted.
    .for("update");
  if (!team) throw notFound("Team");
  return team;
}

async function requireFreeName(tx: Tx, ctx: Context, name: string, except?: string): Promise<void> {
  const [taken] = await tx
    .select({ id: teams.id })
    .from(teams)
    .where(
      and(
        eq(teams.workspaceId, ctx.principal.workspaceId),
        sql`lower(${teams.name}) = lower(${name})`,
        except === undefined ? undefined : ne(teams.id, except),
      ),
    );
  if (!taken) return;
  const message = `There is a team named “${name}” already`;
  throw invalidRequest(message, { name: `${message}.` }, "Choose another name.");
}

/** Makes a team; names are unique in a workspace, whatever their capitals. */
export async function createTeam(
  ctx: Context,
  input: { readonly name: string },
): Promise<{ id: string }> {
  requirePermission(ctx, "members:update", "all");
  const { workspaceId } = ctx.principal;
  return db().transaction(async (tx) => {
    await requireFreeName(tx, ctx, input.name);
    const [counted] = await tx
      .select({ n: count() })
      .from(teams)
      .where(eq(teams.workspaceId, workspaceId));
    if ((counted?.n ?? 0) >= teamsMax) {
      throw new AppError("quota_exceeded", `A workspace has at most ${teamsMax} teams`, {
        details: { limit: teamsMax, used: counted?.n ?? 0 },
        fix: "Delete a team that is no longer needed.",
      });
    }
    const [team] = await tx
      .insert(teams)
      .values({ workspaceId, name: input.name })
      .onConflictDoNothing()
      .returning({ id: teams.id });
    // Somebody made the same name between the look and the insert.
    if (!team) {
      throw new AppError("conflict", `There is a team named “${input.name}” already`, {
        fix: "Choose another name.",
      });
    }
    await recordAudit(tx, ctx, {
      category: "members",
      action: "team.created",
      target: { type: "team", id: team.id, label: input.name },
    });
    return team;
  });
}

/** Gives a team another name. */
export async function renameTeam(
  ctx: Context,
  input: { readonly teamId: string; readonly name: string },
): Promise<void> {
  requirePermission(ctx, "members:update", "all");
  await db().transaction(async (tx) => {
    const team = await findTeam(tx, ctx, input.teamId);
    await requireFreeName(tx, ctx, input.name, team.id);
    await tx
      .update(teams)
      .set({ name: input.name })
      .where(and(eq(teams.workspaceId, ctx.principal.workspaceId), eq(teams.id, team.id)));
    await recordAudit(tx, ctx, {
      category: "members",
      action: "team.renamed",
      target: { type: "team", id: team.id, label: input.name },
      metadata: { former_name: team.name },
    });
  });
}

/** Meetings would lose the team that may see them. */
async function requireNoMeetings(tx: Tx, ctx: Context, team: Team): Promise<void> {
  const { workspaceId } = ctx.principal;
  const [held] = await tx
    .select({ n: count() })
    .from(meetings)
    .where(and(eq(meetings.workspaceId, workspaceId), eq(meetings.teamId, team.id)));
  const n = held?.n ?? 0;
  if (n === 0) return;
  const some = n === 1 ? "1 meeting belongs" : `${n} meetings belong`;
  throw new AppError("conflict", `${some} to the team “${team.name}”`, {
    details: { reason: "team_holds_meetings", meetings: n },
    fix: "A team that holds meetings cannot be deleted. Rename it if only its name is wrong.",
  });
}

/** A project without teams is for everybody, so losing its only one would open it to all. */
async function requireNoProjects(tx: Tx, ctx: Context, team: Team): Promise<void> {
  const [held] = await tx.execute<{ n: number; name: string | null }>(sql`
    select count(*)::int as n, min(p.name) as name from project_teams t
    join projects p on p.id = t.project_id
    where t.workspace_id = ${ctx.principal.workspaceId} and t.team_id = ${team.id}
      and not exists (select 1 from project_teams o
        where o.project_id = t.project_id and o.team_id <> t.team_id)`);
  if (!held || held.n === 0) return;
  throw new AppError("conflict", `Only “${team.name}” sees the insight project “${held.name}”`, {
    details: { reason: "team_holds_projects", projects: held.n },
    fix: "Give the project another team first; without any team it would be for everybody.",
  });
}

/** Deletes a team that holds no meetings and is not the only one of an insight project. */
export async function deleteTeam(ctx: Context, input: { readonly teamId: string }): Promise<void> {
  requirePermission(ctx, "members:update", "all");
  const { workspaceId } = ctx.principal;
  await db().transaction(async (tx) => {
    const team = await findTeam(tx, ctx, input.teamId);
    await requireNoMeetings(tx, ctx, team);
    await requireNoProjects(tx, ctx, team);
    await tx.delete(teams).where(and(eq(teams.workspaceId, workspaceId), eq(teams.id, team.id)));
    await recordAudit(tx, ctx, {
      category: "members",
      action: "team.deleted",
      target: { type: "team", id: team.id, label: team.name },
    });
  });
}

async function findPerson(tx: Tx, ctx: Context, userId: string) {
  const person = await activeMember(tx, ctx.principal.workspaceId, userId);
  if (!person) throw notFound("Member");
  return person;
}

interface TeamMemberInput {
  readonly teamId: string;
  readonly userId: string;
}

/** Puts a member of the workspace into a team; somebody who is there already stays. */
export async function addToTeam(ctx: Context, input: TeamMemberInput): Promise<void> {
  requirePermission(ctx, "members:update", "all");
  const { workspaceId } = ctx.principal;
  await db().transaction(async (tx) => {
    const team = await findTeam(tx, ctx, input.teamId);
    const person = await findPerson(tx, ctx, input.userId);
    await tx
      .insert(teamMembers)
      .values({ workspaceId, teamId: team.id, userId: person.id })
      .onConflictDoNothing();
    await recordAudit(tx, ctx, {
      category: "members",
      action: "team.member_added",
      target: { type: "team", id: team.id, label: team.name },
      metadata: { member: person.name, user_id: person.id },
    });
  });
}

/** Takes a member out of a team; from their next request on they no longer see the team's meetings. */
export async function removeFromTeam(ctx: Context, input: TeamMemberInput): Promise<void> {
  requirePermission(ctx, "members:update", "all");
  const { workspaceId } = ctx.principal;
  await db().transaction(async (tx) => {
    const team = await findTeam(tx, ctx, input.teamId);
    const person = await findPerson(tx, ctx, input.userId);
    await tx
      .delete(teamMembers)
      .where(
        and(
          eq(teamMembers.workspaceId, workspaceId),
          eq(teamMembers.teamId, team.id),
          eq(teamMembers.userId, person.id),
        ),
      );
    await recordAudit(tx, ctx, {
      category: "members",
      action: "team.member_removed",
      target: { type: "team", id: team.id, label: team.name },
      metadata: { member: person.name, user_id: person.id },
    });
  });
}
