import type { Beat } from "@/db/seed-data/beats/beat";
import { oneOnOne, weekly } from "@/db/seed-data/beats/colleagues";
import {
  checkIn,
  interview,
  onboarding,
  quarterlyReview,
  supportCall,
} from "@/db/seed-data/beats/customers";
import { productDemo, salesCall } from "@/db/seed-data/beats/sales";
import type { MeetingKind } from "@/db/seed-data/meeting-kinds";
import type { DemoAccount } from "@/db/seed-data/people";
import type { Random } from "@/db/seed-data/random";

/** One turn of a conversation before it has times. */
export interface Line {
  /** Key of a member or contact. */
  readonly speaker: string;
  readonly text: string;
}

/** Who plays which part; keys of members and contacts. */
export interface Cast {
  readonly H: string;
  readonly I?: string;
  readonly G: string;
  readonly K?: string;
}

const beatsOfKind: Record<MeetingKind, readonly Beat[]> = {
  sales_call: salesCall,
  demo: productDemo,
  qbr: quarterlyReview,
  check_in: checkIn,
  onboarding,
  support_call: supportCall,
  interview,
  one_on_one: oneOnOne,
  weekly,
};

const weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"];
const partOfLine = /^([HIGK]): (.+)$/;

function linesOf(variant: string): { part: keyof Cast; text: string }[] {
  return variant
    .trim()
    .split("\n")
    .map((line) => {
      const match = partOfLine.exec(line);
      const part = match?.[1];
      const text = match?.[2];
      if (text === undefined || !(part === "H" || part === "I" || part === "G" || part === "K")) {
        throw new Error(`not a line of a conversation: ${line}`);
      }
      return { part, text };
    });
}

/** The words that the braces of one beat stand for. */
function slotsOf(
  cast: Cast,
  account: DemoAccount,
  firstName: (key: string) => string,
  random: Random,
): Record<string, string> {
  const low = random.between(12, 38) * 10;
  return {
    company: account.name,
    city: account.city,
    assets: account.assets,
    crew: account.crew,
    count: String(account.count),
    tool: account.tool,
    rival: account.rival,
    host: firstName(cast.H),
    guest: firstName(cast.G),
    ...(cast.I === undefined ? {} : { host2: firstName(cast.I) }),
    ...(cast.K === undefined ? {} : { guest2: firstName(cast.K) }),
    day: random.pick(weekdays),
    low: String(low),
    high: String(low + random.between(6, 40) * 10),
    pct: String(random.between(6, 24)),
    hundreds: `${random.pick(["two", "three", "four", "six", "nine"])} hundred`,
  };
}

function fill(text: string, slots: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = slots[name];
    if (value === undefined) throw new Error(`nothing to put in place of {${name}}`);
    return value;
  });
}

function isPlayable(variant: string, cast: Cast): boolean {
  const needs = (part: "I" | "K", slot: string) =>
    new RegExp(`^${part}: `, "m").test(variant) || variant.includes(`{${slot}}`);
  return !(
    (cast.I === undefined && needs("I", "host2")) ||
    (cast.K === undefined && needs("K", "guest2"))
  );
}

/**
 * Makes conversations out of beats. Every variant is used as evenly as possible over all conversations of one
 * composer, and never twice in the same one.
 * @param firstName the first name of a member or contact, by key.
 */
export function createComposer(random: Random, firstName: (key: string) => string) {
  const uses = new Map<string, number>();

  function choose(beat: Beat, cast: Cast, taken: ReadonlySet<string>): string | null {
    const playable = beat.variants.filter(
      (variant) => isPlayable(variant, cast) && !taken.has(variant),
    );
    if (playable.length === 0) return null;
    const least = Math.min(...playable.map((variant) => uses.get(variant) ?? 0));
    const chosen = random.pick(playable.filter((variant) => (uses.get(variant) ?? 0) === least));
    uses.set(chosen, least + 1);
    return chosen;
  }

  /** `accounts` are taken in turn where colleagues speak about several; with a customer there is one. */
  return (kind: MeetingKind, cast: Cast, accounts: readonly DemoAccount[]): Line[] => {
    const taken = new Set<string>();
    const lines: Line[] = [];
    for (const [index, beat] of beatsOfKind[kind].entries()) {
      const account = accounts[index % accounts.length];
      if (account === undefined || (beat.chance !== undefined && !random.chance(beat.chance))) {
        continue;
      }
      const variant = choose(beat, cast, taken);
      if (variant === null) continue;
      taken.add(variant);
      const slots = slotsOf(cast, account, firstName, random);
      for (const { part, text } of linesOf(variant)) {
        lines.push({ speaker: cast[part] ?? cast.H, text: fill(text, slots) });
      }
    }
    return lines;
  };
}
