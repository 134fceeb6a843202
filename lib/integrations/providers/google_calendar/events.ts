import { z } from "zod";
import type { Change, EventRecord } from "@/lib/integrations/contract";

// An event of the Calendar API v3 → what we keep of it.

const moment = z.object({ dateTime: z.string().optional(), date: z.string().optional() });

const attendee = z.object({
  email: z.string().optional(),
  displayName: z.string().optional(),
  responseStatus: z.string().optional(),
  self: z.boolean().optional(),
  resource: z.boolean().optional(),
});

const event = z.object({
  id: z.string().min(1),
  etag: z.string().optional(),
  updated: z.string().optional(),
  htmlLink: z.string().optional(),
  summary: z.string().optional(),
  description: z.string().optional(),
  location: z.string().optional(),
  visibility: z.string().optional(),
  iCalUID: z.string().optional(),
  start: moment,
  end: moment,
  originalStartTime: moment.optional(),
  organizer: z.object({ email: z.string().optional() }).optional(),
  attendees: z.array(attendee).optional(),
  hangoutLink: z.string().optional(),
  conferenceData: z
    .object({
      entryPoints: z
        .array(z.object({ entryPointType: z.string().optional(), uri: z.string().optional() }))
        .optional(),
    })
    .optional(),
});
type GoogleEvent = z.output<typeof event>;

const named = z.object({ id: z.string().min(1), status: z.string().optional() });

const attendeesMax = 500;
const titleMax = 500;
const candidateMax = 20_000;

function instantOf(at: z.output<typeof moment> | undefined): Date | null {
  const text = at?.dateTime ?? at?.date;
  if (text === undefined) return null;
  const instant = new Date(text);
  // Beyond the year 9999 an instant cannot be written as people write it.
  const isUsual = instant.getTime() > 0 && instant.getUTCFullYear() <= 9999;
  return isUsual ? instant : null;
}

function linkCandidatesOf(item: GoogleEvent): string[] {
  const entries = (item.conferenceData?.entryPoints ?? []).filter(
    (entry) => entry.entryPointType === "video",
  );
  return [...entries.map((entry) => entry.uri), item.hangoutLink, item.location, item.description]
    .filter((text): text is string => text !== undefined && text !== "")
    .map((text) => text.slice(0, candidateMax));
}

function attendeesOf(item: GoogleEvent): EventRecord["attendees"] {
  return (item.attendees ?? []).slice(0, attendeesMax).flatMap((person) =>
    // Rooms are invited like people; some guests have no address that we may see.
    person.resource === true || person.email === undefined
      ? []
      : [
          {
            email: person.email,
            name: person.displayName ?? null,
            response: person.responseStatus ?? "needsAction",
            ...(person.self === true ? { isSelf: true } : {}),
          },
        ],
  );
}

function titleOf(item: GoogleEvent): string {
  // A shared calendar that shows only when somebody is busy names nothing.
  return item.summary?.trim().slice(0, titleMax) || "Busy";
}

/** Private ones, and the busy blocks of somebody who shares no more than that. */
function isPrivate(item: GoogleEvent): boolean {
  return (
    item.visibility === "private" ||
    item.visibility === "confidential" ||
    item.summary === undefined
  );
}

function toRecord(item: GoogleEvent, startsAt: Date, endsAt: Date): EventRecord {
  const attendees = attendeesOf(item);
  return {
    uid: item.iCalUID ?? null,
    occurrence: instantOf(item.originalStartTime),
    title: titleOf(item),
    startsAt,
    endsAt,
    isAllDay: item.start.dateTime === undefined,
    isDeclined: attendees.some((person) => person.isSelf && person.response === "declined"),
    isPrivate: isPrivate(item),
    organizerEmail: item.organizer?.email ?? null,
    attendees,
    linkCandidates: linkCandidatesOf(item),
    status: "confirmed",
  };
}

/** One item of a list. A cancelled one is a stub that often has nothing but its id. */
export function toChange(item: unknown): Change<"event"> {
  const name = named.safeParse(item);
  if (!name.success) {
    return { kind: "unreadable", externalId: "unknown", reason: "The event has no id" };
  }
  const { id: externalId, status } = name.data;
  if (status === "cancelled") return { kind: "delete", externalId };
  const read = event.safeParse(item);
  const startsAt = read.success ? instantOf(read.data.start) : null;
  const endsAt = read.success ? instantOf(read.data.end) : null;
  if (!read.success || startsAt === null || endsAt === null) {
    const where = read.success ? "start or end" : read.error.issues[0]?.path.join(".");
    return {
      kind: "unreadable",
      externalId,
      reason: `Google sent an event whose ${where ?? "shape"} is not known`,
    };
  }
  return {
    kind: "upsert",
    externalId,
    version: read.data.etag ?? null,
    modifiedAt: instantOf({ dateTime: read.data.updated }),
    url: read.data.htmlLink ?? null,
    record: toRecord(read.data, startsAt, endsAt),
  };
}
