import { z } from "zod";
import type { AnalysisInput, InsightAnswer, InsightQuestion, InsightValue } from "../analyst";
import { type ChatConfig, chatJson } from "./chat-endpoint";
import { meetingFacts, systemPrompt, turnProblems } from "./prompt";
import { groupForMerge, type TranscriptWindow, transcriptWindows } from "./transcript-windows";

const answerSchema = z.strictObject({
  insight_id: z.string(),
  text: z.string().nullable().describe("Markdown, for the kinds answered in words; else null."),
  verdict: z
    .enum(["yes", "no", "not_discussed"])
    .nullable()
    .describe("For yes_no; not_discussed when the transcript does not tell. Else null."),
  rating: z.number().nullable().describe("For scale, within its bounds; else null."),
  items: z
    .array(z.strictObject({ item: z.string(), done: z.boolean() }))
    .nullable()
    .describe("For checklist, every given item once, word for word; else null."),
  explanation: z.string().describe("Why, in one or two sentences."),
  evidence: z.array(z.int()).describe("Numbers of at most five turns that show it."),
});
const answersSchema = z.strictObject({ answers: z.array(answerSchema) });
type Answer = z.output<typeof answerSchema>;
type Answers = z.output<typeof answersSchema>;

const questionsPerRequest = 10;
const markdownLengthMax = 20_000;
const explanationLengthMax = 2000;
const evidenceMax = 10;
const scaleDefault = { min: 1, max: 10 };

const instructions: Readonly<Record<InsightQuestion["type"], string>> = {
  summary: "Write a short summary under this question.",
  competitors_analysis: "Say which competitors came up and what was said about each.",
  yes_no: "Answer yes, no or not_discussed.",
  checklist: "Say for each item whether it was done.",
  scale: "Give a rating.",
  open_question: "Answer the question.",
  markdown: "Write what is asked for, in Markdown.",
  spin_improvement:
    "Judge the seller's situation, problem, implication and need-payoff questions and say what to improve.",
};

/** Answers the insights of a meeting, in their order; what the model cannot get right is "failed". */
export async function requestAnswers(
  config: ChatConfig,
  input: AnalysisInput,
  signal: AbortSignal,
): Promise<InsightAnswer[]> {
  const answers: InsightAnswer[] = [];
  for (let from = 0; from < input.insights.length; from += questionsPerRequest) {
    const questions = input.insights.slice(from, from + questionsPerRequest);
    const found = await answersTo(config, input, questions, signal);
    const isTurn = (turn: number) => turn >= 0 && turn < input.transcript.turns.length;
    answers.push(...questions.map((question) => toInsightAnswer(question, found, isTurn)));
  }
  return answers;
}

async function answersTo(
  config: ChatConfig,
  input: AnalysisInput,
  questions: readonly InsightQuestion[],
  signal: AbortSignal,
): Promise<Answers> {
  const windows = transcriptWindows(input.transcript.turns);
  let parts: Answers[] = [];
  for (const window of windows) {
    parts.push(await answersIn(config, input, questions, window, windows.length, signal));
  }
  while (parts.length > 1) {
    const merged: Answers[] = [];
    for (const group of groupForMerge(parts)) {
      const [only] = group;
      const isAlone = only !== undefined && group.length === 1;
      merged.push(isAlone ? only : await merge(config, input, questions, group, signal));
    }
    parts = merged;
  }
  return parts[0] ?? { answers: [] };
}

function answersIn(
  config: ChatConfig,
  input: AnalysisInput,
  questions: readonly InsightQuestion[],
  { text, first, last }: TranscriptWindow,
  windows: number,
  signal: AbortSignal,
): Promise<Answers> {
  const part = windows > 1 ? " This is one part of a longer meeting; judge by this part only." : "";
  const task = `Answer each question about this meeting.${part}`;
  const material = `Transcript:\n${text}`;
  return ask(
    config,
    input,
    questions,
    task,
    material,
    (turn) => turn >= first && turn <= last,
    signal,
  );
}

function merge(
  config: ChatConfig,
  input: AnalysisInput,
  questions: readonly InsightQuestion[],
  parts: readonly Answers[],
  signal: AbortSignal,
): Promise<Answers> {
  const cited = new Set(
    parts.flatMap(({ answers }) => answers.flatMap(({ evidence }) => evidence)),
  );
  const task =
    "These are answers found in consecutive parts of one meeting. Give one answer to each question " +
    "for the whole meeting, keeping the turn numbers.";
  const material = `Answers by part:\n${JSON.stringify(parts)}`;
  return ask(config, input, questions, task, material, (turn) => cited.has(turn), signal);
}

