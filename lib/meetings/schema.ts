import { z } from "zod";
import { dateRange, dateText } from "@/lib/core/dates";
import { pageQuery } from "@/lib/http/page";

// What the API says about meetings (handbook 16.3, 16.4, 17, 18). Safe to import in the browser.

export const meetingStatuses = [
  "recording",
  "queued",
  "processing",
  "processed",
  "failed",
] as const;
export const meetingStages = ["transcribing", "summarizing", "generating_insights"] as const;
export const meetingSources = [
  "companion_bot",
  "upload",
  "url_import",
  "transcript_paste",
  "zoom",
  "google_meet",
  "microsoft_teams",
  "talkdesk",
  "api",
] as const;
export const meetingMediums = ["video_call", "phone_call", "in_person", "other"] as const;

export const failureCodes = [
  "unsupported_format",
  "corrupt_file",
  "no_speech",
  "duration_exceeds_plan",
  "quota_exceeded",
  "bot_not_admitted",
  "transcription_error",
  "unsupported_language",
  "internal_error",
] as const;
export type FailureCode = (typeof failureCodes)[number];

const meetingId = z.string().meta({ examples: ["mtg_abc123"] });
const utc = z.string().meta({ format: "date-time", examples: ["2026-02-01T14:00:00Z"] });

export const engineView = z
  .object({
    id: z.string(),
    name: z.string(),
    model: z.string().nullable(),
    version: z.string(),
  })
  .meta({ id: "Engine", description: "Which engine made a result." });

export const meetingListItem = z
  .object({
    id: meetingId,
    title: z.string().meta({ examples: ["Sales Call - Acme Corp"] }),
    date: utc,
    duration: z.int().meta({ description: "Seconds.", examples: [1800] }),
    status: z.enum(meetingStatuses),
  })
  .meta({ id: "Meeting" });

const participantView = z
  .object({
    name: z.string(),
    email: z.string().nullable(),
    type: z.enum(["internal", "external"]),
    contact_id: z.string().nullable(),
    user_id: z.string().nullable(),
  })
  .meta({ id: "Participant" });

export const meetingDetail = z
  .object({
    ...meetingListItem.shape,
    source: z.enum(meetingSources),
    medium: z.enum(meetingMediums),
    language: z.string().nullable().meta({ description: "BCP-47." }),
    team_id: z.string().nullable(),
    user_id: z.string().nullable().meta({ description: "The owner." }),
    contact_ids: z.array(z.string()),
    participants: z.array(participantView),
    tags: z.array(z.string()),
    recording_available: z.boolean(),
    summary_available: z.boolean(),
    transcript_available: z.boolean(),
    failure: z.object({ code: z.enum(failureCodes), message: z.string() }).nullable(),
    created_at: utc,
    updated_at: utc,
  })
  .meta({ id: "MeetingDetail" });

export const transcriptView = z
  .object({
    meeting_id: meetingId,
    transcript: z.array(
      z.object({
        speaker: z.string().meta({ examples: ["John Smith"] }),
        text: z.string().meta({ examples: ["Thanks for joining today."] }),
        timestamp: z.string().meta({ description: "HH:MM:SS", examples: ["00:00:05"] }),
      }),
    ),
    timing: z.enum(["exact", "estimated"]).meta({
      description: "`estimated` when the file had no times: 150 words a minute are assumed.",
    }),
    language: z.string().nullable(),
    engine: engineView,
  })
  .meta({ id: "Transcript" });

const actionItemView = z
  .object({
    id: z.string(),
    text: z.string(),
    assignee: z.string().nullable(),
    due_date: z.string().nullable().meta({ format: "date" }),
    status: z.enum(["open", "done"]),
    source: z.enum(["ai", "manual"]),
    confidence: z.number().nullable().meta({ description: "0 to 1; null for manual items." }),
    suggestion: z
      .boolean()
      .meta({ description: "True while nobody has confirmed an uncertain item." }),
    timestamp: z.string().nullable().meta({ description: "Where in the transcript, HH:MM:SS." }),
  })
  .meta({ id: "ActionItem" });

export const summaryView = z
  .object({
    meeting_id: meetingId,
    summary: z.object({
      overview: z.string(),
      topics: z.array(z.string()),
      decisions: z.array(z.string()),
      next_steps: z.array(z.string()),
    }),
    action_items: z.array(actionItemView),
    generated_at: utc,
    engine: engineView,
  })
  .meta({ id: "Summary" });

export const statusView = z
  .object({
    meeting_id: meetingId,
    status: z.enum(meetingStatuses),
    stage: z.enum(meetingStages).nullable(),
    progress: z.int().meta({ description: "0 to 100." }),
    error: z.object({ code: z.enum(failureCodes), message: z.string() }).nullable(),
    updated_at: utc,
  })
  .meta({ id: "ProcessingStatus" });

const rangeMessage = { message: "date_from must not be after date_to", path: ["date_from"] };

/** Adds the check that a date range is not upside down. */
export function withDateRange<S extends z.ZodObject>(schema: S): S {
  return schema.refine((query) => {
    const { date_from, date_to } = query as { date_from?: string; date_to?: string };
    return !dateRange(date_from, date_to).isEmpty;
  }, rangeMessage);
}

export const meetingFilters = {
  date_from: dateText.optional().meta({
    description: "Start date, inclusive. A day or an ISO 8601 time.",
    param: { example: "2026-01-01" },
  }),
  date_to: dateText.optional().meta({
    description: "End date, inclusive; a bare day covers that whole UTC day.",
    param: { example: "2026-01-31" },
  }),
  status: z
    .enum(meetingStatuses, `must be one of ${meetingStatuses.join(", ")}`)
    .optional()
    .meta({ description: "Processing status.", param: { example: "processed" } }),
} as const;

const filterId = z.string().min(1, "must not be empty").max(60).optional();

export const listMeetingsQuery = withDateRange(
  z.object({
    ...pageQuery,
    ...meetingFilters,
    team_id: filterId.meta({ description: "Meetings of this team." }),
    user_id: filterId.meta({ description: "Meetings of this owner." }),
  }),
);

export const meetingParams = z.object({ id: meetingId });

export type MeetingDetail = z.output<typeof meetingDetail>;
export type TranscriptView = z.output<typeof transcriptView>;
export type SummaryView = z.output<typeof summaryView>;
export type StatusView = z.output<typeof statusView>;
