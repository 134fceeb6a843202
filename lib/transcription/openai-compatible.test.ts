import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { findFfmpeg } from "@/lib/media/ffmpeg";
import { makeWav, tone } from "../../tests/support/sounds";
import {
  answerWith,
  hold,
  startTranscriptionEndpoint,
  type TranscriptionEndpoint,
  type TranscriptionReply,
  verbose,
} from "../../tests/support/transcription-endpoint";
import { createOpenAiTranscriber } from "./openai-compatible";
import { selectTranscriber } from "./select-transcriber";
import { type AudioPart, type RecogniseOptions, TranscriberError } from "./transcriber";

const ffmpeg = await findFfmpeg();
if (!ffmpeg)
  process.stdout.write("No ffmpeg here (npm ci brings one): endpoints are not tested.\n");

const key = "sk-test-0123456789";
const { signal } = new AbortController();
const plain: RecogniseOptions = { language: null, vocabulary: [] };
let folder = "";
let endpoint: TranscriptionEndpoint;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "harmony-endpoint-"));
  const samples = (wav: Uint8Array) => wav.subarray(44);
  writeFileSync(join(folder, "one.pcm"), samples(makeWav(30, tone(300))));
  writeFileSync(join(folder, "two.pcm"), samples(makeWav(30, tone(300), tone(440))));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(async () => {
  endpoint = await startTranscriptionEndpoint();
});
afterEach(() => endpoint.stop());

function part(startMs: number, endMs: number, channels: 1 | 2 = 1): AudioPart {
  return {
    pcmPath: join(folder, channels === 1 ? "one.pcm" : "two.pcm"),
    channels,
    startMs,
    endMs,
  };
}

function engine(changes: { model?: string; timeoutMs?: number; key?: string; url?: string } = {}) {
  return createOpenAiTranscriber({ url: endpoint.url, key, model: "whisper-1", ...changes });
}

function recognise(
  transcriber = engine(),
  audio = part(0, 10_000),
  options: RecogniseOptions = plain,
  aborted = signal,
) {
  return transcriber.recognise(audio, options, { signal: aborted, onProgress: () => undefined });
}

const valuesOf = (name: string, request = endpoint.requests[0]) =>
  request?.fields.filter(([field]) => field === name).map(([, value]) => value);

async function failure(work: Promise<unknown>): Promise<TranscriberError> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof TranscriberError)) throw new Error(`not that: ${String(error)}`);
  expect(JSON.stringify([error.message, error.cause, error.stack])).not.toContain(key);
  expect(error.message).not.toContain("secret words");
  return error;
}

describe.skipIf(!ffmpeg)("a part", () => {
  it("goes out as FLAC with the model, the language, the names and a wish for times", async () => {
    await recognise(engine(), part(0, 10_000), { language: "de-DE", vocabulary: ["Ada Moreno"] });
    const [request] = endpoint.requests;
    expect(request).toMatchObject({
      path: "/v1/audio/transcriptions",
      authorization: `Bearer ${key}`,
    });
    expect(request?.audio.toString("latin1", 0, 4)).toBe("fLaC");
    expect(valuesOf("model")).toEqual(["whisper-1"]);
    expect(valuesOf("language")).toEqual(["de"]);
    expect(valuesOf("prompt")).toEqual(["Ada Moreno"]);
    expect(valuesOf("response_format")).toEqual(["verbose_json"]);
    expect(valuesOf("timestamp_granularities[]")).toEqual(["word", "segment"]);
  });

  it("without a language leaves finding it out to the endpoint", async () => {
    await recognise();
    expect(valuesOf("language")).toEqual([]);
    expect(valuesOf("prompt")).toEqual([]);
  });

  it("comes back with words, confidence and times that count from the start of the recording", async () => {
    endpoint.reply = answerWith(200, verbose("Hello there.", "Fine."));
    const { words } = await recognise(engine(), part(20_000, 30_000));
    expect(words.map(({ text }) => text)).toEqual(["Hello", "there.", "Fine."]);
    expect(words[0]).toMatchObject({ startMs: 20_000, confidence: 0.905 });
    expect(words[1]?.endMs).toBe(22_000);
    expect(words[2]).toMatchObject({ startMs: 22_000, endMs: 24_000 });
  });

  it("takes times of words where the endpoint gives as many as the text has", async () => {
    const word = (text: string, start: number, end: number) => ({ word: text, start, end });
    const words = [word("Hello", 0.2, 0.5), word("there", 1.1, 1.6)];
    endpoint.reply = answerWith(200, { ...verbose("Hello there."), words });
    expect((await recognise()).words).toMatchObject([
      { text: "Hello", startMs: 200, endMs: 500 },
      { text: "there.", startMs: 1_100, endMs: 1_600 },
    ]);
  });

  it("leaves out what Whisper itself takes for silence, and never leaves the part", async () => {
    const [said, guessed] = verbose("Hello.", "Thanks for watching!").segments;
    const guess = { ...guessed, no_speech_prob: 0.9, avg_logprob: -1.4 };
    endpoint.reply = answerWith(200, { segments: [{ ...said, end: 999 }, guess] });
    const { words } = await recognise();
    expect(words).toMatchObject([{ text: "Hello.", endMs: 10_000 }]);
  });

  it("in which nobody speaks is no words, and no turn", async () => {
    endpoint.reply = answerWith(200, { text: "", segments: [] });
    const heard = await recognise();
    expect(heard.words).toEqual([]);
    expect(await engine().assemble([heard], { speakers: null, signal })).toEqual([]);
  });

  it("of a call goes out once for each side, and the sides are its speakers", async () => {
    endpoint.reply = (response, request) => {
      const texts = endpoint.requests.length === 1 ? ["Hello.", "Goodbye."] : ["Good morning."];
      const answer = verbose(...texts);
      const at = endpoint.requests.length === 1 ? [0, 6] : [3];
      const segments = answer.segments.map((segment, index) => ({
        ...segment,
        ...{ start: at[index] ?? 0, end: (at[index] ?? 0) + 2 },
      }));
      answerWith(200, { ...answer, segments })(response, request);
    };
    const heard = await recognise(engine(), part(0, 10_000, 2));
    expect(endpoint.requests).toHaveLength(2);
    expect(heard.words.map(({ channel }) => channel)).toEqual([0, 1, 1, 0]);
    expect(await engine().assemble([heard], { speakers: null, signal })).toEqual([
      { speaker: "Speaker A", text: "Hello.", startMs: 0, endMs: 2_000, confidence: 0.905 },
      {
        speaker: "Speaker B",
        text: "Good morning.",
        startMs: 3_000,
        endMs: 5_000,
        confidence: 0.905,
      },
      { speaker: "Speaker A", text: "Goodbye.", startMs: 6_000, endMs: 8_000, confidence: 0.905 },
    ]);
  });
});

