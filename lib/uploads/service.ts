import type { Readable } from "node:stream";
import { assertCredentialHolds, assertNotRevoked } from "@/lib/auth/guarded-read";
import { type Context, requirePermission } from "@/lib/auth/principal";
import { sha256 } from "@/lib/core/crypto";
import type { JsonText } from "@/lib/http/json-text";
import { checkContact } from "@/lib/uploads/create-meeting";
import { claimRepeat, idempotencyKeyOf, keepAnswer, type Repeat } from "@/lib/uploads/idempotency";
import { judgeFile } from "@/lib/uploads/judge-file";
import { readUploadForm, type UploadForm } from "@/lib/uploads/read-form";
import { takeFile } from "@/lib/uploads/take-file";

const path = "/meetings/upload";

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
  const { fields, fileName, file } = form;
  try {
    await assertNotRevoked(ctx);
    await checkContact(ctx, fields.contact_id);
    const judged = await judgeFile(file, fileName);
    const arrived = { source: request.source, fields, fileName, file, judged };
    if (keyHash === null) return await takeFile(ctx, arrived);
    const repeat = repeatOf(keyHash, form);
    return await takeFile(ctx, arrived, {
      before: (tx) => claimRepeat(tx, ctx, repeat),
      after: (tx, { body }) => keepAnswer(tx, ctx, repeat, 202, body),
    });
  } finally {
    await file.discard();
  }
}

function repeatOf(keyHash: string, form: UploadForm): Repeat {
  const fields = Object.entries(form.fields).sort(([a], [b]) => (a < b ? -1 : 1));
  return { keyHash, path, fingerprint: sha256(JSON.stringify([fields, form.file.sha256])) };
}
