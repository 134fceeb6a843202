import type { BenchCase, Figure } from "./bench-case";
import { type Place, type SyncStack, syncStack, type ToolStats } from "./sync-stack";

const whole = (value: number) => Math.round(value).toLocaleString("en");
const secondsText = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

interface Pushed {
  /** What the tool counted meanwhile. */
  readonly calls: number;
  readonly writes: number;
  readonly limited: number;
  /** From the commit of the offers until the tool got its last call. */
  readonly lastCallMs: number;
  /** From that commit until every record and the run had ended. */
  readonly settledMs: number;
}

async function push(stack: SyncStack, place: Place): Promise<Pushed> {
  const before = await stack.stats();
  const offeredAt = await stack.offer(place);
  const settledAt = await stack.settled(place);
  const after = await stack.stats();
  const grown = (name: keyof ToolStats) => after[name] - before[name];
  return {
    ...{ calls: grown("calls"), writes: grown("writes"), limited: grown("limited") },
    lastCallMs: after.acceptedAt - offeredAt,
    settledMs: settledAt - offeredAt,
  };
}

function mustBe(what: string, seen: number, expected: number): void {
  if (seen !== expected) throw new Error(`${what}: ${whole(seen)}, not ${whole(expected)}`);
}

export const unchangedCase: BenchCase = {
  id: "i",
  title: "Unchanged records synced again",
  bringsOwnData: true,
  run: async (_, { records }) => {
    const stack = await syncStack();
    // Out of reach, as for every tool without a limit.
    await stack.limit(1_000_000_000, 1000);
    const place = await stack.make("reference_crm", records);
    const first = await push(stack, place);
    const made = await stack.counts(place);
    mustBe("records that were made", made.created, records);
    const again = await push(stack, place);
    const { created, updated, skipped, failed } = await stack.counts(place);
    // It did look at each of them.
    mustBe("records that were found unchanged", skipped - made.skipped, records);
    mustBe("records that were written or failed", created + updated + failed, records);
    const speed = `${whole(records)} records in ${secondsText(again.settledMs)}, from the commit of the offers until the run had ended`;
    const once = `pushed at first in ${secondsText(first.settledMs)}, ${whole(records / (first.settledMs / 1000))} a second`;
    return [
      {
        name: "writes at the tool",
        value: again.writes,
        unit: "calls",
        atMost: 0,
        from: `${speed}; ${once}`,
      },
      {
        name: "calls of the tool, of whatever kind",
        value: again.calls,
        unit: "calls",
        atMost: 0,
        from: "what was sent is known by its hash, so that the tool is not asked either",
      },
    ] satisfies Figure[];
  },
};

interface Budgeted {
  /** A provider of the reference tool with this budget. */
  readonly provider: string;
  readonly calls: number;
  readonly perMs: number;
  readonly records: number;
  readonly note: string;
}

/** The earliest moment at which the last of so many calls may begin, when the first ones begin at 0. */
function leastMs({ records, calls, perMs }: Budgeted): number {
  return Math.floor((records - 1) / calls) * perMs;
}

async function pushUnderBudget(stack: SyncStack, budgeted: Budgeted): Promise<Figure[]> {
  const { provider, calls, perMs, records, note } = budgeted;
  const least = leastMs(budgeted);
  const place = await stack.make(provider, records);
  await stack.limit(calls, perMs);
  const pushed = await push(stack, place);
  const { created } = await stack.counts(place);
  mustBe("records that were made", created, records);
  const what = `${whole(records)} records, ${calls} calls in any ${perMs / 1000} s`;
  const figures: Figure[] = [
    {
      name: `${what}: answers of 429`,
      value: pushed.limited,
      unit: "calls",
      atMost: 0,
      from: `of ${whole(pushed.calls)} calls; the tool counts in a sliding window and does nothing over the limit`,
    },
  ];
  // Within a single window there is no time to compare with.
  if (least === 0) return figures;
  return [
    {
      name: `${what}: time / the least time possible`,
      value: pushed.lastCallMs / least,
      unit: "×",
      atMost: 1.1,
      from: `${secondsText(pushed.lastCallMs)} from the commit to the last call (${secondsText(pushed.settledMs)} until all had ended), against ${secondsText(least)}; ${note}`,
    },
    ...figures,
  ];
}

/**
 * Of the records of other cases, the share that is pushed at the quicker rate. One is added: the least time is a whole
 * number of windows, and is nearest to the rate where one call is left for the next window.
 */
const scaledShare = 0.2;
const literalRecords = 301;

export const budgetCase: BenchCase = {
  id: "j",
  title: "Pushing records under a budget of 100 calls per 10 s, and of 100 per 4 s",
  bringsOwnData: true,
  run: async (_, { records }) => {
    const stack = await syncStack();
    const scaled = await pushUnderBudget(stack, {
      ...{ provider: "reference_scaled_crm", calls: 100, perMs: 4000 },
      records: Math.ceil(records * scaledShare) + 1,
      note: "scaled: 10,000 calls in windows of 10 s would take 990 s",
    });
    const literal = await pushUnderBudget(stack, {
      ...{ provider: "reference_slow_crm", calls: 100, perMs: 10_000 },
      records: Math.min(records, literalRecords),
      note: "the rate is the literal one; scaled is the number of records",
    });
    return [...scaled, ...literal];
  },
};
