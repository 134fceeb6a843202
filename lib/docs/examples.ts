import type { ErrorCode } from "@/lib/core/errors";
import { ERROR_DOCS } from "@/lib/http/error-docs";

// Example answers of the reference and of the OpenAPI document. tests/integration/docs proves that each one fits
// the schema of its endpoint, so that an example cannot outlive the answer it shows.

const engine = { id: "rules", name: "automatic outline", model: null, version: "1" };

const listedMeeting = {
  id: "mtg_abc123",
  title: "Sales Call - Acme Corp",
  date: "2026-02-01T14:00:00Z",
  duration: 1800,
  status: "processed",
};

const meetingList = {
  data: [listedMeeting],
  pagination: {
    page: 1,
    per_page: 20,
    total: 150,
    has_more: true,
    next_cursor: "eyJiIjoiS0ZqTTF2Iiwi.q7dYw2",
  },
};

const onePage = { page: 1, per_page: 20, total: 1, has_more: false, next_cursor: null };

const listedContact = {
  id: "con_abc123",
  name: "John Smith",
  email: "john.smith@acme.example",
  company: "Acme Corp",
  last_interaction_at: "2026-02-01T14:00:00Z",
  meetings_count: 4,
};

const insight = {
  id: "ins_abc123",
  name: "Pricing discussed",
  type: "yes_no",
  question: "Was pricing discussed?",
  project: { id: "prj_abc123", name: "Sales calls" },
  team_ids: ["team_abc123"],
  active: true,
  results_count: 38,
  created_at: "2026-01-05T09:00:00Z",
  updated_at: "2026-01-05T09:00:00Z",
};

const insightResult = {
  id: "res_abc123",
  insight_id: "ins_abc123",
  insight_name: "Pricing discussed",
  type: "yes_no",
  meeting_id: "mtg_abc123",
  status: "answered",
  value: true,
  score: null,
  explanation: "Looked up “pricing”: found in 1 turn.",
  evidence: [
    {
      speaker: "John Smith",
      text: "What would the pricing be for forty seats?",
      timestamp: "00:12:41",
    },
  ],
  generated_at: "2026-02-01T14:33:10Z",
  engine,
};

/** Example answers by operation id. `appUrl` is the origin that links in them lead to. */
export function exampleAnswers(appUrl: string): Readonly<Record<string, unknown>> {
  return {
    listMeetings: meetingList,
    getMeeting: {
      ...listedMeeting,
      source: "api",
      medium: "video_call",
      language: "en",
      team_id: "team_abc123",
      user_id: "usr_abc123",
      contact_ids: ["con_abc123"],
      participants: [
        {
          name: "John Smith",
          email: "john.smith@acme.example",
          type: "external",
          contact_id: "con_abc123",
          user_id: null,
        },
      ],
      tags: ["discovery"],
      recording_available: false,
      summary_available: true,
      transcript_available: true,
      failure: null,
      created_at: "2026-02-01T14:31:02Z",
      updated_at: "2026-02-01T14:33:10Z",
    },
    getTranscript: {
      meeting_id: "mtg_abc123",
      transcript: [
        { speaker: "John Smith", text: "Thanks for joining today.", timestamp: "00:00:05" },
      ],
      timing: "exact",
      language: "en",
      engine: { id: "file", name: "Transcript file", model: null, version: "1" },
    },
    getSummary: {
      meeting_id: "mtg_abc123",
      summary: {
        overview:
          "A conversation of 30 minutes between 2 speakers (Dana Reyes 58%, John Smith 42% of the talk). Most mentioned: pricing, rollout plan. 1 decision was found, and 1 suggested action item, the first due Wed, Feb 4.",
        topics: ["pricing", "rollout plan"],
        decisions: ["We decided to start with the sales team."],
        next_steps: ["Dana Reyes: Send the quote for forty seats (by Wed, Feb 4)"],
      },
      action_items: [
        {
          id: "act_abc123",
          text: "Send the quote for forty seats",
          assignee: "Dana Reyes",
          due_date: "2026-02-04",
          status: "open",
          source: "ai",
          confidence: 0.9,
          suggestion: false,
          timestamp: "00:21:37",
        },
      ],
      generated_at: "2026-02-01T14:33:10Z",
      engine,
    },
    getMeetingInsights: { meeting_id: "mtg_abc123", data: [insightResult] },
    getMeetingStatus: {
      meeting_id: "mtg_abc123",
      status: "processing",
      stage: "summarizing",
      progress: 40,
      error: null,
      updated_at: "2026-02-01T14:32:20Z",
    },
    listContacts: { data: [listedContact], pagination: onePage },
    getContact: {
      ...listedContact,
      phone: "+1 555 0100",
      title: "Head of Sales",
      account_id: null,
      tags: ["customer"],
      attributes: {},
      external_refs: [],
      created_at: "2025-11-18T08:12:00Z",
      updated_at: "2026-02-01T14:33:10Z",
    },
    listContactMeetings: { data: [listedMeeting], pagination: onePage },
    listInsights: { data: [insight], pagination: onePage },
    getInsight: insight,
    getInsightData: {
      insight_id: "ins_abc123",
      type: "yes_no",
      aggregate: { yes: 31, no: 5, unknown: 2 },
      data: [insightResult],
      pagination: {
        ...onePage,
        total: 38,
        has_more: true,
        next_cursor: "eyJiIjoiUXcwb1h6Ii.w3LtBd",
      },
    },
    uploadMeeting: {
      id: "mtg_abc123",
      title: "Customer Call",
      date: "2026-02-01T10:00:00Z",
      status: "queued",
      status_url: `${appUrl}/api/v1/meetings/mtg_abc123/status`,
    },
  };
}

