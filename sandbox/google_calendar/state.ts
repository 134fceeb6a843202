import type { GoogleAccount } from "../families/google";
import { emptyOAuth, type OAuthState } from "../oauth";

// Calendars and events as data. An event lies in the calendar of each person who is invited, as at Google: same id
// and iCalUID, own etag.

export type Response = "accepted" | "declined" | "tentative" | "needsAction";

export interface Attendee {
  readonly email: string;
  readonly displayName?: string;
  readonly isResource?: boolean;
  response: Response;
}

/** A moment in UTC as ISO text, or a day such as `2026-11-27`. */
export interface Span {
  readonly start: string;
  readonly end: string;
  readonly isAllDay: boolean;
}

export type Conference =
  | { readonly kind: "meet"; readonly code: string }
  | { readonly kind: "zoom"; readonly number: string }
  /** Teams has no structured place at Google: its link stands in the description. */
  | { readonly kind: "teams"; readonly thread: string };

export type EventType = "default" | "focusTime" | "outOfOffice" | "workingLocation" | "birthday";

export interface Event {
  readonly id: string;
  /** Which of its calendar's changes made it as it is; the greatest one is the newest. */
  seq: number;
  /** Its place in the stable order of lists. */
  readonly order: number;
  readonly iCalUid: string;
  status: "confirmed" | "tentative" | "cancelled";
  summary: string;
  description: string | null;
  location: string | null;
  span: Span;
  readonly organizer: string;
  attendees: Attendee[];
  conference: Conference | null;
  readonly type: EventType;
  visibility: "default" | "private";
  /** Of an occurrence: its series, and when it was planned. */
  readonly series: { readonly id: string; readonly plannedStart: string } | null;
  /** Of a series itself. */
  readonly recurrence: readonly string[] | null;
  readonly created: string;
  updated: string;
  sequence: number;
}

export interface Calendar {
  readonly id: string;
  summary: string;
  readonly timeZone: string;
  readonly color: string;
  /** Who may see it, by address. */
  readonly access: Record<string, "owner" | "writer" | "reader" | "freeBusyReader">;
  /** Holidays and birthdays take no watch channels. */
  readonly isWatchable: boolean;
  readonly events: Record<string, Event>;
  seq: number;
  /** Sync tokens of earlier generations are too old. */
  generation: number;
}

export interface Channel {
  readonly id: string;
  readonly resourceId: string;
  readonly calendarId: string;
  readonly address: string;
  readonly token: string | null;
  readonly expiresAt: number;
  readonly sub: string;
  messages: number;
}

export interface GoogleState {
  readonly oauth: OAuthState;
  readonly accounts: GoogleAccount[];
  readonly calendars: Record<string, Calendar>;
  readonly channels: Record<string, Channel>;
  serial: number;
}

export function emptyGoogle(): GoogleState {
  return { oauth: emptyOAuth(), accounts: [], calendars: {}, channels: {}, serial: 1 };
}

/** An account with its own calendar; the same one when it is there already. */
export function addAccount(state: GoogleState, email: string, name: string): GoogleAccount {
  const known = state.accounts.find((account) => account.email === email);
  if (known) return known;
  const sub = `1101694844${String(70_000_000_000 + state.accounts.length * 7_919)}`;
  const account = { sub, email, name };
  state.accounts.push(account);
  state.calendars[email] = makeCalendar(email, email, { [email]: "owner" });
  return account;
}

export function makeCalendar(
  id: string,
  summary: string,
  access: Calendar["access"],
  facts: { readonly isWatchable?: boolean; readonly color?: string } = {},
): Calendar {
  return {
    id,
    summary,
    timeZone: "Europe/Berlin",
    color: facts.color ?? "#9fe1e7",
    access,
    isWatchable: facts.isWatchable ?? true,
    events: {},
    seq: 0,
    generation: 1,
  };
}

export type EventFacts = Pick<Event, "summary" | "span" | "organizer"> &
  Partial<
    Pick<
      Event,
      | "description"
      | "location"
      | "attendees"
      | "conference"
      | "type"
      | "visibility"
      | "series"
      | "recurrence"
      | "id"
      | "iCalUid"
      | "status"
    >
  >;

/** An id as Google makes them: base32hex. */
export function newEventId(state: GoogleState): string {
  state.serial += 1;
  return `sb${(state.serial * 7_919_381).toString(32).padStart(20, "0")}`;
}

/** Puts a new event into one calendar. */
export function addEvent(
  state: GoogleState,
  calendar: Calendar,
  facts: EventFacts,
  now: Date,
): Event {
  const id = facts.id ?? newEventId(state);
  calendar.seq += 1;
  const event: Event = {
    status: "confirmed",
    description: null,
    location: null,
    attendees: [],
    conference: null,
    type: "default",
    visibility: "default",
    series: null,
    recurrence: null,
    iCalUid: `${id}@google.com`,
    created: now.toISOString(),
    updated: now.toISOString(),
    sequence: 0,
    ...structuredClone(facts),
    id,
    seq: calendar.seq,
    order: calendar.seq,
  };
  calendar.events[id] = event;
  return event;
}

/** Puts an event into the calendar of its organizer and of everybody invited who has one here. */
export function invite(state: GoogleState, facts: EventFacts, now: Date): Event {
  const id = facts.id ?? newEventId(state);
  const people = new Set([facts.organizer, ...(facts.attendees ?? []).map(({ email }) => email)]);
  const calendars = Object.values(state.calendars).filter((calendar) => people.has(calendar.id));
  const [first, ...rest] = calendars.map((calendar) =>
    addEvent(state, calendar, { ...facts, id }, now),
  );
  if (first === undefined) throw new Error(`Nobody of ${[...people].join(", ")} has a calendar`);
  return rest.find(({ organizer }) => organizer === facts.organizer) ?? first;
}

/** All copies of an event, each with its calendar. */
export function copiesOf(state: GoogleState, eventId: string): readonly [Calendar, Event][] {
  return Object.values(state.calendars).flatMap((calendar): [Calendar, Event][] => {
    const event = calendar.events[eventId];
    return event ? [[calendar, event]] : [];
  });
}

/** Marks an event as changed now: etag, `updated` and its place in the changes follow from it. */
export function touch(calendar: Calendar, event: Event, now: Date): void {
  calendar.seq += 1;
  event.seq = calendar.seq;
  event.updated = now.toISOString();
}
