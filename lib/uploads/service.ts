import type { Readable } from "node:stream";
import { and, asc, eq } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { contacts } from "@/db/schema/contacts";
import { meetingContacts, meetings } from "@/db/schema/meetings";
import { teamMembers, teams } from "@/db/schema/members";
import { recordAudit } from "@/lib/audit/record-audit";
import { assertCredentialHolds, assertNotRevoked } from "@/lib/auth/guarded-read";
import { type Context, requirePermission } from "@/lib/auth/principal";
import { hasGrant } from "@/lib/auth/roles";
import { findOrCreateContact, requireContact } from "@/lib/contacts/service";
import { sha256 } from "@/lib/core/crypto";
import { isoSeconds, parseIso } from "@/lib/core/dates";
import { env } from "@/lib/core/env";
import { AppError, invalidRequest } from "@/lib/core/errors";
import { newId } from "@/lib/core/ids";
import { JsonText } from "@/lib/http/json-text";
import { enqueue } from "@/lib/jobs/enqueue";
import { type Staged, storage } from "@/lib/storage/storage";
import { claimRepeat, idempotencyKeyOf, keepAnswer, type Repeat } from "@/lib/uploads/idempotency";
import { type JudgedFile, judgeFile } from "@/lib/uploads/judge-file";
import { readUploadForm, type UploadForm } from "@/lib/uploads/read-form";
import type { UploadFields, UploadView } from "@/lib/uploads/schema";

const path = "/meetings/upload";
const aheadMs = 86_400_000;

export interface UploadRequest {
  readonly header: (name: string) => string | undefined;
  readonly body: () => Readable;
  readonly source: "api" | "upload" | "transcript_paste";
}

/**
 * Takes an upload in: the file is staged while it arrives, judged by its content, and becomes a queued meeting in
 * one transaction with its job and the answer kept for a repeat. On any failure neither row nor file remains.
 */
export async function uploadMeeting(ctx: Context, request: UploadRequest): Promise<JsonText> {
  requirePermission(ctx, "meetings:create");
  const keyHash = idempotencyKeyOf(request.header("idempotency-key"));
  await assertCredentialHolds(ctx);
  const form = await readUploadForm(request.header, request.body);
  try {
    await assertNotRevoked(ctx);
    await checkContact(ctx, form.fields.contact_id);
    const repeat = keyHash === null ? null : repeatOf(keyHash, form);
    const judged = await judgeFile(form.file, form.fileName);
    return await createMeeting(ctx, request.source, form, judged, repeat);
  } finally {
    await form.file.discard();
  }
}

function repeatOf(keyHash: string, form: UploadForm): Repeat {
  const fields = Object.entries(form.fields).sort(([a], [b]) => (a < b ? -1 : 1));
  return { keyHash, path, fingerprint: sha256(JSON.stringify([fields, form.file.sha256])) };
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

function titleOf(form: UploadForm): string {
  if (form.fields.title) return form.fields.title;
  const name = form.fileName.replace(/\.[^.]{1,8}$/, "").trim();
  return name === "" ? "Untitled meeting" : name.slice(0, 200);
}

/** The team asked for, if the caller may put meetings there; else the first of the caller's own. */
async function resolveTeam(
  tx: Tx,
  ctx: Context,
  wanted: string | undefined,
): Promise<string | null> {
  const { principal } = ctx;
  if (wanted === undefined) {
    if (principal.userId === null) return null;
    const [own] = await tx
      .select({ id: teams.id })
      .from(teams)
      .innerJoin(teamMembers, eq(teamMembers.teamId, teams.id))
      .where(
        and(eq(teams.workspaceId, principal.workspaceId), eq(teamMembers.userId, principal.userId)),
      )
      .orderBy(asc(teams.createdAt), asc(teams.id))
      .limit(1);
    return own?.id ?? null;
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
async function checkContact(ctx: Context, id: string | undefined): Promise<void> {
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

async function createMeeting(
  ctx: Context,
  source: UploadRequest["source"],
  form: UploadForm,
  judged: JudgedFile,
  repeat: Repeat | null,
): Promise<JsonText> {
  const id = newId("meeting");
  const { workspaceId } = ctx.principal;
  const key = `recordings/${workspaceId}/${id}`;
  let kept: Staged | null = null;
  try {
    return await db().transaction(async (tx) => {
      const known = repeat ? await claimRepeat(tx, ctx, repeat) : null;
      if (known !== null) return new JsonText(known);
      const meeting = {
        id,
        workspaceId,
        title: titleOf(form),
        date: meetingDate(ctx, form.fields.date),
        status: "queued",
        source,
        medium: form.fields.medium ?? "video_call",
        language: form.fields.language === "auto" ? null : (form.fields.language ?? null),
        teamId: await resolveTeam(tx, ctx, form.fields.team_id),
        userId: ctx.principal.userId,
        recordingKey: key,
        recordingKind: judged.kind,
        recordingName: form.fileName,
        recordingType: judged.contentType,
        recordingBytes: form.file.bytes,
      } as const;
      const contactId = await resolveContact(tx, ctx, form.fields);
      await tx.insert(meetings).values(meeting);
      if (contactId)
        await tx.insert(meetingContacts).values({ workspaceId, meetingId: id, contactId });
      await enqueue(tx, "meeting.process", { workspaceId, meetingId: id });
      await recordAudit(tx, ctx, {
        category: "meetings",
        action: "meeting.uploaded",
        target: { type: "meeting", id, label: meeting.title },
        metadata: { source, bytes: form.file.bytes },
      });
      const body = JSON.stringify(viewOf(meeting));
      if (repeat) await keepAnswer(tx, ctx, repeat, 202, body);
      // Last before the commit: a crash between the two leaves a file that the sweep removes, never a row without one.
      kept = form.file;
      await form.file.keep(key);
      return new JsonText(body);
    });
  } catch (error) {
    if (kept) await storage().remove(key);
    throw error;
  }
}

function viewOf(meeting: { id: string; title: string; date: Date }): UploadView {
  return {
    id: meeting.id,
    title: meeting.title,
    date: isoSeconds(meeting.date),
    status: "queued",
    status_url: `${env().appUrl}/api/v1/meetings/${meeting.id}/status`,
  };
}
