import { and, asc, eq, inArray } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { contacts } from "@/db/schema/contacts";
import { meetingContacts, meetings } from "@/db/schema/meetings";
import { teamMembers, teams } from "@/db/schema/members";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Context } from "@/lib/auth/principal";
import { hasGrant } from "@/lib/auth/roles";
import { findOrCreateContact, requireContact } from "@/lib/contacts/service";
import { isoSeconds, parseIso } from "@/lib/core/dates";
import { env } from "@/lib/core/env";
import { AppError, invalidRequest } from "@/lib/core/errors";
import { enqueue } from "@/lib/jobs/enqueue";
import { cleanText } from "@/lib/transcripts/clean-text";
import { cutText } from "@/lib/uploads/file-name";
import type { UploadFields, UploadView } from "@/lib/uploads/schema";

const aheadMs = 86_400_000;

/** Where the bytes of a new meeting are, or where they are still to be fetched from. */
type Origin =
  | {
      readonly recordingKey: string;
      readonly recordingKind: "transcript" | "audio" | "video";
      readonly recordingType: string;
      readonly recordingBytes: number;
      readonly recordingSha256: string;
    }
  | { readonly sourceUrlSealed: string };

export interface NewMeeting {
  readonly id: string;
  readonly source: "api" | "upload" | "transcript_paste" | "url_import";
  readonly fields: UploadFields;
  /** Of the file; also the title where none was given. */
  readonly fileName: string;
  readonly origin: Origin;
}

function meetingDate(ctx: Context, text: string | undefined): Date {
  const date = text === undefined ? ctx.now() : (parseIso(text)?.at ?? ctx.now());
  if (date.getTime() > ctx.now().getTime() + aheadMs) {
    throw invalidRequest("date: lies more than 24 hours ahead", {
      date: "A meeting that was recorded lies in the past.",
    });
  }
  return date;
}

function titleOf({ fields, fileName }: NewMeeting): string {
  const title = cleanText(fields.title ?? "");
  if (title !== "") return title;
  const name = fileName.replace(/\.[^.]{1,8}$/, "").trim();
  return name === "" ? "Untitled meeting" : cutText(name, 200);
}

/** The oldest team of the person, or of the service account, that puts a meeting in. */
async function firstOwnTeam(tx: Tx, { principal }: Context): Promise<string | null> {
  const { kind, userId, teamIds } = principal;
  // A key whose creator's account is gone acts for nobody.
  if (userId === null && kind !== "service_account") return null;
  const isOwn =
    userId === null
      ? inArray(teams.id, [...teamIds])
      : inArray(
          teams.id,
          tx
            .select({ id: teamMembers.teamId })
            .from(teamMembers)
            .where(
              and(
                eq(teamMembers.workspaceId, principal.workspaceId),
                eq(teamMembers.userId, userId),
              ),
            ),
        );
  const [own] = await tx
    .select({ id: teams.id })
    .from(teams)
    .where(and(eq(teams.workspaceId, principal.workspaceId), isOwn))
    .orderBy(asc(teams.createdAt), asc(teams.id))
    .limit(1);
  return own?.id ?? null;
}

/** The team asked for, if the caller may put meetings there; else the first of the caller's own. */
async function resolveTeam(
  tx: Tx,
  ctx: Context,
  wanted: string | undefined,
): Promise<string | null> {
  const { principal } = ctx;
  if (wanted === undefined) {
    return firstOwnTeam(tx, ctx);
  }
  const [team] = await tx
    .select({ id: teams.id })
    .from(teams)
    .where(and(eq(teams.workspaceId, principal.workspaceId), eq(teams.id, wanted)));
  const mayUse =
    hasGrant(principal.grants, "meetings:create", "all") || principal.teamIds.includes(wanted);
  if (!team || !mayUse) {
    throw invalidRequest("team_id: is not a team that you can use", { team_id: "Unknown team." });
  }
  return team.id;
}

/** Naming a contact makes it visible to the meeting's people, so only one that the caller sees may be named. */
export async function checkContact(ctx: Context, id: string | undefined): Promise<void> {
  if (id === undefined) return;
  // The key was just checked; comparing its rights once more would start a request anew whose body is read.
  const principal = { ...ctx.principal, guard: { kind: "none" } as const };
  try {
    await requireContact({ ...ctx, principal }, id);
  } catch (error) {
    if (!(error instanceof AppError && error.code === "not_found")) throw error;
    throw invalidRequest("contact_id: is not a contact of this workspace", {
      contact_id: "Unknown contact.",
    });
  }
}

/** Refuses fields that `insertMeeting` would refuse, where a long transfer still lies ahead. */
export async function checkFields(tx: Tx, ctx: Context, fields: UploadFields): Promise<void> {
  meetingDate(ctx, fields.date);
  await checkContact(ctx, fields.contact_id);
  await resolveTeam(tx, ctx, fields.team_id);
}

async function resolveContact(tx: Tx, ctx: Context, fields: UploadFields): Promise<string | null> {
  const { workspaceId } = ctx.principal;
  if (fields.contact_id !== undefined) {
    const [known] = await tx
      .select({ id: contacts.id })
      .from(contacts)
      .where(and(eq(contacts.workspaceId, workspaceId), eq(contacts.id, fields.contact_id)));
    return known?.id ?? null;
  }
  if (fields.contact_email === undefined) return null;
  return (await findOrCreateContact(tx, workspaceId, fields.contact_email)).id;
}

/** Inserts a queued meeting with its contact, its job and its entry of the audit trail. */
export async function insertMeeting(tx: Tx, ctx: Context, wanted: NewMeeting): Promise<UploadView> {
  const { id, source, fields, fileName, origin } = wanted;
  const { workspaceId } = ctx.principal;
  const meeting = {
    id,
    workspaceId,
    title: titleOf(wanted),
    date: meetingDate(ctx, fields.date),
    status: "queued",
    source,
    medium: fields.medium ?? "video_call",
    language: fields.language === "auto" ? null : (fields.language ?? null),
    speakersExpected: fields.speakers === undefined ? null : Number(fields.speakers),
    teamId: await resolveTeam(tx, ctx, fields.team_id),
    userId: ctx.principal.userId,
    recordingName: fileName,
    ...origin,
  } as const;
  const contactId = await resolveContact(tx, ctx, fields);
  await tx.insert(meetings).values(meeting);
  if (contactId) await tx.insert(meetingContacts).values({ workspaceId, meetingId: id, contactId });
  await enqueue(tx, "meeting.process", { workspaceId, meetingId: id });
  await recordAudit(tx, ctx, {
    category: "meetings",
    action: "meeting.uploaded",
    target: { type: "meeting", id, label: meeting.title },
    metadata: { source, ...("recordingBytes" in origin ? { bytes: origin.recordingBytes } : {}) },
  });
  return viewOf(meeting);
}

/** What an upload answers. */
function viewOf(meeting: { id: string; title: string; date: Date }): UploadView {
  return {
    id: meeting.id,
    title: meeting.title,
    date: isoSeconds(meeting.date),
    status: "queued",
    status_url: `${env().appUrl}/api/v1/meetings/${meeting.id}/status`,
  };
}
