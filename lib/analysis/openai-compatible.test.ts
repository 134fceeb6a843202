import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import type { Turn } from "@/lib/transcripts/transcript";
import type { AnalysisInput, InsightQuestion } from "./analyst";
import { AnalystError } from "./analyst-error";
import { createOpenAiAnalyst } from "./openai-compatible";
import { selectAnalyst } from "./select-analyst";

// A server that speaks the API's protocol: it proves what we send and how we take what comes back,
// not what any model would say.
const key = "sk-test-0123456789";
const requestSchema = z.object({
  model: z.string(),
  messages: z.array(z.object({ role: z.string(), content: z.string() })),
  response_format: z.object({
    type: z.literal("json_schema"),
    json_schema: z.object({
      name: z.string(),
      strict: z.literal(true),
      schema: z.looseObject({ type: z.literal("object"), additionalProperties: z.literal(false) }),
    }),
  }),
});
interface Received {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: z.output<typeof requestSchema>;
}
type Reply = (response: ServerResponse, received: Received) => void;

let received: Received[] = [];
let replies: Reply[] = [];
let url = "";
const server = createServer((request, response) => {
  void read(request).then((text) => {
    const entry = {
      path: request.url ?? "",
      authorization: request.headers.authorization,
      body: requestSchema.parse(JSON.parse(text)),
    };
    received.push(entry);
    const reply = replies.length > 1 ? replies.shift() : replies[0];
    reply?.(response, entry);
  });
});

async function read(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += String(chunk);
  return text;
}

const send = (status: number, body: string, headers: Record<string, string> = {}): Reply => {
  return (response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(body);
  };
};
const content = (text: string, finish = "stop") =>
  send(200, JSON.stringify({ choices: [{ message: { content: text }, finish_reason: finish }] }));
const json = (value: unknown) => content(JSON.stringify(value));

beforeEach(async () => {
  received = [];
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  url = `http://127.0.0.1:${address.port}/v1`;
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
});

const talk: readonly Turn[] = [
  { speaker: "Ada Reyes", text: "Can you send the quote by Friday?", startMs: 0, endMs: 2000 },
  { speaker: "Bo Lind", text: "Yes, I will.", startMs: 2000, endMs: 4000 },
];
const outline = {
  overview: "Bo sends Ada a quote.",
  topics: ["Quote"],
  decisions: [{ text: "The quote comes first.", turn: 0 }],
  action_items: [
    { text: "Send the quote", assignee: "Bo", due_date: "2026-03-13", confidence: 0.9, turn: 1 },
  ],
  next_steps: ["Bo sends the quote."],
};

function inputOf(
  turns: readonly Turn[] = talk,
  insights: readonly InsightQuestion[] = [],
): AnalysisInput {
  return {
    transcript: { turns, durationMs: 4000, timing: "exact", format: "vtt" },
    meeting: {
      title: "Quote",
      date: new Date("2026-03-10T23:30:00Z"),
      timeZone: "Europe/Berlin",
      attendees: [{ name: "Cleo Marsh" }],
    },
    insights,
  };
}
const signal = new AbortController().signal;
const analyst = (timeoutMs = 5000) =>
  createOpenAiAnalyst({ url, key, model: "test-model", timeoutMs });
const summarize = (input = inputOf()) => analyst().summarize(input, { signal });

async function failure(work: Promise<unknown>): Promise<AnalystError> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof AnalystError)) throw new Error(`not an AnalystError: ${String(error)}`);
  expect(JSON.stringify([error.message, error.cause, error.stack])).not.toContain(key);
  expect(error.message).not.toContain("quote");
  return error;
}

