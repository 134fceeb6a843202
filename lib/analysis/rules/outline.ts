// The overview is put together from what was counted and found. Picking "important" sentences was
// tried and is not better than chance on real meetings, so no sentence here claims to be a summary.
import type { Transcript } from "@/lib/transcripts/transcript";
import type { Cited, SuggestedActionItem, Summary } from "../analyst";
import { capitalize } from "./similar-text";

const speakersNamedMax = 6;
const nextStepsMax = 20;

/** Composes the outline of a meeting in which `decisions` and `actionItems` were found. */
export function composeSummary(found: {
  readonly transcript: Transcript;
  readonly topics: readonly string[];
  readonly decisions: readonly Cited[];
  readonly actionItems: readonly SuggestedActionItem[];
  /** False when the transcript is not English, so that nothing was looked for. */
  readonly understood: boolean;
}): Summary {
  const { transcript, topics, decisions, actionItems, understood } = found;
  const sentences = [whoTalked(transcript)];
  if (!understood) {
    sentences.push(
      "The built-in engine reads English only, so topics, decisions and action items were not " +
        "looked for. Configure a language model (LLM_URL, LLM_KEY, LLM_MODEL) for other languages.",
    );
  } else {
    if (topics.length > 0) sentences.push(`Most mentioned: ${topics.join(", ")}.`);
    const settled = counted(decisions.length, "decision was", "decisions were");
    sentences.push(`${capitalize(settled)} found, and ${openItems(actionItems)}.`);
  }
  return {
    overview: sentences.join(" "),
    topics,
    decisions,
    nextSteps: byDueDate(actionItems).slice(0, nextStepsMax).map(nextStep),
  };
}

/** Milliseconds of speech by speaker, those who talked most first. */
function talkTimes(transcript: Transcript): { speaker: string; ms: number }[] {
  const times = new Map<string, number>();
  for (const { speaker, startMs, endMs } of transcript.turns) {
    times.set(speaker, (times.get(speaker) ?? 0) + endMs - startMs);
  }
  return [...times].map(([speaker, ms]) => ({ speaker, ms })).sort((a, b) => b.ms - a.ms);
}

function whoTalked(transcript: Transcript): string {
  const times = talkTimes(transcript);
  const totalMs = times.reduce((sum, { ms }) => sum + ms, 0);
  const shares = times
    .slice(0, speakersNamedMax)
    .map(({ speaker, ms }) => `${speaker} ${Math.round((100 * ms) / Math.max(1, totalMs))}%`);
  const others = times.length - shares.length;
  const rest = others > 0 ? ` and ${counted(others, "other", "others")}` : "";
  const about = transcript.timing === "estimated" ? "about " : "";
  return `A conversation of ${about}${lengthOf(transcript.durationMs)} between ${counted(times.length, "speaker", "speakers")} (${shares.join(", ")}${rest} of the talk).`;
}

function lengthOf(durationMs: number): string {
  const minutes = Math.max(1, Math.round(durationMs / 60_000));
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (hours === 0) return counted(minutes, "minute", "minutes");
  return `${counted(hours, "hour", "hours")}${rest === 0 ? "" : ` ${counted(rest, "minute", "minutes")}`}`;
}

function openItems(actionItems: readonly SuggestedActionItem[]): string {
  const count = counted(actionItems.length, "suggested action item", "suggested action items");
  const next = byDueDate(actionItems)[0];
  return next === undefined || next.dueDate === null
    ? count
    : `${count}, the first due ${dayName(next.dueDate)}`;
}

function byDueDate(actionItems: readonly SuggestedActionItem[]): SuggestedActionItem[] {
  const key = ({ dueDate }: SuggestedActionItem) => dueDate ?? "9999";
  return actionItems.toSorted((a, b) =>
    key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : a.turn - b.turn,
  );
}

function nextStep({ text, assignee, dueDate }: SuggestedActionItem): string {
  const due = dueDate === null ? "" : ` (by ${dayName(dueDate)})`;
  return `${assignee ?? "Nobody yet"}: ${text}${due}`;
}

function dayName(date: string): string {
  const options = { weekday: "short", month: "short", day: "numeric", timeZone: "UTC" } as const;
  return new Intl.DateTimeFormat("en-US", options).format(new Date(`${date}T00:00:00Z`));
}

function counted(count: number, one: string, many: string): string {
  return `${count === 0 ? "no" : count} ${count === 1 ? one : many}`;
}

/** The outline as Markdown, for an insight of type "summary". */
export function summaryMarkdown({ overview, topics, decisions, nextSteps }: Summary): string {
  const list = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [`### ${title}\n\n${lines.map((line) => `- ${line}`).join("\n")}`];
  return [
    overview,
    ...list("Topics", topics),
    ...list(
      "Decisions",
      decisions.map(({ text }) => text),
    ),
    ...list("Next steps", nextSteps),
  ].join("\n\n");
}
