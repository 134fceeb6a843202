import { Readable } from "node:stream";
import { eq, sql } from "drizzle-orm";
import type { PgTable } from "drizzle-orm/pg-core";
import { db, type Tx } from "@/db/client";
import { auditEvents, events, notifications } from "@/db/schema/activity";
import { apiKeys } from "@/db/schema/api-keys";
import { contacts } from "@/db/schema/contacts";
import { insightResults, insights, projects, projectTeams } from "@/db/schema/insights";
import {
  actionItems,
  meetingContacts,
  meetingNotes,
  meetings,
  participants,
  summaries,
  transcripts,
} from "@/db/schema/meetings";
import { memberships, teamMembers, teams } from "@/db/schema/members";
import { users } from "@/db/schema/users";
import { workspaces } from "@/db/schema/workspaces";
import { demoTimeZone, workingTime } from "@/db/seed-data/berlin-time";
import { buildDemoRows, type DemoDirectory, type DemoRows } from "@/db/seed-data/demo-rows";
import { demoProjects } from "@/db/seed-data/insight-catalogue";
import { type DemoTeam, demoAccounts, demoMembers, demoTeams } from "@/db/seed-data/people";
import { apiKeyEnds, newApiKeyToken } from "@/lib/auth/api-key-token";
import type { RoleKey } from "@/lib/auth/roles";
import { sha256 } from "@/lib/core/crypto";
import { newId } from "@/lib/core/ids";
import { storage } from "@/lib/storage/storage";
import { createWorkspaceIn } from "@/lib/workspaces/create-workspace";

// The demo workspace: a believable company with three months of meetings. Their content is written or composed
// from written pieces (db/seed-data/), everything derived from it is made by the product's own parser and analysis.

const slug = "acme";
/** Serialises two starts on one empty database. */
const seedLock = 4_821_079;
const dayMs = 86_400_000;

async function demoExists(tx: Pick<Tx, "select">): Promise<boolean> {
  const [row] = await tx
    .select({ id: workspaces.id })
    .from(workspaces)
    .where(eq(workspaces.slug, slug));
  return row !== undefined;
}

/** Makes the demo workspace "Acme", all of it or nothing; does nothing when there is a workspace `acme`. */
export async function seedDemo(): Promise<void> {
  if (await demoExists(db())) return;
  const now = new Date();
  const kept: string[] = [];
  try {
    await db().transaction(async (tx) => {
      await tx.execute(sql`select pg_advisory_xact_lock(${seedLock})`);
      if (await demoExists(tx)) return;
      const directory = await plantCompany(tx, now);
      const rows = await buildDemoRows(directory, now);
      await insertRows(tx, rows);
      await plantActivity(tx, directory, rows, now);
      // Last before the commit: a crash leaves files that the worker's sweep removes, never rows without files.
      for (const { key, content } of rows.files) {
        const staged = await storage().stage(Readable.from([content]), AbortSignal.timeout(60_000));
        await staged.keep(key);
        kept.push(key);
      }
    });
  } catch (error) {
    for (const key of kept) await storage().remove(key);
    throw error;
  }
}

// --- People, teams, contacts, definitions ------------------------------------------------------------------

/** The row of a key that was put in just before. */
function pickFrom<K, V>(map: ReadonlyMap<K, V>, key: K): V {
  const value = map.get(key);
  if (value === undefined) throw new Error(`the demo company has no ${key}`);
  return value;
}

