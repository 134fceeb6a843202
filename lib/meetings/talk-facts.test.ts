import { describe, expect, test } from "vitest";
import type { StoredTurn } from "@/db/schema/meetings";
import { speakerFacts, stretchesOf, talkOf } from "./talk-facts";

const turn = (speaker: number, startMs: number, endMs: number, text: string): StoredTurn => ({
  speaker,
  startMs,
  endMs,
  text,
});

const turns = [
  turn(0, 0, 10_000, "Shall we begin? Yes?"),
  turn(0, 11_000, 20_000, "I think we should."),
  turn(2, 20_000, 30_000, "Fine."),
  turn(0, 40_000, 41_000, "Good."),
];

describe("who talked", () => {
  test("words and time are counted for every speaker, also for one without a turn", () => {
    expect(talkOf(turns, 3)).toEqual([
      { words: 9, talkMs: 20_000 },
      { words: 0, talkMs: 0 },
      { words: 1, talkMs: 10_000 },
    ]);
  });

  test("neighbouring turns of one speaker are one stretch; the turns keep their places", () => {
    expect(stretchesOf(turns)).toEqual([
      { speaker: 0, startMs: 0, endMs: 20_000, turn: 0 },
      { speaker: 2, startMs: 20_000, endMs: 30_000, turn: 2 },
      { speaker: 0, startMs: 40_000, endMs: 41_000, turn: 3 },
    ]);
  });

  test("those who talked most come first, with share, pace, longest stretch and questions", () => {
    expect(speakerFacts(turns, 3, stretchesOf(turns))).toEqual([
      {
        speaker: 0,
        turns: 3,
        words: 9,
        talkMs: 20_000,
        share: 2 / 3,
        wordsPerMinute: 27,
        longest: { turn: 0, startMs: 0, ms: 20_000 },
        questions: 2,
      },
      {
        speaker: 2,
        turns: 1,
        words: 1,
        talkMs: 10_000,
        share: 1 / 3,
        wordsPerMinute: 6,
        longest: { turn: 2, startMs: 20_000, ms: 10_000 },
        questions: 0,
      },
    ]);
  });

  test("without any time the share is that of the words, and there is no pace", () => {
    const words = [turn(0, 0, 0, "one two three"), turn(1, 0, 0, "one")];
    const [first] = speakerFacts(words, 2, stretchesOf(words));
    expect(first).toMatchObject({ share: 0.75, wordsPerMinute: null });
  });
});
