import { en, type ParsedResult } from "chrono-node";
import type { MeetingDay } from "../meeting-day";

interface DueDate {
  /** YYYY-MM-DD */
  readonly date: string;
  /** Where the words that name the date stand, preposition included. */
  readonly from: number;
  readonly until: number;
}

const dayMs = 86_400_000;
// A day without a year that only fits ten months ahead was meant as one in the past.
const daysAheadMax = 300;

type Ahead = (today: Date, match: RegExpExecArray) => Date | null;

// As a speech engine and some writers spell them; from the fourth on they need no month to be a day.
const ordinals =
  `first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth
  sixteenth seventeenth eighteenth nineteenth twentieth twenty-first twenty-second twenty-third twenty-fourth
  twenty-fifth twenty-sixth twenty-seventh twenty-eighth twenty-ninth thirtieth thirty-first`.split(
    /\s+/,
  );
const months =
  "january february march april may june july august september october november december".split(
    " ",
  );

/** Working-week phrases, which a date parser reads as "in seven days" or not at all. */
const phrases: readonly (readonly [RegExp, Ahead])[] = [
  [
    /\b(?:(?:end of (?:the )?day|eod|close of business|cob)(?! (?:tomorrow|on )| \w+day)|today|tonight|this (?:morning|afternoon|arvo|avo|evening))\b/i,
    (today) => today,
  ],
  [/\btomorrow (?:arvo|avo)\b/i, (today) => plusDays(today, 1)],
  [
    new RegExp(
      `\\b(?:\\w+day,? )?the (${ordinals.slice(3).join("|")})(?:(?: of)? (${months.join("|")}))?\\b`,
      "i",
    ),
    namedDay,
  ],
  [
    new RegExp(
      `\\b(?:\\w+day,? )?the (${ordinals.join("|")})(?: of)? (${months.join("|")})\\b`,
      "i",
    ),
    namedDay,
  ],
  [/\bfirst thing in the morning\b/i, (today) => plusDays(today, 1)],
  [/\b(?:end of|later) next week\b/i, (today) => plusDays(friday(today), 7)],
  [/\b(?:early|beginning of|start of) next week\b/i, (today) => plusDays(friday(today), 3)],
  [
    /\b(?:(?:the )?end of (?:the|this) week|later this week|this week|before the weekend)\b/i,
    friday,
  ],
  [/\bnext week\b(?! \w+day)/i, (today) => plusDays(friday(today), 7)],
  [/\b(?:the )?end of next month\b/i, (today) => endOfMonth(today, 1)],
  [/\b(?:the )?end of (?:the|this) month\b/i, (today) => endOfMonth(today, 0)],
  [
    /\b(?:the )?end of (?:the|this) quarter\b/i,
    (today) => endOfMonth(today, 2 - (today.getUTCMonth() % 3)),
  ],
  [
    /\b(?:the )?end of (?:the|this) year\b/i,
    (today) => endOfMonth(today, 11 - today.getUTCMonth()),
  ],
  [/\b(?:by|on|before|until) (?:\w+day,? )?the (\d{1,2})(?:st|nd|rd|th)\b(?! of)/i, nextDayOfMonth],
];

const LEAD =
  /(?:\b(?:no later than|not later than|(?:by|for|in|on|before|until|till|around|at) the week of|by|before|until|till|on|for|around|at|in time for|first thing|,)\s+)+$/i;
const NOT_A_DEADLINE = /\b(?:since|from|after|last|past|(?<!week )of|than)\s+$/i;
/** "the Friday meeting", "that Monday" */
const IN_A_NAME =
  /(?<!\b(?:by|on|before|until|till) )\b(?:the|our|your|that|one|every|each|some|most)\s+$/i;

/**
 * Finds the day by which something is due, read from the day of the meeting onwards. Of several
 * days the one after "by", "on" or the like counts, else the first. Null when the text names none,
 * names only a month or a time of day, or names a day in the past.
 */