async function plantMembers(
  tx: Tx,
  workspaceId: string,
  roleIds: Record<RoleKey, string>,
  joinedAt: Date,
): Promise<{ userIds: Map<string, string>; teamIds: Map<DemoTeam, string> }> {
  await tx
    .insert(users)
    .values(
      demoMembers.map(({ name, email }) => ({
        name,
        email,
        emailVerified: joinedAt,
        createdAt: joinedAt,
      })),
    )
    // Somebody may have made an account with a demo address before.
    .onConflictDoNothing();
  const accounts = await tx
    .select({ id: users.id, email: users.email })
    .from(users)
    .where(sql`${users.email} in ${demoMembers.map(({ email }) => email)}`);
  const idOfEmail = new Map(accounts.map(({ id, email }) => [email, id]));
  const userIds = new Map(demoMembers.map(({ key, email }) => [key, pickFrom(idOfEmail, email)]));
  const teamIds = new Map(demoTeams.map((name) => [name, newId("team")]));
  await tx
    .insert(teams)
    .values([...teamIds].map(([name, id]) => ({ id, workspaceId, name, createdAt: joinedAt })));
  await tx.insert(memberships).values(
    demoMembers.map(({ key, role, manager }) => ({
      workspaceId,
      userId: pickFrom(userIds, key),
      roleId: roleIds[role],
      managerId: manager === null ? null : pickFrom(userIds, manager),
      createdAt: joinedAt,
    })),
  );
  await tx.insert(teamMembers).values(
    demoMembers.map(({ key, team }) => ({
      workspaceId,
      teamId: pickFrom(teamIds, team),
      userId: pickFrom(userIds, key),
    })),
  );
  return { userIds, teamIds };
}

/** Addresses, titles and a few attributes, as a CRM would have brought them. */
async function plantContacts(tx: Tx, workspaceId: string, since: Date) {
  const rows = demoAccounts.flatMap((account, index) =>
    account.contacts.map((contact, position) => ({
      id: newId("contact"),
      workspaceId,
      name: contact.name,
      email: `${contact.name.toLowerCase().replace(" ", ".")}@${account.domain}`,
      phone: `+49 30 5550 ${String(100 + index * 10 + position)}`,
      title: contact.title,
      company: account.name,
      tags: [account.stage],
      attributes: { industry: account.industry, city: account.city, field_staff: account.count },
      createdAt: since,
    })),
  );
  await tx.insert(contacts).values(rows);
  return rows.map(({ id, name, email }) => ({ id, name, email }));
}

async function plantDefinitions(
  tx: Tx,
  workspaceId: string,
  teamIds: ReadonlyMap<DemoTeam, string>,
  now: Date,
): Promise<DemoDirectory["definitions"]> {
  const planned = demoProjects.map((project) => ({ ...project, id: newId("project") }));
  const since = new Date(now.getTime() - 110 * dayMs);
  await tx.insert(projects).values(
    planned.map(({ id, name, description }) => ({
      id,
      workspaceId,
      name,
      description,
      createdAt: since,
    })),
  );
  const links = planned.flatMap(({ id, teams: names }) =>
    names.map((name) => ({ workspaceId, projectId: id, teamId: pickFrom(teamIds, name) })),
  );
  await tx.insert(projectTeams).values(links);
  const definitions = planned.flatMap(({ id: projectId, teams: names, definitions }) =>
    definitions.map(({ daysOld, options, ...definition }) => ({
      ...definition,
      id: newId("insight"),
      projectId,
      teams: names,
      options: options ?? {},
      createdAt: workingTime(now, daysOld, 10, 0),
    })),
  );
  await tx
    .insert(insights)
    .values(definitions.map(({ teams: _teams, ...row }) => ({ ...row, workspaceId })));
  return definitions;
}

async function plantCompany(tx: Tx, now: Date): Promise<DemoDirectory> {
  const { id: workspaceId, roleIds } = await createWorkspaceIn(tx, {
    name: "Acme",
    plan: "max",
    timeZone: demoTimeZone,
  });
  const since = new Date(now.getTime() - 120 * dayMs);
  await tx
    .update(workspaces)
    .set({ setUpAt: since, createdAt: since })
    .where(eq(workspaces.id, workspaceId));
  const { userIds, teamIds } = await plantMembers(tx, workspaceId, roleIds, since);
  return {
    workspaceId,
    userIds,
    teamIds,
    members: demoMembers.map(({ key, name, email }) => ({
      id: pickFrom(userIds, key),
      name,
      email,
    })),
    contacts: await plantContacts(tx, workspaceId, since),
    definitions: await plantDefinitions(tx, workspaceId, teamIds, now),
  };
}

// --- Meetings ----------------------------------------------------------------------------------------------

/** Parameters of one statement are limited to 65,535; the widest table here has some thirty columns. */
const rowsPerInsert = 500;