describe("a summary", () => {
  it("is asked for with the schema, the key, the day and numbered turns", async () => {
    replies = [json(outline)];
    await summarize();
    expect(received).toHaveLength(1);
    const [request] = received;
    expect(request).toMatchObject({ path: "/v1/chat/completions", authorization: `Bearer ${key}` });
    expect(request?.body.model).toBe("test-model");
    const prompt = request?.body.messages.at(-1)?.content ?? "";
    expect(prompt).toContain("Wednesday 2026-03-11 (Europe/Berlin)");
    expect(prompt).toContain("People: Cleo Marsh, Ada Reyes, Bo Lind");
    expect(prompt).toContain("[1] 00:00:02 Bo Lind: Yes, I will.");
    const schema = JSON.stringify(request?.body.response_format.json_schema.schema);
    expect(schema).toContain(
      '"required":["overview","topics","decisions","action_items","next_steps"]',
    );
    expect(schema).not.toContain("$schema");
    expect(schema).not.toContain("9007199254740991");
  });

  it("comes back as decisions and items that cite turns, with the speaker's full name", async () => {
    replies = [json(outline)];
    expect(await summarize()).toEqual({
      summary: {
        overview: "Bo sends Ada a quote.",
        topics: ["Quote"],
        decisions: [{ text: "The quote comes first.", turn: 0 }],
        nextSteps: ["Bo sends the quote."],
      },
      actionItems: [
        {
          text: "Send the quote",
          assignee: "Bo Lind",
          dueDate: "2026-03-13",
          confidence: 0.9,
          confident: true,
          turn: 1,
        },
      ],
    });
  });

  it("names the model in its engine", () => {
    expect(analyst().engine).toMatchObject({ id: "openai-compatible", model: "test-model" });
  });

  it.each([
    ["no JSON", content("Sure! Here is your summary."), "it is not valid JSON"],
    ["another shape", json({ overview: "Only this." }), "topics"],
    [
      "a turn that does not exist",
      json({ ...outline, decisions: [{ text: "x", turn: 7 }] }),
      "decisions.0: there is no turn 7",
    ],
    [
      "a day that does not exist",
      json({ ...outline, action_items: [{ ...outline.action_items[0], due_date: "2026-02-30" }] }),
      "action_items.0.due_date",
    ],
  ])("that is %s is sent back once with the reason and then used", async (_, wrong, reason) => {
    replies = [wrong, json(outline)];
    expect((await summarize()).summary.overview).toBe("Bo sends Ada a quote.");
    expect(received).toHaveLength(2);
    const messages = received[1]?.body.messages ?? [];
    expect(messages.map(({ role }) => role)).toEqual(["system", "user", "assistant", "user"]);
    expect(messages.at(-1)?.content).toContain(reason);
  });

  it.each([
    ["no JSON", content("Sorry.")],
    ["turns out of range", json({ ...outline, decisions: [{ text: "x", turn: -1 }] })],
  ])("that is %s twice fails, to be tried again", async (_, wrong) => {
    replies = [wrong];
    expect(await failure(summarize())).toMatchObject({ kind: "retryable", retryAfterMs: null });
    expect(received).toHaveLength(2);
  });

  it("in a code fence is read", async () => {
    replies = [content(`\`\`\`json\n${JSON.stringify(outline)}\n\`\`\``)];
    expect((await summarize()).summary.topics).toEqual(["Quote"]);
  });

  it("of a long meeting is made of windows and merged, citing only what the parts cite", async () => {
    const turns = Array.from({ length: 900 }, (_, index) => ({
      speaker: "Ada Reyes",
      text: `Point ${index}: ${"words about it ".repeat(10)}`,
      startMs: index * 10_000,
      endMs: index * 10_000 + 9000,
    }));
    const isMerge = (entry: Received) =>
      entry.body.messages[1]?.content.includes("Parts:\n") === true;
    replies = [
      (response, entry) => {
        const prompt = entry.body.messages[1]?.content ?? "";
        const first = Number(/^\[(\d+)\]/m.exec(prompt)?.[1] ?? 0);
        const turn = isMerge(entry) ? (entry.body.messages.length > 2 ? 0 : 5) : first;
        json({ ...outline, decisions: [{ text: "d", turn }], action_items: [] })(response, entry);
      },
    ];
    const { summary } = await summarize(inputOf(turns));
    const windows = received.filter((entry) => !isMerge(entry));
    expect(windows.length).toBeGreaterThanOrEqual(3);
    const lengths = windows.map(({ body }) => body.messages[1]?.content.length ?? 0);
    expect(Math.max(...lengths)).toBeLessThan(12_000 * 4 + 1000);
    const shown = windows.flatMap(({ body }) => [
      ...(body.messages[1]?.content ?? "").matchAll(/^\[(\d+)\]/gm),
    ]);
    expect(shown.map((match) => Number(match[1]))).toEqual(turns.map((_, index) => index));
    // The first merge cites turn 5, which no part did, and is sent back.
    expect(received.filter(isMerge)).toHaveLength(2);
    expect(summary.decisions).toEqual([{ text: "d", turn: 0 }]);
  });
});

