import { and, desc, eq, inArray, lte } from "drizzle-orm";
import { db } from "@/db/client";
import { auditEvents, events } from "@/db/schema/activity";
import { meetings } from "@/db/schema/meetings";
import { webhookDeliveries, webhooks } from "@/db/schema/webhooks";
import { type Context, requirePermission } from "@/lib/auth/principal";
import { notFound } from "@/lib/core/errors";
import { type EventFacts, type Miss, missOf } from "@/lib/events/fan-out";
import { type EventType, eventTypes } from "@/lib/events/schema";
import { attemptDelaysSeconds } from "@/lib/webhooks/schedule";

// "Why was this not delivered?" (issue 3, point 7): for each event about a meeting, or for one event, what became of
// it at this webhook. Whether a webhook receives an event is asked of the same rule that fans events out.

type WebhookRow = typeof webhooks.$inferSelect;
type DeliveryRecord = typeof webhookDeliveries.$inferSelect;
type EventRecord = typeof events.$inferSelect;
type MeetingFacts = EventFacts & {
  readonly id: string;
  readonly title: string;
  readonly status: string;
};

const answersMax = 20;
const deliveriesMax = 200;

export type Verdict =
  | "delivered"
  | "delivering"
  | "waiting"
  | "failed"
  | "cancelled"
  | "not_yet_made"
  | "deleted_before"
  | "not_received"
  | "settings_changed"
  | "not_yet"
  | "no_event"
  | "unknown";

/** Part of a sentence: words, or an instant (ISO 8601) that the page writes in the viewer's zone. */
export type WhyPart = string | { readonly at: string };

export interface WhyAnswer {
  readonly verdict: Verdict;
  /** Null where no event is known. */
  readonly event: { readonly id: string; readonly type: string; readonly at: string } | null;
  readonly meeting: { readonly id: string; readonly title: string } | null;
  readonly sentence: readonly WhyPart[];
  /** What to do next; null where nothing needs to be done. */
  readonly remedy: string | null;
  readonly deliveryId: string | null;
}

type Told = Pick<WhyAnswer, "verdict" | "sentence" | "remedy"> & { readonly deliveryId?: string };

const at = (date: Date | null): WhyPart =>
  date === null ? "a time that is not known" : { at: date.toISOString() };

// --- An event that has deliveries -----------------------------------------------------------------------------

/** How the last attempt ended, as a sentence. */
function lastAnswer({ lastStatus, lastError }: DeliveryRecord): string {
  if (lastStatus !== null) return `The receiver answered ${lastStatus}.`;
  return lastError ?? "Nothing is known about it.";
}

/** The last time that somebody did this to the webhook, as the audit trail tells; null when it does not. */
async function lastDone(
  webhook: WebhookRow,
  action: "webhook.paused" | "webhook.updated",
  before: Date,
): Promise<{ readonly actor: string; readonly at: Date } | null> {
  const [entry] = await db()
    .select({ actor: auditEvents.actorLabel, at: auditEvents.at })
    .from(auditEvents)
    .where(
      and(
        eq(auditEvents.workspaceId, webhook.workspaceId),
        eq(auditEvents.action, action),
        eq(auditEvents.targetId, webhook.id),
        lte(auditEvents.at, before),
      ),
    )
    .orderBy(desc(auditEvents.at))
    .limit(1);
  return entry ?? null;
}

const sendAgain: Readonly<Record<WebhookRow["status"], string>> = {
  active: "Open the delivery and press Redeliver to send it.",
  paused: "Resume the webhook and let it send what was missed.",
  disabled: "Put the receiver right, re-enable the webhook and let it send what was missed.",
};

function remedyFor({ status, deletedAt }: WebhookRow): string {
  return deletedAt === null
    ? sendAgain[status]
    : "A deleted webhook sends nothing. A new one for its URL receives new events.";
}

