import { countMissing, dropCalendar, storeEventPage } from "@/lib/calendar/service";
import type { Handler, Stored } from "@/lib/sync/resources/handler";
import type { Entry } from "@/lib/sync/runs";

type StoredEvent = Awaited<ReturnType<typeof storeEventPage>>[number];

// Titles stay out of the log: it outlives the event.
const words = {
  created: { level: "info", action: "create", message: "An event was read." },
  updated: { level: "info", action: "update", message: "An event was read again." },
  removed: {
    level: "info",
    action: "delete_unlinked",
    message: "An event was removed: it was deleted in the calendar.",
  },
} as const;

function entryOf(event: StoredEvent, calendarId: string): Entry | null {
  const { outcome, externalId, id, url } = event;
  if (outcome === "unchanged") return null;
  const common = {
    objectType: "event",
    harmonyId: id,
    externalId,
    externalUrl: url,
    details: { stream: calendarId },
  };
  if (outcome !== "unreadable") return { ...common, ...words[outcome] };
  return {
    ...common,
    level: "error",
    action: "skip",
    message: `An event could not be read and was put aside: ${event.reason ?? "unknown form"}`,
    errorCode: "invalid_value",
  };
}

const countOf = (events: readonly StoredEvent[], outcome: StoredEvent["outcome"]) =>
  events.filter((event) => event.outcome === outcome).length;

/** Events mirror their calendar: what is deleted there goes here. */
export const eventHandler: Handler<"event"> = {
  store: async (tx, { target, stream, now }, page): Promise<Stored> => {
    const stored = await storeEventPage(tx, target.connection, stream, page, now);
    const removed = countOf(stored, "removed");
    return {
      entries: stored.flatMap((event) => entryOf(event, stream) ?? []),
      tally: {
        created: countOf(stored, "created"),
        updated: countOf(stored, "updated") + removed,
        failed: countOf(stored, "unreadable"),
      },
      removed,
    };
  },
  countUnmet: async (tx, { target, stream }, since) => {
    const { known, unseen } = await countMissing(tx, target.connection, stream, since);
    return { known, unmet: unseen };
  },
  dropUnmet: async (tx, { target, stream }, since): Promise<Stored> => {
    const removed = await dropCalendar(tx, target.connection, stream, since);
    const message = `${removed} ${removed === 1 ? "event was" : "events were"} removed: the calendar has them no more.`;
    return {
      entries:
        removed === 0
          ? []
          : [
              {
                level: "info",
                objectType: "event",
                action: "delete_unlinked",
                message,
                details: { stream, removed },
              },
            ],
      tally: { updated: removed },
      removed,
    };
  },
};
