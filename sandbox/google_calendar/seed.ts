import { DEMO_USERS } from "@/db/demo-users";
import {
  type Attendee,
  addAccount,
  addEvent,
  type EventFacts,
  emptyGoogle,
  type GoogleState,
  invite,
  makeCalendar,
  newEventId,
  type Response,
  type Span,
} from "./state";

// Two weeks of believable meetings around today, for the people behind the demo's sign-in buttons.

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const SERIES_WEEKS = 8;

const [ada, tom, lena] = [DEMO_USERS.admin, DEMO_USERS.manager, DEMO_USERS.user];

const going = (email: string, displayName?: string, response: Response = "accepted"): Attendee => ({
  email,
  response,
  ...(displayName !== undefined && { displayName }),
});

const room: Attendee = {
  email: "c_188room4@resource.calendar.google.com",
  displayName: "Room 4",
  isResource: true,
  response: "accepted",
};

/** The seeded state, relative to `now`. */
export function seedGoogle(now: Date): GoogleState {
  const state = emptyGoogle();
  for (const { email, name } of [ada, tom, lena]) addAccount(state, email, name);
  const today = Math.floor(now.getTime() / DAY_MS) * DAY_MS;
  const earlier = new Date(now.getTime() - 20 * DAY_MS);

  /** Working days from today; weekends are stepped over. */
  const day = (workdays: number): number => {
    const step = workdays < 0 ? -1 : 1;
    let at = today;
    const isWeekend = () => [0, 6].includes(new Date(at).getUTCDay());
    while (isWeekend()) at += DAY_MS;
    for (let left = Math.abs(workdays); left > 0; ) {
      at += step * DAY_MS;
      if (!isWeekend()) left -= 1;
    }
    return at;
  };
  const span = (workdays: number, time: string, minutes: number): Span => {
    const [hours = 0, mins = 0] = time.split(":").map(Number);
    const start = day(workdays) + (hours * 60 + mins) * MINUTE_MS;
    const iso = (at: number) => new Date(at).toISOString();
    return { start: iso(start), end: iso(start + minutes * MINUTE_MS), isAllDay: false };
  };
  const allDay = (workdays: number, days = 1): Span => {
    const start = day(workdays);
    const iso = (at: number) => new Date(at).toISOString().slice(0, 10);
    return { start: iso(start), end: iso(start + days * DAY_MS), isAllDay: true };
  };
  const meet = (code: string) => ({ kind: "meet", code }) as const;
  const add = (facts: EventFacts) => invite(state, facts, earlier);

  // Days gone by, which uploads of the demo may be matched with.
  add({
    summary: "Discovery call - Globex",
    span: span(-3, "13:00", 45),
    organizer: tom.email,
    attendees: [
      going(tom.email),
      going(lena.email),
      going("dana@globex.example", "Dana Whitfield"),
    ],
    conference: meet("gbx-dscv-rya"),
  });
  add({
    summary: "Sprint retrospective",
    span: span(-1, "14:30", 60),
    organizer: ada.email,
    attendees: [going(ada.email), going(tom.email), going(lena.email)],
    conference: meet("ret-rosp-act"),
  });
  // What comes.
  add({
    summary: "Renewal call - Northwind",
    description: "Agenda: usage in the last quarter, pricing, next steps.",
    span: span(1, "14:00", 45),
    organizer: ada.email,
    attendees: [
      going(ada.email),
      going(tom.email, tom.name, "tentative"),
      going("ravi@northwind.example", "Ravi Shah", "needsAction"),
      room,
    ],
    conference: meet("abc-mnop-xyz"),
  });
  add({
    summary: "Onboarding Initech",
    span: span(2, "09:30", 60),
    organizer: tom.email,
    attendees: [
      going(tom.email),
      going(ada.email),
      going("peter@initech.example", "Peter Gibbons"),
    ],
    conference: { kind: "zoom", number: "85746065432" },
  });
  add({
    summary: "Joint planning with Contoso",
    span: span(3, "11:00", 90),
    organizer: "kim@contoso.example",
    attendees: [
      going("kim@contoso.example", "Kim Abercrombie"),
      going(ada.email, ada.name, "needsAction"),
      going(lena.email),
    ],
    conference: { kind: "teams", thread: "19:meeting_NTg0NmQ3YWMtOWE1Yi00@thread.v2" },
  });
  add({
    summary: "Pricing workshop",
    span: span(4, "13:00", 120),
    organizer: ada.email,
    attendees: [going(ada.email), going(tom.email), going(lena.email, lena.name, "declined"), room],
    location: "Room 4, 2nd floor",
  });
  add({
    summary: "Interview: backend engineer",
    span: span(5, "10:00", 60),
    organizer: lena.email,
    attendees: [
      going(lena.email),
      going(ada.email, ada.name, "declined"),
      going("jo@mail.example"),
    ],
    conference: meet("int-back-eng"),
  });
  add({
    summary: "Quarterly review with the board",
    span: span(7, "15:00", 120),
    organizer: ada.email,
    attendees: [going(ada.email), going("chair@board.example", "Helen Marsh", "needsAction")],
    conference: { kind: "zoom", number: "98765432101" },
  });
  add({
    summary: "Dentist",
    span: span(2, "07:30", 45),
    organizer: ada.email,
    visibility: "private",
  });
  add({
    summary: "Focus: board slides",
    span: span(6, "08:00", 120),
    organizer: ada.email,
    type: "focusTime",
  });
  add({
    summary: "Company offsite",
    span: allDay(8, 2),
    organizer: ada.email,
    attendees: [going(ada.email), going(tom.email), going(lena.email)],
  });
  add({ summary: "Vacation", span: allDay(9, 1), organizer: lena.email, type: "outOfOffice" });
  add({
    summary: "Vendor pitch",
    span: span(3, "15:30", 30),
    organizer: tom.email,
    attendees: [going(tom.email), going(ada.email)],
    conference: meet("vnd-ptch-one"),
    status: "cancelled",
  });
  add({
    summary: "1:1 Tom and Lena",
    span: span(1, "09:00", 30),
    organizer: tom.email,
    attendees: [going(tom.email), going(lena.email)],
    conference: meet("one-toon-one"),
  });
  // A series: every week at the same time, one occurrence moved and one cancelled.
  const seriesId = newEventId(state);
  const weekly = {
    summary: "Weekly team sync",
    organizer: ada.email,
    attendees: [going(ada.email), going(tom.email), going(lena.email)],
    conference: meet("wek-lyte-ams"),
    iCalUid: `${seriesId}@google.com`,
  };
  const firstStart = Date.parse(span(0, "08:30", 30).start) - 14 * DAY_MS;
  const at = (ms: number): Span => ({
    start: new Date(ms).toISOString(),
    end: new Date(ms + 30 * MINUTE_MS).toISOString(),
    isAllDay: false,
  });
  add({ ...weekly, id: seriesId, span: at(firstStart), recurrence: ["RRULE:FREQ=WEEKLY"] });
  for (let week = 0; week < SERIES_WEEKS; week += 1) {
    const planned = firstStart + week * 7 * DAY_MS;
    const plannedStart = new Date(planned).toISOString();
    const stamp = plannedStart.replace(/[-:]|\.\d+/g, "");
    add({
      ...weekly,
      id: `${seriesId}_${stamp}`,
      span: at(week === 3 ? planned + 90 * MINUTE_MS : planned),
      series: { id: seriesId, plannedStart },
      ...(week === 4 && { status: "cancelled" as const }),
    });
  }
  addSharedCalendars(state, earlier, { span, allDay });
  return state;
}

