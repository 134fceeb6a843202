import { db } from "@/db/client";
import { connections, syncSettings } from "@/db/schema/integrations";
import { storeEventPage } from "@/lib/calendar/service";
import { newId } from "@/lib/core/ids";
import type { Change, EventRecord } from "@/lib/integrations/contract";
import type { Member } from "../../support/factories";

export interface TestCalendar {
  readonly id: string;
  readonly workspaceId: string;
}

/** A member's own calendar connection, as a finished Connect leaves it. */
export async function makeCalendar(
  owner: Member,
  options: {
    readonly provider?: string;
    readonly status?: "connected" | "needs_attention" | "disconnected";
    readonly takesAttendees?: boolean;
  } = {},
): Promise<TestCalendar> {
  const { provider = "google_calendar", status = "connected", takesAttendees = true } = options;
  const calendar = { id: newId("connection"), workspaceId: owner.workspaceId };
  await db()
    .insert(connections)
    .values({
      ...calendar,
      provider,
      scope: "personal",
      ownerUserId: owner.userId,
      status,
      attentionReason: status === "needs_attention" ? "token_revoked" : null,
      connectedBy: owner.userId,
      connectedByLabel: owner.name,
    });
  await db().insert(syncSettings).values({
    connectionId: calendar.id,
    workspaceId: calendar.workspaceId,
    meetingData: true,
    actionItems: false,
    contacts: takesAttendees,
    notes: false,
    direction: "import_only",
    frequency: "realtime",
  });
  return calendar;
}

export function eventRecord(startsAt: Date, rest: Partial<EventRecord> = {}): EventRecord {
  return {
    uid: null,
    occurrence: null,
    title: "Renewal call",
    startsAt,
    endsAt: new Date(startsAt.getTime() + 45 * 60_000),
    isAllDay: false,
    isDeclined: false,
    isPrivate: false,
    organizerEmail: null,
    attendees: [],
    linkCandidates: [],
    status: "confirmed",
    ...rest,
  };
}

export function upsert(
  externalId: string,
  record: EventRecord,
  version: string | null = "1",
): Change<"event"> {
  return { kind: "upsert", externalId, version, modifiedAt: null, url: null, record };
}

/** Stores one page as the sync engine does: in a transaction of its own. */
export async function store(
  calendar: TestCalendar,
  changes: readonly Change<"event">[],
  options: { readonly isWhole?: boolean; readonly now?: Date; readonly calendarId?: string } = {},
) {
  const { isWhole = false, now = new Date(), calendarId = "primary@acme.example" } = options;
  return await db().transaction((tx) =>
    storeEventPage(tx, calendar, calendarId, { changes, isWhole }, now),
  );
}
