import type { Fault, RecordErrorCode } from "@/lib/integrations/contract";

// Slack says what went wrong in `error`, nearly always with status 200.

const rejected = (code: RecordErrorCode) => (error: string, explained: string | null) =>
  ({
    kind: "rejected",
    code,
    detail: explained === null ? `Slack said ${error}` : `Slack said ${error}: ${explained}`,
  }) satisfies Fault;

const forbidden = (error: string) =>
  ({ kind: "forbidden", detail: `Slack said ${error}` }) satisfies Fault;

/** The caller knows the channel and names it (`calls.ts`). */
const place = (detail: string) => () =>
  ({ kind: "place_unavailable", place: "", detail }) satisfies Fault;

const transient = (error: string) =>
  ({ kind: "transient", detail: `Slack said ${error}` }) satisfies Fault;

const gone = () => ({ kind: "gone" }) satisfies Fault;

type Meaning = (error: string, explained: string | null) => Fault;

const revoked: Meaning = () => ({ kind: "reauth", reason: "token_revoked" });
const invalidValue: Meaning = rejected("invalid_value");

/** Every word of docs/providers/slack.md, "Errors". */
const meanings: Readonly<Record<string, Meaning>> = {
  invalid_auth: revoked,
  token_revoked: revoked,
  not_authed: revoked,
  // What a call gets after the app was removed.
  account_inactive: () => ({ kind: "reauth", reason: "app_uninstalled" }),
  token_expired: () => ({ kind: "reauth", reason: "token_expired" }),

  no_permission: forbidden,
  not_allowed_token_type: forbidden,
  access_denied: forbidden,
  org_login_required: forbidden,
  ekm_access_denied: forbidden,
  team_access_not_granted: forbidden,
  app_access_restricted: forbidden,
  enterprise_is_restricted: forbidden,

  channel_not_found: place("the channel is not there any more, or the app was removed from it"),
  is_archived: place("the channel is archived"),
  not_in_channel: place("the app is not a member of the channel"),
  restricted_action: place("the workspace lets only some people post in the channel"),
  posting_to_channel_denied: place("the workspace does not let the app post in the channel"),
  channel_is_limited_access: place("the channel is limited to some people"),

  users_not_found: rejected("not_found"),
  user_not_found: rejected("not_found"),
  user_disabled: rejected("not_found"),

  invalid_blocks: invalidValue,
  invalid_blocks_format: invalidValue,
  msg_too_long: invalidValue,
  msg_blocks_too_long: invalidValue,
  no_text: invalidValue,
  markdown_text_conflict: invalidValue,
  invalid_metadata_format: invalidValue,
  metadata_too_large: invalidValue,
  invalid_arguments: invalidValue,

  message_not_found: gone,
  cant_update_message: gone,
  edit_window_closed: gone,

  internal_error: transient,
  fatal_error: transient,
  service_unavailable: transient,
  request_timeout: transient,
};

const throttled = new Set([
  "ratelimited",
  "rate_limited",
  "message_limit_exceeded",
  "rate_limit_exceeded",
]);

/** What a layout error looks like: the same message as plain text is worth one try. */
export const layoutErrors: ReadonlySet<string> = new Set([
  "invalid_blocks",
  "invalid_blocks_format",
  "msg_blocks_too_long",
]);

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function listOf(text: unknown): readonly string[] {
  return typeof text === "string"
    ? text
        .split(",")
        .map((part) => part.trim())
        .filter((part) => part !== "")
    : [];
}

/** `response_metadata.messages` says which argument was wrong. */
function explanationOf(body: Readonly<Record<string, unknown>>): string | null {
  const about = body.response_metadata;
  if (!isRecord(about) || !Array.isArray(about.messages)) return null;
  const lines = about.messages.filter((line): line is string => typeof line === "string");
  return lines.length === 0 ? null : lines.join("; ").slice(0, 300);
}

function retryAfterOf(headers: Readonly<Record<string, string>>): number | null {
  const seconds = Number(headers["retry-after"]);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : null;
}

/** What an answer of the Web API means; null for success, and for what the status alone says. */
export function classify(answer: {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}): Fault | null {
  const { body } = answer;
  if (!isRecord(body) || body.ok !== false || typeof body.error !== "string") return null;
  const { error } = body;
  if (answer.status === 429 || throttled.has(error)) {
    return { kind: "rate_limited", retryAfterMs: retryAfterOf(answer.headers) };
  }
  if (answer.status >= 500) return transient(error);
  if (error === "missing_scope") {
    return { kind: "reauth", reason: "scope_missing", missing: listOf(body.needed) };
  }
  // A family of words: restricted_action_read_only_channel, restricted_action_thread_locked, …
  const known = error.startsWith("restricted_action") ? "restricted_action" : error;
  const meaning = Object.hasOwn(meanings, known) ? meanings[known] : undefined;
  return (meaning ?? rejected("unknown"))(error, explanationOf(body));
}
