import { type Fault, ProviderError, type RecordErrorCode } from "@/lib/integrations/contract";
import { recordErrorOf } from "@/lib/integrations/error-catalogue";

// What becomes of a record after a try that did not succeed. Pure: the same facts give the same verdict.

/** Pauses after the first, second and third try that failed for want of an answer (handbook 7.8). */
export const retryMinutes = [1, 5, 30] as const;
/** A record that got an answer that nobody can read this often is put aside. */
const strikesMax = 3;
/**
 * So is one that was being sent this often when the worker ended. It shares the blame with all that were being sent
 * then, and a worker that is killed or replaced is no record's fault: three met innocent ones in the drill.
 */
const crashesMax = 10;
const alertAgainMs = 60_000;
const limitedMs = 60_000;

export interface Tried {
  /** This one included. */
  readonly attempts: number;
  /** A repeat can do no harm: it changes what is there already, or the tool can be asked whether it was made. */
  readonly isRepeatable: boolean;
  /** Something of it may have left for the tool. Without that nothing is in doubt. */
  readonly mayHaveLeft: boolean;
  readonly topic: string;
  readonly now: Date;
}

export interface Reason {
  readonly code: RecordErrorCode;
  readonly message: string;
}

export type Verdict =
  /** Once more at `at`. A rate limit spends no attempt. */
  | { readonly kind: "again"; readonly at: Date; readonly spends: boolean; readonly reason: Reason }
  | { readonly kind: "failed"; readonly reason: Reason }
  /** Nobody can know whether it arrived, and repeating it could make two of it. */
  | { readonly kind: "unknown"; readonly reason: Reason }
  | { readonly kind: "quarantined"; readonly reason: Reason }
  /** The grant is dead: the record waits for Reconnect, and so does everything else. */
  | { readonly kind: "stopped"; readonly reason: Reason }
  | { readonly kind: "gone"; readonly reason: Reason }
  | { readonly kind: "place"; readonly place: string; readonly reason: Reason };

const after = (now: Date, ms: number) => new Date(now.getTime() + ms);

const aside: Reason = {
  code: "unknown",
  message: `Put aside after ${strikesMax} tries that ended without an answer that can be read. Everything else goes on.`,
};

const asideAfterCrashes: Reason = {
  code: "unknown",
  message: `Put aside, since Harmony was interrupted ${crashesMax} times while it was being sent. Everything else goes on.`,
};

function againLater(tried: Tried, reason: Reason): Verdict {
  const minutes = retryMinutes[tried.attempts - 1];
  if (minutes === undefined) return { kind: "failed", reason };
  return { kind: "again", at: after(tried.now, minutes * 60_000), spends: true, reason };
}

/** A try whose answer never came: the record may be there or not. */
function judgeUncertain(tried: Tried, message: string): Verdict {
  const reason: Reason = { code: "outcome_unknown", message };
  if (tried.isRepeatable) return againLater(tried, reason);
  if (tried.topic === "alert" && tried.attempts < 2) {
    // To be alerted twice is better than not at all.
    return { kind: "again", at: after(tried.now, alertAgainMs), spends: true, reason };
  }
  return { kind: "unknown", reason };
}

/** The worker ended while the record was being sent. */
export function judgeCrash(tried: Tried): Verdict | null {
  if (tried.attempts >= crashesMax) return { kind: "quarantined", reason: asideAfterCrashes };
  if (tried.isRepeatable || !tried.mayHaveLeft) return null;
  return judgeUncertain(tried, "Harmony was interrupted while it was being sent.");
}

function judgeFault(fault: Fault, tried: Tried): Verdict {
  const reason = recordErrorOf(fault);
  switch (fault.kind) {
    case "reauth":
      return { kind: "stopped", reason };
    case "rate_limited": {
      const at = after(tried.now, fault.retryAfterMs ?? limitedMs);
      return { kind: "again", at, spends: false, reason };
    }
    case "transient":
      return againLater(tried, reason);
    case "gone":
      return { kind: "gone", reason };
    case "place_unavailable":
      return { kind: "place", place: fault.place, reason };
    case "rejected":
      // The tool has a newer version than the one that was changed: read first, then try again.
      return fault.code === "conflict" || fault.code === "record_locked"
        ? againLater(tried, reason)
        : { kind: "failed", reason };
    case "forbidden":
    case "cursor_expired":
      return { kind: "failed", reason };
  }
}

/** What a provider threw while it sent a record. Anything but a ProviderError is trouble of ours. */
export function judgeError(error: unknown, tried: Tried): Verdict {
  if (!(error instanceof ProviderError)) {
    if (tried.attempts >= strikesMax) return { kind: "quarantined", reason: aside };
    if (tried.mayHaveLeft) return judgeUncertain(tried, "Sending it failed inside Harmony.");
    return againLater(tried, { code: "unknown", message: "It could not be sent from here." });
  }
  const { fault, isUncertain, isUnreadable } = error;
  if (isUnreadable && tried.attempts >= strikesMax) return { kind: "quarantined", reason: aside };
  if (!isUncertain) return judgeFault(fault, tried);
  return judgeUncertain(tried, recordErrorOf(fault).message);
}
