import { createHash } from "node:crypto";
import { googleError } from "../families/google";
import { type Answer, json } from "../http";
import type { Settings } from "../settings";
import type { Calendar, Event } from "./state";
import { eventView, type Role } from "./views";

// events.list: whole and incremental reading. Pages follow a stable order; a sync token stands for a number in the
// calendar's changes, taken when the first page was read, so that what changes while pages are read comes again.

const RESULTS_DEFAULT = 250;
const RESULTS_MAX = 2_500;

const notWithSyncToken = [
  "iCalUID",
  "orderBy",
  "privateExtendedProperty",
  "q",
  "sharedExtendedProperty",
  "timeMin",
  "timeMax",
  "updatedMin",
];
const eventTypes = [
  "default",
  "focusTime",
  "outOfOffice",
  "workingLocation",
  "birthday",
  "fromGmail",
];
const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

interface SyncToken {
  readonly calendarId: string;
  readonly seq: number;
  readonly generation: number;
  /** Of the parameters that must stay the same. */
  readonly filter: string;
}

interface PageToken {
  /** The calendar's last change when the first page was read. */
  readonly upTo: number;
  readonly after: number;
  readonly query: string;
}

const encode = (value: SyncToken | PageToken) =>
  Buffer.from(JSON.stringify(value)).toString("base64url");

function decode<T>(token: string): T | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, "base64url").toString("utf8"));
    return typeof value === "object" && value !== null ? (value as T) : null;
  } catch {
    return null;
  }
}

const hash = (value: unknown) =>
  createHash("sha256").update(JSON.stringify(value)).digest("base64url").slice(0, 16);

/** Filters that a sync token belongs to; others make its result undefined, and are refused here. */
const filterOf = (query: URLSearchParams) =>
  hash([query.get("singleEvents") === "true", query.getAll("eventTypes").toSorted()]);

const queryOf = (query: URLSearchParams) =>
  hash([...query].filter(([name]) => name !== "pageToken").toSorted());

const invalid = (location: string, message?: string) =>
  googleError("invalid", { location, ...(message !== undefined && { message }) });

function flag(query: URLSearchParams, name: string): boolean {
  return query.get(name) === "true";
}

function timeFlaw(query: URLSearchParams): Answer | null {
  const times = ["timeMin", "timeMax", "updatedMin"].filter((name) => query.has(name));
  const wrong = times.find((name) => !rfc3339.test(query.get(name) ?? ""));
  if (wrong !== undefined) return googleError("badRequest", { location: wrong });
  const [from, to] = [query.get("timeMin"), query.get("timeMax")];
  const isEmpty = from !== null && to !== null && Date.parse(from) >= Date.parse(to);
  return isEmpty ? googleError("timeRangeEmpty", { location: "timeMax" }) : null;
}

function flawOf(query: URLSearchParams): Answer | null {
  const wrongType = query.getAll("eventTypes").find((type) => !eventTypes.includes(type));
  if (wrongType !== undefined) return invalid("eventTypes", `Invalid value for: ${wrongType}`);
  const results = query.get("maxResults");
  if (results !== null && !/^[1-9]\d*$/.test(results)) return invalid("maxResults");
  const order = query.get("orderBy");
  if (
    order !== null &&
    order !== "updated" &&
    !(order === "startTime" && flag(query, "singleEvents"))
  ) {
    return googleError("badRequest", {
      location: "orderBy",
      message: "The requested ordering is not available for the particular query.",
    });
  }
  if (query.has("syncToken")) {
    const mixed = notWithSyncToken.find((name) => query.has(name));
    if (mixed !== undefined) {
      return invalid("syncToken", `Sync token cannot be used with the parameter ${mixed}.`);
    }
    if (query.get("showDeleted") === "false") return invalid("showDeleted");
  }
  return timeFlaw(query);
}

const startOf = ({ span }: Event) => Date.parse(span.start);
const endOf = ({ span }: Event) => Date.parse(span.end);

function matchesText(event: Event, text: string | null): boolean {
  if (text === null) return true;
  const people = event.attendees.flatMap(({ email, displayName }) => [email, displayName ?? ""]);
  return [event.summary, event.description ?? "", event.location ?? "", ...people]
    .join("\n")
    .toLowerCase()
    .includes(text.toLowerCase());
}

/** Of the query: which events are asked for, apart from what a sync token limits. */
function isAsked(event: Event, query: URLSearchParams): boolean {
  const types = query.getAll("eventTypes");
  if (types.length > 0 && !types.includes(event.type)) return false;
  const isSingle = flag(query, "singleEvents");
  return isSingle ? event.recurrence === null : event.series === null || isException(event);
}

