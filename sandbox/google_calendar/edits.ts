import type { Host } from "../tool";
import {
  type Calendar,
  type Conference,
  copiesOf,
  type Event,
  type EventFacts,
  type GoogleState,
  invite,
  type Response,
  type Span,
  touch,
} from "./state";
import { notifyWatchers } from "./watch";

// What people do to events, by hand on the page or by the control API. A change reaches every calendar that has the
// event, and everybody who watches one of them.

const MINUTE_MS = 60_000;

/** Changes all copies of an event; null when there is none. */
export function changeEvent(
  host: Host,
  state: GoogleState,
  eventId: string,
  change: (event: Event) => void,
): Event | null {
  const copies = copiesOf(state, eventId);
  for (const [calendar, event] of copies) {
    change(event);
    touch(calendar, event, host.now());
  }
  notifyWatchers(
    host,
    state,
    copies.map(([calendar]) => calendar),
  );
  return copies[0]?.[1] ?? null;
}

export function cancelEvent(host: Host, state: GoogleState, eventId: string): Event | null {
  return changeEvent(host, state, eventId, (event) => {
    event.status = "cancelled";
    event.sequence += 1;
  });
}

/** Somebody's answer to an invitation. */
export function respond(
  host: Host,
  state: GoogleState,
  eventId: string,
  email: string,
  response: Response,
): Event | null {
  return changeEvent(host, state, eventId, (event) => {
    for (const attendee of event.attendees)
      if (attendee.email === email) attendee.response = response;
  });
}

export function createEvent(host: Host, state: GoogleState, facts: EventFacts): Event {
  const event = invite(state, facts, host.now());
  const calendars: Calendar[] = copiesOf(state, event.id).map(([calendar]) => calendar);
  notifyWatchers(host, state, calendars);
  return event;
}

/** From a start and a length. */
export function spanOf(start: string, minutes: number): Span {
  const at = Date.parse(start);
  const iso = (time: number) => new Date(time).toISOString();
  return { start: iso(at), end: iso(at + minutes * MINUTE_MS), isAllDay: false };
}

export const minutesOf = ({ start, end }: Span) =>
  Math.round((Date.parse(end) - Date.parse(start)) / MINUTE_MS);

/** A new link of this kind, unlike the others. */
export function newConference(kind: string, serial: number): Conference | null {
  const letters = (value: number, length: number) =>
    Array.from({ length }, (_, index) =>
      String.fromCharCode(97 + (Math.floor(value / 26 ** index) % 26)),
    ).join("");
  const value = serial * 104_729;
  switch (kind) {
    case "meet":
      return {
        kind: "meet",
        code: `${letters(value, 3)}-${letters(value * 3, 4)}-${letters(value * 7, 3)}`,
      };
    case "zoom":
      return { kind: "zoom", number: String(80_000_000_000 + value) };
    case "teams":
      return { kind: "teams", thread: `19:meeting_${letters(value * 11, 12)}@thread.v2` };
    default:
      return null;
  }
}
