// What can be answered by looking words up, and nothing else. The rules accept
//
// - yes_no: whether a named thing came up: "Was pricing discussed?", "Did anyone mention the budget
//   or a discount?", "Did SSO come up?". `options.items`, when given, are the words to look for.
//   The answer is `true` with the turns, or `null`: not to find a word does not prove that nobody
//   meant it, so the answer is never `false`. To be "discussed" takes two turns, to be "mentioned"
//   one.
// - checklist: when every item is such a statement ("Pricing discussed", "Mentioned the warranty"),
//   or a bare term under a question that asks what was mentioned or discussed.
// - competitors_analysis: when `options.items` lists the names.
// - summary: the automatic outline.
//
// They refuse whatever takes judgement, also in these types: "Was the customer happy?", "Did the rep
// handle objections?", "Did Ada mention it?" (who said it), "Were any risks discussed?" (a risk is
// seldom called one), and all scales, open questions, Markdown and SPIN reviews.
import { clockOf } from "@/lib/core/dates";
import type { Turn } from "@/lib/transcripts/transcript";
import type { AnalysisInput, InsightAnswer, InsightQuestion, Summary } from "../analyst";
import { turnsWithName, turnsWithTerm } from "./mentions";
import { summaryMarkdown } from "./outline";
import { contentWords, wordsOf } from "./similar-text";

interface Lookup {
  readonly terms: readonly string[];
  /** "pricing and terms" must both come up, "pricing or terms" one of them. */
  readonly every: boolean;
  /** In how many turns a term must occur. */
  readonly turnsMin: number;
}

const evidenceMax = 5;
const quotesMax = 3;
const quoteLengthMax = 240;
const termWordsMax = 5;

const PAST = "discussed|talked about|covered|brought up|raised|mentioned|named|referred to";
const BASE = "discuss|talk about|cover|bring up|raise|mention|name|refer to";
const ANYBODY =
  "we|they|you|anyone|anybody|someone|somebody|people|(?:the )?participants|the team|the meeting|the call|the conversation|both sides";

const QUESTIONS: readonly RegExp[] = [
  new RegExp(
    `^(?:was|were|is|are|has|have|had) (?<terms>.+?) (?:been |being |ever |also )*(?<verb>${PAST})(?: (?:in|during|on) (?:the|this) (?:meeting|call|conversation))?$`,
    "i",
  ),
  new RegExp(
    `^(?:did|do|does|has|have) (?:${ANYBODY}) (?:ever |also )?(?<verb>${BASE}|${PAST}) (?<terms>.+)$`,
    "i",
  ),
  /^(?:did|does|do|has|have) (?<terms>.+?) (?<verb>come up|came up)$/i,
  /^(?:is|was) there (?:a|any) (?<verb>mention) of (?<terms>.+)$/i,
];
const STATEMENTS: readonly RegExp[] = [
  new RegExp(`^(?<terms>.+?) (?:was |were |is |are |has been |have been )?(?<verb>${PAST})$`, "i"),
  new RegExp(`^(?<verb>${PAST}|${BASE}) (?<terms>.+)$`, "i"),
];
const ASKS_WHAT_CAME_UP = new RegExp(
  `^(?:which|what|were|was|did)\\b.*\\b(?<verb>${PAST}|${BASE}|came up|come up)\\b`,
  "i",
);
const DISCUSSED = /^(?:discuss|talk|cover)/i;
const ARTICLE = /^(?:the|a|an|any|our|your|their|his|her|its|some|this|that)\s+/i;
// Classes and judgements, whose members are hardly ever called by these names, and clauses.
const NOT_A_TERM =
  /\b(?:objections?|concerns?|issues?|problems?|risks?|feelings?|goals?|needs?|pains?|competitors?|alternatives?|anything|everything|something|nothing|it|them|what|who|why|how|whether|when|where|which|that|is|are|was|were|will|would|not|never|without|properly|clearly|well|enough|successfully|positively|negatively|important|main|key|good|bad|better|best|clear|steps?|action items?|decisions?|benefits?|value|sentiment|emotions?|rapport|by|because)\b/i;

const labels: Readonly<Record<InsightQuestion["type"], string>> = {
  summary: "A summary",
  open_question: "An open question",
  markdown: "A Markdown insight",
  competitors_analysis: "A competitors analysis without a list of competitors",
  spin_improvement: "A SPIN improvement",
  yes_no: "This yes/no question",
  scale: "A rating on a scale",
  checklist: "This checklist",
};

/** Answers what a look-up can answer; `summary` is needed for insights of that type. */
export function answerByRules(
  input: AnalysisInput,
  question: InsightQuestion,
  summary: Summary | null,
): InsightAnswer {
  const { turns } = input.transcript;
  if (question.type === "yes_no") return answerYesNo(question, turns);
  if (question.type === "checklist") return answerChecklist(question, turns);
  if (question.type === "competitors_analysis") return answerCompetitors(question, turns);
  if (question.type !== "summary" || summary === null) return needsModel(question);
  const value = summaryMarkdown(summary);
  const evidence = summary.decisions.slice(0, evidenceMax).map(({ turn }) => ({ turn }));
  return { insightId: question.id, status: "answered", value, evidence };
}

function needsModel({ id, type }: InsightQuestion): InsightAnswer {
  return {
    insightId: id,
    status: "needs_language_model",
    reason:
      `${labels[type]} takes judgement that the built-in engine does not have. Configure a language ` +
      "model with LLM_URL, LLM_KEY and LLM_MODEL, then run this insight again.",
  };
}

