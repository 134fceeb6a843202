import { z } from "zod";
import { type EventType, eventTypes } from "@/lib/events/schema";
import { meetingSources } from "@/lib/meetings/schema";

// Webhooks as their pages and the command line see them (handbook 21). Safe to import in the browser.

export const webhookStatuses = ["active", "paused", "disabled"] as const;
export const deliveryStatuses = [
  "pending",
  "delivering",
  "succeeded",
  "retrying",
  "failed",
  "cancelled",
] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];
export const deliveryReasons = [
  "paused",
  "disabled",
  "deleted",
  "gone",
  "exhausted",
  "meeting_deleted",
] as const;

const urlLengthMax = 2048;

const id = z.string().max(60);
const ids = z.array(id).max(100).default([]);

const durationProblem = "Choose from 1 minute to 24 hours.";

/** What is typed into the form. URL and events alone are enough: the name is then the URL's host. */
export const webhookInput = z.object({
  url: z
    .string()
    .trim()
    .min(1, "Enter the address that receives the events.")
    .max(urlLengthMax, `At most ${urlLengthMax} characters.`),
  events: z
    .array(z.enum(eventTypes))
    .min(1, "Choose at least one event.")
    .transform((chosen) => eventTypes.filter((type) => chosen.includes(type))),
  name: z.string().trim().max(100, "At most 100 characters.").default(""),
  description: z.string().trim().max(500, "At most 500 characters.").default(""),
  team_ids: ids,
  user_ids: ids,
  sources: z.array(z.enum(meetingSources)).default([]),
  min_duration_seconds: z.coerce
    .number({ error: durationProblem })
    .int(durationProblem)
    .min(1, durationProblem)
    .max(86_400, durationProblem)
    .nullable()
    .default(null),
});
export type WebhookInput = z.output<typeof webhookInput>;

export const webhookRef = z.object({ id });
export const updateWebhookInput = webhookInput.extend({ id });
export const testUrlInput = webhookInput.pick({ url: true });
export const sendTestInput = z.object({ id, event: z.enum(eventTypes) });
/** Resume and re-enable; `send_missed` sends what was missed, as many as the page counted and more since. */
export const startAgainInput = z.object({ id, send_missed: z.boolean().default(false) });
export const regenerateSecretInput = z.object({ id, overlap: z.enum(["none", "24h"]) });

/** Which past deliveries are sent again: chosen ones, or all that are missing since a time. */
export const redeliverInput = z.object({ id, delivery_ids: z.array(id).min(1).max(100) });
export const redeliverRangeInput = z.object({
  id,
  /** ISO 8601. */
  from: z.string().max(40),
  to: z.string().max(40).nullable().default(null),
  events: z.array(z.enum(eventTypes)).default([]),
  /** Only events that no delivery of this webhook has brought to the receiver. */
  only_missing: z.boolean().default(true),
});
/** Most that one request sends again; a larger range is refused with its count. */
export const redeliverMax = 10_000;

export const whyInput = z.object({
  id,
  /** An event (`evt_…`) or a meeting (`mtg_…`). */
  subject: z.string().trim().min(1, "Enter the id of an event or of a meeting.").max(60),
});

export const logRetentionDays = 30;

export interface WebhookView {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly url: string;
  readonly events: readonly EventType[];
  readonly teamIds: readonly string[];
  readonly userIds: readonly string[];
  readonly sources: readonly string[];
  readonly minDurationSeconds: number | null;
  readonly status: (typeof webhookStatuses)[number];
  readonly disabledAt: Date | null;
  readonly disabledReason: "failing" | "gone" | null;
  readonly secretLast4: string;
  /** Set while a rotation overlaps. */
  readonly rotation: { readonly nextLast4: string; readonly endsAt: Date } | null;
  readonly consecutiveFailures: number;
  readonly failingSince: Date | null;
  readonly lastDeliveryAt: Date | null;
  readonly lastSuccessAt: Date | null;
  readonly lastStatus: number | null;
  readonly lastError: string | null;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly deletedAt: Date | null;
}

/** The secret itself; shown once. */
export interface IssuedSecret {
  readonly id: string;
  readonly name: string;
  readonly secret: string;
}

/** What a test of an address found. */
export interface UrlTestResult {
  readonly ok: boolean;
  readonly status: number | null;
  readonly durationMs: number;
  /** What went wrong and what to do; null when the receiver answered 2xx. */
  readonly problem: string | null;
}

/** A row of the delivery log. Instants are ISO 8601, since rows also travel to the browser through actions. */
export interface DeliveryRow {
  readonly id: string;
  readonly eventId: string | null;
  readonly event: string;
  readonly meetingId: string | null;
  readonly status: DeliveryStatus;
  readonly reason: (typeof deliveryReasons)[number] | null;
  readonly attempts: number;
  readonly lastStatus: number | null;
  readonly lastError: string | null;
  readonly durationMs: number | null;
  readonly isTest: boolean;
  readonly redeliveryOf: string | null;
  readonly createdAt: string;
  readonly nextAttemptAt: string | null;
  readonly completedAt: string | null;
}

export interface AttemptView {
  readonly id: string;
  readonly number: number;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly timings: { readonly connect?: number; readonly firstByte?: number };
  readonly url: string;
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly responseStatus: number | null;
  readonly responseHeaders: Readonly<Record<string, string>> | null;
  readonly responseBody: string | null;
  readonly error: string | null;
  readonly errorMessage: string | null;
}

export interface DeliveryView extends DeliveryRow {
  /** Null for people who may only look: it names meetings that may not be theirs (as handbook 22.2 has it of syncs). */
  readonly requestBody: string | null;
  readonly attemptLog: readonly AttemptView[];
}
