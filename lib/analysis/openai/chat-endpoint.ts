import { z } from "zod";
import {
  bearerHeader,
  connectionWord,
  isPassing,
  readCapped,
  readEndpointError,
} from "@/lib/core/model-endpoint";
import { AnalystError } from "../analyst-error";

export interface ChatConfig {
  /** The API's base, such as https://api.openai.com/v1 */
  readonly url: string;
  /** Sent as a bearer token; local servers often need none. */
  readonly key: string | null;
  readonly model: string;
  /** For one request, body included. */
  readonly timeoutMs: number;
}

interface ChatMessage {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
}

interface JsonRequest<T> {
  /** Letters, digits and underscores; names the schema for the model. */
  readonly name: string;
  readonly schema: z.ZodType<T>;
  readonly messages: readonly ChatMessage[];
  /** What is wrong with a well-formed answer, in words that the model can act on. */
  readonly check: (value: T) => readonly string[];
}

const responseBytesMax = 4 * 1024 * 1024;
const retryAfterMsMax = 3_600_000;
const problemsShownMax = 10;

const completionSchema = z.object({
  choices: z
    .array(
      z.object({
        message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }),
        finish_reason: z.string().nullish(),
      }),
    )
    .min(1),
});
/**
 * Asks an OpenAI-compatible endpoint for JSON of a schema (structured outputs) and checks what
 * comes back. An answer that is no JSON, has another shape or fails `check` is sent back once with
 * what is wrong. Returns the value and what `check` still objects to.
 * Throws `AnalystError`, and the signal's reason when it aborts.
 */
export async function chatJson<T>(
  config: ChatConfig,
  request: JsonRequest<T>,
  signal: AbortSignal,
): Promise<{ value: T; problems: readonly string[] }> {
  const first = await complete(config, request, request.messages, signal);
  const read = readAnswer(first, request);
  if (read.value !== null && read.problems.length === 0) return { value: read.value, problems: [] };
  const complaint = read.problems.slice(0, problemsShownMax).map((problem) => `- ${problem}`);
  const second = await complete(
    config,
    request,
    [
      ...request.messages,
      { role: "assistant", content: first },
      {
        role: "user",
        content: `This answer cannot be used:\n${complaint.join("\n")}\nSend the complete corrected JSON and nothing else.`,
      },
    ],
    signal,
  );
  const { value, problems } = readAnswer(second, request);
  if (value !== null) return { value, problems };
  throw new AnalystError(
    "retryable",
    `The language model ${config.model} answered twice with something else than the requested JSON. ` +
      "If this goes on, choose a model with structured output (LLM_MODEL).",
  );
}

