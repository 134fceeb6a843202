import { and, eq, inArray } from "drizzle-orm";
import { actionItems } from "@/db/schema/meetings";
import type { Value } from "@/lib/sync/merge";
import { actionItemFields } from "@/lib/sync/records/fields";
import { twoWayHandler } from "@/lib/sync/resources/two-way";

function columnsOf(fields: Readonly<Record<string, Value>>) {
  const { text, isDone, dueOn } = fields;
  return {
    ...(typeof text === "string" ? { text } : {}),
    ...(typeof isDone === "boolean"
      ? { status: isDone ? ("done" as const) : ("open" as const) }
      : {}),
    ...(typeof dueOn === "string" ? { dueDate: dueOn } : {}),
  };
}

/** Tasks that Harmony made at the tool. Other tasks over there are not ours and are left alone. */
export const actionItemHandler = twoWayHandler<"action_item">({
  resource: "action_item",
  topic: "action_item.changed",
  fields: actionItemFields,
  fieldsOf: ({ text, isDone, dueOn }) => ({ text, isDone, dueOn }),
  read: async (tx, workspaceId, ids) => {
    if (ids.length === 0) return [];
    const rows = await tx
      .select()
      .from(actionItems)
      .where(and(eq(actionItems.workspaceId, workspaceId), inArray(actionItems.id, [...ids])));
    return rows.map(({ id, text, status, dueDate, updatedAt }) => ({
      id,
      label: text,
      fields: { text, isDone: status === "done", dueOn: dueDate },
      changedAt: updatedAt,
    }));
  },
  match: async () => null,
  write: async (tx, workspaceId, id, fields, now) => {
    await tx
      .update(actionItems)
      // A person changed it, if at the tool: a new analysis leaves it alone.
      .set({ ...columnsOf(fields), editedAt: now, updatedAt: now })
      .where(and(eq(actionItems.workspaceId, workspaceId), eq(actionItems.id, id)));
  },
});
