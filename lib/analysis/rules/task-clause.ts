import type { People } from "../people";
import { isDecision } from "./decisions";
import { stripFillers } from "./sentences";
import * as phrases from "./task-phrases";
import {
  baseOfGerund,
  isAnyWork,
  isLikelyTask,
  isTaskVerb,
  likelyBaseOfGerund,
} from "./task-verbs";

/** What one sentence asks for, promises or assigns. */
export interface TaskClause {
  /** An offer is the speaker's own task as soon as somebody says yes. */
  readonly kind: "request" | "commitment" | "assignment" | "open" | "offer";
  /** Whom the sentence names: the one addressed, the one who "will", or the first of two who will. */
  readonly person: string | null;
  /** The verb and what follows it, up to the end of the clause. */
  readonly task: string;
  /** Not "I can" or "I should", and not what "we" have to do. */
  readonly firm: boolean;
  /** Said like anything else: it counts with a day, or when somebody says yes. */
  readonly weak: boolean;
  /** "do that", "take it": the task itself stands in another sentence. */
  readonly bare: boolean;
  /** The object is a pronoun or left out, but the verb says something: "chase them", "order another two". */
  readonly pronoun: boolean;
  /** The words of the sentence before the phrase that makes it a task. */
  readonly before: string;
  /** What follows in the sentence and is not of the task any more. */
  readonly after: string;
  /** It says nothing unless a day stands beside it. */
  readonly dated: boolean;
  /** The object is left out: "I'll ask", which says something only as an answer. */
  readonly leftOut: boolean;
}

