import { and, eq, inArray } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { insightResults, insights } from "@/db/schema/insights";
import { env } from "@/lib/core/env";
import type { MessageRecord } from "@/lib/integrations/contract";
import type { Item } from "@/lib/sync/items";
import { type MeetingFacts, meetingUrl, readMeetings } from "@/lib/sync/records/meeting-facts";
import type { Builder, Nothing, Parcel } from "@/lib/sync/records/parcel";
import { placeOfTeam } from "@/lib/sync/records/places";
import type { Target } from "@/lib/sync/target";

// Messages to channels, as facts: each provider lays them out in its tool's own way.

const blank: Omit<MessageRecord, "kind" | "title"> = {
  startsAt: null,
  durationSeconds: null,
  body: null,
  actionItems: [],
  attendees: [],
  note: null,
  link: null,
  severity: "info",
  lines: [],
};

const textOf = (value: unknown) => (typeof value === "string" && value !== "" ? value : null);

interface About {
  readonly objectType: string;
  readonly objectId: string;
  readonly place: string | null;
  readonly threadOf: string | null;
}

function messageParcel(item: Item, about: About, record: MessageRecord): Parcel {
  return {
    resource: "message",
    ...about,
    externalType: `message:${item.topic}`,
    record,
    label: record.title,
  };
}

function aboutMeeting(target: Target, meeting: MeetingFacts, objectId: string): About {
  return {
    objectType: "meeting",
    objectId,
    place: placeOfTeam(target, meeting.teamId),
    threadOf: meeting.id,
  };
}

function meetingMessage(
  target: Target,
  meeting: MeetingFacts,
  kind: "meeting_processed" | "meeting_failed" | "share",
): MessageRecord {
  const isFailed = kind === "meeting_failed";
  return {
    ...blank,
    kind,
    title: meeting.title,
    startsAt: meeting.date,
    durationSeconds: meeting.durationSeconds,
    body: isFailed ? meeting.failureMessage : meeting.overview,
    actionItems: isFailed || !target.settings.actionItems ? [] : meeting.actionItems,
    attendees: isFailed ? [] : meeting.attendees.map(({ name }) => name),
    link: { label: "Open in Harmony", url: meeting.url },
    severity: isFailed ? "error" : "info",
  };
}

type MessageMaker = (item: Item, meeting: MeetingFacts, target: Target) => Parcel;

function ofMeetings(meetingIdOf: (item: Item) => string, make: MessageMaker): Builder {
  return async (tx, target, items) => {
    const { workspaceId } = target.connection;
    const found = await readMeetings(tx, workspaceId, items.map(meetingIdOf));
    const built = new Map<string, Parcel>();
    for (const item of items) {
      const meeting = found.get(meetingIdOf(item));
      if (meeting) built.set(item.id, make(item, meeting, target));
    }
    return built;
  };
}

const processed = ofMeetings(
  (item) => item.objectId,
  (item, meeting, target) =>
    messageParcel(
      item,
      aboutMeeting(target, meeting, meeting.id),
      meetingMessage(target, meeting, "meeting_processed"),
    ),
);

const failed = ofMeetings(
  (item) => item.objectId,
  (item, meeting, target) =>
    messageParcel(
      item,
      aboutMeeting(target, meeting, meeting.id),
      meetingMessage(target, meeting, "meeting_failed"),
    ),
);

/** A share carries its meeting beside its own id: the same meeting may be shared more than once. */
const shared = ofMeetings(
  (item) => textOf(item.data.meetingId) ?? item.objectId,
  (item, meeting, target) => {
    const place = textOf(item.data.channel) ?? placeOfTeam(target, meeting.teamId);
    const by = textOf(item.data.by) ?? "Somebody";
    return messageParcel(
      item,
      { objectType: "meeting", objectId: item.objectId, place, threadOf: meeting.id },
      {
        ...meetingMessage(target, meeting, "share"),
        note: { by, text: textOf(item.data.note) },
      },
    );
  },
);

function answerText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "boolean") return value ? "Yes" : "No";
  if (Array.isArray(value)) return value.map((one) => answerText(one)).join(", ");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

