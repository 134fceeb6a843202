import { googleError, identityScopeWords, openGoogle } from "../families/google";
import { type Answer, type Call, json } from "../http";
import type { Host, Route, Tool, ToolDefinition } from "../tool";
import { googleCommands } from "./commands";
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

const LIST_DEFAULT = 100;
const LIST_MAX = 250;
const roleOrder: readonly Role[] = ["freeBusyReader", "reader", "writer", "owner"];

interface Visitor {
  readonly sub: string;
  readonly email: string;
}

function open(host: Host): Tool {
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
    const found = calendarOf(decodeURIComponent(reference), caller.account);
    if (found === null) return googleError("notFound");
    const [calendar, role] = found;
    const isWide = readEvents.some((scope) => caller.scopes.includes(scope));
    if (!isWide && role !== "owner") return googleError("insufficientPermissions", { method });
    return run(calendar, role, caller.account);
  };

  const calendarList = (call: Call): Answer => {
    const caller = google.caller(call, readList, "calendar.v3.CalendarList.List");
    if ("status" in caller) return caller;
    const { query } = call;
    const least = query.get("minAccessRole");
    const size = Number(query.get("maxResults") ?? LIST_DEFAULT);
    if (!(Number.isInteger(size) && size > 0))
      return googleError("invalid", { location: "maxResults" });
    const offset = query.has("pageToken") ? Number(query.get("pageToken")) : 0;
    if (!Number.isInteger(offset)) return googleError("invalid", { location: "pageToken" });
    if (least !== null && !roleOrder.includes(least as Role)) {
      return googleError("invalid", { location: "minAccessRole" });
    }
    const visible = Object.values(state.calendars).flatMap((calendar): [Calendar, Role][] => {
      const role = calendar.access[caller.account.email];
      const isEnough =
        role !== undefined &&
        roleOrder.indexOf(role) >= roleOrder.indexOf((least as Role | null) ?? "freeBusyReader");
      return isEnough ? [[calendar, role]] : [];
    });
    const end = offset + Math.min(size, LIST_MAX, host.settings.pageSize ?? LIST_MAX);
    return json(200, {
      kind: "calendar#calendarList",
      etag: `"${visible.length}"`,
      ...(end < visible.length
        ? { nextPageToken: String(end) }
        : { nextSyncToken: Buffer.from(`list ${visible.length}`).toString("base64url") }),
      items: visible
        .slice(offset, end)
        .map(([calendar, role]) => calendarView(calendar, caller.account, role)),
    });
  };

  const calendarListEntry = (call: Call, reference: string): Answer => {
    const caller = google.caller(call, readList, "calendar.v3.CalendarList.Get");
    if ("status" in caller) return caller;
    const found = calendarOf(decodeURIComponent(reference), caller.account);
    if (found === null) return googleError("notFound");
    return json(200, calendarView(found[0], caller.account, found[1]));
  };

  const getEvent = (call: Call, reference: string, eventId: string): Answer =>
    withCalendar(call, reference, "calendar.v3.Events.Get", (calendar, role) => {
      const event = calendar.events[decodeURIComponent(eventId)];
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

  const api = (call: Call): Route | null => {
    const path = /^\/calendar\/v3(\/.*)$/.exec(call.path)?.[1];
    if (path === undefined) return null;
    const route = (operation: string, run: () => Answer): Route => ({
      operation,
      kind: "call",
      run,
    });
    const asked = `${call.method} ${path}`;
    if (asked === "GET /users/me/calendarList")
      return route("calendarList.list", () => calendarList(call));
    const entry = /^GET \/users\/me\/calendarList\/([^/]+)$/.exec(asked)?.[1];
    if (entry !== undefined) return route("calendarList.get", () => calendarListEntry(call, entry));
    if (asked === "POST /channels/stop") return route("channels.stop", () => stop(call));
    const [, verb, calendar = "", rest] =
      /^(GET|POST) \/calendars\/([^/]+)\/events(?:\/([^/]+))?$/.exec(asked) ?? [];
    if (verb === "GET" && rest === undefined) {
      return route("events.list", () =>
        withCalendar(call, calendar, "calendar.v3.Events.List", (found, role) =>
          listEvents(found, role, call.query, host.settings),
        ),
      );
    }
    if (verb === "GET" && rest !== undefined) {
      return route("events.get", () => getEvent(call, calendar, rest));
    }
    if (verb === "POST" && rest === "watch") {
      return route("events.watch", () =>
        withCalendar(call, calendar, "calendar.v3.Events.Watch", (found, _role, { sub }) =>
          watch(host, state, found, sub, call),
        ),
      );
    }
    return route("unknown", () => googleError("notFound"));
  };

  return {
    route: (call) => google.route(call) ?? api(call) ?? pages(call),
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
  open,
};
