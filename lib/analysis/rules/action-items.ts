// Action items by rules, for the engine that works without a language model. They read English and
// the set phrases of meetings: a request ("Could you …", "please …"), a promise ("I'll …"), a task
// given to someone by name ("Ada will …") or to nobody ("somebody has to …"), and the acceptance
// that follows. In free conversation they find less and err more: what they find is a suggestion.
import type { Turn } from "@/lib/transcripts/transcript";
import type { SuggestedActionItem } from "../analyst";
import type { MeetingDay } from "../meeting-day";
import { firstName, type People } from "../people";
import { findDueDate } from "./due-dates";
import { type Sentence, stripFillers } from "./sentences";
import { capitalize, contentWords, overlap } from "./similar-text";
import { readTaskClause, type TaskClause } from "./task-clause";

interface Item {
  readonly speaker: string;
  readonly turn: number;
  readonly named: boolean;
  readonly firm: boolean;
  readonly weak: boolean;
  readonly kind: TaskClause["kind"];
  task: string;
  assignee: string | null;
  due: string | null;
  /** The turn in which somebody said yes. */
  acceptedIn: number | null;
  /** The sentence before, when the task is "do that" or "draft it". */
  context: string | null;
}

interface Conversation {
  readonly turns: readonly Turn[];
  readonly items: Item[];
  /** What "Until when?" asked about, and in which turn. */
  dateAsked: { readonly item: Item; readonly turn: number } | null;
}

interface Heard {
  readonly sentence: Sentence;
  readonly previous: Sentence | null;
  readonly due: string | null;
  /** The request that this speaker may be answering. */
  readonly pending: Item | null;
}

const answerTurnsMax = 3;
const shortSentenceWords = 8;
const sameTaskOverlap = 0.7;
const actionItemsMax = 100;

