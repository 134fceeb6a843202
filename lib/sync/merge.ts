import type { ConflictRule } from "@/lib/integrations/contract";

// Both sides may have changed a record since they agreed last. Each field is decided by itself, against the value of
// then (handbook D-24). Pure.

export type Value = string | boolean | null;
export type Fields = Readonly<Record<string, Value>>;

export interface Sides {
  /** The value that both sides had last; null: they never agreed. */
  readonly baseline: Fields | null;
  readonly ours: Fields;
  readonly theirs: Fields;
  readonly oursChangedAt: Date;
  /** Null: the tool does not say. */
  readonly theirsChangedAt: Date | null;
}

export interface Conflict {
  readonly field: string;
  readonly ours: Value;
  readonly theirs: Value;
  readonly winner: "harmony" | "tool";
}

export interface Merged {
  /** What our record becomes: only the fields that change. */
  readonly toHarmony: Readonly<Record<string, Value>>;
  /** Fields in which the tool's record is to become ours. */
  readonly toTool: readonly string[];
  readonly conflicts: readonly Conflict[];
}

const isEmpty = (value: Value | undefined) =>
  value === undefined || value === null || (typeof value === "string" && value.trim() === "");

const isSame = (left: Value | undefined, right: Value | undefined) =>
  left === right || (isEmpty(left) && isEmpty(right));

function winnerOf(rule: ConflictRule, sides: Sides): "harmony" | "tool" {
  if (rule === "harmony_wins") return "harmony";
  if (rule === "tool_wins" || sides.theirsChangedAt === null) return "tool";
  return sides.oursChangedAt > sides.theirsChangedAt ? "harmony" : "tool";
}

interface Decision {
  readonly winner: "harmony" | "tool";
  readonly isConflict: boolean;
}

/** Null: both sides agree. */
function decide(field: string, rule: ConflictRule, sides: Sides): Decision | null {
  const ours = sides.ours[field];
  const theirs = sides.theirs[field];
  if (isSame(ours, theirs)) return null;
  // An empty value never overwrites a filled one, whoever changed it.
  if (isEmpty(theirs)) return { winner: "harmony", isConflict: false };
  if (isEmpty(ours)) return { winner: "tool", isConflict: false };
  const known = sides.baseline?.[field];
  const isOursChanged = sides.baseline === null || !isSame(ours, known);
  const isTheirsChanged = sides.baseline === null || !isSame(theirs, known);
  if (isOursChanged && isTheirsChanged) return { winner: winnerOf(rule, sides), isConflict: true };
  return { winner: isTheirsChanged ? "tool" : "harmony", isConflict: false };
}

/** What becomes of the fields of a record that both sides have. */
export function mergeFields(fields: readonly string[], rule: ConflictRule, sides: Sides): Merged {
  const toHarmony: Record<string, Value> = {};
  const toTool: string[] = [];
  const conflicts: Conflict[] = [];
  for (const field of fields) {
    const decision = decide(field, rule, sides);
    if (decision === null) continue;
    const ours = sides.ours[field] ?? null;
    const theirs = sides.theirs[field] ?? null;
    if (decision.winner === "tool") toHarmony[field] = theirs;
    else toTool.push(field);
    if (decision.isConflict) conflicts.push({ field, ours, theirs, winner: decision.winner });
  }
  return { toHarmony, toTool, conflicts };
}
