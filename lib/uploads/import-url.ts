import { db } from "@/db/client";
import { type Context, requirePermission } from "@/lib/auth/principal";
import { seal } from "@/lib/core/crypto";
import { AppError, invalidRequest } from "@/lib/core/errors";
import { newId } from "@/lib/core/ids";
import { MediaError } from "@/lib/media/media";
import { limiter } from "@/lib/rate-limit/limiter";
import { checkContact, insertMeeting } from "@/lib/uploads/create-meeting";
import { assertWhole, judgeRemote } from "@/lib/uploads/judge-remote";
import { openRemote, PassingTrouble, readHead } from "@/lib/uploads/remote-file";
import type { UploadFields, UploadView } from "@/lib/uploads/schema";

const checksPerMinute = 20;
const checkMs = 30_000;

/** What is at an address, as far as its first bytes and its headers tell. */
export interface RemoteRecording {
  readonly kind: "audio" | "video";
  readonly contentType: string;
  /** Null when the server does not say. */
  readonly bytes: number | null;
  /** The file's name; "" when neither server nor address has one. */
  readonly name: string;
}

/** A refusal of the address, as the field of a form shows it. */
function asFieldError(error: unknown): unknown {
  if (!(error instanceof MediaError || error instanceof PassingTrouble)) return error;
  return invalidRequest(
    error.message,
    { url: error.message },
    "Correct the address, or upload the file.",
  );
}

async function inspect(url: string, signal: AbortSignal): Promise<RemoteRecording> {
  const file = await openRemote(url, { range: "bytes=0-65535" }, signal);
  try {
    assertWhole(file);
    const chunks = (file.body as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
    const { head } = await readHead(chunks).catch((cause) => {
      throw new PassingTrouble(tooSlow, { cause });
    });
    const { kind, contentType } = await judgeRemote(head, file.name);
    return { kind, contentType, bytes: file.size, name: file.name };
  } finally {
    file.body.destroy();
  }
}

const tooSlow =
  "The server began to answer but did not go on. Try again later, or download the file and upload it.";

/**
 * Looks at what is at an address, without taking it: at most its first 64 KiB are read.
 * @throws `invalid_request` with a sentence under `url` when it cannot be imported.
 */
export async function checkRecordingUrl(ctx: Context, url: string): Promise<RemoteRecording> {
  requirePermission(ctx, "meetings:create");
  const taken = await limiter().take(`check-url:${ctx.principal.id}`, checksPerMinute);
  if (!taken.allowed) {
    throw new AppError("rate_limited", `More than ${checksPerMinute} addresses in this minute`, {
      fix: `Wait ${taken.retryAfterSeconds} s and try again.`,
      retryAfterSeconds: taken.retryAfterSeconds,
    });
  }
  const signal = AbortSignal.timeout(checkMs);
  try {
    return await inspect(url, signal);
  } catch (error) {
    throw asFieldError(signal.aborted ? new PassingTrouble(tooSlow) : error);
  }
}

/** Makes a queued meeting out of the recording at an address, which the worker fetches. The address is kept sealed. */
export async function importFromUrl(
  ctx: Context,
  input: { readonly url: string; readonly fields: UploadFields },
): Promise<UploadView> {
  const { url, fields } = input;
  const { name } = await checkRecordingUrl(ctx, url);
  await checkContact(ctx, fields.contact_id);
  const id = newId("meeting");
  const origin = { sourceUrlSealed: seal(url, id) };
  return db().transaction((tx) =>
    insertMeeting(tx, ctx, { id, source: "url_import", fields, fileName: name, origin }),
  );
}