describe("an endpoint that fails", () => {
  const quoted = JSON.stringify({
    error: { code: "bad_thing", message: `wrong key ${key}: quote` },
  });

  it.each([
    [401, "permanent", /LLM_KEY/],
    [403, "permanent", /LLM_KEY/],
    [404, "permanent", /LLM_URL.*LLM_MODEL/],
    [400, "permanent", /400 \(bad_thing\)/],
    [307, "permanent", /307/],
    [429, "retryable", /429/],
    [408, "retryable", /408/],
    [500, "retryable", /500/],
    [503, "retryable", /503/],
  ])(
    "with %i is %s, says what to do and repeats neither key nor transcript",
    async (status, kind, words) => {
      replies = [send(status, quoted, status === 307 ? { location: "/elsewhere" } : {})];
      const error = await failure(summarize());
      expect(error.kind).toBe(kind);
      expect(error.message).toMatch(words);
      expect(received).toHaveLength(1);
    },
  );

  it("with Retry-After in seconds or as a date is not asked earlier", async () => {
    replies = [send(429, "{}", { "retry-after": "17" })];
    expect((await failure(summarize())).retryAfterMs).toBe(17_000);
    replies = [send(503, "", { "retry-after": new Date(Date.now() + 60_000).toUTCString() })];
    const { retryAfterMs } = await failure(summarize());
    expect(retryAfterMs).toBeGreaterThan(50_000);
    expect(retryAfterMs).toBeLessThanOrEqual(60_000);
    replies = [send(503, "", { "retry-after": "soon" })];
    expect((await failure(summarize())).retryAfterMs).toBeNull();
  });

  it("by never answering is given up at the timeout and tried later", async () => {
    replies = [() => undefined];
    const error = await failure(analyst(100).summarize(inputOf(), { signal }));
    expect(error.kind).toBe("retryable");
    expect(error.message).toContain("0.1 s");
  });

  it("by stopping in the middle of its answer is given up at the timeout", async () => {
    replies = [(response) => response.writeHead(200).write('{"choices":[')];
    const error = await failure(analyst(100).summarize(inputOf(), { signal }));
    expect(error.kind).toBe("retryable");
  });

  it("by not being there is tried later", async () => {
    const nowhere = createOpenAiAnalyst({ url: "http://127.0.0.1:9/v1", key, model: "m" });
    const error = await failure(nowhere.summarize(inputOf(), { signal }));
    expect(error.kind).toBe("retryable");
    expect(error.message).toContain("cannot be reached");
  });

  it("by sending more than 4 MiB is cut off", async () => {
    replies = [send(200, "x".repeat(5 * 1024 * 1024))];
    const error = await failure(summarize());
    expect(error).toMatchObject({ kind: "permanent", message: expect.stringContaining("4 MiB") });
  });

  it.each([
    ["a web page", send(200, "<html></html>"), /chat completion/],
    ["a cut-off answer", content("{", "length"), /cut off/],
    ["a refusal", send(200, '{"choices":[{"message":{"refusal":"no"}}]}'), /declined/],
  ])("with %s is a matter of configuration", async (_, reply, words) => {
    replies = [reply];
    const error = await failure(summarize());
    expect(error.kind).toBe("permanent");
    expect(error.message).toMatch(words);
  });

  it("is left at once when the job is cancelled", async () => {
    const controller = new AbortController();
    replies = [() => controller.abort(new Error("the worker shuts down"))];
    const work = analyst().summarize(inputOf(), { signal: controller.signal });
    await expect(work).rejects.toThrow("the worker shuts down");
  });

  it("because its key or URL is malformed is named without showing the key", async () => {
    const broken = createOpenAiAnalyst({ url, key: `${key}\n`, model: "m" });
    const error = await failure(broken.summarize(inputOf(), { signal }));
    expect(error).toMatchObject({ kind: "permanent", message: expect.stringContaining("LLM_KEY") });
    expect(() => createOpenAiAnalyst({ url: "file:///etc", key, model: "m" })).toThrow(/LLM_URL/);
    expect(received).toEqual([]);
  });
});