async function insertAll<T extends PgTable>(
  tx: Tx,
  table: T,
  rows: readonly T["$inferInsert"][],
): Promise<void> {
  for (let from = 0; from < rows.length; from += rowsPerInsert) {
    await tx.insert(table).values(rows.slice(from, from + rowsPerInsert));
  }
}

async function insertRows(tx: Tx, rows: DemoRows): Promise<void> {
  await insertAll(tx, meetings, rows.meetings);
  await insertAll(tx, transcripts, rows.transcripts);
  await insertAll(tx, participants, rows.participants);
  await insertAll(tx, meetingContacts, rows.meetingContacts);
  await insertAll(tx, summaries, rows.summaries);
  await insertAll(tx, actionItems, rows.actionItems);
  await insertAll(tx, insightResults, rows.insightResults);
  await insertAll(tx, meetingNotes, rows.notes);
  await insertAll(tx, events, rows.events);
  await tx.execute(sql`update contacts c set last_interaction_at = seen.at from (
      select mc.contact_id, max(m.date + m.duration_seconds * interval '1 second') as at
      from meeting_contacts mc join meetings m on m.id = mc.meeting_id group by 1) seen
    where c.id = seen.contact_id`);
}

// --- Key, audit trail, notices ------------------------------------------------------------------------------

async function plantActivity(
  tx: Tx,
  { workspaceId, userIds }: DemoDirectory,
  rows: DemoRows,
  now: Date,
): Promise<void> {
  const ada = demoMembers[0];
  if (!ada) throw new Error("the demo company has no members");
  const adaId = pickFrom(userIds, ada.key);
  // Nobody has seen this key: it shows what the list looks like, and opens nothing.
  const token = newApiKeyToken();
  const keyId = newId("apiKey");
  const keyMadeAt = workingTime(now, 58, 11, 20);
  await tx.insert(apiKeys).values({
    id: keyId,
    workspaceId,
    name: "Warehouse export",
    ...apiKeyEnds(token),
    keyHash: sha256(token),
    access: "read",
    createdBy: adaId,
    createdByLabel: ada.name,
    createdAt: keyMadeAt,
  });

  const audit = (at: Date, key: string, entry: { category: string; action: string }) => {
    const actor = demoMembers.find((member) => member.key === key) ?? ada;
    return {
      workspaceId,
      at,
      actorType: "user" as const,
      actorId: pickFrom(userIds, actor.key),
      actorLabel: actor.name,
      result: "success" as const,
      ...entry,
    };
  };
  await insertAll(tx, auditEvents, [
    ...demoMembers.map((member, index) => ({
      ...audit(new Date(now.getTime() - 119 * dayMs + index * 600_000), member.key, {
        category: "members",
        action: "member.joined",
      }),
      targetType: "member",
      targetId: pickFrom(userIds, member.key),
      targetLabel: member.email,
    })),
    ...demoTeams.map((name, index) => ({
      ...audit(new Date(now.getTime() - 118 * dayMs + index * 60_000), "ada", {
        category: "members",
        action: "team.created",
      }),
      targetType: "team",
      targetLabel: name,
    })),
    {
      ...audit(keyMadeAt, "ada", { category: "api_access", action: "api_key.generated" }),
      targetType: "api_key",
      targetId: keyId,
      targetLabel: "Warehouse export",
      metadata: { access: "read", role_id: null },
    },
    ...demoMembers.map((member, index) =>
      audit(workingTime(now, 1 + index, 8, 5 + index * 4), member.key, {
        category: "sign_in",
        action: "user.signed_in",
      }),
    ),
  ]);
  await tx.insert(notifications).values(
    rows.failed.slice(-3).map(({ meetingId, ownerId, title, message, at }, index) => ({
      workspaceId,
      userId: ownerId,
      type: "meeting_failed",
      severity: "error" as const,
      title: `“${title}” could not be processed`,
      body: message,
      link: `/meetings/${meetingId}`,
      readAt: index === 0 ? new Date(at.getTime() + 3_600_000) : null,
      createdAt: at,
    })),
  );
}
