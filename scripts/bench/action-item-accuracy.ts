import { readdirSync, readFileSync } from "node:fs";
import { z } from "zod";
import type { SuggestedActionItem } from "@/lib/analysis/analyst";
import { createRulesAnalyst } from "@/lib/analysis/rules/rules-analyst";
import type { Turn } from "@/lib/transcripts/transcript";

// How well the rules find what is to be done, on the meetings of tests/fixtures/action-items; its README.md says what
// counts as an action item.

const meetings = new URL("../../tests/fixtures/action-items/", import.meta.url);
const turnMs = 5_000;

const goldItem = z.strictObject({
  quote: z.string(),
  assignee: z.string().nullable(),
  dueDate: z.iso.date().nullable(),
  mentions: z.string(),
});
const goldMeeting = z.strictObject({
  title: z.string(),
  date: z.coerce.date(),
  timeZone: z.string(),
  /** "Name: what they say" */
  turns: z.array(z.string()),
  actionItems: z.array(goldItem),
});
type GoldItem = z.output<typeof goldItem>;
type GoldMeeting = z.output<typeof goldMeeting>;

/** Counts over meetings; shares are theirs to make. */
interface ItemAccuracy {
  /** Items that are to be found. */
  readonly gold: number;
  readonly suggested: number;
  /** Suggestions that are shown without the mark of a suggestion. */
  readonly confident: number;
  /** Items for which there is a suggestion. */
  readonly found: number;
  readonly foundConfident: number;
  /** Of those found: with the right owner, with the right day or none, with both. */
  readonly owner: number;
  readonly day: number;
  readonly both: number;
}

interface JudgedMeeting {
  readonly name: string;
  readonly accuracy: ItemAccuracy;
  readonly missed: readonly GoldItem[];
  readonly extra: readonly SuggestedActionItem[];
  /** Found with another owner or day. */
  readonly wrong: readonly { readonly item: GoldItem; readonly found: SuggestedActionItem }[];
}

function turnsOf(lines: readonly string[]): Turn[] {
  return lines.map((line, index) => {
    const colon = line.indexOf(": ");
    const [speaker, text] = [line.slice(0, colon), line.slice(colon + 2)];
    return { speaker, text, startMs: index * turnMs, endMs: (index + 1) * turnMs };
  });
}

function turnOf({ quote }: GoldItem, turns: readonly Turn[], name: string): number {
  const turn = turns.findIndex(({ text }) => text.includes(quote));
  if (turn === -1) throw new Error(`${name} has nobody who says: ${quote}`);
  return turn;
}

async function judge(name: string, meeting: GoldMeeting): Promise<JudgedMeeting> {
  const { title, date, timeZone, actionItems: gold } = meeting;
  const turns = turnsOf(meeting.turns);
  const { actionItems: suggested } = await createRulesAnalyst().summarize(
    {
      transcript: { turns, durationMs: turns.length * turnMs, timing: "exact", format: "txt" },
      meeting: { title, date, timeZone, attendees: [] },
      insights: [],
    },
    { signal: new AbortController().signal },
  );
  const left = new Set(suggested);
  const pairs: { item: GoldItem; found: SuggestedActionItem }[] = [];
  const missed: GoldItem[] = [];
  for (const item of gold) {
    const turn = turnOf(item, turns, name);
    // It may have been asked for, or first promised, a little before.
    const isIt = (one: SuggestedActionItem) =>
      one.turn >= turn - 3 && one.turn <= turn + 1 && new RegExp(item.mentions, "i").test(one.text);
    const fitting = [...left].filter(isIt);
    const found = fitting.find((one) => one.turn === turn) ?? fitting[0];
    if (found === undefined) missed.push(item);
    else {
      left.delete(found);
      pairs.push({ item, found });
    }
  }
  const hasOwner = ({ item, found }: (typeof pairs)[number]) => item.assignee === found.assignee;
  const hasDay = ({ item, found }: (typeof pairs)[number]) => item.dueDate === found.dueDate;
  return {
    name,
    accuracy: {
      gold: gold.length,
      suggested: suggested.length,
      confident: suggested.filter(({ confident }) => confident).length,
      found: pairs.length,
      foundConfident: pairs.filter(({ found }) => found.confident).length,
      owner: pairs.filter(hasOwner).length,
      day: pairs.filter(hasDay).length,
      both: pairs.filter((pair) => hasOwner(pair) && hasDay(pair)).length,
    },
    missed,
    extra: [...left],
    wrong: pairs.filter((pair) => !(hasOwner(pair) && hasDay(pair))),
  };
}

/** Every meeting of a half, judged by itself. */
export function judgeMeetings(half: "tuning" | "held-out"): Promise<JudgedMeeting[]> {
  const folder = new URL(`${half}/`, meetings);
  return Promise.all(
    readdirSync(folder).map((file) =>
      judge(
        file.replace(/\.json$/, ""),
        goldMeeting.parse(JSON.parse(readFileSync(new URL(file, folder), "utf8"))),
      ),
    ),
  );
}

const nothing: ItemAccuracy = {
  ...{ gold: 0, suggested: 0, confident: 0, found: 0, foundConfident: 0 },
  ...{ owner: 0, day: 0, both: 0 },
};

/** All counts of a half together. */
export function sumOf(judged: readonly JudgedMeeting[]): ItemAccuracy {
  return judged.reduce<ItemAccuracy>(
    (sum, { accuracy }) => ({
      gold: sum.gold + accuracy.gold,
      suggested: sum.suggested + accuracy.suggested,
      confident: sum.confident + accuracy.confident,
      found: sum.found + accuracy.found,
      foundConfident: sum.foundConfident + accuracy.foundConfident,
      owner: sum.owner + accuracy.owner,
      day: sum.day + accuracy.day,
      both: sum.both + accuracy.both,
    }),
    nothing,
  );
}