const NEGATED = /^(?:not|never|n't)\b/i;
const SOMETHING_GIVEN =
  /\b(?:me|us|the|this|that|these|those|it|them|him|her|my|our|an?|everybody|everyone)\b|\b[A-Z]/;

const CLAUSE_END =
  /[,;]?\s+(?:so that|because|since|but|which|unless|otherwise|though|although|and then|and (?:I|you|we|they|he|she|it|there)\b|so (?:I|you|we|they|he|she|it|there)\b)|,\s+(?:so|she|he|they|we|I|you|it|that|okay|right|then|thanks|if)\b|[;?!]|\.(?:\s|$)| [–—-] /i;
const PRONOUN = "(?:that|it|this|those|them|these|one|him|her)";
const BARE = new RegExp(
  String.raw`^(?:(?:do|take|handle|get|have|sort|manage|see to|take care of|look after|work on|make|finish|put|bring|place) ${PRONOUN}\b(?! (?:back|over|to|through)\b)|take (?:that|it|this) on\b)`,
  "i",
);
const PRONOUN_OBJECT = new RegExp(
  String.raw`^[a-z]+(?: (?:up|out|on|to|back|with|into|for|through|in|off|round|past)){0,2} ${PRONOUN}\b`,
  "i",
);
const WHEN_WORDS = `(?:in|on|by|at|today|tomorrow|tonight|then|now|myself|personally|before|after|too|as well|this|next|for)`;
/** "order another two hundred", "put one in". */
const ELLIPTIC = new RegExp(
  String.raw`^[a-z]+(?: (?:me|us|you|him|her|them))? (?:a|the)(?: [a-z]+)? ones?\b|^[a-z]+(?: (?:up|out|on|in|over|off))? (?:another|one|two|three|some|more|both|a new one|a few|a couple|the (?:other|rest))(?: (?:hundred|thousand|one|ones|more|two)){0,2}(?=$|[,.;!?]|\s+${WHEN_WORDS}\b)`,
  "i",
);
/** "Circular for that I will draft myself" */
const OBJECTLESS =
  /^[a-z]+(?: (?:up|out|on|back|over|off|through))?(?:$|[,.;!?]|\s+(?:today|tomorrow|tonight|then|now|myself|personally|too|as well|(?:this|next) \w+|(?:on|by|before|until) (?:\w+day|the end|end|then|next|tomorrow))\b)/i;

/** Reads one sentence; null when nobody is to do anything. */
export function readTaskClause(sentence: string, people: People): TaskClause | null {
  const text = stripFillers(sentence);
  if (phrases.BROKEN_OFF.test(text)) return null;
  const listed = readListed(text, people) ?? readJoint(text, people);
  if (listed !== null) return listed;
  const found = [readOpen(text), readRequest(text, people), readCommitment(text)].filter(
    (clause) => clause !== null,
  );
  // What is said first; what follows is read on its own.
  const [first] = found.toSorted((a, b) => a.before.length - b.before.length);
  return first ?? readTaken(text) ?? readAssignment(text, people) ?? readWeak(text, people);
}

/** How a phrase means what follows it. */
interface Sense {
  readonly kind: TaskClause["kind"];
  readonly person?: string | null;
  readonly firm?: boolean;
  readonly weak?: boolean;
  /** Whether any verb that takes an object will do, since the phrase itself says that it is to be done. */
  readonly anyVerb?: boolean;
  /** Whether it counts with a day beside it only; then any verb will do but those of being and talking. */
  readonly dated?: boolean;
}

/** "Action item for Ada: …", as people dictate it. */
function readListed(text: string, people: People): TaskClause | null {
  const match = phrases.LISTED.exec(text);
  if (match === null) return null;
  const person = people.find(match[1] ?? "");
  const [verb = "", ...rest] = (match[2] ?? "").split(" ");
  const kind = person === null ? "open" : "assignment";
  return makeClause({ kind, person, firm: true }, verb, rest.join(" "));
}

/** "Me and Ada will fetch them": whoever is named first. */
function readJoint(text: string, people: People): TaskClause | null {
  const match = phrases.JOINT.exec(text);
  if (match === null || phrases.NOT_MEANT.test(text.slice(0, match.index))) return null;
  const [, second = "", first = "", word = "", rest = ""] = match;
  if (people.find(second === "" ? first : second) === null) return null;
  const person = first === "" ? null : people.find(first);
  return makeClauseIfTask(
    { kind: "commitment", person, firm: true, anyVerb: true },
    word,
    rest,
    "",
  );
}

function readOpen(text: string): TaskClause | null {
  const match = phrases.OPEN.exec(text);
  const isAnybody = match !== null && !/^we\b/i.test(match[0]);
  return clauseOf({ kind: "open", firm: isAnybody, anyVerb: isAnybody }, match);
}

function readRequest(text: string, people: People): TaskClause | null {
  const person = addressee(text, people);
  const minded = phrases.MIND.exec(text);
  const base = minded === null ? null : likelyBaseOfGerund(minded[1] ?? "", minded[2] ?? "");
  if (minded !== null && base !== null) {
    const sense = { kind: "request", person, firm: true } as const;
    return makeClause(sense, base, minded[2] ?? "", text.slice(0, minded.index));
  }
  const handed = phrases.HANDED_OVER.exec(text);
  if (handed !== null) return handOver(handed, person);
  const match =
    phrases.IF_COULD.exec(text) ??
    phrases.ASK.exec(text) ??
    phrases.PLEASE.exec(withoutVocative(text, people));
  const anyVerb = match !== null && /you\s/i.test(match[0]);
  const clause = clauseOf({ kind: "request", person, firm: true, anyVerb }, match);
  // "Can you export reports?" asks what a product can do; "can you export the report?" asks for it.
  const isAbility = /^can you$/i.test(match?.[0].slice(0, 7) ?? "") && person === null;
  return clause !== null && isAbility && !SOMETHING_GIVEN.test(clause.task) ? null : clause;
}

/** "Can I leave the list with you?" */
function handOver(match: RegExpExecArray, person: string | null): TaskClause | null {
  const sense = { kind: "request", person, firm: true } as const;
  const before = match.input.slice(0, match.index);
  if (/^(?:it|that|this|them|those)$/i.test(match[1] ?? ""))
    return { ...makeBare(before), ...sense };
  return makeClause(sense, "take", `care of ${match[1] ?? ""}`);
}

function readCommitment(text: string): TaskClause | null {
  const promised = phrases.FIRM.exec(text);
  const isAsked = promised !== null && phrases.ASKED.test(text.slice(0, promised.index));
  const kind = "commitment";
  const isTeam = phrases.TEAM.exec(text);
  return (
    (isAsked ? null : unhedged({ kind, firm: true, anyVerb: true }, promised)) ??
    unhedged({ kind, anyVerb: true }, phrases.LET_ME.exec(text)) ??
    unhedged({ kind }, phrases.SOFT.exec(text)) ??
    unhedged({ kind, weak: true, anyVerb: true }, phrases.SOFT.exec(text)) ??
    (isDecision(text) ? null : unhedged({ kind, weak: !/\byou\b/i.test(text) }, isTeam))
  );
}

/** What somebody takes on without a verb that says what: "leave that with me", "the letters are on my list". */
function readTaken(text: string): TaskClause | null {
  const sense = { kind: "commitment", firm: true } as const;
  const owed = phrases.OWED.exec(text);
  if (owed !== null && !phrases.NOT_OWED.test(owed[1] ?? "") && isMeant(owed))
    return makeClause(sense, "send", owed[1] ?? "", text.slice(0, owed.index));
  const taken = phrases.TAKEN.exec(text);
  if (taken !== null && isMeant(taken)) {
    return { ...makeBare(text.slice(0, taken.index)), ...sense };
  }
  const named = phrases.LEFT.exec(text) ?? phrases.LISTED_AS_OWN.exec(text);
  return named === null || !isMeant(named)
    ? null
    : makeClause(sense, "take", `care of ${inside(named[1] ?? "")}`);
}

/** An object that began its sentence. */
function inside(object: string): string {
  return object.replace(/^(?:The|My|Your|Our|A|An|That|This|Those)\b/, (word) =>
    word.toLowerCase(),
  );
}

function makeBare(before: string): Omit<TaskClause, "kind" | "firm"> {
  const task = "take care of it";
  const is = { weak: false, bare: true, pronoun: true, leftOut: false, dated: false };
  return { person: null, task, before, after: "", ...is };
}

function readAssignment(text: string, people: People): TaskClause | null {
  const match = phrases.NAMED.exec(text);
  const person = match === null ? null : people.find(match[1] ?? "");
  if (match === null || person === null) return null;
  const sense = { kind: "assignment", person, firm: true } as const;
  return makeClauseIfTask(sense, match[2] ?? "", match[3] ?? "", "");
}

/** What is a task only with a day, or because somebody agrees to it. */
function readWeak(text: string, people: People): TaskClause | null {
  const kind = "commitment";
  const own = { kind, weak: true } as const;
  const asked = { kind: "request", person: addressee(text, people), weak: true } as const;
  const offer = text.endsWith("?") ? phrases.OFFER.exec(text) : null;
  if (offer !== null) return clauseOf({ ...own, kind: "offer", anyVerb: true }, offer);
  const ongoing = phrases.ONGOING.exec(text);
  const base = ongoing === null ? null : baseOfGerund(ongoing[1] ?? "", ongoing[2] ?? "");
  if (base !== null) return makeClause(own, base, ongoing?.[2] ?? "");
  return (
    readDelivery(text, own) ??
    readNeed(text, asked) ??
    unhedged({ ...own, anyVerb: true }, phrases.INTENDED.exec(text)) ??
    clauseOf(asked, text.endsWith("?") ? phrases.OFFERED.exec(text) : null) ??
    unhedged(own, phrases.PRESENT.exec(text)) ??
    readImperative(withoutVocative(text, people), asked) ??
    unhedged({ ...own, dated: true }, phrases.FIRM.exec(text)) ??
    clauseOf({ ...asked, dated: true }, phrases.ASK.exec(text)) ??
    unhedged({ ...own, dated: true }, phrases.PRESENT_DATED.exec(text)) ??
    readToBeDone(text)
  );
}

/** What the other is to have: "you'll get the list", "the tables will be ready by Tuesday". */
function readDelivery(text: string, sense: Sense): TaskClause | null {
  const finished = phrases.FINISHED.exec(text);
  if (finished !== null && isMeant(finished)) return makeClause(sense, "finish", finished[1] ?? "");
  const delivered = phrases.DELIVERED.exec(text);
  if (delivered !== null && isMeant(delivered))
    return makeClause(sense, "deliver", delivered[1] ?? "", text.slice(0, delivered.index));
  const given = text.endsWith("?") ? null : phrases.DELIVERED_DATED.exec(text);
  const before = text.slice(0, given?.index);
  if (given !== null && isMeant(given))
    return makeClause({ ...sense, dated: true }, "deliver", given[1] ?? "", before);
  const [, object = "", rest = ""] =
    phrases.DELIVERED_FRONTED.exec(text) ?? phrases.COMING.exec(text) ?? [];
  if (object === "" || phrases.NOT_MEANT.test(object)) return null;
  return makeClause({ ...sense, dated: true }, "deliver", `${inside(object)}${rest}`);
}

/** What the speaker needs: "I'll need a statement off you". */
function readNeed(text: string, sense: Sense): TaskClause | null {
  const fronted = phrases.NEEDED_FRONTED.exec(text);
  if (fronted !== null) {
    const object = (fronted[2] ?? "") === "" ? fronted[1] : fronted[2];
    return makeClause({ ...sense, weak: false, firm: true }, "provide", object ?? "");
  }
  const match = phrases.NEEDED.exec(text);
  if (match === null || !isMeant(match)) return null;
  const object = match[1] ?? "";
  const isFromYou = phrases.FROM_YOU.test(object);
  const meant = { ...sense, weak: !isFromYou, firm: isFromYou };
  return makeClause(meant, "provide", object.replace(phrases.FROM_YOU, ""));
}

/** "It needs the full check doing by Thursday": nobody's, until somebody takes it. */
function readToBeDone(text: string): TaskClause | null {
  const match = phrases.NEEDS.exec(text);
  if (match === null || text.endsWith("?") || !isMeant(match)) return null;
  const isAnybody = /\b(?:somebody|someone|anybody)\b/i.test(text);
  const sense = { kind: "open", firm: isAnybody, weak: !isAnybody, dated: !isAnybody } as const;
  const clause = makeClause(sense, "", match[1] ?? "");
  return clause && { ...clause, pronoun: /^(?:it|that|they|this)\b/i.test(text) };
}

/** "Ask him.", "Send me the costs": what the speaker is to have stands for itself. */
function readImperative(text: string, sense: Sense): TaskClause | null {
  const match = phrases.IMPERATIVE.exec(text);
  if (match === null || /^[^\p{L}\p{N}]/u.test(match[2] ?? "")) return null;
  const forSpeaker = /^(?:me|us)\s+\S/i.test(match[2] ?? "");
  return clauseOf({ ...sense, weak: !forSpeaker }, match);
}

function unhedged(sense: Sense, match: RegExpExecArray | null): TaskClause | null {
  return match !== null && phrases.HEDGED.test(match.input.slice(0, match.index))
    ? null
    : clauseOf(sense, match);
}

function isMeant(match: RegExpExecArray): boolean {
  const before = match.input.slice(0, match.index);
  return !phrases.NOT_MEANT.test(before) && !phrases.CONDITION.test(before);
}

function clauseOf(sense: Sense, match: RegExpExecArray | null): TaskClause | null {
  if (match === null || !isMeant(match)) return null;
  const before = match.input.slice(0, match.index);
  return makeClauseIfTask(sense, match[1] ?? "", match[2] ?? "", before);
}

function makeClauseIfTask(
  sense: Sense,
  word: string,
  rest: string,
  before: string,
): TaskClause | null {
  const isTask =
    isTaskVerb(word, rest) ||
    (sense.anyVerb === true && isLikelyTask(word, rest)) ||
    (sense.dated === true && isAnyWork(word));
  return NEGATED.test(word) || !isTask ? null : makeClause(sense, word, rest, before);
}

function makeClause(
  { kind, person = null, firm = false, weak = false, dated = false }: Sense,
  word: string,
  rest: string,
  before = "",
): TaskClause | null {
  const whole = `${word.toLowerCase()} ${rest}`.trim();
  if (phrases.IMMEDIATE.test(whole)) return null;
  const end = CLAUSE_END.exec(whole)?.index ?? whole.length;
  const task = whole.slice(0, end).trim();
  if (task === "") return null;
  const bare = BARE.test(task);
  const leftOut = OBJECTLESS.test(task);
  const pronoun = bare || PRONOUN_OBJECT.test(task) || ELLIPTIC.test(task) || leftOut;
  const around = { before, after: whole.slice(end) };
  return { kind, person, task, firm, weak, bare, pronoun, leftOut, dated, ...around };
}

/** "Omar, could you …" or "Could you …, Omar?" */
function addressee(text: string, people: People): string | null {
  const first =
    /^(?:(?:hey|hi|thanks|thank you)\s+)?(\p{L}[\p{L}'-]+)(?: \p{Lu}[\p{L}'-]+)?,?\s/iu.exec(
      text,
    )?.[1];
  const last = /,\s+(\p{L}[\p{L}'-]+)[.?!]*$/u.exec(text)?.[1];
  return people.find(first ?? "") ?? people.find(last ?? "");
}

function withoutVocative(text: string, people: People): string {
  const match = /^(\p{L}[\p{L}'-]+)(?: \p{Lu}[\p{L}'-]+)?,?\s+/u.exec(text);
  return match !== null && people.find(match[1] ?? "") !== null
    ? text.slice(match[0].length)
    : text;
}