export function findDueDate(text: string, day: MeetingDay): DueDate | null {
  const today = new Date(Date.UTC(day.year, day.month - 1, day.day));
  const phrase = findPhrase(text, today);
  const dates = findDates(text, day, today).filter(
    ({ from, until }) => phrase === null || until <= phrase.from || from >= phrase.until,
  );
  const found = [...(phrase === null ? [] : [phrase]), ...dates].sort((a, b) => a.from - b.from);
  const best = found.find(({ from }) => LEAD.test(before(text, from))) ?? found[0];
  if (best === undefined) return null;
  const lead = LEAD.exec(before(text, best.from))?.[0] ?? "";
  return { ...best, from: best.from - lead.length };
}

function findPhrase(text: string, today: Date): DueDate | null {
  for (const [pattern, ahead] of phrases) {
    const match = pattern.exec(text);
    const date = match === null ? null : ahead(today, match);
    if (match !== null && date !== null) {
      return { date: isoDay(date), from: match.index, until: match.index + match[0].length };
    }
  }
  return null;
}

function findDates(text: string, day: MeetingDay, today: Date): DueDate[] {
  // chrono calculates in the machine's own zone, so it gets the meeting's wall clock as if it were
  // local. From noon on, so that "by Friday" on a Friday morning means the same as in the evening.
  const now = new Date(day.year, day.month - 1, day.day, Math.max(12, day.hour), 30);
  const results = en.casual.parse(text, now, { forwardDate: true });
  return results.flatMap((result) => {
    const ahead = before(text, result.index);
    const isInName = /^\w+day\b/i.test(result.text) && IN_A_NAME.test(ahead);
    if (!namesADay(result) || NOT_A_DEADLINE.test(ahead) || isInName) return [];
    const { start, index } = result;
    const date = new Date(
      Date.UTC(start.get("year") ?? 0, (start.get("month") ?? 1) - 1, start.get("day") ?? 1),
    );
    const days = (date.getTime() - today.getTime()) / dayMs;
    if (days < 0 || (days > daysAheadMax && !start.isCertain("year"))) return [];
    const words = result.text.trimEnd().replace(/[,;.]$/, "");
    return [{ date: isoDay(date), from: index, until: index + words.length }];
  });
}

function namesADay(result: ParsedResult): boolean {
  const { start, text } = result;
  if (!start.isCertain("day") && !start.isCertain("weekday")) return false;
  if (result.tags().has("result/relativeDateAndTime")) return false;
  // 5/6 is in May for some and in June for others; "the week" is no date; "last Tuesday" is over.
  return !/^(?:\d{1,2}\/\d{1,2}$|(?:last|past|(?:in )?(?:the|a) week)\b)/i.test(text);
}

/** The words just before a position; no preposition reaches further. */
function before(text: string, index: number): string {
  return text.slice(Math.max(0, index - 60), index);
}

function isoDay(date: Date): string {
  return date.toISOString().slice(0, 10);
}

function plusDays(date: Date, days: number): Date {
  return new Date(date.getTime() + days * dayMs);
}

/** The Friday of this working week; at a weekend the next one. */
function friday(today: Date): Date {
  return plusDays(today, (5 - today.getUTCDay() + 7) % 7);
}

function endOfMonth(today: Date, monthsAhead: number): Date {
  return new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + monthsAhead + 1, 0));
}

/** "the sixteenth", "the second of October" */
function namedDay(today: Date, match: RegExpExecArray): Date | null {
  const day = ordinals.indexOf((match[1] ?? "").toLowerCase()) + 1;
  const month = months.indexOf((match[2] ?? "").toLowerCase());
  if (month === -1) return dayOfMonth(today, day);
  const year = today.getUTCFullYear() + (month < today.getUTCMonth() ? 1 : 0);
  const date = new Date(Date.UTC(year, month, day));
  return date >= today ? date : null;
}

function nextDayOfMonth(today: Date, match: RegExpExecArray): Date | null {
  return dayOfMonth(today, Number(match[1]));
}

function dayOfMonth(today: Date, wanted: number): Date | null {
  for (const ahead of [0, 1, 2]) {
    const date = new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + ahead, wanted));
    if (date.getUTCDate() === wanted && date >= today) return date;
  }
  return null;
}
