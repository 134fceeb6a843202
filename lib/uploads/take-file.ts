import { db, pool, type Tx } from "@/db/client";
import type { Context } from "@/lib/auth/principal";
import { newId } from "@/lib/core/ids";
import { JsonText } from "@/lib/http/json-text";
import { ownerlessKeys } from "@/lib/storage/ownerless";
import { type Staged, storage } from "@/lib/storage/storage";
import { insertMeeting, type NewMeeting } from "@/lib/uploads/create-meeting";
import type { JudgedFile } from "@/lib/uploads/judge-file";

export interface ArrivedFile extends Pick<NewMeeting, "source" | "fields" | "fileName"> {
  readonly file: Staged;
  readonly judged: JudgedFile;
}

/** What a door adds to the transaction that makes the meeting. */
export interface AroundMeeting {
  /** Runs first; the answer of an earlier run makes it the answer of this one, and no meeting. */
  readonly before?: (tx: Tx) => Promise<string | null>;
  /** Runs last, with the meeting's id and the answer that is about to be given. */
  readonly after?: (tx: Tx, made: { readonly id: string; readonly body: string }) => Promise<void>;
}

/**
 * Makes a file that has arrived a queued meeting: row, job and whatever the door adds commit together, and the file
 * gets its lasting name just before. On any failure neither row nor lasting file remains; the bytes that arrived do,
 * for whoever tries again or discards them.
 * @returns the upload's answer as JSON.
 */
export async function takeFile(
  ctx: Context,
  { file, judged, ...wanted }: ArrivedFile,
  around: AroundMeeting = {},
): Promise<JsonText> {
  const id = newId("meeting");
  const key = `recordings/${ctx.principal.workspaceId}/${id}`;
  const origin = {
    recordingKey: key,
    recordingKind: judged.kind,
    recordingType: judged.contentType,
    recordingBytes: file.bytes,
    recordingSha256: file.sha256,
  };
  let isKept = false;
  try {
    await file.prepare(key);
    const answer = await db().transaction(async (tx) => {
      const known = (await around.before?.(tx)) ?? null;
      if (known !== null) return known;
      const body = JSON.stringify(await insertMeeting(tx, ctx, { ...wanted, id, origin }));
      await around.after?.(tx, { id, body });
      // Last before the commit: a crash between the two leaves a file that the sweep removes, never a row without one.
      await file.keep(key);
      isKept = true;
      return body;
    });
    if (!isKept) await storage().remove(key);
    // The meeting stands: what cannot be removed now is swept.
    await file.discard().catch(() => undefined);
    return new JsonText(answer);
  } catch (error) {
    await takeBack(key, isKept);
    throw error;
  }
}

/** Removes the file of a meeting that did not come to be. Where the commit broke off only the database knows that. */
async function takeBack(key: string, isUncertain: boolean): Promise<void> {
  if (!isUncertain) return storage().remove(key);
  const ownerless = await ownerlessKeys(pool(), [key]).catch(() => []);
  if (ownerless.length > 0) await storage().remove(key);
}