function readAnswer<T>(
  content: string,
  { schema, check }: JsonRequest<T>,
): { value: T | null; problems: readonly string[] } {
  let json: unknown;
  try {
    json = JSON.parse(content.replace(/^\s*```(?:json)?\s*|\s*```\s*$/g, ""));
  } catch {
    return { value: null, problems: ["it is not valid JSON"] };
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return { value: parsed.data, problems: check(parsed.data) };
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  return { value: null, problems };
}

async function complete<T>(
  config: ChatConfig,
  request: JsonRequest<T>,
  messages: readonly ChatMessage[],
  signal: AbortSignal,
): Promise<string> {
  const body = JSON.stringify({
    model: config.model,
    messages,
    response_format: {
      type: "json_schema",
      json_schema: { name: request.name, strict: true, schema: wireSchema(request.schema) },
    },
  });
  const text = await post(config, body, signal);
  const completion = parseCompletion(text);
  const choice = completion?.choices[0];
  if (choice === undefined) {
    throw new AnalystError(
      "permanent",
      "The language model endpoint answered with something else than a chat completion. Check that " +
        "LLM_URL is the base of an OpenAI-compatible API; it usually ends in /v1.",
    );
  }
  if (choice.finish_reason === "length") {
    throw new AnalystError(
      "permanent",
      `The answer of ${config.model} was cut off at its output limit. Choose a model with a larger ` +
        "one (LLM_MODEL).",
    );
  }
  if (typeof choice.message.refusal === "string" || choice.finish_reason === "content_filter") {
    throw new AnalystError(
      "permanent",
      `${config.model} declined to analyse this meeting. Choose another model (LLM_MODEL).`,
    );
  }
  return choice.message.content ?? "";
}

function parseCompletion(text: string): z.output<typeof completionSchema> | null {
  try {
    return completionSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    // Not JSON at all, such as the page of a proxy.
    return null;
  }
}

/** The schema as strict mode wants it: plain types, without the bounds that zod gives integers. */
function wireSchema(schema: z.ZodType): unknown {
  const { $schema, ...plain } = z.toJSONSchema(schema, {
    override: ({ jsonSchema }) => {
      delete jsonSchema.minimum;
      delete jsonSchema.maximum;
    },
  });
  return plain;
}

async function post(config: ChatConfig, body: string, signal: AbortSignal): Promise<string> {
  signal.throwIfAborted();
  const timeout = AbortSignal.timeout(config.timeoutMs);
  try {
    const response = await fetch(`${config.url.replace(/\/+$/, "")}/chat/completions`, {
      method: "POST",
      headers: headersOf(config),
      body,
      // A redirect would carry the transcript, and perhaps the key, to a place nobody configured.
      redirect: "manual",
      signal: AbortSignal.any([signal, timeout]),
    });
    const text = await readBody(response);
    if (!response.ok) throw statusError(response, text);
    return text;
  } catch (error) {
    if (error instanceof AnalystError) throw error;
    if (signal.aborted) throw signal.reason;
    throw transportError(config, timeout.aborted, error);
  }
}

function headersOf({ key }: ChatConfig): Record<string, string> {
  const bearer = bearerHeader(key);
  if (bearer) return { "content-type": "application/json", accept: "application/json", ...bearer };
  throw new AnalystError(
    "permanent",
    "LLM_KEY contains spaces, line breaks or other characters that no key has. Copy it again.",
  );
}

async function readBody({ body }: Response): Promise<string> {
  const text = await readCapped(body, responseBytesMax);
  if (text !== null) return text;
  throw new AnalystError(
    "permanent",
    "The language model endpoint sent more than 4 MiB, which no answer is. Check LLM_URL.",
  );
}

function statusError({ status, headers }: Response, text: string): AnalystError {
  const { code } = readEndpointError(text);
  const what = `The language model endpoint answered ${status}${code === null ? "" : ` (${code})`}`;
  if (status === 401 || status === 403) {
    return new AnalystError("permanent", `${what}: it refuses the key. Check LLM_KEY.`);
  }
  if (status === 404) {
    const remedy = "Check LLM_URL, which usually ends in /v1, and LLM_MODEL.";
    return new AnalystError("permanent", `${what}: no such path or model. ${remedy}`);
  }
  if (isPassing(status)) {
    return new AnalystError("retryable", `${what}. Retry once it answers.`, retryAfterMs(headers));
  }
  const remedy = "Check that LLM_URL, LLM_MODEL and its support for JSON schemas are right.";
  return new AnalystError("permanent", `${what}. ${remedy}`);
}

/** Seconds or an HTTP date (RFC 9110, 10.2.3), at most an hour. */
function retryAfterMs(headers: Headers): number | null {
  const value = headers.get("retry-after")?.trim();
  if (value === undefined || value === "") return null;
  const ms = /^\d+(?:\.\d+)?$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isNaN(ms) ? null : Math.round(Math.min(Math.max(ms, 0), retryAfterMsMax));
}

function transportError(
  { timeoutMs }: ChatConfig,
  timedOut: boolean,
  error: unknown,
): AnalystError {
  if (timedOut) {
    return new AnalystError(
      "retryable",
      `The language model endpoint did not answer within ${timeoutMs / 1000} s. Retry once it answers.`,
    );
  }
  return new AnalystError(
    "retryable",
    `The language model endpoint cannot be reached${connectionWord(error)}. Check LLM_URL and the network, ` +
      "then retry.",
  );
}
