import { z } from "zod";
import {
  type Choice,
  type Page,
  ProviderError,
  type Session,
  type Subscription,
} from "@/lib/integrations/contract";
import { toChange } from "@/lib/integrations/providers/google_calendar/events";

/** The API's own part of the address: the host is one for several of Google's APIs. */
const api = "/calendar/v3";

const dayMs = 86_400_000;
/** What is read at once: some weeks back, for meetings that are uploaded late, and what lies ahead. */
const daysBack = 31;
const daysAhead = 60;
/** A sync token keeps the window of the reading that began it; after this long it is read anew. */
const windowAgeDays = 7;

/** The parameters of every page of a reading, with a sync token or without: they must not change. */
const fixed = {
  singleEvents: true,
  showDeleted: true,
  // Birthdays, focus time, absences and working locations are no meetings.
  eventTypes: ["default"],
  maxResults: 100,
} as const;

const cursorShape = z.object({
  v: z.literal(1),
  /** When the whole reading began that this place descends from. */
  began: z.number(),
  /** Of the whole reading, while it lasts. */
  window: z.object({ from: z.string(), to: z.string() }).nullable(),
  pageToken: z.string().nullable(),
  syncToken: z.string().nullable(),
});
type Cursor = z.output<typeof cursorShape>;

function begin(since: Date, now: Date): Cursor {
  const from = Math.max(since.getTime(), now.getTime() - daysBack * dayMs);
  return {
    v: 1,
    began: now.getTime(),
    window: {
      from: new Date(from).toISOString(),
      to: new Date(now.getTime() + daysAhead * dayMs).toISOString(),
    },
    pageToken: null,
    syncToken: null,
  };
}

function expired(): ProviderError {
  return new ProviderError("google_calendar", { kind: "cursor_expired" });
}

function readCursor(text: string): Cursor {
  try {
    const read = cursorShape.safeParse(JSON.parse(text));
    if (read.success) return read.data;
  } catch {
    // Not one of ours, or of an older form: begin again.
  }
  throw expired();
}

const eventPage = z.object({
  items: z.array(z.unknown()).default([]),
  nextPageToken: z.string().optional(),
  nextSyncToken: z.string().optional(),
});

function queryOf(place: Cursor) {
  return {
    ...fixed,
    // Refused together with a sync token.
    ...(place.window === null ? {} : { timeMin: place.window.from, timeMax: place.window.to }),
    ...(place.syncToken === null ? {} : { syncToken: place.syncToken }),
    ...(place.pageToken === null ? {} : { pageToken: place.pageToken }),
  };
}

/** A calendar that is no longer shared with the account stops; the others go on. */
function aboutCalendar(calendarId: string, error: unknown): unknown {
  if (!(error instanceof ProviderError)) return error;
  if (error.fault.kind !== "gone" && error.fault.kind !== "forbidden") return error;
  return new ProviderError(
    "google_calendar",
    {
      kind: "place_unavailable",
      place: calendarId,
      detail: "the calendar is not shared with this account any more",
    },
    { cause: error },
  );
}

async function fetchPage(session: Session, calendarId: string, place: Cursor) {
  try {
    const { body } = await session.http.request({
      path: `${api}/calendars/${encodeURIComponent(calendarId)}/events`,
      query: queryOf(place),
      schema: eventPage,
    });
    return body;
  } catch (error) {
    throw aboutCalendar(calendarId, error);
  }
}

/**
 * One page of a calendar's events. The first reading covers a window; from its last page on, Google's sync token says
 * what has changed. Once a week the window has moved so far that it is read anew.
 */
export async function pageOfEvents(
  session: Session,
  from: {
    readonly stream: string;
    readonly cursor: string | null;
    readonly since: Date;
    readonly now: Date;
  },
): Promise<Page<"event">> {
  const place = from.cursor === null ? begin(from.since, from.now) : readCursor(from.cursor);
  const isStale = from.now.getTime() - place.began > windowAgeDays * dayMs;
  // Only between two readings: one that has begun is brought to its end.
  if (isStale && place.syncToken !== null && place.pageToken === null) throw expired();
  const body = await fetchPage(session, from.stream, place);
  const isWhole = place.syncToken === null;
  const next: Cursor =
    body.nextPageToken === undefined
      ? {
          ...place,
          window: null,
          pageToken: null,
          syncToken: body.nextSyncToken ?? place.syncToken,
        }
      : { ...place, pageToken: body.nextPageToken };
  if (next.pageToken === null && next.syncToken === null) {
    throw new ProviderError("google_calendar", {
      kind: "transient",
      detail: "Google ended the list without a sync token",
    });
  }
  return {
    changes: body.items.map(toChange),
    cursor: JSON.stringify(next),
    hasMore: next.pageToken !== null,
    isWhole,
  };
}

