import { z } from "zod";
import { command, type Host } from "../tool";
import { cancelEvent, changeEvent, createEvent, newConference, respond, spanOf } from "./edits";
import type { Calendar, Event, GoogleState } from "./state";

const eventFields = z.object({
  summary: z.string().max(1_000),
  /** RFC 3339. */
  start: z.string(),
  minutes: z.number().int().min(1).max(10_080),
  description: z.string().nullable(),
  location: z.string().nullable(),
  visibility: z.enum(["default", "private"]),
});

const attendeeSchema = z.object({
  email: z.email(),
  displayName: z.string().optional(),
  response: z.enum(["accepted", "declined", "tentative", "needsAction"]).default("needsAction"),
});

const found = (event: Event | null) => {
  if (event !== null) return { id: event.id };
  const issue = { code: "custom", path: ["event"], message: "There is no such event.", input: "" };
  throw new z.ZodError([issue as z.core.$ZodIssue]);
};

/** What the control API can make happen in calendars. */
export function googleCommands(host: Host, state: GoogleState) {
  const calendarsOf = (id: string | undefined): readonly Calendar[] =>
    Object.values(state.calendars).filter((calendar) => id === undefined || calendar.id === id);
  const byId = z.object({ event: z.string() });

  return {
    add_event: command(
      eventFields.partial({ description: true, location: true, visibility: true }).extend({
        organizer: z.string(),
        attendees: z.array(attendeeSchema).max(200).default([]),
        conference: z.enum(["none", "meet", "zoom", "teams"]).default("none"),
        id: z.string().optional(),
        iCalUid: z.string().optional(),
      }),
      ({ start, minutes, conference, attendees, id, iCalUid, ...facts }) => {
        const event = createEvent(host, state, {
          summary: facts.summary,
          organizer: facts.organizer,
          span: spanOf(start, minutes),
          attendees: attendees.map(({ email, displayName, response }) => ({
            email,
            response,
            ...(displayName !== undefined && { displayName }),
          })),
          conference: newConference(conference, state.serial),
          description: facts.description ?? null,
          location: facts.location ?? null,
          visibility: facts.visibility ?? "default",
          ...(id !== undefined && { id }),
          ...(iCalUid !== undefined && { iCalUid }),
        });
        return { id: event.id, iCalUid: event.iCalUid, conference: event.conference };
      },
    ),
    /** Many at once, for first readings that have many pages. */
    add_many: command(
      z.object({
        organizer: z.string(),
        count: z.number().int().min(1).max(5_000),
        start: z.string(),
      }),
      ({ organizer, count, start }) => {
        const first = Date.parse(start);
        for (let index = 0; index < count; index += 1) {
          const at = new Date(first + index * 15 * 60_000).toISOString();
          createEvent(host, state, {
            summary: `Meeting ${index + 1}`,
            organizer,
            span: spanOf(at, 15),
          });
        }
        return { added: count };
      },
    ),
    edit_event: command(
      byId.extend(eventFields.partial().shape),
      ({ event, start, minutes, ...facts }) =>
        found(
          changeEvent(host, state, event, (one) => {
            one.summary = facts.summary ?? one.summary;
            one.visibility = facts.visibility ?? one.visibility;
            if (facts.description !== undefined) one.description = facts.description;
            if (facts.location !== undefined) one.location = facts.location;
            if (start !== undefined) one.span = spanOf(start, minutes ?? 30);
            one.sequence += 1;
          }),
        ),
    ),
    cancel_event: command(byId, ({ event }) => found(cancelEvent(host, state, event))),
    respond: command(
      byId.extend({ email: z.string(), response: attendeeSchema.shape.response }),
      (input) => found(respond(host, state, input.event, input.email, input.response)),
    ),
    /** All sync tokens given so far are too old: 410. */
    expire_sync_tokens: command(z.object({ calendar: z.string().optional() }), ({ calendar }) => {
      const meant = calendarsOf(calendar);
      for (const one of meant) one.generation += 1;
      return { calendars: meant.length };
    }),
    /** A shared calendar is no longer shared with somebody, or shared otherwise. */
    share: command(
      z.object({
        calendar: z.string(),
        email: z.string(),
        role: z.enum(["owner", "writer", "reader", "freeBusyReader"]).nullable(),
      }),
      ({ calendar, email, role }) => {
        for (const { access } of calendarsOf(calendar)) {
          if (role === null) delete access[email];
          else access[email] = role;
        }
        return { calendar };
      },
    ),
    /** Watch channels end without a word. */
    drop_channels: command(z.object({}), () => {
      const ids = Object.keys(state.channels);
      for (const id of ids) delete state.channels[id];
      return { dropped: ids.length };
    }),
    /** Events of a calendar, for tests that want to name one. */
    events: command(z.object({ calendar: z.string() }), ({ calendar }) => ({
      events: calendarsOf(calendar).flatMap(({ events }) => Object.values(events)),
    })),
  };
}
