import type { People } from "../people";
import { isDecision } from "./decisions";
import { stripFillers } from "./sentences";
import { baseOfGerund, isLikelyTask, isTaskVerb } from "./task-verbs";

/** What one sentence asks for, promises or assigns. */
export interface TaskClause {
  readonly kind: "request" | "commitment" | "assignment" | "open";
  /** Whom the sentence names: the one addressed, or the one who "will". */
  readonly person: string | null;
  /** The verb and what follows it, up to the end of the clause. */
  readonly task: string;
  /** Not "I can" or "I should", and not what "we" have to do. */
  readonly firm: boolean;
  /** Said like anything else: it counts with a day, or when somebody says yes. */
  readonly weak: boolean;
  /** "do that", "take it": the task itself stands in another sentence. */
  readonly bare: boolean;
  /** The object is a pronoun, but the verb says something: "chase them". */
  readonly pronoun: boolean;
}

const adverbs = String.raw`(?:(?:please|also|maybe|perhaps|just|then|still|possibly|kindly|quickly|definitely|certainly|probably|gladly|personally|both|all|try to|go ahead and)\s+)*`;
const verb = String.raw`([a-z]+)\b\s*(.*)$`;
const pattern = (lead: string) => new RegExp(`${lead}\\s+${adverbs}${verb}`, "is");

