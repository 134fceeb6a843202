import { nextSyncAt as nextByClock } from "@/lib/integrations/schedule";
import { pulledResources, type Target } from "@/lib/sync/target";

const minuteMs = 60_000;
/** Where the tool tells us of changes we look all the same, since a call may be lost. */
const sweepMs = 15 * minuteMs;

/**
 * When the connection syncs next by itself: by the clock, or, in real time, when we look again for changes over there.
 * Null: only when something happens, or somebody asks.
 */
export function nextSyncAt(target: Target, now: Date, hasHook: boolean): Date | null {
  const { frequency } = target.settings;
  if (frequency !== "realtime") return nextByClock(frequency, target.timeZone, now);
  if (pulledResources(target).length === 0) return null;
  return new Date(now.getTime() + (hasHook ? sweepMs : minuteMs));
}
