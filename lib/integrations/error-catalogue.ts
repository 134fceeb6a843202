import type { ConnectionRow } from "@/lib/integrations/connection-row";
import type {
  AttentionReason,
  Fault,
  Provider,
  RecordErrorCode,
} from "@/lib/integrations/contract";
import type { Trouble } from "@/lib/integrations/schema";

// What goes wrong with tools, in words: the cause, who can mend it, and the one button that helps (handbook 4.5, 7.8,
// 12). Nothing else words trouble of tools.

const attentionWords: Readonly<Record<AttentionReason, string>> = {
  token_expired: "The sign-in has expired",
  token_revoked: "The access was withdrawn at the tool, or its password or policy has changed",
  scope_missing: "Access that the sync needs is not granted",
  account_mismatch: "The tool now answers for another account",
  app_uninstalled: "Harmony was removed from the tool",
  provider_auth_error: "The tool refuses Harmony's registration",
};

/** A sentence without its full stop, for titles and cards. */
export function wordsOfReason(reason: AttentionReason): string {
  return attentionWords[reason];
}

type RecordError = { readonly code: RecordErrorCode; readonly message: string };

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

/** A fault as the sync log shows it. */
export function recordErrorOf(fault: Fault): RecordError {
  switch (fault.kind) {
    case "reauth":
      return { code: "auth_expired", message: `${wordsOfReason(fault.reason)}.` };
    case "forbidden":
      return { code: "permission_denied", message: `The tool refused: ${fault.detail}.` };
    case "rate_limited":
      return { code: "provider_rate_limited", message: "The tool takes no more calls for now." };
    case "transient":
      return { code: "provider_unavailable", message: `The tool ${fault.detail}.` };
    case "cursor_expired":
      return { code: "conflict", message: "The tool asks to read everything again." };
    case "gone":
      return { code: "record_deleted", message: "It is not there any more at the tool." };
    case "place_unavailable":
      return { code: "channel_unavailable", message: sentence(fault.detail) };
    case "rejected":
      return { code: fault.code, message: `The tool did not take it: ${fault.detail}.` };
  }
}

const fixes: Readonly<Record<RecordErrorCode, (tool: string) => string>> = {
  auth_expired: () => "Reconnect; what waits goes out by itself afterwards.",
  permission_denied: (tool) =>
    `Give the connected account the right in ${tool}, or ask an admin of ${tool}, then retry.`,
  required_field_missing: (tool) => `Map the field, or make it optional in ${tool}, then retry.`,
  invalid_value: () => "Correct the value or the mapping, then retry.",
  field_not_found: () => "Refresh the fields and correct the mapping, then retry.",
  duplicate_rule: (tool) => `Merge the records in ${tool}, then retry.`,
  duplicate: (tool) => `It is in ${tool} already; merge or remove one of the two.`,
  conflict: () => "Look at both sides and decide which one is right, then retry.",
  record_locked: (tool) => `Wait until it is no longer locked in ${tool}; it is tried again.`,
  record_deleted: (tool) =>
    `Nothing has to be done if it was deleted on purpose; retry makes it anew in ${tool}.`,
  not_found: (tool) => `Check that it still is there in ${tool}, then retry.`,
  channel_unavailable: (tool) =>
    `Choose another channel on the Sync tab, or unarchive it in ${tool} and invite Harmony.`,
  provider_rate_limited: () => "Nothing has to be done; it is tried again when the tool allows it.",
  provider_unavailable: (tool) =>
    `Nothing has to be done for now; if it stays, look at the status page of ${tool}.`,
  plan_limit: () => "Free some room or change the plan, then retry.",
  outcome_unknown: (tool) => `Look in ${tool} whether it arrived; if not, press Post again.`,
  unknown: () => "Retry; if it stays, write to support with this line.",
};

/** What to do about a record that failed with this code: one sentence. */
export function fixOf(code: RecordErrorCode, toolName: string): string {
  return fixes[code](toolName);
}

const notAnsweringAfterMs = 15 * 60_000;
const failuresMin = 3;

/** Since when a tool does not answer: after three failed tries over 15 minutes, not before. */
export function notAnsweringSince(
  { failingSince, failures }: Pick<ConnectionRow, "failingSince" | "failures">,
  now: Date,
): Date | null {
  if (failingSince === null || failures < failuresMin) return null;
  return now.getTime() - failingSince.getTime() >= notAnsweringAfterMs ? failingSince : null;
}

function whoConnects({ scope, connectedByLabel }: ConnectionRow): string {
  return scope === "personal"
    ? "You can mend this."
    : `Anyone who may manage integrations can mend this; ${connectedByLabel} connected it.`;
}

function attentionTrouble(
  connection: ConnectionRow,
  { name, slug, envPrefix }: Provider,
  reason: AttentionReason,
): Trouble {
  const detail = connection.attentionDetail === null ? "" : ` ${connection.attentionDetail}`;
  const what = `${wordsOfReason(reason)}. Syncing rests; what changes meanwhile is kept.${detail}`;
  if (reason === "provider_auth_error") {
    return {
      what,
      who: `Whoever runs Harmony checks ${envPrefix}_CLIENT_ID and ${envPrefix}_CLIENT_SECRET (docs/providers/${slug}.md); then reconnect.`,
      button: "reconnect",
    };
  }
  if (reason === "app_uninstalled") {
    return { what, who: `Somebody who may add apps in ${name} reconnects.`, button: "reconnect" };
  }
  return { what, who: whoConnects(connection), button: "reconnect" };
}

/** What is wrong with a connection, who can mend it, and the button that helps; null while all is well. */
export function troubleOf(
  connection: ConnectionRow,
  provider: Provider,
  now: Date = new Date(),
): Trouble | null {
  if (connection.status === "needs_attention" && connection.attentionReason !== null) {
    return attentionTrouble(connection, provider, connection.attentionReason);
  }
  if (connection.status !== "connected" || notAnsweringSince(connection, now) === null) return null;
  const said = connection.lastError ? ` ${connection.lastError.message}` : "";
  return {
    what: `${provider.name} is not answering.${said} Harmony keeps trying; nothing is lost.`,
    who: `Nothing has to be done on your side. If it stays, look at the status page of ${provider.name}.`,
    button: "test",
  };
}
