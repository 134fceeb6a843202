import type { AnalysisInput, Analyst, MeetingOutline } from "../analyst";
import { meetingDay } from "../meeting-day";
import { peopleOf } from "../people";
import { findActionItems } from "./action-items";
import { findDecisions } from "./decisions";
import { isEnglish } from "./english";
import { answerByRules } from "./insight-answers";
import { nounReader } from "./nouns";
import { composeSummary } from "./outline";
import { splitSentences } from "./sentences";
import { findTopics } from "./topics";

/**
 * The engine that needs no language model: facts that can be counted and phrases that can be
 * recognised, in English. Deterministic, offline, and silent about what it cannot know.
 */
export function createRulesAnalyst(): Analyst {
  return {
    engine: { id: "rules", name: "automatic outline", model: null, version: "2" },
    summarize: (input, { signal }) => outline(input, signal),
    answer: async (input, { signal }) => {
      const needsOutline = input.insights.some(({ type }) => type === "summary");
      const summary = needsOutline ? (await outline(input, signal)).summary : null;
      return input.insights.map((question) => answerByRules(input, question, summary));
    },
  };
}

async function outline(input: AnalysisInput, signal: AbortSignal): Promise<MeetingOutline> {
  signal.throwIfAborted();
  const { transcript, meeting } = input;
  if (!isEnglish(transcript)) {
    const nothing = { topics: [], decisions: [], actionItems: [] };
    return {
      summary: composeSummary({ transcript, ...nothing, understood: false }),
      actionItems: [],
    };
  }
  const people = peopleOf(input);
  const day = meetingDay(meeting.date, meeting.timeZone);
  const sentences = splitSentences(transcript.turns);
  const actionItems = findActionItems(sentences, transcript.turns, people, day, await nounReader());
  const decisions = findDecisions(sentences);
  const topics = await findTopics(transcript.turns, people.nameParts, signal);
  const summary = composeSummary({ transcript, topics, decisions, actionItems, understood: true });
  return { summary, actionItems };
}
