import { z } from "zod";
import { parseIso } from "@/lib/core/dates";
import { cleanText } from "@/lib/transcripts/clean-text";
import type { AnalysisInput, MeetingOutline } from "../analyst";
import { AnalystError } from "../analyst-error";
import { peopleOf } from "../people";
import { type ChatConfig, chatJson } from "./chat-endpoint";
import { meetingFacts, systemPrompt, turnProblems } from "./prompt";
import { groupForMerge, type TranscriptWindow, transcriptWindows } from "./transcript-windows";

const outlineSchema = z.strictObject({
  overview: z
    .string()
    .describe("Two to five sentences: what the meeting was about and its outcome."),
  topics: z.array(z.string()).describe("The main topics, each in at most five words."),
  decisions: z
    .array(z.strictObject({ text: z.string(), turn: z.int() }))
    .describe("What was settled; nothing that was only proposed."),
  action_items: z
    .array(
      z.strictObject({
        text: z.string().describe("The task as an instruction, without owner and day."),
        assignee: z.string().nullable().describe("Full name of who took it; null when open."),
        due_date: z.string().nullable().describe("YYYY-MM-DD; null when no day was named."),
        confidence: z.number().describe("0 to 1: how sure it is that somebody committed to it."),
        turn: z.int(),
      }),
    )
    .describe("Tasks that somebody took or was given for after the meeting."),
  next_steps: z.array(z.string()).describe("What happens next, in order, each in one sentence."),
});
type Outline = z.output<typeof outlineSchema>;

const overviewLengthMax = 4000;
const textLengthMax = 500;
const topicsMax = 12;
const decisionsMax = 50;
const nextStepsMax = 20;
const actionItemsMax = 100;
const confidentFrom = 0.7;

/** Summary and action items of a meeting, window by window when it is long, then merged. */
export async function requestOutline(
  config: ChatConfig,
  input: AnalysisInput,
  signal: AbortSignal,
): Promise<MeetingOutline> {
  const windows = transcriptWindows(input.transcript.turns);
  let parts: Outline[] = [];
  for (const window of windows) {
    parts.push(await outlineOf(config, input, window, windows.length, signal));
  }
  while (parts.length > 1) {
    const merged: Outline[] = [];
    for (const group of groupForMerge(parts)) {
      const [only] = group;
      merged.push(
        only !== undefined && group.length === 1 ? only : await merge(config, input, group, signal),
      );
    }
    parts = merged;
  }
  const [outline] = parts;
  if (outline === undefined) throw new Error("a transcript has at least one turn");
  return toMeetingOutline(outline, input);
}

function outlineOf(
  config: ChatConfig,
  input: AnalysisInput,
  { text, first, last }: TranscriptWindow,
  windows: number,
  signal: AbortSignal,
): Promise<Outline> {
  const part = windows > 1 ? " This is one part of a longer meeting; cover this part only." : "";
  const task = `Summarise this meeting and list its decisions and action items.${part}`;
  const allowed = (turn: number) => turn >= first && turn <= last;
  return ask(config, `${task}\n\n${meetingFacts(input)}\n\nTranscript:\n${text}`, allowed, signal);
}

function merge(
  config: ChatConfig,
  input: AnalysisInput,
  parts: readonly Outline[],
  signal: AbortSignal,
): Promise<Outline> {
  const cited = new Set(
    parts.flatMap((part) => [...part.decisions, ...part.action_items].map(({ turn }) => turn)),
  );
  const task =
    "These are summaries of consecutive parts of one meeting. Merge them into one of the same form: " +
    "one overview, the main topics, every decision and action item once, keeping their turn numbers.";
  const prompt = `${task}\n\n${meetingFacts(input)}\n\nParts:\n${JSON.stringify(parts)}`;
  return ask(config, prompt, (turn) => cited.has(turn), signal);
}

async function ask(
  config: ChatConfig,
  prompt: string,
  allowed: (turn: number) => boolean,
  signal: AbortSignal,
): Promise<Outline> {
  const { value, problems } = await chatJson(
    config,
    {
      name: "meeting_outline",
      schema: outlineSchema,
      messages: [
        { role: "system", content: systemPrompt },
        { role: "user", content: prompt },
      ],
      check: (outline) => outlineProblems(outline, allowed),
    },
    signal,
  );
  if (problems.length === 0) return value;
  throw new AnalystError(
    "retryable",
    `The summary of ${config.model} contradicts the transcript even after a correction (${problems.length} ` +
      "problems, such as turns that do not exist). Retry, or choose another model (LLM_MODEL).",
  );
}

function outlineProblems(outline: Outline, allowed: (turn: number) => boolean): string[] {
  const { overview, decisions, action_items: items } = outline;
  return [
    ...(overview.trim() === "" ? ["overview: is empty"] : []),
    ...turnProblems(
      "decisions",
      decisions.map(({ turn }) => turn),
      allowed,
    ),
    ...turnProblems(
      "action_items",
      items.map(({ turn }) => turn),
      allowed,
    ),
    ...items.flatMap(({ due_date: due }, index) =>
      due === null || parseIso(due)?.isDay === true
        ? []
        : [`action_items.${index}.due_date: must be an existing day as YYYY-MM-DD, or null`],
    ),
  ];
}

function toMeetingOutline(outline: Outline, input: AnalysisInput): MeetingOutline {
  const people = peopleOf(input);
  const line = (text: string) => cleanText(text).slice(0, textLengthMax);
  const filled = (texts: readonly string[]) => texts.map(line).filter((text) => text !== "");
  return {
    summary: {
      overview: cleanText(outline.overview).slice(0, overviewLengthMax),
      topics: filled(outline.topics).slice(0, topicsMax),
      decisions: outline.decisions
        .map(({ text, turn }) => ({ text: line(text), turn }))
        .slice(0, decisionsMax),
      nextSteps: filled(outline.next_steps).slice(0, nextStepsMax),
    },
    actionItems: outline.action_items.slice(0, actionItemsMax).map((item) => {
      const confidence = Math.min(1, Math.max(0, item.confidence));
      const assignee = item.assignee === null ? null : line(item.assignee);
      return {
        text: line(item.text),
        assignee: assignee === null || assignee === "" ? null : (people.find(assignee) ?? assignee),
        dueDate: item.due_date,
        confidence,
        confident: confidence >= confidentFrom,
        turn: item.turn,
      };
    }),
  };
}