/** What an answer of each code looks like: the sentence and the facts beside it. */
const ERROR_EXAMPLES = {
  invalid_request: {
    message: "per_page: must be a whole number from 1 on",
    details: { fields: { per_page: "must be a whole number from 1 on" } },
  },
  unauthorized: { message: "The credential is missing or not valid", details: {} },
  forbidden: {
    message: "The credential does not include this access",
    details: { required_scope: "meetings:write" },
  },
  quota_exceeded: {
    message: "The Plus plan includes 5 API keys, and 5 are in use",
    details: { limit: 5, used: 5, plan: "plus", required_plan: "max" },
  },
  not_found: { message: "Meeting not found", details: {} },
  method_not_allowed: {
    message: "DELETE is not allowed here",
    details: { allow: "GET, HEAD, OPTIONS" },
  },
  not_ready: {
    message: "The summary is not available: the meeting is processing",
    details: { status: "processing" },
  },
  conflict: {
    message: "This Idempotency-Key was used for another request",
    details: { reason: "idempotency_key_reused" },
  },
  length_required: {
    message: "The request says neither how long its body is nor that it is chunked",
    details: {},
  },
  payload_too_large: {
    message: "The file is larger than 2 GB (2,147,483,648 bytes)",
    details: { max_bytes: 2_147_483_648 },
  },
  unsupported_media_type: {
    message: "The file is of type application/pdf",
    details: { detected: "application/pdf" },
  },
  rate_limited: {
    message: "More than 60 requests in this minute",
    details: { limit: 60, reset: 1_706_803_200 },
  },
  server_error: {
    message: "Something went wrong on our side. The request id finds it in our logs.",
    details: {},
  },
  service_unavailable: { message: "The service cannot reach its database", details: {} },
} as const satisfies Record<ErrorCode, { message: string; details: object }>;

/** One whole error body for each code. */
export function exampleErrors(appUrl: string): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(ERROR_EXAMPLES).map(([code, { message, details }]) => [
      code,
      {
        error: {
          code,
          message,
          details,
          request_id: "req_1Q9fK2xA7bLm0PzRtYwE",
          fix: ERROR_DOCS[code as ErrorCode].remedy,
          doc_url: `${appUrl}/docs#error-${code}`,
        },
      },
    ]),
  );
}