const ACCEPT =
  /^(?:yes|yeah|yep|yup|sure|okay|ok|of course|absolutely|certainly|definitely|no problem|not a problem|happy to|gladly|will do|on it|consider it done|perfect|fine|deal|doable|that works|i can(?=[,.]|$)|i'd love to|i will(?=[,.]|$)|i(?:'ll| will) do (?:it|that)|i can (?:do|take) (?:it|that)|i'll take (?:it|that)|leave (?:it|that) (?:with|to) me|you(?:'ll| will) (?:have|get) (?:it|that|them|those|a|the)|(?:it|that)(?:'s| is) on my list)\b/i;
const REFUSE =
  /^(?:no, |no\.|unfortunately\b|not me\b|(?:sorry,? )?i(?: can't| cannot|'m afraid (?:i can't|not)))/i;
// "Yes, you can export everything" tells that a request was a question about the product.
const ABLE =
  /^(?:(?:yes|yeah|yep|sure|absolutely|of course|right now|at the moment)[,.]?\s+)?(?:you|we|it|they|there|that|users|admins)(?: can| could| do| does| is| are|'s|'re|'d)\b(?! (?:do|take|handle|on) ?(?:that|it|my)?)/i;
const DONE =
  /^(?:(?:okay|ok|right|there|and|so)[,.]? )*(?:(?:it(?:'s| is)|that(?:'s| is)|all) )?(?:done|sent|doing (?:it|that) (?:now|as we speak)|(?:it(?:'s| is)|they(?:'re| are)) (?:on|off|live|out) now)\b/i;
// The answer to "could you check whether it is there?", given on the spot.
const AT_ONCE =
  /^(?:hang on|hold on|one (?:second|moment|sec)|just a (?:second|moment|sec)|let me see|(?:yes|yeah|yep|okay)?[,.]? ?(?:got it|found it|i (?:see|can see) (?:it|that)|it(?:'s| is) there))\b/i;
const WHEN = /^(?:(?:until|by|till)\s+)?when\b.{0,40}\?$/i;

/** Finds what people asked for, promised and were given to do, in the order it was said. */
export function findActionItems(
  sentences: readonly Sentence[],
  turns: readonly Turn[],
  people: People,
  day: MeetingDay,
): SuggestedActionItem[] {
  const conversation: Conversation = { turns, items: [], dateAsked: null };
  sentences.forEach((sentence, index) => {
    hear(conversation, sentence, sentences[index - 1] ?? null, people, day);
  });
  const kept = conversation.items.filter(isWorthKeeping);
  const found = mergeRepeats(kept).map((item) => suggest(item, day));
  return found.filter(({ text }) => text.includes(" ")).slice(0, actionItemsMax);
}

function hear(
  conversation: Conversation,
  sentence: Sentence,
  previous: Sentence | null,
  people: People,
  day: MeetingDay,
): void {
  const clause = readTaskClause(sentence.text, people);
  const due = findDueDate(sentence.text, day)?.date ?? null;
  const pending = pendingFor(conversation.items, sentence);
  const heard: Heard = { sentence, previous, due, pending };
  const done = DONE.test(sentence.text) ? doneJustNow(conversation.items, sentence) : null;
  const over = done ?? (pending !== null && isTurnedDown(pending, sentence) ? pending : null);
  if (over !== null) {
    conversation.items.splice(conversation.items.indexOf(over), 1);
  } else if (clause?.kind === "request" && isReminder(conversation.items, clause, sentence)) {
    hearDate(conversation, heard);
  } else if (clause?.kind === "commitment") {
    hearCommitment(conversation, clause, heard);
  } else if (clause !== null) {
    conversation.items.push(newItem(conversation, clause, heard));
  } else if (pending !== null && ACCEPT.test(sentence.text) && !sentence.text.endsWith("?")) {
    accept(pending, sentence, due);
  } else {
    hearDate(conversation, heard);
  }
  const last = conversation.items.at(-1);
  if (last !== undefined && WHEN.test(stripFillers(sentence.text))) {
    conversation.dateAsked = { item: last, turn: sentence.turn };
  }
}

/** "Please do it soon", said to somebody who has just taken the task. */
function isReminder(
  items: readonly Item[],
  { bare, person }: TaskClause,
  { speaker, turn }: Sentence,
): boolean {
  const last = items.at(-1);
  if (!bare || last === undefined || last.assignee === null) return false;
  const isTheirs = last.assignee !== speaker && (person === null || person === last.assignee);
  return isTheirs && turn - (last.acceptedIn ?? last.turn) <= 1;
}

/** What a speaker does while they talk: "I'll change it. Done." */
function doneJustNow(items: readonly Item[], { speaker, turn }: Sentence): Item | null {
  const last = items.findLast((item) => item.assignee === speaker);
  return last !== undefined && turn - (last.acceptedIn ?? last.turn) <= 2 ? last : null;
}

function isTurnedDown(pending: Item, { text, turn }: Sentence): boolean {
  if (pending.acceptedIn !== null || pending.kind !== "request") return false;
  if (pending.due === null && AT_ONCE.test(text)) return true;
  return REFUSE.test(text) || (!pending.named && turn === pending.turn + 1 && ABLE.test(text));
}

/** The newest request that this speaker can be answering, or is in the middle of answering. */
function pendingFor(items: readonly Item[], { speaker, turn }: Sentence): Item | null {
  const found = items.findLast((item) => {
    if (item.kind === "commitment") return false;
    if (item.acceptedIn !== null) return item.acceptedIn === turn && item.assignee === speaker;
    const distance = turn - item.turn;
    const isAnswer = item.speaker !== speaker && distance > 0 && distance <= answerTurnsMax;
    return isAnswer && (item.assignee === null || item.assignee === speaker);
  });
  return found ?? null;
}

function hearCommitment(conversation: Conversation, clause: TaskClause, heard: Heard): void {
  const { sentence, pending, due } = heard;
  if (pending !== null && answers(clause, pending)) {
    accept(pending, sentence, due);
    // The answer says it better when the request was "chase them", or when it adds the day.
    if (!clause.pronoun && (pending.context !== null || due !== null)) {
      pending.task = withNames(clause.task, sentence.speaker, pending.speaker);
      pending.context = null;
    }
    return;
  }
  const own = clause.pronoun ? ownTask(conversation.items, clause, sentence) : null;
  if (own !== null) own.due ??= due;
  else if (clause.firm || !clause.bare || due !== null)
    conversation.items.push(newItem(conversation, clause, heard));
}

function answers(clause: TaskClause, pending: Item): boolean {
  if (clause.bare || clause.pronoun || pending.context !== null) return true;
  return overlap(contentWords(clause.task), contentWords(pending.task)) > 0;
}

/** The task of the speaker that they come back to: "I'll do it on Monday", "I'll ask him tomorrow". */
function ownTask(
  items: readonly Item[],
  { bare, task }: TaskClause,
  { speaker, turn }: Sentence,
): Item | null {
  const last = items.at(-1);
  if (last === undefined || last.assignee !== speaker || turn - last.turn > 3) return null;
  const verb = (text: string) => text.split(" ")[0];
  const isSame = last.context !== null || verb(task) === verb(last.task);
  return (bare && turn - last.turn <= 2) || isSame ? last : null;
}

function accept(item: Item, { speaker, turn }: Sentence, due: string | null): void {
  item.assignee = speaker;
  item.acceptedIn = turn;
  item.due = due ?? item.due;
}

/** A day said on its own: "By Friday.", the answer to "Until when?", or "So by Friday?". */
function hearDate(conversation: Conversation, { sentence, due }: Heard): void {
  if (due === null) return;
  const { dateAsked, items } = conversation;
  const last = items.at(-1);
  if (dateAsked !== null && sentence.turn - dateAsked.turn <= 2) {
    dateAsked.item.due ??= due;
    conversation.dateAsked = null;
  } else if (last !== undefined && (last.acceptedIn ?? last.turn) === sentence.turn) {
    const isAddition = /^(?:by|before|until|till|not before|no later than)\b/i.test(sentence.text);
    if (isAddition || sentence.text.split(" ").length <= shortSentenceWords) last.due ??= due;
  } else if (last !== undefined && isProposal(last, sentence)) {
    last.due ??= due;
  }
}

/** "So by Friday?", to somebody who has just taken the task. */
function isProposal(last: Item, { speaker, turn, text }: Sentence): boolean {
  const isNext = turn - (last.acceptedIn ?? last.turn) === 1 && last.assignee !== speaker;
  return isNext && last.assignee !== null && text.endsWith("?");
}

function newItem(conversation: Conversation, clause: TaskClause, heard: Heard): Item {
  const { sentence, previous, due } = heard;
  const { speaker, turn } = sentence;
  const before = conversation.turns[turn - 1]?.speaker ?? null;
  const task =
    clause.kind === "commitment"
      ? withNames(clause.task, speaker, before === speaker ? null : before)
      : fromMe(clause.task, speaker);
  return {
    speaker,
    turn,
    task,
    kind: clause.kind,
    named: clause.person !== null,
    firm: clause.firm,
    weak: clause.weak,
    assignee: assigneeOf(conversation.turns, clause, sentence),
    due,
    acceptedIn: null,
    context: clause.pronoun ? contextOf(sentence, previous) : null,
  };
}

function assigneeOf(turns: readonly Turn[], clause: TaskClause, sentence: Sentence): string | null {
  if (clause.kind === "commitment") return sentence.speaker;
  if (clause.kind === "open" || clause.person !== null) return clause.person;
  const next = turns[sentence.turn + 1]?.speaker ?? null;
  return next === sentence.speaker ? null : next;
}

/** What "that" stands for: the words before it in a long sentence, else the sentence before. */
function contextOf(sentence: Sentence, previous: Sentence | null): string {
  const isEarlier = previous !== null && sentence.turn - previous.turn <= 1;
  return isEarlier && previous.text.split(" ").length > 2 ? previous.text : sentence.text;
}

/** "you" in a promise is whoever spoke before. */
function withNames(task: string, speaker: string, toward: string | null): string {
  const everybody = task.replace(/\byou (?:all|both|guys|two)\b/gi, "everybody");
  if (toward === null || toward === speaker) return everybody;
  const name = shortName(toward);
  return everybody
    .replace(/\byour\b/gi, `${name}'s`)
    .replace(/\byou\b(?! \w+ (?:is|are)\b)/gi, name);
}

/** "me" in a request is the one who asks. */
function fromMe(task: string, speaker: string): string {
  const name = shortName(speaker);
  return task.replace(/\bmy\b/gi, `${name}'s`).replace(/\bme\b/gi, name);
}

function shortName(name: string): string {
  return name.startsWith("Speaker ") ? name : firstName(name);
}

/** "We need to …" that nobody takes and that has no day is an opinion; so is all that is said weakly. */
function isWorthKeeping(item: Item): boolean {
  if (item.weak && item.due === null && item.acceptedIn === null) return false;
  return item.kind !== "open" || item.firm || item.assignee !== null || item.due !== null;
}

/** A task repeated in the recap is one task; a day named later wins. */
function mergeRepeats(items: readonly Item[]): Item[] {
  const kept: { readonly item: Item; readonly words: ReadonlySet<string> }[] = [];
  for (const item of items) {
    const words = contentWords(item.task);
    const twin = kept.find((other) => {
      const sameOwner = other.item.assignee === item.assignee || other.item.assignee === null;
      if (!sameOwner || Math.min(words.size, other.words.size) < 2) return false;
      return overlap(words, other.words) >= sameTaskOverlap;
    })?.item;
    if (twin === undefined) {
      kept.push({ item, words });
    } else {
      twin.assignee ??= item.assignee;
      twin.due = item.due ?? twin.due;
      twin.acceptedIn ??= item.acceptedIn;
    }
  }
  return kept.map(({ item }) => item);
}

function suggest(item: Item, day: MeetingDay): SuggestedActionItem {
  const confident = item.due !== null || item.acceptedIn !== null || item.named;
  const score =
    0.35 +
    (item.due === null ? 0 : 0.25) +
    (item.acceptedIn === null ? 0 : 0.25) +
    (item.named ? 0.2 : 0) +
    (item.kind === "commitment" && item.firm ? 0.1 : 0);
  return {
    text: wording(item, day),
    assignee: item.assignee,
    dueDate: item.due,
    confidence: Math.min(0.95, Math.round(score * 100) / 100),
    confident,
    turn: item.turn,
  };
}

/** The task as an instruction, without the day that stands beside it. */
function wording({ task, context }: Item, day: MeetingDay): string {
  const due = findDueDate(task, day);
  const undated = due === null ? task : `${task.slice(0, due.from)} ${task.slice(due.until)}`;
  const plain = undated
    .replace(/\s+/g, " ")
    // A date that was taken out leaves its space before the comma.
    .replace(/ (?=[,;.])/g, "")
    .replace(/(?:[\s,]+(?:please|too|as well|then|though|today|and))*[\s,.]*$/i, "")
    .trim();
  const text = capitalize(plain);
  return context === null ? text : `${text} (“${context}”)`;
}