interface When {
  readonly span: (workdays: number, time: string, minutes: number) => Span;
  readonly allDay: (workdays: number, days?: number) => Span;
}

function addSharedCalendars(state: GoogleState, now: Date, { span, allDay }: When): void {
  const team = makeCalendar(
    "c_sales2026@group.calendar.google.com",
    "Sales team",
    { [ada.email]: "owner", [tom.email]: "writer", [lena.email]: "reader" },
    { color: "#f691b2" },
  );
  const holidays = makeCalendar(
    "en.german#holiday@group.v.calendar.google.com",
    "Holidays in Germany",
    { [ada.email]: "reader", [tom.email]: "reader", [lena.email]: "reader" },
    { isWatchable: false, color: "#b3dc6c" },
  );
  const director = makeCalendar("maya.osei@acme.example", "Maya Osei", {
    [ada.email]: "reader",
    [tom.email]: "freeBusyReader",
  });
  for (const calendar of [team, holidays, director]) state.calendars[calendar.id] = calendar;
  const demo: EventFacts = {
    summary: "Demo day rehearsal",
    span: span(4, "16:00", 60),
    organizer: team.id,
    conference: { kind: "meet", code: "dem-oday-reh" },
  };
  addEvent(state, team, demo, now);
  addEvent(
    state,
    holidays,
    { summary: "Public holiday", span: allDay(10), organizer: holidays.id },
    now,
  );
  const own = director.id;
  addEvent(
    state,
    director,
    {
      summary: "Compensation talks",
      span: span(2, "14:00", 60),
      organizer: own,
      visibility: "private",
    },
    now,
  );
  addEvent(
    state,
    director,
    { summary: "Partner lunch", span: span(3, "12:00", 60), organizer: own },
    now,
  );
}
