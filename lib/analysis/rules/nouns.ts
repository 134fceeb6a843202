import type { ItemToken } from "wink-nlp";
import { englishModel } from "./language-model";

// Nouns that every meeting is full of, and that the tagger takes greetings and dates for.
const COMMON = new Set(
  `afternoon anybody anything bit bye call case chance couple day end everybody everyone everything
  example fact fine good great guy hello hi hour idea issue kind lot matter meeting minute moment
  month morning name nobody nothing number okay one part people perfect person place point problem
  question reason rest same second show side somebody someone something sort stuff thank thanks thing
  time today tomorrow tonight way week weekend word year yes yesterday january february march april
  may june july august september october november december monday tuesday wednesday thursday friday
  saturday sunday`.split(/\s+/),
);

/** Whether a noun, in the singular, says nothing about what a meeting is about. */
export function isCommonNoun(singular: string): boolean {
  return COMMON.has(singular);
}

/** "meetings" → "meeting"; "bus" and "class" stay. */
export function singularOf(noun: string): string {
  return noun.replace(/(?<=\w{3})(?<![sui])s$/, "");
}

/** The nouns of a text that say something, in lower case and each once. */
export type NounReader = (text: string) => ReadonlySet<string>;

/** A reader of nouns; the tagger is loaded with the first. */
export async function nounReader(): Promise<NounReader> {
  const { readDoc, its } = await englishModel();
  return (text) => {
    const nouns = new Set<string>();
    readDoc(text)
      .tokens()
      .each((token: ItemToken) => {
        const word = token.out(its.normal);
        const isNoun =
          /^(?:NOUN|PROPN)$/.test(token.out(its.pos)) && /^\p{L}[\p{L}'-]+$/u.test(word);
        if (isNoun && !isCommonNoun(singularOf(word))) nouns.add(word);
      });
    return nouns;
  };
}
