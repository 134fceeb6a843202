import type { z } from "zod";
import type { Context } from "@/lib/auth/principal";
import { seal, unseal } from "@/lib/core/crypto";
import { AppError } from "@/lib/core/errors";

// How something was before it was changed travels sealed with the answer, and only the person who changed it, in the
// same workspace, can open it, for ten minutes.

const undoMs = 10 * 60_000;

type What = "dismiss" | "correction" | "contact";

const sealedFor = ({ principal }: Context, what: What) =>
  `undo-${what}.${principal.workspaceId}.${principal.id}`;

/** The record as a text that only the same person can use, for ten minutes. What the schema does not name is left out. */
export function sealUndo<S extends z.ZodType>(
  ctx: Context,
  what: What,
  schema: S,
  record: z.input<S>,
): string {
  const until = ctx.now().getTime() + undoMs;
  return seal(JSON.stringify({ until, record: schema.parse(record) }), sealedFor(ctx, what));
}

/** @param fix what the person can do instead. */
export const undoTooLate = (fix: string) =>
  new AppError("conflict", "This can no longer be undone", { fix });

/** The record that `sealUndo` made; `conflict` after ten minutes, and for anybody else. */
export function openUndo<S extends z.ZodType>(
  ctx: Context,
  what: What,
  schema: S,
  { undo, fix }: { readonly undo: string; readonly fix: string },
): z.output<S> {
  try {
    const { until, record } = JSON.parse(unseal(undo, sealedFor(ctx, what))) as {
      until: number;
      record: unknown;
    };
    if (until >= ctx.now().getTime()) return schema.parse(record);
  } catch {
    // A seal that does not open says no more than one that is too old.
  }
  throw undoTooLate(fix);
}