describe.skipIf(!ffmpeg)("turns", () => {
  it("of an endpoint that tells nobody apart are all said by Speaker, or by the only one", async () => {
    endpoint.reply = answerWith(200, verbose("One.", "Two."));
    const parts = [await recognise()];
    const [turn, ...more] = await engine().assemble(parts, { speakers: null, signal });
    expect(turn).toMatchObject({ speaker: "Speaker", text: "One. Two.", startMs: 0, endMs: 4_000 });
    expect(more).toEqual([]);
    const [single] = await engine().assemble(parts, { speakers: 1, signal });
    expect(single?.speaker).toBe("Speaker A");
  });

  it("are made of what was kept as JSON as well, so that a killed run can go on", async () => {
    endpoint.reply = answerWith(200, verbose("One."));
    const kept = JSON.parse(JSON.stringify([await recognise()]));
    expect(await engine().assemble(kept, { speakers: null, signal })).toHaveLength(1);
  });
});

describe.skipIf(!ffmpeg)("a model that tells speakers apart", () => {
  const diarized = (...said: readonly (readonly [string, string, number, number])[]) => ({
    text: said.map(([, text]) => text).join(" "),
    segments: said.map(([speaker, text, start, end], id) => ({
      ...{ type: "transcript.text.segment", id: `seg_${id}` },
      ...{ speaker, text, start, end },
    })),
  });
  const model = "gpt-4o-transcribe-diarize";

  it("is asked for its own form, and its letters become ours in the order of appearance", async () => {
    endpoint.reply = answerWith(200, diarized(["B", "Hi.", 0, 3], ["A", "Hello.", 3, 6]));
    const transcriber = engine({ model });
    const heard = await recognise(transcriber);
    expect(valuesOf("response_format")).toEqual(["diarized_json"]);
    expect(valuesOf("chunking_strategy")).toEqual(["auto"]);
    expect(await transcriber.assemble([heard], { speakers: null, signal })).toEqual([
      { speaker: "Speaker A", text: "Hi.", startMs: 0, endMs: 3_000 },
      { speaker: "Speaker B", text: "Hello.", startMs: 3_000, endMs: 6_000 },
    ]);
  });

  it("is sent a sample of each earlier speaker, so that names hold over the parts", async () => {
    const transcriber = engine({ model });
    endpoint.reply = answerWith(200, diarized(["A", "Hi.", 0, 4], ["B", "Hello.", 4, 9]));
    const first = await recognise(transcriber);
    // The known voice comes back by its name; the other one is somebody new.
    endpoint.reply = answerWith(
      200,
      diarized(["speaker_2", "Well.", 0, 3], ["A", "Me too.", 3, 5]),
    );
    const context = { signal, onProgress: () => undefined, earlier: [first] };
    const second = await transcriber.recognise(part(10_000, 20_000), plain, context);
    const [, request] = endpoint.requests;
    expect(valuesOf("known_speaker_names[]", request)).toEqual(["speaker_2", "speaker_1"]);
    const samples = valuesOf("known_speaker_references[]", request) ?? [];
    expect(samples).toHaveLength(2);
    for (const sample of samples) {
      const [, base64 = ""] = sample.split("data:audio/flac;base64,");
      expect(Buffer.from(base64, "base64").toString("latin1", 0, 4)).toBe("fLaC");
    }
    const turns = await transcriber.assemble([first, second], { speakers: null, signal });
    expect(turns.map(({ speaker, text }) => [speaker, text])).toEqual([
      ["Speaker A", "Hi."],
      ["Speaker B", "Hello. Well."],
      ["Speaker C", "Me too."],
    ]);
  });
});

