// Action items by rules, for the engine that works without a language model. They read English and
// the set phrases of meetings: a request ("Could you …", "please …"), a promise ("I'll …"), a task
// given to someone by name ("Ada will …") or to nobody ("somebody has to …"), and the acceptance
// that follows. In free conversation they find less and err more: what they find is a suggestion.
import type { Turn } from "@/lib/transcripts/transcript";
import type { SuggestedActionItem } from "../analyst";
import type { MeetingDay } from "../meeting-day";
import { firstName, type People } from "../people";
import { antecedentOf } from "./antecedent";
import { findDueDate } from "./due-dates";
import type { NounReader } from "./nouns";
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
  /** What a pronoun stands for, given the words before it in the sentence. */
  readonly meant: (before: string) => string | null;
  readonly due: string | null;
  /** The request that this speaker may be answering. */
  readonly pending: Item | null;
}

const answerTurnsMax = 3;
const shortSentenceWords = 8;
const sameTaskOverlap = 0.7;
const actionItemsMax = 100;

const ACCEPT =
  /^(?:(?:oh|ah|well),? )?(?:yes|yeah|yep|yup|aye|haan|sure|okay|ok|alright|righto|of course|absolutely|certainly|definitely|no problem|no worries|not a problem|happy to|gladly|will do|on it|consider it done|perfect|fine|deal|doable|that works|go on then|please do|yes please|i can(?=[,.]|$)|i'd love to|i will(?=[,.]|$)|i(?:'ll| will) do (?:it|that)|i can (?:do|take) (?:it|that)|i'll take (?:it|that)|leave (?:it|that) (?:with|to) me|you(?:'ll| will) (?:have|get) (?:it|that|them|those|a|the)|(?:it|that)(?:'s| is) on my list)\b/i;
const REFUSE =
  /^(?:(?:sorry|honestly|well|oh|so),? )*(?:no(?:, |\.| sir| way|$)|nope\b|nah\b|unfortunately\b|not (?:me|possible|really|on your life|a chance|today|this week|before)\b|i(?: can't| cannot| can not|'m afraid (?:i can't|not)|'d (?:really )?rather not|'d (?:love|like) to,? but)|don't\b|please don't)/i;
// "Yes, you can export everything" tells that a request was a question about the product.
const ABLE =
  /^(?:(?:yes|yeah|yep|sure|absolutely|of course|right now|at the moment)[,.]?\s+)?(?:you|we|it|they|there|that|users|admins)(?: can| could| do| does| is| are|'s|'re|'d)\b(?! (?:do|take|handle|on) ?(?:that|it|my)?)/i;
const DONE =
  /^(?:(?:okay|ok|right|there|and|so)[,.]? )*(?:(?:it(?:'s| is)|that(?:'s| is)|all) )?(?:done|sent|doing (?:it|that) (?:now|as we speak)|(?:it(?:'s| is)|they(?:'re| are)) (?:on|off|live|out) now)\b/i;
// The answer to "could you check whether it is there?", given on the spot.
const AT_ONCE =
  /^(?:hang on|hold on|one (?:second|moment|sec)|just a (?:second|moment|sec)|let me see|(?:yes|yeah|yep|okay)?[,.]? ?(?:got it|found it|i (?:see|can see) (?:it|that)|it(?:'s| is) there))\b/i;
const OF_OTHERS =
  /\b(?:you|he|she|they|we|there|[A-Z][a-z]+)(?:'ll|'s|'d|'re| will| is| are| was| has| have| had| get| can| could)\b/;
/** What comes before a task as a clause of its own. */
const LEAD_UP = /^(.+?)(?:[,;.]|\s+(?:and|but|so|then))\s*$/is;
/** What goes on after a task as a clause of its own. */
const NEXT_CLAUSE =
  /^[,;.!?\s–—-]*(?:(?:and|but|so|then|okay|right)\b,? ?)*(?!because|since|which|unless|if|although|though|that\b)(\S.*)$/is;
const PROPOSED =
  /^(?:(?:so|and|then|okay|or),? )*(?:by|until|till|before|on|for|is|would|say|maybe|next|this|the end|end of|tomorrow|today|tonight|\w+day)\b/i;
const WHEN = /^(?:(?:until|by|till)\s+)?when\b.{0,40}\?$/i;

/** Finds what people asked for, promised and were given to do, in the order it was said. */
export function findActionItems(
  sentences: readonly Sentence[],
  turns: readonly Turn[],
  people: People,
  day: MeetingDay,
  nouns: NounReader,
): SuggestedActionItem[] {
  const conversation: Conversation = { turns, items: [], dateAsked: null };
  sentences.forEach((sentence, index) => {
    const meant = (before: string) => antecedentOf(sentences, { index, before }, { nouns, people });
    hear(conversation, { sentence, meant }, people, day);
  });
  const kept = conversation.items.filter(isWorthKeeping);
  const found = mergeRepeats(kept).map((item) => suggest(item, day));
  return found.filter(({ text }) => text.includes(" ")).slice(0, actionItemsMax);
}

/** Hears a sentence clause by clause: what leads up to its first task, the task, and what goes on after it. */
function hear(
  conversation: Conversation,
  { sentence, meant }: Pick<Heard, "sentence" | "meant">,
  people: People,
  day: MeetingDay,
): void {
  const part = (text: string) => ({ sentence: { ...sentence, text }, meant });
  const read = readTaskClause(sentence.text, people);
  const lead = LEAD_UP.exec(read?.before ?? "")?.[1] ?? "";
  const isLed = hasWords(lead) && readTaskClause(lead, people) !== null;
  if (isLed) hear(conversation, part(lead), people, day);
  // The day of the one is not the day of the other.
  const own = stripFillers(sentence.text).slice(isLed ? lead.length : 0);
  const due = dueOf(own, read, day);
  const clause = read?.dated === true && due === null ? null : read;
  const pending = pendingFor(conversation.items, sentence);
  hearClause(conversation, clause, { sentence, meant, due, pending });
  const rest = NEXT_CLAUSE.exec(clause?.after ?? "")?.[1] ?? "";
  if (hasWords(rest)) hear(conversation, part(rest), people, day);
  const last = conversation.items.at(-1);
  if (last !== undefined && WHEN.test(stripFillers(sentence.text))) {
    conversation.dateAsked = { item: last, turn: sentence.turn };
  }
}

const hasWords = (text: string) => text.split(" ").length >= 3;

function hearClause(conversation: Conversation, clause: TaskClause | null, heard: Heard): void {
  const { sentence, due, pending } = heard;
  const { items } = conversation;
  const over = overBy(items, heard);
  if (over !== null) {
    items.splice(items.indexOf(over), 1);
  } else if (clause?.kind === "request" && isReminder(items, clause, sentence)) {
    hearDate(conversation, heard);
  } else if (pending !== null && clause?.dated === true && ACCEPT.test(sentence.text)) {
    accept(pending, sentence, due);
  } else if (clause?.kind === "commitment") {
    hearCommitment(conversation, clause, heard);
  } else if (clause !== null) {
    items.push(newItem(conversation, clause, heard));
  } else if (pending !== null && isYes(pending, sentence, due)) {
    accept(pending, sentence, due);
  } else {
    hearDate(conversation, heard);
  }
}

/** The task that a sentence says is done already, or turns down. */
function overBy(items: readonly Item[], { sentence, pending }: Heard): Item | null {
  const done = DONE.test(sentence.text) ? doneJustNow(items, sentence) : null;
  return done ?? (pending !== null && isTurnedDown(pending, sentence) ? pending : null);
}

/** "Sure.", "End of the week good?", "One page, on your table Monday." */
function isYes(pending: Item, { text, turn }: Sentence, due: string | null): boolean {
  const isShort = text.split(" ").length <= shortSentenceWords;
  const isNext = pending.kind === "request" && turn - pending.turn === 1;
  if (due !== null && isShort && isNext) return true;
  return ACCEPT.test(text) && !text.endsWith("?");
}

/** The day that a sentence names; one of what somebody else does in the rest of it is not of the task. */
function dueOf(text: string, clause: TaskClause | null, day: MeetingDay): string | null {
  const after = clause?.after ?? "";
  const own = findDueDate(text.slice(0, text.length - after.length), day)?.date ?? null;
  return own ?? (OF_OTHERS.test(after) ? null : (findDueDate(after, day)?.date ?? null));
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
  const isQuestion = pending.kind === "request" || pending.kind === "offer";
  if (pending.acceptedIn !== null || !isQuestion) return false;
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
    if (item.kind === "offer") return isAnswer && distance === 1;
    return isAnswer && (item.assignee === null || item.assignee === speaker);
  });
  return found ?? null;
}

function hearCommitment(conversation: Conversation, clause: TaskClause, heard: Heard): void {
  const { sentence, pending, due } = heard;
  if (pending !== null && (answers(clause, pending) || isWish(pending))) {
    accept(pending, sentence, due);
    // The answer says it better when the request was "chase them", or when it adds the day.
    if (!clause.pronoun && (pending.context !== null || due !== null || isWish(pending))) {
      pending.task = withNames(clause.task, sentence.speaker, pending.speaker);
      pending.context = null;
    }
    return;
  }
  const own = clause.pronoun ? ownTask(conversation.items, clause, sentence) : null;
  const isEmpty = clause.leftOut && due === null && clause.before.trim() === "";
  if (own !== null) own.due ??= due;
  else if (!isEmpty && (clause.firm || !clause.bare || due !== null))
    conversation.items.push(newItem(conversation, clause, heard));
}

function answers(clause: TaskClause, pending: Item): boolean {
  if (clause.bare || clause.pronoun || pending.context !== null) return true;
  return overlap(contentWords(clause.task), contentWords(pending.task)) > 0;
}

/** "I'd like a word with them": whatever is promised in return is what comes of it. */
function isWish({ kind, weak }: Item): boolean {
  return kind === "request" && weak;
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
  const isSame =
    last.context !== null || verb(task) === verb(last.task) || verb(task) === "deliver";
  return (bare && turn - last.turn <= 2) || isSame ? last : null;
}

function accept(item: Item, { speaker, turn }: Sentence, due: string | null): void {
  if (item.kind !== "offer") item.assignee = speaker;
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
  const isShort = text.split(" ").length <= shortSentenceWords && PROPOSED.test(text);
  return isNext && isShort && last.assignee !== null && text.endsWith("?");
}

function newItem(conversation: Conversation, clause: TaskClause, heard: Heard): Item {
  const { sentence, due } = heard;
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
    context: clause.pronoun ? contextOf(clause, heard) : null,
  };
}

/** What the object stands for: what was put in front of the verb, else what was talked about. */
function contextOf({ leftOut, before }: TaskClause, { meant, sentence }: Heard): string {
  const front = before.trim();
  return leftOut && front.includes(" ") ? front : (meant(before) ?? sentence.text);
}

function assigneeOf(turns: readonly Turn[], clause: TaskClause, sentence: Sentence): string | null {
  if (clause.kind === "commitment" || clause.kind === "offer")
    return clause.person ?? sentence.speaker;
  if (clause.kind === "open" || clause.person !== null) return clause.person;
  const next = turns[sentence.turn + 1]?.speaker ?? null;
  return next === sentence.speaker ? null : next;
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
  return /^speaker /i.test(name) ? name : firstName(name);
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
  const isClear = !item.weak && (item.due !== null || item.named);
  const confident = isClear || item.acceptedIn !== null;
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