const FIRM = pattern(
  String.raw`\bI(?:(?:'ll| will| shall)(?: need to| have to)?|'m going to| am going to| need to| have to| must|'ve got to| have got to)`,
);
const SOFT = pattern(String.raw`(?:\bI can|\bI should|(?:^|[,;]\s*|\b(?:and|then|so)\s+)let me)`);
const ASK = pattern(
  String.raw`\b(?:can you|could you|would you|will you|I need you to|I(?:'d| would) like you to|(?:great|good|nice|helpful|lovely|appreciate it|appreciate) if you (?:could|can)|don't forget to|remember to|make sure (?:to|you))`,
);
const OFFERED = pattern(String.raw`\b(?:do you want to|you can)`);
const INTENDED = pattern(String.raw`\bI (?:want to|'d like to|would like to)`);
// As people say it whose first language has no other future: "I send you the list today."
const PRESENT = /^(?:then )?I ([a-z]+) ((?:you|it|them|him|her|the|this|that|my|our|a|an)\b.*)$/is;
const ONGOING = /^I(?:'m| am) (?:still )?([a-z]+ing) (.*)$/is;
const DELIVERED = /\byou(?:'ll| will)(?: all)? (?:have|get|receive) ((?:the|a|an|my|our)\b.*)$/is;
const IMPERATIVE = new RegExp(`^(?:(?:and|then|so|but|just|well)[, ]+)*${adverbs}${verb}`, "is");
const TEAM = pattern(String.raw`\bwe(?:'ll| will|'re going to| are going to)`);
const LISTED =
  /^(?:action(?: item)?|to-?do|next step)s?(?: for (\p{L}[\p{L}'-]+))?\s*[:–-]\s*(.+)$/isu;
const MIND = pattern(String.raw`\bwould you mind`);
const PLEASE = pattern(String.raw`(?:^|[,;]\s*|\b(?:and|then|but|so)\s+)please`);
const OPEN = pattern(
  String.raw`\b(?:(?:somebody|someone|anybody|anyone|one of (?:us|you))\s+(?:has to|needs to|should|must|ought to|will have to|will need to|could|can)|(?:can|could) (?:somebody|someone|anybody|anyone|one of (?:us|you))|who (?:can|could|will|wants to)|we (?:need to|have to|must))`,
);
const NAMED = pattern(
  String.raw`^([\p{L}'-]+)(?: [\p{Lu}][\p{L}'-]+)?(?:'ll| will| should| is going to| has to| needs to| must)`,
);
const NAMED_UNICODE = new RegExp(NAMED.source, "isu");

// The promise or request is only reported, imagined or made dependent on something.
const NOT_MEANT =
  /\b(?:if|unless|whether|because|said|says|told|wish|what|how|where|which|so that|as far as|before|whenever)\b[^,;]*$/i;
// "Will I have to …?" asks.
const ASKED = /\b(?:will|would|do|did|does|should|shall|must|can|could|may)\s+$/i;
const HEDGED = /\b(?:maybe|perhaps|possibly|probably|might)\b[^,;.]*$/i;
const NEGATED = /^(?:not|never|n't)\b/i;
const IMMEDIATE =
  /\b(?:(?:my|the) screen|right now|for a (?:second|moment|minute)|in the chat|it a day|(?:a|one) (?:quick )?question|one more thing|be honest|on mute)\b/i;

const SOMETHING_GIVEN =
  /\b(?:me|us|the|this|that|these|those|it|them|him|her|my|our|an?|everybody|everyone)\b|\b[A-Z]/;

const CLAUSE_END =
  /[,;]?\s+(?:so that|because|since|but|which|unless|otherwise|though|although|and then|and (?:I|you|we|they|he|she|it|there)\b|so (?:I|you|we|they|he|she|it|there)\b)|,\s+(?:so|she|he|they|we|I|you|it|that|okay|right|then|thanks|if)\b|[;?!]|\.(?:\s|$)| [–—-] /i;
const PRONOUN = "(?:that|it|this|those|them|these|one|him|her)";
const BARE = new RegExp(
  String.raw`^(?:(?:do|take|handle|get|have|sort|manage|see to|take care of|look after|work on|make|finish|put|bring|place) ${PRONOUN}\b|take (?:that|it|this) on\b)`,
  "i",
);
const PRONOUN_OBJECT = new RegExp(
  String.raw`^[a-z]+(?: (?:up|out|on|to|back|with|into|for|through))? ${PRONOUN}\b`,
  "i",
);

/** Reads one sentence; null when nobody is to do anything. */
export function readTaskClause(sentence: string, people: People): TaskClause | null {
  const text = stripFillers(sentence);
  return (
    readListed(text, people) ??
    readOpen(text) ??
    readRequest(text, people) ??
    readCommitment(text) ??
    readAssignment(text, people) ??
    readWeak(text, people)
  );
}

/** How a phrase means what follows it. */
interface Sense {
  readonly kind: TaskClause["kind"];
  readonly person?: string | null;
  readonly firm?: boolean;
  readonly weak?: boolean;
  /** Whether any verb that takes an object will do, since the phrase itself says that it is to be done. */
  readonly anyVerb?: boolean;
}

/** "Action item for Ada: …", as people dictate it. */
function readListed(text: string, people: People): TaskClause | null {
  const match = LISTED.exec(text);
  if (match === null) return null;
  const person = people.find(match[1] ?? "");
  const [verb = "", ...rest] = (match[2] ?? "").split(" ");
  const kind = person === null ? "open" : "assignment";
  return makeClause({ kind, person, firm: true }, verb, rest.join(" "));
}

function readOpen(text: string): TaskClause | null {
  const match = OPEN.exec(text);
  return clauseOf({ kind: "open", firm: match !== null && !/^we\b/i.test(match[0]) }, match);
}

function readRequest(text: string, people: People): TaskClause | null {
  const person = addressee(text, people);
  const minded = MIND.exec(text);
  const base = minded === null ? null : baseOfGerund(minded[1] ?? "", minded[2] ?? "");
  if (minded !== null && base !== null) {
    return makeClause({ kind: "request", person, firm: true }, base, minded[2] ?? "");
  }
  const match = ASK.exec(text) ?? PLEASE.exec(withoutVocative(text, people));
  const anyVerb = match !== null && /you\s/i.test(match[0]);
  const clause = clauseOf({ kind: "request", person, firm: true, anyVerb }, match);
  // "Can you export reports?" asks what a product can do; "can you export the report?" asks for it.
  const isAbility = /^can you$/i.test(match?.[0].slice(0, 7) ?? "") && person === null;
  return clause !== null && isAbility && !SOMETHING_GIVEN.test(clause.task) ? null : clause;
}

function readCommitment(text: string): TaskClause | null {
  const promised = FIRM.exec(text);
  const isAsked = promised !== null && ASKED.test(text.slice(0, promised.index));
  const kind = "commitment";
  const isTeam = TEAM.exec(text);
  return (
    (isAsked ? null : unhedged({ kind, firm: true, anyVerb: true }, promised)) ??
    unhedged({ kind }, SOFT.exec(text)) ??
    (isDecision(text) ? null : unhedged({ kind, weak: !/\byou\b/i.test(text) }, isTeam))
  );
}

function readAssignment(text: string, people: People): TaskClause | null {
  const match = NAMED_UNICODE.exec(text);
  const person = match === null ? null : people.find(match[1] ?? "");
  if (match === null || person === null) return null;
  return makeClauseIfTask(
    { kind: "assignment", person, firm: true },
    match[2] ?? "",
    match[3] ?? "",
  );
}

/** What is a task only with a day, or because somebody agrees to it. */
function readWeak(text: string, people: People): TaskClause | null {
  const kind = "commitment";
  const own = { kind, weak: true } as const;
  const asked = { kind: "request", person: addressee(text, people), weak: true } as const;
  const ongoing = ONGOING.exec(text);
  const base = ongoing === null ? null : baseOfGerund(ongoing[1] ?? "", ongoing[2] ?? "");
  if (base !== null) return makeClause(own, base, ongoing?.[2] ?? "");
  const delivered = DELIVERED.exec(text);
  if (delivered !== null) return makeClause(own, "deliver", delivered[1] ?? "");
  return (
    unhedged({ ...own, anyVerb: true }, INTENDED.exec(text)) ??
    clauseOf(asked, text.endsWith("?") ? OFFERED.exec(text) : null) ??
    unhedged(own, PRESENT.exec(text)) ??
    readImperative(withoutVocative(text, people), asked)
  );
}

/** "Ask him.", "Send me the costs": what the speaker is to have stands for itself. */
function readImperative(text: string, sense: Sense): TaskClause | null {
  const match = IMPERATIVE.exec(text);
  const forSpeaker = match !== null && /^(?:me|us)\b/i.test(match[2] ?? "");
  return clauseOf({ ...sense, weak: !forSpeaker }, match);
}

function unhedged(sense: Sense, match: RegExpExecArray | null): TaskClause | null {
  return match !== null && HEDGED.test(match.input.slice(0, match.index))
    ? null
    : clauseOf(sense, match);
}

function clauseOf(sense: Sense, match: RegExpExecArray | null): TaskClause | null {
  if (match === null || NOT_MEANT.test(match.input.slice(0, match.index))) return null;
  return makeClauseIfTask(sense, match[1] ?? "", match[2] ?? "");
}

function makeClauseIfTask(sense: Sense, word: string, rest: string): TaskClause | null {
  const isTask = isTaskVerb(word, rest) || (sense.anyVerb === true && isLikelyTask(word, rest));
  return NEGATED.test(word) || !isTask ? null : makeClause(sense, word, rest);
}

function makeClause(
  { kind, person = null, firm = false, weak = false }: Sense,
  word: string,
  rest: string,
): TaskClause | null {
  const whole = `${word.toLowerCase()} ${rest}`.trim();
  if (IMMEDIATE.test(whole)) return null;
  const end = CLAUSE_END.exec(whole)?.index ?? whole.length;
  const task = whole.slice(0, end).trim();
  const bare = BARE.test(task);
  return { kind, person, task, firm, weak, bare, pronoun: bare || PRONOUN_OBJECT.test(task) };
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