const calendarPage = z.object({
  items: z
    .array(
      z.object({
        id: z.string(),
        summary: z.string().optional(),
        summaryOverride: z.string().optional(),
        primary: z.boolean().optional(),
        accessRole: z.string().optional(),
      }),
    )
    .default([]),
  nextPageToken: z.string().optional(),
});

const calendarPagesMax = 4;
const primaryHint = "primary";

/** The calendars that the account can read, its own first. At most 1,000. */
export async function listCalendars(session: Session): Promise<readonly Choice[]> {
  const found: z.output<typeof calendarPage>["items"] = [];
  let pageToken: string | undefined;
  for (let page = 0; page < calendarPagesMax; page += 1) {
    const { body } = await session.http.request({
      path: `${api}/users/me/calendarList`,
      query: { minAccessRole: "reader", maxResults: 250, pageToken },
      schema: calendarPage,
    });
    found.push(...body.items);
    pageToken = body.nextPageToken;
    if (pageToken === undefined) break;
  }
  return found
    .map((calendar) => ({
      // The real id, never the alias `primary`: rows are kept under it.
      id: calendar.id,
      label: calendar.summaryOverride ?? calendar.summary ?? calendar.id,
      ...(calendar.primary === true ? { hint: primaryHint } : {}),
    }))
    .sort(
      (left, right) =>
        Number(right.hint !== undefined) - Number(left.hint !== undefined) ||
        left.label.localeCompare(right.label, "en"),
    );
}

/** The account's own calendar. */
export function presetCalendars(choices: readonly Choice[]): readonly string[] {
  return choices.filter((choice) => choice.hint === primaryHint).map((choice) => choice.id);
}

/** The calendars that the person ticked. */
export function chosenCalendars(session: Session): readonly string[] {
  const { calendars } = session.options;
  if (!Array.isArray(calendars)) return [];
  return calendars.filter((id): id is string => typeof id === "string" && id !== "");
}

const channel = z.object({
  id: z.string(),
  resourceId: z.string(),
  expiration: z.string().regex(/^\d+$/).optional(),
});

const watchSeconds = 7 * 86_400;

/**
 * Opens a watch channel. Google may shorten its life and has no renewal; some calendars cannot be watched at all
 * (`pushNotSupportedForRequestedResource`), which the engine takes as "poll it".
 */
export async function watch(
  session: Session,
  to: {
    readonly stream: string;
    readonly url: string;
    readonly hookId: string;
    readonly secret: string;
  },
): Promise<Subscription> {
  const { body } = await session.http.request({
    method: "POST",
    path: `${api}/calendars/${encodeURIComponent(to.stream)}/events/watch`,
    query: { eventTypes: [...fixed.eventTypes] },
    json: {
      id: to.hookId,
      type: "web_hook",
      address: to.url,
      token: to.secret,
      params: { ttl: String(watchSeconds) },
    },
    schema: channel,
  });
  return {
    externalId: body.id,
    expiresAt: body.expiration === undefined ? null : new Date(Number(body.expiration)),
    facts: { resource_id: body.resourceId, channel_id: body.id },
  };
}

/** Closes a watch channel; one that is gone already is closed. */
export async function stopWatching(
  session: Session,
  subscription: Omit<Subscription, "expiresAt">,
): Promise<void> {
  const resourceId = subscription.facts?.resource_id;
  if (resourceId === undefined) return;
  try {
    await session.http.request({
      method: "POST",
      path: `${api}/channels/stop`,
      json: { id: subscription.externalId, resourceId },
      schema: z.unknown(),
    });
  } catch (error) {
    if (!(error instanceof ProviderError) || error.fault.kind !== "gone") throw error;
  }
}