/** An occurrence that is not as its series says. */
const isException = ({ series, span, status }: Event) =>
  series !== null && (span.start !== series.plannedStart || status === "cancelled");

function isInWindow(event: Event, query: URLSearchParams): boolean {
  const [from, to, updated] = [query.get("timeMin"), query.get("timeMax"), query.get("updatedMin")];
  const uid = query.get("iCalUID");
  return (
    (flag(query, "showDeleted") || event.status !== "cancelled") &&
    (from === null || event.recurrence !== null || endOf(event) > Date.parse(from)) &&
    (to === null || startOf(event) < Date.parse(to)) &&
    (updated === null || Date.parse(event.updated) >= Date.parse(updated)) &&
    (uid === null || event.iCalUid === uid) &&
    matchesText(event, query.get("q"))
  );
}

function ordered(events: readonly Event[], query: URLSearchParams): readonly Event[] {
  if (query.get("orderBy") === "startTime") {
    return events.toSorted((a, b) => startOf(a) - startOf(b) || a.order - b.order);
  }
  if (query.get("orderBy") === "updated") {
    return events.toSorted((a, b) => a.updated.localeCompare(b.updated) || a.order - b.order);
  }
  return events.toSorted((a, b) => a.order - b.order);
}

/** Why a sync token cannot be used, or the change to read from. */
function readSyncToken(calendar: Calendar, query: URLSearchParams): number | Answer {
  const token = decode<SyncToken>(query.get("syncToken") ?? "");
  const isKnown = token?.calendarId === calendar.id && token.generation === calendar.generation;
  if (!isKnown || typeof token.seq !== "number") return googleError("fullSyncRequired");
  return token.filter === filterOf(query)
    ? token.seq
    : invalid("syncToken", "The parameters are not those of the first request.");
}

interface Reading {
  readonly events: readonly Event[];
  readonly upTo: number;
}

/** The events of the whole reading, of which a page is a part. */
function readingOf(calendar: Calendar, query: URLSearchParams, upTo: number): Reading | Answer {
  const asked = Object.values(calendar.events).filter((event) => isAsked(event, query));
  if (!query.has("syncToken")) {
    return {
      events: ordered(
        asked.filter((event) => isInWindow(event, query)),
        query,
      ),
      upTo,
    };
  }
  const since = readSyncToken(calendar, query);
  if (typeof since !== "number") return since;
  return {
    events: ordered(
      asked.filter(({ seq }) => seq > since),
      query,
    ),
    upTo,
  };
}

/** One page of events.list for somebody with this role. */
export function listEvents(
  calendar: Calendar,
  role: Role,
  query: URLSearchParams,
  settings: Settings,
): Answer {
  const flaw = flawOf(query);
  if (flaw !== null) return flaw;
  const from = query.has("pageToken") ? decode<PageToken>(query.get("pageToken") ?? "") : null;
  if (query.has("pageToken") && from?.query !== queryOf(query)) return invalid("pageToken");
  const reading = readingOf(calendar, query, from?.upTo ?? calendar.seq);
  if ("status" in reading) return reading;
  const wanted = Math.min(Number(query.get("maxResults") ?? RESULTS_DEFAULT), RESULTS_MAX);
  const size = Math.min(wanted, settings.pageSize ?? wanted);
  const position = (event: Event, index: number) => (query.has("orderBy") ? index : event.order);
  const rest = reading.events
    .map((event, index) => ({ event, at: position(event, index) }))
    .filter(({ at }) => from === null || at > from.after);
  const shown = rest.slice(0, size);
  const last = shown.at(-1);
  const hasMore = rest.length > shown.length && last !== undefined;
  const page: PageToken = { upTo: reading.upTo, after: last?.at ?? 0, query: queryOf(query) };
  const sync: SyncToken = {
    calendarId: calendar.id,
    seq: reading.upTo,
    generation: calendar.generation,
    filter: filterOf(query),
  };
  const isSyncable = !(query.has("orderBy") || query.has("q"));
  return json(200, {
    kind: "calendar#events",
    etag: `"${hash([calendar.id, calendar.seq])}"`,
    summary: calendar.summary,
    description: "",
    updated: new Date(
      Math.max(0, ...Object.values(calendar.events).map(({ updated }) => Date.parse(updated))),
    ).toISOString(),
    timeZone: calendar.timeZone,
    accessRole: role,
    defaultReminders: role === "owner" ? [{ method: "popup", minutes: 10 }] : [],
    ...(hasMore && { nextPageToken: encode(page) }),
    ...(!hasMore && isSyncable && { nextSyncToken: encode(sync) }),
    items: shown.map(({ event }) => eventView(calendar, event, role)),
  });
}
