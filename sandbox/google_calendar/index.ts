import { googleError, identityScopeWords, openGoogle } from "../families/google";
import { type Answer, type Call, json } from "../http";
import { findRoute, type Host, type RouteEntry, type Tool, type ToolDefinition } from "../tool";
import { googleCommands } from "./commands";
import { listCalendars } from "./list-calendars";
import { listEvents } from "./list-events";
import { googlePages } from "./page";
import { seedGoogle } from "./seed";
import { addAccount, type Calendar, type GoogleState } from "./state";
import { calendarView, eventView, type Role } from "./views";
import { stopChannel, watch } from "./watch";

// Google Calendar. What this stand-in cannot prove: how Google treats a sync token after an event left the window of
// the first reading (here every change is sent), how long tokens and channels really live, that a changed filter
// beside a sync token is refused (Google calls the result undefined), quotas, and the checks of app verification.

const base = "https://www.googleapis.com/auth/";
const owned = [`${base}calendar.events.owned`, `${base}calendar.events.owned.readonly`];
const readEvents = [
  `${base}calendar`,
  `${base}calendar.readonly`,
  `${base}calendar.events`,
  `${base}calendar.events.readonly`,
];
const readList = [
  `${base}calendar`,
  `${base}calendar.readonly`,
  `${base}calendar.calendarlist`,
  `${base}calendar.calendarlist.readonly`,
];

const scopes: Readonly<Record<string, string>> = {
  ...identityScopeWords,
  [`${base}calendar`]:
    "See, edit, share, and permanently delete all the calendars you can access using Google Calendar",
  [`${base}calendar.readonly`]:
    "See and download any calendar you can access using your Google Calendar",
  [`${base}calendar.events`]: "View and edit events on all your calendars",
  [`${base}calendar.events.readonly`]: "View events on all your calendars",
  [`${base}calendar.events.owned`]:
    "See, create, change, and delete events on Google calendars you own",
  [`${base}calendar.events.owned.readonly`]: "See the events on Google calendars you own",
  [`${base}calendar.calendarlist`]: "See, add, and remove Google calendars you're subscribed to",
  [`${base}calendar.calendarlist.readonly`]:
    "See the list of Google calendars you're subscribed to",
};

interface Visitor {
  readonly sub: string;
  readonly email: string;
}