async function ask(
  config: ChatConfig,
  input: AnalysisInput,
  questions: readonly InsightQuestion[],
  task: string,
  material: string,
  allowed: (turn: number) => boolean,
  signal: AbortSignal,
): Promise<Answers> {
  const list = JSON.stringify(questions.map(describeQuestion));
  const { value } = await chatJson(
    config,
    {
      name: "insight_answers",
      schema: answersSchema,
      messages: [
        { role: "system", content: systemPrompt },
        {
          role: "user",
          content: `${task}\n\n${meetingFacts(input)}\n\nQuestions:\n${list}\n\n${material}`,
        },
      ],
      check: (answers) => answersProblems(answers, questions, allowed),
    },
    signal,
  );
  return {
    answers: value.answers.map((answer) => ({
      ...answer,
      evidence: answer.evidence.filter(allowed),
    })),
  };
}

function describeQuestion(asked: InsightQuestion) {
  const { id, type, name, question, options } = asked;
  const bounds = type === "scale" ? { scale: boundsOf(options) } : {};
  const items = options.items === undefined ? {} : { items: options.items };
  return {
    insight_id: id,
    type,
    name,
    question,
    instruction: instructions[type],
    ...bounds,
    ...items,
    ...backgroundOf(asked),
  };
}

/** What people wrote around the question, as far as they wrote any. */
function backgroundOf({ desiredOutcome, context, knowledge, language }: InsightQuestion) {
  const parts = {
    desired_outcome: desiredOutcome,
    context,
    background: knowledge,
    answer_in_language: language,
  };
  return Object.fromEntries(Object.entries(parts).filter(([, text]) => text));
}

function boundsOf({ scaleMin, scaleMax }: InsightQuestion["options"]) {
  return { min: scaleMin ?? scaleDefault.min, max: scaleMax ?? scaleDefault.max };
}

function answersProblems(
  { answers }: Answers,
  questions: readonly InsightQuestion[],
  allowed: (turn: number) => boolean,
): string[] {
  return questions.flatMap((question) => {
    const answer = answers.find(({ insight_id: id }) => id === question.id);
    if (answer === undefined) return [`${question.id}: there is no answer with this insight_id`];
    const { problem } = readValue(question, answer);
    return [
      ...(problem === null ? [] : [`${question.id}: ${problem}`]),
      ...turnProblems(`${question.id}.evidence`, answer.evidence, allowed),
    ];
  });
}

type Read =
  | { readonly value: InsightValue; readonly problem: null }
  | { readonly value: null; readonly problem: string };

/** The answer in the shape of its type (handbook 20.2), or what keeps it from being one. */
function readValue({ type, options }: InsightQuestion, answer: Answer): Read {
  if (type === "yes_no") return readVerdict(answer);
  if (type === "scale") return readRating(answer, boundsOf(options));
  if (type === "checklist") return readItems(answer, options.items ?? []);
  const text = answer.text?.trim().slice(0, markdownLengthMax) ?? "";
  return text === "" ? { value: null, problem: "text is missing" } : { value: text, problem: null };
}

function readVerdict({ verdict }: Answer): Read {
  if (verdict === null) return { value: null, problem: "verdict is missing" };
  return { value: verdict === "not_discussed" ? null : verdict === "yes", problem: null };
}

function readRating({ rating }: Answer, { min, max }: { min: number; max: number }): Read {
  return rating !== null && rating >= min && rating <= max
    ? { value: rating, problem: null }
    : { value: null, problem: `rating must be a number from ${min} to ${max}` };
}

function readItems({ items }: Answer, wanted: readonly string[]): Read {
  const found = wanted.map((item) => items?.find((given) => given.item.trim() === item.trim()));
  const complete = found.flatMap((given) => (given === undefined ? [] : [given]));
  return complete.length === wanted.length && wanted.length > 0
    ? {
        value: wanted.map((item, index) => ({ item, done: complete[index]?.done === true })),
        problem: null,
      }
    : { value: null, problem: "items must hold every item of the checklist, word for word" };
}

function toInsightAnswer(
  question: InsightQuestion,
  { answers }: Answers,
  isTurn: (turn: number) => boolean,
): InsightAnswer {
  const answer = answers.find(({ insight_id: id }) => id === question.id);
  const read = answer === undefined ? null : readValue(question, answer);
  if (answer === undefined || read === null || read.problem !== null) {
    const reason = read?.problem ?? "no answer was given";
    return {
      insightId: question.id,
      status: "failed",
      reason: `The language model gave no usable answer (${reason}). Run this insight again.`,
    };
  }
  const explanation = answer.explanation.trim().slice(0, explanationLengthMax);
  const evidence = [...new Set(answer.evidence)].filter(isTurn).slice(0, evidenceMax);
  return {
    insightId: question.id,
    status: "answered",
    value: read.value,
    ...(typeof read.value === "number" ? { score: read.value } : {}),
    ...(explanation === "" ? {} : { explanation }),
    evidence: evidence.map((turn) => ({ turn })),
  };
}