async function whyCancelled(webhook: WebhookRow, delivery: DeliveryRecord): Promise<Told> {
  const when = delivery.completedAt ?? delivery.createdAt;
  const told = { verdict: "cancelled", deliveryId: delivery.id } as const;
  switch (delivery.reason) {
    case "paused": {
      // The pause and the end of what waited share a transaction, but not one clock.
      const paused = await lastDone(webhook, "webhook.paused", new Date(when.getTime() + 5000));
      const by = paused === null ? "" : ` by ${paused.actor}`;
      return {
        ...told,
        sentence: [
          `It was not sent, because the webhook had been paused${by} (`,
          at(paused?.at ?? when),
          ").",
        ],
        remedy: remedyFor(webhook),
      };
    }
    case "meeting_deleted":
      return {
        ...told,
        sentence: ["It was not sent, because the meeting was deleted (", at(when), ")."],
        remedy: null,
      };
    case "deleted":
      return {
        ...told,
        sentence: ["It was not sent, because the webhook was deleted (", at(when), ")."],
        remedy: remedyFor(webhook),
      };
    case "gone":
      return {
        ...told,
        sentence: [
          "It was not sent, because the receiver had answered 410 to another event, which asks to stop for good (",
          at(when),
          ").",
        ],
        remedy: remedyFor(webhook),
      };
    default:
      return {
        ...told,
        sentence: [
          "It was not sent, because the webhook was disabled: its receiver had failed for too long (",
          at(when),
          ").",
        ],
        remedy: remedyFor(webhook),
      };
  }
}

function whyFailed(webhook: WebhookRow, delivery: DeliveryRecord): Told {
  const attempts = `${delivery.attemptsCount} ${delivery.attemptsCount === 1 ? "attempt" : "attempts"}`;
  return {
    verdict: "failed",
    deliveryId: delivery.id,
    sentence:
      delivery.reason === "gone"
        ? [
            "The receiver answered 410, which asks to stop for good (",
            at(delivery.completedAt),
            ").",
          ]
        : [
            `It failed after ${attempts} (the last: `,
            at(delivery.completedAt),
            `). ${lastAnswer(delivery)}`,
          ],
    remedy: remedyFor(webhook),
  };
}

function whyOpen(delivery: DeliveryRecord): Told {
  const total = attemptDelaysSeconds.length;
  if (delivery.status === "delivering") {
    return {
      verdict: "delivering",
      deliveryId: delivery.id,
      sentence: ["It is being sent at this moment."],
      remedy: null,
    };
  }
  return {
    verdict: "waiting",
    deliveryId: delivery.id,
    sentence: [
      `Attempt ${delivery.attemptsCount + 1} of ${total} comes next (`,
      at(delivery.nextAttemptAt),
      delivery.attemptsCount === 0 ? ")." : `). The one before: ${lastAnswer(delivery)}`,
    ],
    remedy:
      delivery.attemptsCount === 0 ? null : "Open the delivery and press Redeliver to send it now.",
  };
}

/** The delivery that tells most: one that arrived, else one that is under way, else the newest. */
async function whyDelivered(
  webhook: WebhookRow,
  [newest, ...others]: readonly DeliveryRecord[],
): Promise<Told | null> {
  if (!newest) return null;
  const all = [newest, ...others];
  const arrived = all.find(({ status }) => status === "succeeded");
  if (arrived) {
    return {
      verdict: "delivered",
      deliveryId: arrived.id,
      sentence: [
        "It was delivered (",
        at(arrived.completedAt),
        `): the receiver answered ${arrived.lastStatus ?? "with success"}.`,
      ],
      remedy: "Look for it at the receiver by the delivery’s id, in its webhook-id header.",
    };
  }
  const open = all.find(({ nextAttemptAt }) => nextAttemptAt !== null);
  if (open) return whyOpen(open);
  return newest.status === "cancelled" ? whyCancelled(webhook, newest) : whyFailed(webhook, newest);
}

// --- An event without a delivery ------------------------------------------------------------------------------