function openTool(host: Host): Tool {
  const state = (host.saved as GoogleState | null) ?? seedGoogle(host.now());
  const google = openGoogle(host, {
    oauth: state.oauth,
    accounts: () => state.accounts,
    create: (email) => addAccount(state, email, email.split("@")[0] ?? email),
    scopes,
  });
  const pages = googlePages(host, state);

  const calendarOf = (reference: string, { email }: Visitor): [Calendar, Role] | null => {
    const id = reference === "primary" ? email : reference;
    const calendar = Object.hasOwn(state.calendars, id) ? state.calendars[id] : undefined;
    const role = calendar?.access[email];
    return calendar && role ? [calendar, role] : null;
  };

  /** Runs something for a calendar that the caller may see, with a scope that reaches it. */
  const withCalendar = (
    call: Call,
    reference: string,
    method: string,
    run: (calendar: Calendar, role: Role, visitor: Visitor) => Answer,
  ): Answer => {
    const caller = google.caller(call, [...readEvents, ...owned], method);
    if ("status" in caller) return caller;
    const found = calendarOf(reference, caller.account);
    if (found === null) return googleError("notFound");
    const [calendar, role] = found;
    const isWide = readEvents.some((scope) => caller.scopes.includes(scope));
    if (!isWide && role !== "owner") return googleError("insufficientPermissions", { method });
    return run(calendar, role, caller.account);
  };

  const calendarList = (call: Call): Answer => {
    const caller = google.caller(call, readList, "calendar.v3.CalendarList.List");
    if ("status" in caller) return caller;
    return listCalendars(state, caller.account, call.query, host.settings);
  };

  const calendarListEntry = (call: Call, reference: string): Answer => {
    const caller = google.caller(call, readList, "calendar.v3.CalendarList.Get");
    if ("status" in caller) return caller;
    const found = calendarOf(reference, caller.account);
    if (found === null) return googleError("notFound");
    return json(200, calendarView(found[0], caller.account, found[1]));
  };

  const getEvent = (call: Call, reference: string, eventId: string): Answer =>
    withCalendar(call, reference, "calendar.v3.Events.Get", (calendar, role) => {
      const event = calendar.events[eventId];
      return event ? json(200, eventView(calendar, event, role)) : googleError("notFound");
    });

  const stop = (call: Call): Answer => {
    const caller = google.caller(
      call,
      [...readEvents, ...owned, ...readList],
      "calendar.v3.Channels.Stop",
    );
    return "status" in caller ? caller : stopChannel(host, state, caller.account.sub, call);
  };

  const list = (call: Call, reference: string) =>
    withCalendar(call, reference, "calendar.v3.Events.List", (found, role) =>
      listEvents(found, role, call.query, host.settings),
    );

  const openChannel = (call: Call, reference: string) =>
    withCalendar(call, reference, "calendar.v3.Events.Watch", (found, _role, { sub }) =>
      watch(host, state, found, sub, call),
    );

  const get = (operation: string, path: RegExp, run: RouteEntry["run"]): RouteEntry => ({
    operation,
    kind: "call",
    method: "GET",
    path,
    run,
  });
  const post = (...entry: Parameters<typeof get>): RouteEntry => ({
    ...get(...entry),
    method: "POST",
  });
  const unknown = () => googleError("notFound");
  const api: readonly RouteEntry[] = [
    get("calendarList.list", /^\/calendar\/v3\/users\/me\/calendarList$/, calendarList),
    get(
      "calendarList.get",
      /^\/calendar\/v3\/users\/me\/calendarList\/([^/]+)$/,
      calendarListEntry,
    ),
    get("events.list", /^\/calendar\/v3\/calendars\/([^/]+)\/events$/, list),
    get("events.get", /^\/calendar\/v3\/calendars\/([^/]+)\/events\/([^/]+)$/, getEvent),
    post("events.watch", /^\/calendar\/v3\/calendars\/([^/]+)\/events\/watch$/, openChannel),
    post("channels.stop", /^\/calendar\/v3\/channels\/stop$/, stop),
    get("unknown", /^\/calendar\/v3\//, unknown),
    post("unknown", /^\/calendar\/v3\//, unknown),
  ];

  return {
    route: (call) => google.route(call) ?? findRoute(api, call) ?? pages(call),
    troubles: {
      throttled: (seconds) => {
        const answer = googleError("rateLimitExceeded", { status: seconds === null ? 403 : 429 });
        const wait: Record<string, string> =
          seconds === null ? {} : { "retry-after": String(seconds) };
        return { ...answer, headers: { ...answer.headers, ...wait } };
      },
      broken: (status) => googleError("backendError", { status }),
      refused: (code, operation, status) =>
        operation === "token" || operation === "revoke"
          ? json(status ?? 400, {
              error: code,
              error_description: tokenWords[code] ?? "Bad Request",
            })
          : googleError(code, status === null ? {} : { status }),
    },
    commands: { ...google.oauth.commands, ...googleCommands(host, state) },
    state: () => state,
    describe: () => ({
      ...(google.oauth.describe() as object),
      calendars: Object.values(state.calendars).map(({ id, seq, generation, events }) => ({
        id,
        seq,
        generation,
        events: Object.keys(events).length,
      })),
      channels: Object.values(state.channels).map(({ token: _token, ...channel }) => channel),
    }),
    close: () => undefined,
  };
}

const tokenWords: Readonly<Record<string, string>> = {
  invalid_grant: "Token has been expired or revoked.",
  invalid_client: "The OAuth client was not found.",
  invalid_token: "Token expired or revoked",
};

/** The stand-in of Google Calendar. */
export const googleCalendar: ToolDefinition = {
  slug: "google_calendar",
  name: "Google Calendar",
  about:
    "Calendars of the demo's people with two weeks of meetings. Add, move, cancel or decline one and see it arrive in Harmony.",
  settings: { hookUrl: null },
  open: openTool,
};
