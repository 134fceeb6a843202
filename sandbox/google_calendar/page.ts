import { html, type Markup, page } from "../html";
import { type Answer, type Call, formOf, seeOther, text } from "../http";
import { findRoute, type Host, type Route, type RouteEntry } from "../tool";
import {
  cancelEvent,
  changeEvent,
  createEvent,
  minutesOf,
  newConference,
  respond,
  spanOf,
} from "./edits";
import type { Calendar, Event, GoogleState, Response } from "./state";
import { joinLink } from "./views";

// Calendars as a person sees them, with forms for everything that can be done by hand. Times are UTC.

const DAYS_BACK_MS = 7 * 86_400_000;
const responses: readonly Response[] = ["accepted", "tentative", "declined", "needsAction"];
const responseWords: Readonly<Record<Response, string>> = {
  accepted: "Going",
  tentative: "Maybe",
  declined: "Declined",
  needsAction: "Not answered",
};

const missing = text(404, "There is no such calendar or event.");

/** Routes of the pages below `/google_calendar`. */
export function googlePages(host: Host, state: GoogleState) {
  const { url } = host;
  const link = (calendar: Calendar) => `${url}/calendars/${encodeURIComponent(calendar.id)}`;
  const eventLink = (calendar: Calendar, event: Event) => `${link(calendar)}/events/${event.id}`;

  const overview = (): Answer =>
    page({
      title: "Google Calendar stand-in",
      follows: host.follows(),
      body: html`<p><a href="${url.replace(/\/[^/]+$/, "/")}">All stand-ins</a></p><h1>Google Calendar</h1>
<section class="card"><h2>Calendars</h2><ul class="plain">${Object.values(state.calendars).map(
        (calendar) =>
          html`<li><a href="${link(calendar)}">${calendar.summary}</a> <span class="muted small">${Object.values(calendar.events).filter(({ status, recurrence }) => status !== "cancelled" && recurrence === null).length} events</span></li>`,
      )}</ul></section>`,
    });

  const day = new Intl.DateTimeFormat("en-GB", {
    timeZone: "UTC",
    weekday: "short",
    day: "numeric",
    month: "short",
  });
  const when = ({ span }: Event) => {
    const start = new Date(span.start);
    const days = day.format(start);
    return span.isAllDay
      ? `${days}, all day`
      : `${days}, ${span.start.slice(11, 16)} to ${span.end.slice(11, 16)} UTC`;
  };

  const inputTime = (iso: string) => iso.slice(0, 16);

  const fields = (event: Event | null, prefix: string): Markup => {
    const start = event?.span.start ?? new Date(host.now().getTime() + 86_400_000).toISOString();
    const minutes = event ? minutesOf(event.span) : 30;
    return html`<label for="${prefix}-summary">Title</label><input id="${prefix}-summary" name="summary" type="text" required maxlength="200" value="${event?.summary ?? ""}">
<label for="${prefix}-start">Start (UTC)</label><input id="${prefix}-start" name="start" type="datetime-local" required value="${inputTime(start.length === 10 ? `${start}T00:00` : start)}">
<label for="${prefix}-minutes">Minutes</label><input id="${prefix}-minutes" name="minutes" type="number" min="1" max="1440" required value="${minutes}">`;
  };

  const addForm = (calendar: Calendar) => html`<details class="card"><summary>Add an event</summary>
<form method="post" action="${link(calendar)}/add">${fields(null, "add")}
<label for="add-attendees">Invite (addresses, separated by commas)</label><input id="add-attendees" name="attendees" type="text">
<label for="add-conference">Conference</label><select id="add-conference" name="conference"><option value="meet">Google Meet</option><option value="zoom">Zoom</option><option value="teams">Microsoft Teams</option><option value="none">None</option></select>
<p><button class="primary">Add</button></p></form></details>`;

  const attendeeLine = (calendar: Calendar, { attendees, organizer }: Event) =>
    attendees.map(
      ({ email, displayName, response }) =>
        html`<li>${displayName ?? email} <span class="muted small">${email === organizer ? "organizer, " : ""}${responseWords[response]}${email === calendar.id ? " (this person)" : ""}</span></li>`,
    );

  const showEvent = (calendar: Calendar, event: Event): Markup => {
    const isCancelled = event.status === "cancelled";
    return html`<li class="message"><h3><a href="${eventLink(calendar, event)}"${isCancelled ? html` class="gone"` : null}>${event.summary}</a></h3>
<p class="small muted">${when(event)}${isCancelled ? html` <span class="tag">cancelled</span>` : null}${event.visibility === "private" ? html` <span class="tag">private</span>` : null}${event.series ? html` <span class="tag">weekly</span>` : null}${event.type === "default" ? null : html` <span class="tag">${event.type}</span>`}${event.conference ? html` <span class="tag">${event.conference.kind}</span>` : null}</p></li>`;
  };

  const calendarPage = (calendar: Calendar): Answer => {
    const since = host.now().getTime() - DAYS_BACK_MS;
    const events = Object.values(calendar.events)
      .filter(({ recurrence, span }) => recurrence === null && Date.parse(span.end) > since)
      .toSorted((a, b) => Date.parse(a.span.start) - Date.parse(b.span.start));
    return page({
      title: `${calendar.summary} · Google Calendar stand-in`,
      follows: host.follows(),
      body: html`<p><a href="${url}">All calendars</a></p><h1>${calendar.summary}</h1>
${addForm(calendar)}<section class="card"><h2>Events</h2>${events.length === 0 ? html`<p class="muted">No events.</p>` : null}
<ul class="plain">${events.map((event) => showEvent(calendar, event))}</ul></section>`,
    });
  };

  const facts = (calendar: Calendar, event: Event): Markup => {
    const { status, location, description, conference, attendees } = event;
    const link = conference && joinLink(conference);
    const people = html`<section class="card"><h2>People</h2><ul class="plain">${attendeeLine(calendar, event)}</ul></section>`;
    return html`${status === "cancelled" && html`<p><span class="tag">cancelled</span></p>`}
${location !== null && html`<p>${location}</p>`}${description !== null && html`<p>${description}</p>`}
${link !== null && html`<p><a href="${link}" rel="noreferrer">${link}</a></p>`}${attendees.length > 0 && people}`;
  };

  const answerForm = (calendar: Calendar, event: Event): Markup | null => {
    const own = event.attendees.find(({ email }) => email === calendar.id);
    if (own === undefined) return null;
    return html`<form class="card" method="post" action="${eventLink(calendar, event)}/respond"><fieldset><legend>Answer of ${own.email}</legend>
<div class="row">${responses.map((response) => html`<button name="response" value="${response}">${responseWords[response]}</button>`)}</div></fieldset></form>`;
  };

  const eventPage = (calendar: Calendar, event: Event): Answer => {
    const at = eventLink(calendar, event);
    const isCancelled = event.status === "cancelled";
    return page({
      title: `${event.summary} · Google Calendar stand-in`,
      follows: host.follows(),
      body: html`<p><a href="${link(calendar)}">${calendar.summary}</a></p>
<h1 class="${isCancelled ? "gone" : ""}">${event.summary}</h1><p class="muted">${when(event)}</p>
${facts(calendar, event)}${answerForm(calendar, event)}
<form class="card" method="post" action="${at}/edit"><h2>Change</h2>${fields(event, "edit")}<p><button class="primary">Save</button></p></form>
${!isCancelled && html`<form method="post" action="${at}/cancel"><button class="danger">Cancel this event</button></form>`}`,
    });
  };

  const startOf = (form: URLSearchParams, otherwise: string) => {
    const typed = `${form.get("start")?.slice(0, 16)}:00Z`;
    return Number.isNaN(Date.parse(typed)) ? otherwise : typed;
  };
  const minutesFrom = (form: URLSearchParams) =>
    Math.min(1_440, Math.max(1, Number.parseInt(form.get("minutes") ?? "", 10) || 30));

  const add = (calendar: Calendar, form: URLSearchParams): Answer => {
    const others = (form.get("attendees") ?? "")
      .split(/[\s,;]+/)
      .filter((one) => one.includes("@"));
    createEvent(host, state, {
      summary: form.get("summary")?.trim() || "Meeting",
      span: spanOf(startOf(form, host.now().toISOString()), minutesFrom(form)),
      organizer: calendar.id,
      attendees:
        others.length === 0
          ? []
          : [
              { email: calendar.id, response: "accepted" },
              ...others.map((email) => ({ email, response: "needsAction" as const })),
            ],
      conference: newConference(form.get("conference") ?? "none", state.serial),
    });
    return seeOther(link(calendar));
  };

  const act = (calendar: Calendar, event: Event, what: string, form: URLSearchParams): Answer => {
    if (what === "cancel") cancelEvent(host, state, event.id);
    if (what === "respond") {
      const response = responses.find((one) => one === form.get("response"));
      if (response) respond(host, state, event.id, calendar.id, response);
    }
    if (what === "edit") {
      changeEvent(host, state, event.id, (one) => {
        one.summary = form.get("summary")?.trim() || one.summary;
        one.span = spanOf(startOf(form, one.span.start), minutesFrom(form));
        one.sequence += 1;
      });
    }
    return seeOther(eventLink(calendar, event));
  };

  const calendarById = (id: string) =>
    Object.hasOwn(state.calendars, id) ? state.calendars[id] : undefined;
  const orMissing =
    (run: (calendar: Calendar, event: Event) => Answer) => (id: string, eventId: string) => {
      const calendar = calendarById(id);
      const event = calendar?.events[eventId];
      return calendar && event ? run(calendar, event) : missing;
    };
  const ofCalendar = (id: string, run: (calendar: Calendar) => Answer) => {
    const calendar = calendarById(id);
    return calendar ? run(calendar) : missing;
  };
  const entry = (
    method: "GET" | "POST",
    operation: string,
    path: RegExp,
    run: RouteEntry["run"],
  ): RouteEntry => ({ operation, kind: "page", method, path, run });

  const table: readonly RouteEntry[] = [
    entry("GET", "page", /^\/$/, overview),
    entry("GET", "calendar page", /^\/calendars\/([^/]+)$/, (_call, id = "") =>
      ofCalendar(id, calendarPage),
    ),
    entry("POST", "add event", /^\/calendars\/([^/]+)\/add$/, (call, id = "") =>
      ofCalendar(id, (calendar) => add(calendar, formOf(call))),
    ),
    entry(
      "GET",
      "event page",
      /^\/calendars\/([^/]+)\/events\/(\w+)$/,
      (_call, id = "", event = "") => orMissing(eventPage)(id, event),
    ),
    entry(
      "POST",
      "change event",
      /^\/calendars\/([^/]+)\/events\/(\w+)\/(edit|cancel|respond)$/,
      (call, id = "", eventId = "", what = "") =>
        orMissing((calendar, event) => act(calendar, event, what, formOf(call)))(id, eventId),
    ),
  ];
  return (call: Call): Route | null => findRoute(table, call);
}
