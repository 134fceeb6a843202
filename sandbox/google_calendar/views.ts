import { createHash } from "node:crypto";
import type { GoogleAccount } from "../families/google";
import type { Json } from "../http";
import type { Attendee, Calendar, Conference, Event, Span } from "./state";

// Calendars and events in the words of the Calendar API v3. What Google leaves out when it is the default is left out.

export type Role = Calendar["access"][string];

/** Of an event's moments: with the calendar's zone, or days. */
function time(span: Span, which: "start" | "end", timeZone: string): Json {
  const value = span[which];
  return span.isAllDay ? { date: value } : { dateTime: zoned(value, timeZone), timeZone };
}

/** A moment as RFC 3339 with the offset of a zone, such as `2026-03-03T15:00:00+01:00`. */
function zoned(iso: string, timeZone: string): string {
  const at = new Date(iso);
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    dateStyle: "short",
    timeStyle: "medium",
    hourCycle: "h23",
  }).formatToParts(at);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? "";
  const local = `${part("year")}-${part("month")}-${part("day")}T${part("hour")}:${part("minute")}:${part("second")}`;
  const offset = Math.round((Date.parse(`${local}Z`) - at.getTime()) / 60_000);
  const digits = (value: number) => String(value).padStart(2, "0");
  const size = Math.abs(offset);
  const sign = offset < 0 ? "-" : "+";
  return `${local}${sign}${digits(Math.floor(size / 60))}:${digits(size % 60)}`;
}

/** Changes with every change of the event. */
function etagOf({ id, seq, updated }: Event): string {
  const hash = createHash("sha256").update(`${id} ${seq} ${updated}`).digest("hex");
  return `"${BigInt(`0x${hash.slice(0, 13)}`)}"`;
}

function attendeeView(attendee: Attendee, event: Event, owner: string): Json {
  const { email, displayName, isResource, response } = attendee;
  return {
    email,
    ...(displayName !== undefined && { displayName }),
    ...(email === event.organizer && { organizer: true }),
    ...(email === owner && { self: true }),
    ...(isResource === true && { resource: true }),
    responseStatus: response,
  };
}

/** The link that a person presses to join. */
export function joinLink(conference: Conference): string {
  switch (conference.kind) {
    case "meet":
      return `https://meet.google.com/${conference.code}`;
    case "zoom":
      return `https://acme.zoom.us/j/${conference.number}?pwd=Qm9iIGlzIG91dA.1`;
    default:
      return `https://teams.microsoft.com/l/meetup-join/${encodeURIComponent(conference.thread)}/0?context=%7b%22Tid%22%3a%2272f988bf%22%7d`;
  }
}

function conferenceView(conference: Conference | null): Json {
  if (conference === null || conference.kind === "teams") return {};
  const uri = joinLink(conference);
  const entryPoints = [{ entryPointType: "video", uri, label: uri.replace("https://", "") }];
  if (conference.kind === "meet") {
    const solution = { key: { type: "hangoutsMeet" }, name: "Google Meet" };
    const conferenceData = {
      conferenceId: conference.code,
      conferenceSolution: solution,
      entryPoints,
    };
    return { hangoutLink: uri, conferenceData };
  }
  const solution = { key: { type: "addOn" }, name: "Zoom Meeting" };
  return {
    conferenceData: { conferenceId: conference.number, conferenceSolution: solution, entryPoints },
  };
}

function descriptionOf({ description, conference }: Event): string | null {
  if (conference?.kind !== "teams") return description;
  const join = `Microsoft Teams meeting<br><a href="${joinLink(conference)}">Join the meeting now</a>`;
  return description === null ? join : `${description}<br><br>${join}`;
}

function occurrenceView({ series, span }: Event, timeZone: string): Json {
  if (series === null) return {};
  const planned: Span = { ...span, start: series.plannedStart };
  return {
    recurringEventId: series.id,
    originalStartTime: time(planned, "start", timeZone),
  };
}

const person = (email: string, owner: string, calendar: Calendar): Json => ({
  email,
  ...(email === calendar.id && calendar.summary !== email && { displayName: calendar.summary }),
  ...(email === owner && { self: true }),
});

/** One event as an account may see it. `isStub`: a removed one, of which only its place is told. */
export function eventView(calendar: Calendar, event: Event, role: Role): Json {
  const { timeZone } = calendar;
  const base = { kind: "calendar#event", etag: etagOf(event), id: event.id };
  if (event.status === "cancelled") {
    return { ...base, status: "cancelled", ...occurrenceView(event, timeZone) };
  }
  const when = {
    start: time(event.span, "start", timeZone),
    end: time(event.span, "end", timeZone),
    ...occurrenceView(event, timeZone),
    iCalUID: event.iCalUid,
  };
  const isHidden =
    role === "freeBusyReader" || (role === "reader" && event.visibility === "private");
  if (isHidden) {
    return {
      ...base,
      status: event.status,
      updated: event.updated,
      visibility: "private",
      ...when,
    };
  }
  const owner = calendar.id;
  const description = descriptionOf(event);
  const location =
    event.location ?? (event.conference?.kind === "zoom" ? joinLink(event.conference) : null);
  return {
    ...base,
    status: event.status,
    htmlLink: `https://www.google.com/calendar/event?eid=${Buffer.from(`${event.id} ${owner}`).toString("base64url")}`,
    created: event.created,
    updated: event.updated,
    summary: event.summary,
    ...(description !== null && { description }),
    ...(location !== null && { location }),
    creator: person(event.organizer, owner, calendar),
    organizer: person(event.organizer, owner, calendar),
    ...when,
    ...(event.recurrence !== null && { recurrence: event.recurrence }),
    sequence: event.sequence,
    ...(event.visibility !== "default" && { visibility: event.visibility }),
    ...(event.type === "workingLocation" && { transparency: "transparent" }),
    ...(event.attendees.length > 0 && {
      attendees: event.attendees.map((attendee) => attendeeView(attendee, event, owner)),
    }),
    ...conferenceView(event.conference),
    reminders: { useDefault: true },
    eventType: event.type,
  };
}

/** A calendar in the list of an account. */
export function calendarView(calendar: Calendar, account: GoogleAccount, role: Role): Json {
  const { id, summary, timeZone, color } = calendar;
  return {
    kind: "calendar#calendarListEntry",
    etag: `"${createHash("sha256").update(`${id} ${summary} ${role}`).digest("hex").slice(0, 16)}"`,
    id,
    summary,
    timeZone,
    backgroundColor: color,
    foregroundColor: "#000000",
    accessRole: role,
    selected: true,
    defaultReminders: [],
    conferenceProperties: { allowedConferenceSolutionTypes: ["hangoutsMeet"] },
    ...(id === account.email && { primary: true }),
  };
}