function missWords(webhook: WebhookRow, type: string): Readonly<Record<Miss, string>> {
  const minutes = Math.round(((webhook.minDurationSeconds ?? 0) / 60) * 10) / 10;
  return {
    not_subscribed: `This webhook does not receive ${type}.`,
    team: "The webhook’s filter lets only meetings of certain teams pass, and this meeting is of none of them.",
    user: "The webhook’s filter lets only meetings of certain people pass, and this meeting is of none of them.",
    source:
      "The webhook’s filter lets only certain sources pass, and this meeting comes from another.",
    too_short: `The webhook’s filter lets only meetings of at least ${minutes} min pass, and this one is shorter.`,
  };
}

/** Why the rule of the fan-out, asked of what is known today, leaves the event out; null when it lets it pass. */
function whyMissed(webhook: WebhookRow, event: EventRecord, facts: EventFacts | null): Told | null {
  const type = eventTypes.find((known) => known === event.type);
  const subscribed = type !== undefined && webhook.events.includes(type);
  const miss = subscribed && facts !== null ? missOf(webhook, type, facts) : null;
  if (!subscribed || miss !== null) {
    return {
      verdict: "not_received",
      sentence: [missWords(webhook, event.type)[miss ?? "not_subscribed"]],
      remedy: subscribed
        ? "Change the filter under Settings; it then lets new events pass."
        : "Add the event under Settings; the webhook then receives new ones.",
    };
  }
  if (facts !== null || missOf({ ...webhook, events: [type] }, type, noFacts) === null) return null;
  return {
    verdict: "not_received",
    sentence: [
      "The webhook’s filters did not let it pass. Which one cannot be told any more: the meeting was deleted.",
    ],
    remedy: null,
  };
}

const noFacts: EventFacts = { teamId: null, userId: null, durationSeconds: null, source: null };

async function whyNone(
  webhook: WebhookRow,
  event: EventRecord,
  facts: EventFacts | null,
  now: Date,
): Promise<Told> {
  if (event.occurredAt < webhook.createdAt) {
    return {
      verdict: "not_yet_made",
      sentence: [
        "The webhook did not exist yet: it was added later (",
        at(webhook.createdAt),
        ").",
      ],
      remedy: "It receives what happens from then on.",
    };
  }
  if (webhook.deletedAt !== null && event.occurredAt > webhook.deletedAt) {
    return {
      verdict: "deleted_before",
      sentence: ["The webhook had been deleted by then (", at(webhook.deletedAt), ")."],
      remedy: "Add a webhook for the URL; it receives new events.",
    };
  }
  const missed = whyMissed(webhook, event, facts);
  if (missed !== null) return missed;
  const changed = await lastDone(webhook, "webhook.updated", now);
  return {
    verdict: "settings_changed",
    sentence: [
      "As the webhook was set when it happened, it did not receive this event.",
      ...(changed === null ? [] : [` ${changed.actor} last changed it (`, at(changed.at), ")."]),
    ],
    remedy: "As it is set now, it receives such events.",
  };
}

// --- Subjects -------------------------------------------------------------------------------------------------

const unknown: WhyAnswer = {
  verdict: "unknown",
  event: null,
  meeting: null,
  sentence: [
    "No event or meeting with this id is known. It may be mistyped, older than 30 days, or of another workspace.",
  ],
  remedy: "Check the id: events begin with evt_, meetings with mtg_.",
  deliveryId: null,
};

async function readMeeting(ctx: Context, id: string): Promise<MeetingFacts | null> {
  const [row] = await db()
    .select({
      id: meetings.id,
      title: meetings.title,
      status: meetings.status,
      teamId: meetings.teamId,
      userId: meetings.userId,
      durationSeconds: meetings.durationSeconds,
      source: meetings.source,
    })
    .from(meetings)
    .where(and(eq(meetings.workspaceId, ctx.principal.workspaceId), eq(meetings.id, id)));
  return row ?? null;
}

async function readEvents(ctx: Context, subject: string): Promise<EventRecord[]> {
  const column = subject.startsWith("evt_") ? events.id : events.meetingId;
  return await db()
    .select()
    .from(events)
    .where(and(eq(events.workspaceId, ctx.principal.workspaceId), eq(column, subject)))
    .orderBy(desc(events.occurredAt), desc(events.id))
    .limit(answersMax);
}

