import type { WebhookView } from "@/lib/webhooks/schema";

// What the facts of a webhook are called on its pages.

/** The address of a webhook's own page. */
export function webhookHref(id: string): string {
  return `/settings/integrations/webhooks/${id}`;
}

/** Host and port of an address; the whole text when it is none. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

export type Health = "working" | "failing" | "unused";

/** How a webhook has been doing lately. */
export function healthOf({
  failingSince,
  lastDeliveryAt,
}: Pick<WebhookView, "failingSince" | "lastDeliveryAt">): Health {
  if (failingSince !== null) return "failing";
  return lastDeliveryAt === null ? "unused" : "working";
}

/** Why a receiver gave no answer, by the code that a delivery's attempt keeps (lib/outbound). */
const noAnswerWords: Readonly<Record<string, string>> = {
  invalid_url: "The address cannot be used",
  blocked_address: "The address is not allowed",
  dns_error: "Host not found",
  connection_refused: "Connection refused",
  connection_reset: "Connection cut off",
  timeout: "No answer in time",
  tls_error: "TLS failed",
  protocol_error: "Not a valid HTTP answer",
  network_error: "Network failed",
  aborted: "Stopped by us",
};

/** What came back from the receiver, in few words: "200", "No answer in time"; null before the first attempt. */
export function answerWords(status: number | null, error: string | null): string | null {
  if (status !== null) return String(status);
  return error === null ? null : (noAnswerWords[error] ?? error);
}
