import { demoTimeZone } from "@/db/seed-data/berlin-time";
import { nameOf, type PlannedMeeting } from "@/db/seed-data/plan-meetings";
import type { Random } from "@/db/seed-data/random";
import { speak } from "@/db/seed-data/speak";
import type {
  Analyst,
  InsightAnswer,
  InsightQuestion,
  MeetingOutline,
} from "@/lib/analysis/analyst";
import { type MatchedSpeaker, matchPeople, type Person } from "@/lib/processing/match-people";
import { parseTranscript } from "@/lib/transcripts/parse-transcript";
import type { Transcript } from "@/lib/transcripts/transcript";

/** What the product itself makes of a meeting's transcript file. */
export interface AnalysedMeeting {
  readonly file: string;
  readonly transcript: Transcript;
  readonly people: readonly MatchedSpeaker[];
  readonly outline: MeetingOutline;
  readonly answers: readonly InsightAnswer[];
}

/**
 * Writes the meeting down as a transcript file and sends it through the product's own parser, matching and
 * analysis, so that demo results look exactly like those of an upload.
 */
export async function analyseMeeting(
  meeting: PlannedMeeting,
  analyst: Analyst,
  questions: readonly InsightQuestion[],
  people: { readonly members: readonly Person[]; readonly contacts: readonly Person[] },
  random: Random,
): Promise<AnalysedMeeting> {
  const file = speak(meeting.lines, meeting.kind, nameOf, random);
  const transcript = parseTranscript(Buffer.from(file), "meeting.vtt");
  const matched = matchPeople(transcript, people.members, people.contacts, null);
  const input = {
    transcript,
    meeting: {
      title: meeting.title,
      date: meeting.date,
      timeZone: demoTimeZone,
      attendees: matched.map(({ name, email }) => ({ name, email })),
    },
    insights: questions,
  };
  const signal = new AbortController().signal;
  return {
    file,
    transcript,
    people: matched,
    outline: await analyst.summarize(input, { signal }),
    answers: await analyst.answer(input, { signal }),
  };
}
