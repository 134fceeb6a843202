import { cleanText } from "./clean-text";

const nameLengthMax = 60;
const nameWordsMax = 6;
const rawNameLengthMax = 500;
const labelSearchLength = 90;

const ROLE =
  /\s*[([](?:guest|host|co-?host|external|unverified|organi[sz]er|presenter|attendee|me|you|he\/him|she\/her|they\/them|host, me|guest, unverified)[)\]]\s*$/i;

// Words that stand before a colon in notes and mails, but never name a person.
const NOT_A_SPEAKER = new Set(
  `note notes agenda date time when where why what how topic topics subject title attendees
  participants invitees present absent location place summary overview action actions decision
  decisions transcript meeting duration recording link links url http https www mailto tel reminder
  remember important warning caution todo ps re fwd fw from to cc bcc sent example examples eg ie
  question answer update status result results conclusion background goal goals objective next
  yes no ok okay well so and but also first second third finally hello hi thanks sorry language kind
  webvtt page chapter section part option step`.split(/\s+/),
);

const PARTICLES = new Set(
  "de da di do dos das del della der den van von vom zu zur la le el al bin ibn ben y e af av ter ten of the and".split(
    " ",
  ),
);

const GENERIC =
  /^(?:unknown(?: speaker)?|unidentified(?: speaker)?|(?:speaker|spk)[\s_-]*(?:\d{1,3}|\?)?)$/i;
const LETTERED = /^speaker [a-z]{1,2}$/i;

/** True for labels such as "Speaker 1" or "SPEAKER_00" that stand for a person nobody named. */
export function isGenericSpeaker(name: string): boolean {
  return GENERIC.test(name);
}

/**
 * The name as we show it: one line, no control or direction characters, no "(Guest)" or "[host]"
 * at the end, at most 60 characters. Null when nothing is left.
 */
export function normalizeSpeaker(raw: string): string | null {
  let name = cleanText(raw.slice(0, rawNameLengthMax)).normalize("NFC");
  while (ROLE.test(name)) name = name.replace(ROLE, "");
  name = [...name].slice(0, nameLengthMax).join("").trim();
  return /[\p{L}\p{N}]/u.test(name) ? name : null;
}

/**
 * Whether the words before a colon can name a speaker. "Note", "Agenda", "https", clock times and
 * phrases such as "One more thing" cannot.
 */
export function isPlausibleSpeaker(label: string): boolean {
  if (label.length === 0 || label.length > nameLengthMax) return false;
  if (isGenericSpeaker(label) || LETTERED.test(label)) return true;
  if (NOT_A_SPEAKER.has(label.toLowerCase().replace(/[.:]/g, ""))) return false;
  if (!/^[\p{Lu}\p{Lt}\p{Lo}][\p{L}\p{M}\p{N}.,'’()&\- ]*$/u.test(label)) return false;
  const words = label.split(" ");
  return words.length <= nameWordsMax && words.every(isNameWord);
}

function isNameWord(word: string): boolean {
  const bare = word.replace(/^[("'’&-]+/, "");
  if (bare === "" || PARTICLES.has(bare.toLowerCase())) return true;
  return /^[\p{Lu}\p{Lt}\p{Lo}\p{N}]/u.test(bare) || /^[dl]['’]\p{Lu}/u.test(bare);
}

/** Splits "Name: text" when the name is plausible; a full-width colon counts too. */
export function splitLabel(line: string): { label: string; rest: string } | null {
  const at = line.slice(0, labelSearchLength).search(/[:：]/);
  if (at < 1) return null;
  const rest = line.slice(at + 1);
  // "https://", "10:30" and "a:b" have nothing to separate.
  if (line[at] === ":" && rest !== "" && !/^\s/.test(rest)) return null;
  const label = normalizeSpeaker(line.slice(0, at));
  return label !== null && isPlausibleSpeaker(label) ? { label, rest: rest.trim() } : null;
}

/**
 * Decides for a whole file which "Name:" prefixes are speakers. A phrase of more than four words
 * that occurs once is prose, and when hardly any line has a prefix and none repeats, all are.
 */
export function acceptLabels(counts: ReadonlyMap<string, number>, lines: number): Set<string> {
  const labelled = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const repeats = [...counts.values()].some((count) => count > 1);
  if (!repeats && labelled < lines * 0.3) return new Set();
  const accepted = [...counts].filter(([label, count]) => count > 1 || wordCount(label) <= 4);
  return new Set(accepted.map(([label]) => label));
}

function wordCount(label: string): number {
  return label.split(" ").length;
}

/** "Speaker A" … "Speaker Z", then "Speaker AA" (handbook 18.2). */
export function speakerLetters(index: number): string {
  let rest = index;
  let letters = "";
  do {
    letters = String.fromCharCode(65 + (rest % 26)) + letters;
    rest = Math.floor(rest / 26) - 1;
  } while (rest >= 0);
  return `Speaker ${letters}`;
}
