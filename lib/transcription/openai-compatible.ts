import { encodeFlac } from "@/lib/media/encode";
import { assembleSegments } from "./openai/assemble-segments";
import { introduceSpeakers, nameSpeakers } from "./openai/known-speakers";
import { type Answer, readAnswer, type Segment } from "./openai/read-answer";
import { type EndpointConfig, postAudio } from "./openai/transcription-endpoint";
import type { VoiceSegment } from "./openai/voices";
import {
  type AudioPart,
  type RecognisedPart,
  type RecogniseOptions,
  type Transcriber,
  TranscriberError,
} from "./transcriber";

/** As FLAC about 10 MB; endpoints take 25 MB, and some no more than 23 minutes. */
const partMs = 10 * 60_000;
const timeoutMsDefault = 15 * 60_000;
const promptLengthMax = 500;

interface Heard {
  readonly segment: Segment;
  readonly speaker: string | null;
}

/** Models that tell speakers apart have a form of answer of their own; it is what they are called by. */
const tellsSpeakers = ({ model }: EndpointConfig) => /diari[sz]e/i.test(model);

function fieldsOf(
  config: EndpointConfig,
  { language, vocabulary }: RecogniseOptions,
): (readonly [string, string])[] {
  const fields: (readonly [string, string])[] = [["model", config.model]];
  // ISO 639-1 is what the protocol takes: of "de-DE" the first part.
  const [primary] = (language ?? "").split("-");
  if (primary) fields.push(["language", primary.toLowerCase()]);
  if (tellsSpeakers(config)) {
    return [...fields, ["response_format", "diarized_json"], ["chunking_strategy", "auto"]];
  }
  const prompt = vocabulary.join(", ").slice(0, promptLengthMax);
  if (prompt !== "") fields.push(["prompt", prompt]);
  return [
    ...fields,
    ["response_format", "verbose_json"],
    ["timestamp_granularities[]", "word"],
    ["timestamp_granularities[]", "segment"],
  ];
}

async function ask(
  config: EndpointConfig,
  part: AudioPart,
  channel: number | null,
  fields: readonly (readonly [string, string])[],
  signal: AbortSignal,
): Promise<Answer> {
  const audio = await encodeFlac(part, channel, signal);
  return readAnswer(await postAudio(config, audio, fields, signal), part.startMs, part.endMs);
}

function toPart(heard: readonly Heard[], hasConfidence: boolean): RecognisedPart {
  const ordered = [...heard].sort((a, b) => a.segment.startMs - b.segment.startMs);
  const segments = ordered.map(({ segment, speaker }): VoiceSegment => {
    const { startMs, endMs, words } = segment;
    return { words: words.length, startMs, endMs, speaker };
  });
  const words = ordered.flatMap(({ segment }) => segment.words);
  return { words, voices: { hasConfidence, segments } };
}

/** Each side of a call by itself: whose words they are is certain then. */
async function hearSides(
  config: EndpointConfig,
  part: AudioPart,
  options: RecogniseOptions,
  signal: AbortSignal,
): Promise<RecognisedPart> {
  const heard: Heard[] = [];
  let hasConfidence = false;
  for (const channel of [0, 1]) {
    const answer = await ask(config, part, channel, fieldsOf(config, options), signal);
    hasConfidence ||= answer.hasConfidence;
    for (const segment of answer.segments) {
      const words = segment.words.map((word) => ({ ...word, channel }));
      heard.push({ segment: { ...segment, words }, speaker: `channel_${channel}` });
    }
  }
  return toPart(heard, hasConfidence);
}

/**
 * The engine behind an OpenAI-compatible `/audio/transcriptions`. Parts go there as FLAC; models that tell speakers
 * apart are sent samples of those heard before, so that names hold over the parts. When the endpoint fails, so does
 * the work: there is no silent fallback to the built-in engine.
 * Creating it throws `TranscriberError` when the URL is none.
 */
export function createOpenAiTranscriber(options: {
  readonly url: string;
  readonly key: string | null;
  readonly model: string;
  /** For one request; 900,000 when absent. */
  readonly timeoutMs?: number;
}): Transcriber {
  const { url, key, model, timeoutMs = timeoutMsDefault } = options;
  if (!/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : "")) {
    throw new TranscriberError(
      "permanent",
      "TRANSCRIBE_URL is not an http or https URL. Set it to the API's base, such as https://api.openai.com/v1, then press Retry.",
    );
  }
  const config = { url, key, model, timeoutMs };
  return {
    engine: { id: "openai-compatible", name: "transcription endpoint", model, version: "1" },
    partMs,
    // Whether it answers is found out by asking it to work; a probe would cost, or prove nothing.
    probe: async () => ({ ready: true }),
    recognise: async (part, recognise, { signal, earlier = [] }) => {
      if (part.channels === 2) return hearSides(config, part, recognise, signal);
      const introductions = tellsSpeakers(config)
        ? await introduceSpeakers(part, earlier, signal)
        : [];
      const fields = [...fieldsOf(config, recognise), ...introductions];
      const { segments, hasConfidence } = await ask(config, part, null, fields, signal);
      const nameOf = nameSpeakers(earlier);
      const heard = segments.map((segment) => ({
        segment,
        speaker: segment.speaker === null ? null : nameOf(segment.speaker),
      }));
      return toPart(heard, hasConfidence);
    },
    assemble: assembleSegments,
  };
}