describe("answers", () => {
  const question = (id: string, type: InsightQuestion["type"], options = {}): InsightQuestion => ({
    id,
    type,
    name: id,
    question: "?",
    options,
  });
  const blank = {
    text: null,
    verdict: null,
    rating: null,
    items: null,
    explanation: "",
    evidence: [],
  };
  const ask = (...insights: InsightQuestion[]) =>
    analyst().answer(inputOf(talk, insights), { signal });

  it("take the shape of their type and cite turns", async () => {
    replies = [
      json({
        answers: [
          { ...blank, insight_id: "s", rating: 4, explanation: "Fairly sure.", evidence: [1, 1] },
          { ...blank, insight_id: "y", verdict: "no", evidence: [0] },
          { ...blank, insight_id: "n", verdict: "not_discussed" },
          { ...blank, insight_id: "c", items: [{ item: "Greeted", done: true }] },
          { ...blank, insight_id: "o", text: "**Price**" },
        ],
      }),
    ];
    const items = ["Greeted"];
    const answers = await ask(
      question("o", "open_question"),
      question("s", "scale", { scaleMin: 0, scaleMax: 5 }),
      question("y", "yes_no"),
      question("n", "yes_no"),
      question("c", "checklist", { items }),
    );
    expect(answers).toEqual([
      { insightId: "o", status: "answered", value: "**Price**", evidence: [] },
      {
        insightId: "s",
        status: "answered",
        value: 4,
        score: 4,
        explanation: "Fairly sure.",
        evidence: [{ turn: 1 }],
      },
      { insightId: "y", status: "answered", value: false, evidence: [{ turn: 0 }] },
      { insightId: "n", status: "answered", value: null, evidence: [] },
      {
        insightId: "c",
        status: "answered",
        value: [{ item: "Greeted", done: true }],
        evidence: [],
      },
    ]);
  });

  it("that stay wrong after a correction fail alone", async () => {
    const good = { ...blank, insight_id: "y", verdict: "yes", evidence: [0, 99] };
    replies = [json({ answers: [good, { ...blank, insight_id: "s", rating: 11 }] })];
    const answers = await ask(
      question("y", "yes_no"),
      question("s", "scale"),
      question("c", "checklist", { items: ["Greeted"] }),
    );
    expect(received).toHaveLength(2);
    const complaint = received[1]?.body.messages.at(-1)?.content;
    expect(complaint).toContain("y.evidence.1: there is no turn 99");
    expect(complaint).toContain("s: rating must be a number from 1 to 10");
    expect(complaint).toContain("c: there is no answer");
    expect(answers).toMatchObject([
      { insightId: "y", status: "answered", value: true, evidence: [{ turn: 0 }] },
      { insightId: "s", status: "failed", reason: expect.stringContaining("from 1 to 10") },
      { insightId: "c", status: "failed", reason: expect.stringContaining("no answer") },
    ]);
  });

  it("to many questions are asked for ten at a time, and to none not at all", async () => {
    replies = [
      (response, entry) => {
        const ids = [...(entry.body.messages[1]?.content ?? "").matchAll(/"insight_id":"(q\d+)"/g)];
        json({ answers: ids.map((match) => ({ ...blank, insight_id: match[1], text: "ok" })) })(
          response,
          entry,
        );
      },
    ];
    const answers = await ask(
      ...Array.from({ length: 23 }, (_, i) => question(`q${i}`, "markdown")),
    );
    expect(answers.map(({ status }) => status)).toEqual(
      Array.from({ length: 23 }, () => "answered"),
    );
    expect(received).toHaveLength(3);
    expect(await ask()).toEqual([]);
    expect(received).toHaveLength(3);
  });
});

describe("the engine", () => {
  it("is the language model when one is configured, and the rules otherwise", () => {
    expect(selectAnalyst({}).engine.id).toBe("rules");
    expect(selectAnalyst({ llm: null }).engine.id).toBe("rules");
    expect(selectAnalyst({ llm: { url, key: null, model: "m" } }).engine.id).toBe(
      "openai-compatible",
    );
  });

  it("of a configured endpoint that is down fails and never becomes the rules", async () => {
    replies = [send(500, "")];
    const configured = selectAnalyst({ llm: { url, key, model: "m" } });
    await failure(configured.summarize(inputOf(), { signal }));
    const insights = [
      {
        id: "a",
        type: "yes_no",
        name: "",
        question: "Was the quote mentioned?",
        options: {},
      } as const,
    ];
    await failure(configured.answer(inputOf(talk, insights), { signal }));
  });

  it("without a key sends no Authorization header", async () => {
    replies = [json(outline)];
    await selectAnalyst({ llm: { url, key: null, model: "m" } }).summarize(inputOf(), { signal });
    expect(received[0]?.authorization).toBeUndefined();
  });
});
