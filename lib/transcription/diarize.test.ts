import { describe, expect, it } from "vitest";
import { diarize, type VoiceSample } from "./diarize";

const dimensions = 32;

/** The same numbers at every run. */
function makeRandom(seed: number) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
}

/** Samples of people whose voices are at right angles, blurred so that one person's are alike by about 0.7. */
function makeVoices(seed = 1) {
  const random = makeRandom(seed);
  return (person: number, ms = 2_000): VoiceSample => {
    const vector = Float32Array.from({ length: dimensions }, (_, i) =>
      i === person ? 1 : random() * 0.4,
    );
    const length = Math.hypot(...vector);
    return { voice: vector.map((value) => value / length), ms };
  };
}

const options = { speakers: null, signal: new AbortController().signal };
const repeat = (people: readonly number[], times: number) =>
  Array.from({ length: times }, () => people).flat();

describe("diarize", () => {
  it("numbers people in the order in which they first speak", async () => {
    const say = makeVoices();
    const people = repeat([7, 3, 7, 5], 5);

    expect(
      await diarize(
        people.map((person) => say(person)),
        options,
      ),
    ).toEqual(people.map((person) => [7, 3, 5].indexOf(person)));
  });

  it("finds one person where one speaks", async () => {
    const say = makeVoices();
    const alone = Array.from({ length: 20 }, () => say(2));

    expect(new Set(await diarize(alone, options))).toEqual(new Set([0]));
  });

  it("gives short samples to the nearest voice, and those without a voice to whoever spoke before", async () => {
    const say = makeVoices();
    const none = { voice: null, ms: 100 };
    const samples = [
      none,
      say(1),
      none,
      say(4),
      none,
      say(1, 300),
      say(4, 300),
      ...repeat([1, 4], 6).map((p) => say(p)),
    ];

    expect((await diarize(samples, options)).slice(0, 7)).toEqual([0, 0, 0, 1, 1, 0, 1]);
  });

  it("takes a stray sound for nobody", async () => {
    const say = makeVoices();
    const samples = [...repeat([1, 4], 20).map((person) => say(person)), say(9, 1_600)];

    expect(new Set(await diarize(samples, options))).toEqual(new Set([0, 1]));
  });

  it("keeps somebody who says little for a minute of a long recording", async () => {
    const say = makeVoices();
    const samples = [
      ...repeat([1, 4], 500).map((p) => say(p, 4_000)),
      ...repeat([9], 20).map((p) => say(p, 3_500)),
    ];

    expect(new Set(await diarize(samples, options))).toEqual(new Set([0, 1, 2]));
  });

  it.each([1, 2, 3, 4])("finds %i people when told so", async (speakers) => {
    const say = makeVoices();
    const samples = repeat([0, 1, 2, 3], 8).map((person) => say(person));

    expect(new Set(await diarize(samples, { ...options, speakers })).size).toBe(speakers);
  });

  it("counts no stray sound as one of the people it was told of", async () => {
    const say = makeVoices();
    const people = [...repeat([1, 4], 20), 9];
    const found = await diarize(
      people.map((p) => say(p, 1_600)),
      { ...options, speakers: 2 },
    );

    expect(found.slice(0, 40)).toEqual(people.slice(0, 40).map((p) => (p === 1 ? 0 : 1)));
  });

  it("finds fewer people than it was told of when there are fewer samples", async () => {
    const say = makeVoices();

    expect(await diarize([say(1)], { ...options, speakers: 5 })).toEqual([0]);
  });

  it("has an answer when nothing was said, or too little to tell", async () => {
    expect(await diarize([], options)).toEqual([]);
    const none = { voice: null, ms: 100 };
    expect(await diarize([none, none], options)).toEqual([0, 0]);
  });

  it("stops when it is aborted", async () => {
    const say = makeVoices();
    const samples = repeat([1, 2], 200).map((person) => say(person));
    const signal = AbortSignal.abort(new Error("cancelled"));

    await expect(diarize(samples, { speakers: null, signal })).rejects.toThrow("cancelled");
  });

  it("tells people of a recording of many hours apart, of which only a part can found groups", async () => {
    const say = makeVoices();
    const people = repeat([1, 4, 6], 1_200);

    expect(
      await diarize(
        people.map((person) => say(person)),
        options,
      ),
    ).toEqual(people.map((person) => [1, 4, 6].indexOf(person)));
  }, 120_000);
});