describe.skipIf(!ffmpeg)("an endpoint that fails", () => {
  const quoted = { error: { code: "bad_thing", message: `wrong key ${key}: secret words` } };

  it.each([
    [401, "permanent", /TRANSCRIBE_KEY/],
    [403, "permanent", /TRANSCRIBE_KEY/],
    [404, "permanent", /TRANSCRIBE_URL.*TRANSCRIBE_MODEL/],
    [400, "permanent", /400 \(bad_thing\).*TRANSCRIBE_MODEL/],
    [413, "permanent", /413.*limit/],
    [307, "permanent", /307/],
    [429, "retryable", /429/],
    [408, "retryable", /408/],
    [500, "retryable", /500/],
    [503, "retryable", /503/],
  ])("with %i is %s, says what to do and repeats neither key nor words", async (...row) => {
    const [status, kind, words] = row;
    endpoint.reply = answerWith(status, quoted);
    const error = await failure(recognise());
    expect(error).toMatchObject({ kind, code: "transcription_error" });
    expect(error.message).toMatch(words);
    expect(endpoint.requests).toHaveLength(1);
  });

  it("because of the language is unsupported_language", async () => {
    endpoint.reply = answerWith(400, {
      error: { code: "invalid_language_format", param: "language" },
    });
    expect(await failure(recognise())).toMatchObject({
      kind: "permanent",
      code: "unsupported_language",
    });
  });

  it.each<[string, TranscriptionReply, RegExp]>([
    ["a web page", answerWith(200, "<html></html>"), /something else than a transcript/],
    ["text without times", answerWith(200, { text: "secret words" }), /without times/],
    ["more than 16 MiB", answerWith(200, "x".repeat(17 * 1_048_576)), /16 MiB/],
  ])("with %s is a matter of configuration", async (_, reply, words) => {
    endpoint.reply = reply;
    const error = await failure(recognise());
    expect(error.kind).toBe("permanent");
    expect(error.message).toMatch(words);
  });

  it("by never answering, or by stopping in the middle, is given up at the timeout", async () => {
    for (const reply of [
      hold,
      ((response) => response.writeHead(200).write("{")) as TranscriptionReply,
    ]) {
      endpoint.reply = reply;
      const error = await failure(recognise(engine({ timeoutMs: 500 })));
      expect(error.kind).toBe("retryable");
      expect(error.message).toContain("0.5 s");
    }
  });

  it("by not being there is tried later", async () => {
    const error = await failure(recognise(engine({ url: "http://127.0.0.1:9/v1" })));
    expect(error.kind).toBe("retryable");
    expect(error.message).toContain("cannot be reached");
  });

  it("is left at once when the job is cancelled", async () => {
    const controller = new AbortController();
    endpoint.reply = () => controller.abort(new Error("cancelled by a test"));
    const work = recognise(engine(), part(0, 10_000), plain, controller.signal);
    await expect(work).rejects.toThrow("cancelled by a test");
  });

  it("because its key or URL is malformed is named without showing the key", async () => {
    const error = await failure(recognise(engine({ key: `${key}\n` })));
    expect(error.message).toContain("TRANSCRIBE_KEY");
    expect(() => engine({ url: "file:///etc" })).toThrow(/TRANSCRIBE_URL/);
    expect(endpoint.requests).toEqual([]);
  });
});

it("is chosen where it is configured, and only there", () => {
  const transcribe = { url: "http://127.0.0.1:9/v1", key: null, model: "whisper-1" };
  expect(selectTranscriber({ transcribe }).engine).toMatchObject({
    id: "openai-compatible",
    model: "whisper-1",
  });
  expect(selectTranscriber({ transcribe: null }).engine.id).toBe("vosk");
});
