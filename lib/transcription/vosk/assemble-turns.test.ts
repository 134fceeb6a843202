import { describe, expect, it } from "vitest";
import type { RecognisedWord } from "@/db/schema/meetings";
import type { RecognisedPart } from "../transcriber";
import { assembleTurns } from "./assemble-turns";
import { encodeVoice } from "./voices";

const options = { speakers: null, signal: new AbortController().signal };
const high = encodeVoice([1, 0, 0.1, 0]);
const low = encodeVoice([0, 1, 0, 0.1]);

/** Words of 300 ms, one after the other; a number is a pause in milliseconds. */
function say(fromMs: number, script: readonly (string | number)[], channel?: number) {
  const words: RecognisedWord[] = [];
  let at = fromMs;
  for (const item of script) {
    if (typeof item === "number") at += item;
    else {
      const place = channel === undefined ? {} : { channel };
      words.push({ text: item, startMs: at, endMs: at + 300, confidence: 0.8, ...place });
      at += 300;
    }
  }
  return words;
}

const words = (count: number) => Array.from({ length: count }, () => "word");

/** A part whose stretches of words have these voices. */
function part(stretches: readonly [string | null, readonly RecognisedWord[]][]): RecognisedPart {
  return {
    words: stretches.flatMap(([, said]) => said),
    voices: stretches.map(([voice, said]) => ({ words: said.length, voice })),
  };
}

describe("turns by voice", () => {
  it("end where another person speaks, also in another part, and name people by letters", async () => {
    const parts = [
      part([
        [high, say(0, words(6))],
        [high, say(2_100, words(6))],
        [low, say(4_200, ["i", "think", "i'm", "in", "iowa", "now"])],
      ]),
      part([[low, say(6_300, words(6))]]),
      part([[high, say(8_400, words(6))]]),
    ];
    const turns = await assembleTurns(parts, options);

    expect(turns.map(({ speaker, startMs, endMs }) => [speaker, startMs, endMs])).toEqual([
      ["Speaker A", 0, 3_900],
      ["Speaker B", 4_200, 8_100],
      ["Speaker A", 8_400, 10_200],
    ]);
    expect(turns[1]).toEqual({
      speaker: "Speaker B",
      text: "I think I'm in iowa now word word word word word word",
      startMs: 4_200,
      endMs: 8_100,
      confidence: 0.8,
    });
  });

  it("end at a long pause, and a long turn at a short one", async () => {
    const long = 120;
    const parts = [
      part([
        [high, say(0, words(6))],
        [high, say(3_900, words(long))],
        [high, say(40_400, words(6))],
        [high, say(42_300, words(6))],
      ]),
    ];

    expect((await assembleTurns(parts, options)).map(({ startMs }) => startMs)).toEqual([
      0, 3_900, 40_400,
    ]);
  });

  it("give the mean confidence of their words", async () => {
    const [first, second] = say(0, ["yes", "no"]);
    if (!first || !second) throw new Error("two words");
    const spoken = [first, { ...second, confidence: 0.4 }];

    expect(await assembleTurns([part([[high, spoken]])], options)).toMatchObject([
      { text: "Yes no", confidence: 0.6 },
    ]);
  });
});

describe("turns by channel", () => {
  const ofCall = (...sides: RecognisedWord[][]): RecognisedPart => ({
    words: sides.flat().sort((a, b) => a.startMs - b.startMs),
    voices: [],
  });

  it("are not cut into words when both sides talk at once", async () => {
    const parts = [ofCall(say(0, words(10), 0), say(1_450, ["yes", "yes"], 1))];

    expect(await assembleTurns(parts, options)).toMatchObject([
      { speaker: "Speaker A", startMs: 0, endMs: 3_000 },
      { speaker: "Speaker B", text: "Yes yes", startMs: 1_450, endMs: 2_050 },
    ]);
  });

  it("name whoever speaks first Speaker A, whatever the channel", async () => {
    const parts = [ofCall(say(0, ["hello"], 1), say(500, ["hi"], 0))];

    expect(
      (await assembleTurns(parts, options)).map(({ speaker, text }) => [speaker, text]),
    ).toEqual([
      ["Speaker A", "Hello"],
      ["Speaker B", "Hi"],
    ]);
  });
});

it("there are no turns where nothing was said", async () => {
  expect(await assembleTurns([{ words: [], voices: [] }], options)).toEqual([]);
});
