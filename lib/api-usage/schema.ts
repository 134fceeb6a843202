// The use of the API as its pages see it (handbook 2.2). Safe to import in the browser.

/** Requests by how they were answered. */
export interface Outcomes {
  readonly answered: number;
  /** With 4xx, other than 429. */
  readonly refused: number;
  /** With 429. */
  readonly limited: number;
  /** With 5xx. */
  readonly failed: number;
}

/** What holds the credentials: an API key or token, an app with everybody's grants, or a service account's client. */
export interface Program {
  readonly id: string;
  readonly kind: "api_key" | "oauth_app" | "service_account" | "removed";
  readonly name: string;
  /** Of a key: `hk_live_ab12…9f3c`. */
  readonly masked: string | null;
  /** Of an API token: the account that it acts as. */
  readonly account: string | null;
  /** Of an app: for how many people it called. */
  readonly people: number | null;
}

export interface ApiUsage {
  /** What all keys together, and each app for itself, may ask in a minute. */
  readonly limitPerMinute: number;
  /** The last 30 days in UTC, the oldest first, every one of them. */
  readonly days: readonly (Outcomes & { readonly day: string })[];
  /** The busiest 100. */
  readonly programs: readonly (Outcomes & Program)[];
  readonly operations: readonly (Outcomes & { readonly operation: string })[];
}

/** One credential's use of one operation on one day. */
export type UsageRow = Outcomes &
  Program & { readonly day: string; readonly credentialId: string; readonly operation: string };

/** The operations of the public API in plain words, by their ids in the OpenAPI document; and the resumable door. */
const operationWords: Readonly<Record<string, string>> = {
  listMeetings: "Lists of meetings",
  getMeeting: "Details of meetings",
  getTranscript: "Transcripts",
  getSummary: "Summaries and action items",
  getMeetingStatus: "How far processing is",
  getMeetingInsights: "Insights of meetings",
  uploadMeeting: "Meetings uploaded",
  resumableUpload: "Pieces of resumable uploads",
  listContacts: "Lists of contacts",
  getContact: "Details of contacts",
  listContactMeetings: "Meetings of contacts",
  listInsights: "Lists of insights",
  getInsight: "What insights ask",
  getInsightData: "Answers to insights",
};

/** What one kind of call asks for, in plain words. */
export function wordsOfOperation(operation: string): string {
  return operationWords[operation] ?? operation;
}
