import { pool } from "@/db/client";
import type { StoredSpeaker, StoredTurn } from "@/db/schema/meetings";
import type { Context } from "@/lib/auth/principal";
import { notFound } from "@/lib/core/errors";
import { oneMeeting } from "@/lib/meetings/service";

// The transcript as captions of its video (WebVTT, https://www.w3.org/TR/webvtt1/).

/** Two lines of a caption hold about this many characters. */
const captionMax = 84;

function clock(ms: number): string {
  const whole = Math.max(0, Math.round(ms));
  const hours = String(Math.floor(whole / 3_600_000)).padStart(2, "0");
  return `${hours}:${new Date(whole).toISOString().slice(14, 23)}`;
}

const caption = new RegExp(`\\S.{0,${captionMax - 1}}(?=\\s|$)|\\S.{0,${captionMax - 1}}`, "gsu");

/** Cuts a turn into captions at spaces; text without spaces is cut where it must be. */
const piecesOf = (text: string): readonly string[] => text.match(caption) ?? [];

/** `&`, `<` and `>` would be read as markup, and a line `-->` as a time. */
function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** A WebVTT file of the turns. The time of a turn is shared out by the length of its pieces. */
export function captionsOf(
  speakers: readonly Pick<StoredSpeaker, "name">[],
  turns: readonly StoredTurn[],
): string {
  const cues: string[] = [];
  for (const { speaker, text, startMs, endMs } of turns) {
    const name = escaped(speakers[speaker]?.name ?? "Speaker").replace(/\s+/g, " ");
    const pieces = piecesOf(text.replace(/\s+/g, " "));
    const all = pieces.reduce((sum, piece) => sum + piece.length, 0);
    let at = startMs;
    for (const piece of pieces) {
      const next = at + ((endMs - startMs) * piece.length) / all;
      // A caption without length is never shown.
      if (next > at) cues.push(`${clock(at)} --> ${clock(next)}\n<v ${name}>${escaped(piece)}</v>`);
      at = next;
    }
  }
  return `WEBVTT\n\n${cues.join("\n\n")}\n`;
}

/** The captions of a meeting as its transcript is now; `not_found` without one. */
export async function readCaptions(ctx: Context, id: string): Promise<string> {
  const sql = pool();
  const [row] = await sql<{ speakers: StoredSpeaker[]; turns: StoredTurn[] }[]>`
    select t.speakers, t.turns from meetings m join transcripts t on t.meeting_id = m.id
    where ${oneMeeting(ctx, id)}`;
  if (!row) throw notFound("Transcript");
  return captionsOf(row.speakers, row.turns);
}