async function readAnswers(tx: Tx, workspaceId: string, ids: readonly string[]) {
  const rows = await tx
    .select({
      id: insightResults.id,
      meetingId: insightResults.meetingId,
      value: insightResults.value,
      explanation: insightResults.explanation,
      name: insights.name,
    })
    .from(insightResults)
    .innerJoin(insights, eq(insights.id, insightResults.insightId))
    .where(and(eq(insightResults.workspaceId, workspaceId), inArray(insightResults.id, [...ids])));
  return new Map(rows.map((row) => [row.id, row]));
}

const answered: Builder = async (tx, target, items) => {
  const { workspaceId } = target.connection;
  const answers = await readAnswers(
    tx,
    workspaceId,
    items.map(({ objectId }) => objectId),
  );
  const found = await readMeetings(
    tx,
    workspaceId,
    [...answers.values()].map(({ meetingId }) => meetingId),
  );
  const built = new Map<string, Parcel>();
  for (const item of items) {
    const answer = answers.get(item.objectId);
    const meeting = answer && found.get(answer.meetingId);
    if (!meeting) continue;
    const about = aboutMeeting(target, meeting, item.objectId);
    const text = [answerText(answer.value), answer.explanation].filter(Boolean).join("\n");
    built.set(
      item.id,
      messageParcel(
        item,
        { ...about, objectType: "insight" },
        {
          ...blank,
          kind: "insight_generated",
          title: `${answer.name}: ${meeting.title}`,
          body: text === "" ? null : text,
          link: { label: "Open in Harmony", url: meeting.url },
        },
      ),
    );
  }
  return built;
};

/** Alerts carry their own words: the notification that they come from may be read and gone. */
const alert: Builder = async (_tx, target, items) =>
  new Map(
    items.map((item) => {
      const { title, body, link, severity } = item.data;
      const record: MessageRecord = {
        ...blank,
        kind: "alert",
        title: textOf(title) ?? "Harmony",
        body: textOf(body),
        link: textOf(link) ? { label: "Open in Harmony", url: `${env().appUrl}${link}` } : null,
        severity: severity === "error" || severity === "warning" ? severity : "info",
      };
      const about = { objectType: "notification", objectId: item.objectId, threadOf: null };
      const place = textOf(item.data.channel) ?? placeOfTeam(target, null);
      return [item.id, messageParcel(item, { ...about, place }, record)];
    }),
  );

const test: Builder = async (_tx, target, items) =>
  new Map(
    items.map((item) => {
      const record: MessageRecord = {
        ...blank,
        kind: "test",
        title: "Harmony is connected",
        body: "This is a test message. Summaries of your meetings will appear here.",
      };
      const about = { objectType: "test", objectId: item.objectId, threadOf: null };
      return [item.id, messageParcel(item, { ...about, place: placeOfTeam(target, null) }, record)];
    }),
  );

const digestLinesMax = 50;

/** What a day of waiting messages becomes; the item carries which they were, and their channel. */
const digest: Builder = async (tx, target, items) => {
  const { workspaceId } = target.connection;
  const linesOf = (item: Item) =>
    (item.data.meetingIds as readonly string[] | undefined)?.slice(0, digestLinesMax) ?? [];
  const found = await readMeetings(tx, workspaceId, items.flatMap(linesOf));
  const built = new Map<string, Parcel | Nothing>();
  for (const item of items) {
    const lines = linesOf(item).flatMap((id) => {
      const meeting = found.get(id);
      return meeting ? [{ text: meeting.title, url: meetingUrl(id) }] : [];
    });
    if (lines.length === 0) continue;
    const about = { objectType: "digest", objectId: item.objectId, threadOf: null };
    built.set(
      item.id,
      messageParcel(
        item,
        { ...about, place: textOf(item.data.channel) },
        {
          ...blank,
          kind: "digest",
          title: lines.length === 1 ? "1 meeting" : `${lines.length} meetings`,
          lines,
        },
      ),
    );
  }
  return built;
};

/** The messages of chat tools by topic. */
export const messageBuilders: Readonly<Record<string, Builder>> = {
  "meeting.processed": processed,
  "meeting.failed": failed,
  "insight.generated": answered,
  alert,
  share: shared,
  test,
  digest,
};