function answerYesNo(question: InsightQuestion, turns: readonly Turn[]): InsightAnswer {
  const lookup = readQuestion(question);
  if (lookup === null) return needsModel(question);
  const { found, evidence } = lookUp(lookup, turns);
  return {
    insightId: question.id,
    status: "answered",
    value: found ? true : null,
    explanation: explain(lookup, evidence.length, found),
    evidence: found ? evidence.slice(0, evidenceMax).map((turn) => ({ turn })) : [],
  };
}

function explain({ terms, turnsMin }: Lookup, turns: number, found: boolean): string {
  const words = terms.map((term) => `“${term}”`).join(", ");
  const where = turns === 0 ? "in no turn" : `in ${turns} ${turns === 1 ? "turn" : "turns"}`;
  const few = !found && turns > 0 && turnsMin > turns ? ", too few to call it discussed" : "";
  return `Looked up ${words}: found ${where}${few}. Other words for the same thing are not recognised.`;
}

function answerChecklist(question: InsightQuestion, turns: readonly Turn[]): InsightAnswer {
  const items = question.options.items ?? [];
  const lookups = items.map((item) => ({ item, lookup: readItem(item, question.question) }));
  const known = lookups.flatMap(({ item, lookup }) => (lookup === null ? [] : [{ item, lookup }]));
  if (known.length === 0 || known.length < items.length) return needsModel(question);
  const results = known.map(({ item, lookup }) => ({ item, ...lookUp(lookup, turns) }));
  const done = results.filter(({ found }) => found);
  const evidence = [...new Set(done.flatMap((result) => result.evidence.slice(0, 1)))];
  return {
    insightId: question.id,
    status: "answered",
    value: results.map(({ item, found }) => ({ item, done: found })),
    explanation:
      `${done.length} of ${results.length} items were found by their words. Other words for the ` +
      "same thing are not recognised.",
    evidence: evidence.map((turn) => ({ turn })),
  };
}

function answerCompetitors(question: InsightQuestion, turns: readonly Turn[]): InsightAnswer {
  const names = (question.options.items ?? []).filter((name) => wordsOf(name).length > 0);
  if (names.length === 0) return needsModel(question);
  const found = names.map((name) => ({ name, at: turnsWithName(turns, name) }));
  const present = found.filter(({ at }) => at.length > 0);
  const absent = found.filter(({ at }) => at.length === 0).map(({ name }) => name);
  const sections = present.map(({ name, at }) => {
    const quotes = at.slice(0, quotesMax).map((turn) => quote(turns[turn]));
    const count = `${at.length} ${at.length === 1 ? "turn" : "turns"}`;
    return `**${escapeMarkdown(name)}** was mentioned in ${count}.\n\n${quotes.join("\n")}`;
  });
  if (absent.length > 0) sections.push(`Not mentioned: ${absent.map(escapeMarkdown).join(", ")}.`);
  const evidence = [...new Set(present.flatMap(({ at }) => at.slice(0, quotesMax)))];
  return {
    insightId: question.id,
    status: "answered",
    value: sections.join("\n\n"),
    explanation: "Looked up the names of the listed competitors; what was meant was not judged.",
    evidence: evidence.map((turn) => ({ turn })),
  };
}

function quote(turn: Turn | undefined): string {
  if (turn === undefined) return "";
  const { speaker, text, startMs } = turn;
  const cut = text.length > quoteLengthMax ? `${text.slice(0, quoteLengthMax)}…` : text;
  return `- ${clockOf(startMs)} ${escapeMarkdown(speaker)}: “${escapeMarkdown(cut)}”`;
}

function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_[\]<>#|~]/g, (mark) => `\\${mark}`);
}

function lookUp({ terms, every, turnsMin }: Lookup, turns: readonly Turn[]) {
  const hits = terms.map((term) => turnsWithTerm(turns, term));
  const evidence = [...new Set(hits.flat())].sort((a, b) => a - b);
  const found = every ? hits.every((hit) => hit.length >= turnsMin) : evidence.length >= turnsMin;
  return { found, evidence };
}

function readQuestion({ question, options }: InsightQuestion): Lookup | null {
  const lookup = readForms(QUESTIONS, question);
  if (lookup === null || options.items === undefined || options.items.length === 0) return lookup;
  return { ...lookup, terms: options.items, every: false };
}

function readItem(item: string, question: string): Lookup | null {
  const stated = readForms(STATEMENTS, item);
  if (stated !== null) return stated;
  const verb = ASKS_WHAT_CAME_UP.exec(plain(question))?.groups?.verb;
  return verb === undefined ? null : makeLookup(plain(item), verb);
}

function readForms(forms: readonly RegExp[], text: string): Lookup | null {
  const sentence = plain(text);
  for (const form of forms) {
    const groups = form.exec(sentence)?.groups;
    if (groups !== undefined) return makeLookup(groups.terms ?? "", groups.verb ?? "");
  }
  return null;
}

function plain(text: string): string {
  return text
    .replace(/["“”'‘’«»]/g, "")
    .replace(/\s+/g, " ")
    .replace(/[\s?.!:]+$/, "")
    .trim();
}

function makeLookup(words: string, verb: string): Lookup | null {
  const parts = words.split(/\s+(?:or|and)\s+|\s*\/\s*|,\s*(?:(?:or|and)\s+)?/i);
  const terms = parts.map((part) => part.replace(ARTICLE, "").trim());
  if (!terms.every(isTerm)) return null;
  const every = /\sand\s/i.test(words) && !/\sor\s/i.test(words);
  return { terms, every, turnsMin: DISCUSSED.test(verb) ? 2 : 1 };
}

function isTerm(term: string): boolean {
  const count = wordsOf(term).length;
  if (count === 0 || count > termWordsMax || NOT_A_TERM.test(term)) return false;
  return contentWords(term).size > 0;
}
