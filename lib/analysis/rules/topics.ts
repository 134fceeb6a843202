import { setImmediate } from "node:timers/promises";
import type { ItemToken } from "wink-nlp";
import type { Turn } from "@/lib/transcripts/transcript";
import { englishModel } from "./language-model";
import { isCommonNoun, singularOf } from "./nouns";
import { stemOf } from "./similar-text";

interface Word {
  readonly value: string;
  readonly normal: string;
  readonly singular: string;
  readonly pos: string;
}

interface Phrase {
  readonly key: string;
  readonly length: number;
  turns: number;
  /** How it was written, by how often. */
  readonly forms: Map<string, number>;
}

const topicsMax = 6;
const phraseWordsMax = 4;
const turnsPerBatch = 100;

const EMPTY_ADJECTIVE = new Set(
  "able actual bad big certain different few first good great large last little long many more most much new next nice old older only other own possible real right same several short single small such sure whole wrong".split(
    " ",
  ),
);

/**
 * The noun phrases that most turns come back to, as they were said, the commonest first; at most
 * six. Names in `exclude` are no topics. English only.
 */
export async function findTopics(
  turns: readonly Turn[],
  exclude: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<string[]> {
  const { readDoc, its } = await englishModel();
  const phrases = new Map<string, Phrase>();
  for (const [index, { text }] of turns.entries()) {
    // A long meeting takes seconds; other jobs of this process run in between.
    if (index % turnsPerBatch === 0) await setImmediate();
    signal.throwIfAborted();
    const words: Word[] = [];
    readDoc(text)
      .tokens()
      .each((token: ItemToken) => {
        words.push({
          value: token.out(),
          normal: token.out(its.normal),
          singular: singularOf(token.out(its.normal)),
          pos: token.out(its.pos),
        });
      });
    countPhrases(words, exclude, phrases);
  }
  return rank([...phrases.values()]);
}

function countPhrases(
  words: readonly Word[],
  exclude: ReadonlySet<string>,
  phrases: Map<string, Phrase>,
): void {
  const seen = new Set<string>();
  for (const run of nounRuns(words)) {
    const phrase = trimRun(run);
    const last = phrase.at(-1);
    if (last === undefined || phrase.some(({ normal }) => exclude.has(normal))) continue;
    const key = [...phrase.slice(0, -1).map(({ normal }) => normal), stemOf(last.normal)].join(" ");
    const form = phrase.map(surface).join(" ");
    const known = phrases.get(key) ?? { key, length: phrase.length, turns: 0, forms: new Map() };
    if (!seen.has(key)) known.turns += 1;
    seen.add(key);
    known.forms.set(form, (known.forms.get(form) ?? 0) + 1);
    phrases.set(key, known);
  }
}

function nounRuns(words: readonly Word[]): Word[][] {
  const runs: Word[][] = [[]];
  for (const word of words) {
    const belongs = /^(?:ADJ|NOUN|PROPN)$/.test(word.pos) && /^\p{L}[\p{L}'-]+$/u.test(word.value);
    if (belongs) runs.at(-1)?.push(word);
    else runs.push([]);
  }
  return runs.filter((run) => run.length > 0);
}

/** Cuts empty adjectives in front, and dates and common nouns behind. */
function trimRun(run: readonly Word[]): Word[] {
  let from = 0;
  let until = run.length;
  while (from < until && EMPTY_ADJECTIVE.has(run[from]?.normal ?? "")) from += 1;
  while (until > from && !isTopicNoun(run[until - 1])) until -= 1;
  const phrase = run.slice(from, until);
  const isClean = phrase.every(({ singular }) => !isCommonNoun(singular) || phrase.length > 1);
  return isClean ? phrase.slice(-phraseWordsMax) : [];
}

function isTopicNoun(word: Word | undefined): boolean {
  return word !== undefined && word.pos !== "ADJ" && !isCommonNoun(word.singular);
}

/** A common noun at the start of a sentence loses its capital. */
function surface({ value, pos }: Word): string {
  return pos === "PROPN" || /\p{Lu}.*\p{Lu}/u.test(value) ? value : value.toLowerCase();
}

function rank(phrases: readonly Phrase[]): string[] {
  const weight = ({ turns, length }: Phrase) => turns * (1 + (length - 1) / 2);
  const candidates = phrases
    .filter(({ turns, length }) => turns >= (length > 1 ? 2 : 3))
    .toSorted((a, b) => weight(b) - weight(a) || b.length - a.length || (a.key < b.key ? -1 : 1));
  const chosen: Phrase[] = [];
  for (const phrase of candidates) {
    const isPart = chosen.some(
      ({ key }) => ` ${key} `.includes(` ${phrase.key} `) || ` ${phrase.key} `.includes(` ${key} `),
    );
    if (!isPart) chosen.push(phrase);
    if (chosen.length === topicsMax) break;
  }
  return chosen.map(({ forms }) => mostCommon(forms));
}

function mostCommon(forms: ReadonlyMap<string, number>): string {
  return [...forms].reduce((best, form) => (form[1] > best[1] ? form : best), ["", 0] as const)[0];
}
