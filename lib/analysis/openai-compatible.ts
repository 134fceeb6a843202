import type { Analyst } from "./analyst";
import { AnalystError } from "./analyst-error";
import { requestAnswers } from "./openai/answers-request";
import { requestOutline } from "./openai/outline-request";

const timeoutMsDefault = 120_000;

/**
 * The engine that asks a language model behind an OpenAI-compatible `/chat/completions`. Long
 * transcripts go there in windows. When the endpoint fails, so does the work: there is no silent
 * fallback to the rules, whose results are of another kind.
 * Its methods throw `AnalystError`; creating it does too when the URL is none.
 */
export function createOpenAiAnalyst(options: {
  readonly url: string;
  readonly key: string | null;
  readonly model: string;
  /** For one request; 120,000 when absent. */
  readonly timeoutMs?: number;
}): Analyst {
  const { url, key, model, timeoutMs = timeoutMsDefault } = options;
  if (!/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : "")) {
    throw new AnalystError(
      "permanent",
      "LLM_URL is not an http or https URL. Set it to the API's base, such as https://api.openai.com/v1.",
    );
  }
  const config = { url, key, model, timeoutMs };
  return {
    engine: { id: "openai-compatible", name: "language model", model, version: "1" },
    summarize: (input, { signal }) => requestOutline(config, input, signal),
    answer: (input, { signal }) => requestAnswers(config, input, signal),
  };
}