async function deliveriesOf(webhook: WebhookRow, found: readonly EventRecord[]) {
  if (found.length === 0) return new Map<string | null, DeliveryRecord[]>();
  const rows = await db()
    .select()
    .from(webhookDeliveries)
    .where(
      and(
        eq(webhookDeliveries.workspaceId, webhook.workspaceId),
        eq(webhookDeliveries.webhookId, webhook.id),
        eq(webhookDeliveries.isTest, false),
        inArray(
          webhookDeliveries.eventId,
          found.map(({ id }) => id),
        ),
      ),
    )
    .orderBy(desc(webhookDeliveries.createdAt), desc(webhookDeliveries.id))
    .limit(deliveriesMax);
  // Not Map.groupBy: Node.js 20 does not have it.
  const byEvent = new Map<string | null, DeliveryRecord[]>();
  for (const row of rows) byEvent.set(row.eventId, [...(byEvent.get(row.eventId) ?? []), row]);
  return byEvent;
}

/** The meeting's title as the event told it, where the meeting itself is gone. */
function titleIn({ data }: EventRecord): string {
  return typeof data.title === "string" ? data.title : "A meeting";
}

const ending: readonly EventType[] = ["meeting.processed", "meeting.failed"];

/** What a meeting has still to say when none of its events tells of an end. */
function whyNotYet(meeting: MeetingFacts, found: readonly EventRecord[]): WhyAnswer | null {
  if (found.some(({ type }) => ending.some((end) => end === type))) return null;
  const about = {
    event: null,
    meeting: { id: meeting.id, title: meeting.title },
    deliveryId: null,
  };
  if (meeting.status === "processed" || meeting.status === "failed") {
    return found.length > 0
      ? null
      : {
          ...about,
          verdict: "no_event",
          sentence: [
            "Nothing has happened to this meeting in the last 30 days that events tell about.",
          ],
          remedy: null,
        };
  }
  const doing = meeting.status === "recording" ? "being recorded" : "being processed";
  return {
    ...about,
    verdict: "not_yet",
    sentence: [
      `The meeting is still ${doing}. meeting.processed or meeting.failed is sent when that has ended.`,
    ],
    remedy: null,
  };
}

async function readWebhook(ctx: Context, id: string): Promise<WebhookRow> {
  const [row] = await db()
    .select()
    .from(webhooks)
    .where(and(eq(webhooks.id, id), eq(webhooks.workspaceId, ctx.principal.workspaceId)));
  if (!row) throw notFound("Webhook");
  return row;
}

/**
 * What became of an event (`evt_…`), or of each event about a meeting (`mtg_…`, newest first, at most 20), at this
 * webhook. An id that is unknown, too old or of another workspace gets one and the same answer.
 */
export async function explainDelivery(
  ctx: Context,
  input: { readonly id: string; readonly subject: string },
): Promise<WhyAnswer[]> {
  requirePermission(ctx, "organization:read", "all");
  const { subject } = input;
  const webhook = await readWebhook(ctx, input.id);
  if (!/^(evt|mtg)_[0-9A-Za-z]{1,40}$/.test(subject)) return [unknown];
  const found = await readEvents(ctx, subject);
  const meetingId = subject.startsWith("mtg_") ? subject : (found[0]?.meetingId ?? null);
  const meeting = meetingId === null ? null : await readMeeting(ctx, meetingId);
  if (found.length === 0 && meeting === null) return [unknown];
  const deliveries = await deliveriesOf(webhook, found);
  const answers = await Promise.all(
    found.map(async (event): Promise<WhyAnswer> => {
      const told =
        (await whyDelivered(webhook, deliveries.get(event.id) ?? [])) ??
        (await whyNone(webhook, event, meeting, ctx.now()));
      return {
        deliveryId: null,
        ...told,
        event: { id: event.id, type: event.type, at: event.occurredAt.toISOString() },
        meeting:
          meetingId === null ? null : { id: meetingId, title: meeting?.title ?? titleIn(event) },
      };
    }),
  );
  const notYet = meeting !== null && subject === meetingId ? whyNotYet(meeting, found) : null;
  return notYet === null ? answers : [notYet, ...answers];
}
