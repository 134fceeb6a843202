import { z } from "zod";

// The catalogue of events (handbook 21.2): one row per event, and nothing else in the product lists them. Safe to
// import in the browser.

const meetingId = z.string().meta({ examples: ["mtg_abc123"], description: "The meeting." });
const title = z
  .string()
  .meta({ examples: ["Sales Call"], description: "The meeting's title at that moment." });

interface EventKind {
  readonly category: "Meetings" | "Insights";
  /** When it is sent, as the source document says it. */
  readonly trigger: string;
  readonly description: string;
  readonly data: z.ZodObject;
  readonly sample: Readonly<Record<string, unknown>>;
}

export const EVENTS = {
  "meeting.started": {
    category: "Meetings",
    trigger: "Recording began",
    description: "Companion has joined a call and records it. Uploads and imports do not send it.",
    data: z.object({
      meeting_id: meetingId,
      title,
      started_at: z
        .string()
        .meta({ format: "date-time", description: "When the recording began." }),
    }),
    sample: { meeting_id: "mtg_abc123", title: "Sales Call", started_at: "2026-02-01T14:00:00Z" },
  },
  "meeting.processed": {
    category: "Meetings",
    trigger: "Processing complete",
    description:
      "Transcript, summary, action items and insights can be read. Sent again after a retry.",
    data: z.object({
      meeting_id: meetingId,
      title,
      duration: z.int().meta({ examples: [1800], description: "Length in seconds." }),
    }),
    sample: { meeting_id: "mtg_abc123", title: "Sales Call", duration: 1800 },
  },
  "meeting.failed": {
    category: "Meetings",
    trigger: "Processing failed",
    description: "Processing ended without a result; the error says why. Sent at each failure.",
    data: z.object({
      meeting_id: meetingId,
      title,
      error: z.object({
        code: z.string().meta({ examples: ["corrupt_file"], description: "A failure code." }),
        message: z.string().meta({ description: "What happened and what to do, in plain words." }),
      }),
    }),
    sample: {
      meeting_id: "mtg_abc123",
      title: "Sales Call",
      error: {
        code: "corrupt_file",
        message: "The file is cut off. Export it again and upload it.",
      },
    },
  },
  "insight.generated": {
    category: "Insights",
    trigger: "Insight created",
    description: "A question of an insight project was answered for one meeting.",
    data: z.object({
      insight_id: z.string().meta({ examples: ["ins_abc123"], description: "The question." }),
      result_id: z.string().meta({ examples: ["res_abc123"], description: "The answer." }),
      meeting_id: meetingId,
      name: z
        .string()
        .meta({ examples: ["Budget discussed"], description: "The question's name." }),
      type: z.string().meta({ examples: ["yes_no"], description: "The question's type." }),
    }),
    sample: {
      insight_id: "ins_abc123",
      result_id: "res_abc123",
      meeting_id: "mtg_abc123",
      name: "Budget discussed",
      type: "yes_no",
    },
  },
} as const satisfies Record<string, EventKind>;

export type EventType = keyof typeof EVENTS;
export type EventData = { [T in EventType]: z.output<(typeof EVENTS)[T]["data"]> };

export const eventTypes = Object.keys(EVENTS) as [EventType, ...EventType[]];
export const eventCategories = ["Meetings", "Insights"] as const;

/** The version of the payload's shape; fields are only ever added to it. */
export const apiVersion = "v1";

/** The body of a delivery: the source document's three keys, and beside them what tells events apart. */
export interface EventPayload {
  readonly event: string;
  readonly timestamp: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly id: string;
  readonly workspace_id: string;
  readonly api_version: string;
}
