import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseTranscript } from "@/lib/transcripts/parse-transcript";
import type { Transcript } from "@/lib/transcripts/transcript";
import type { AnalysisInput, InsightAnswer, InsightQuestion } from "../analyst";
import { createRulesAnalyst } from "./rules-analyst";

const analyst = createRulesAnalyst();
const context = { signal: new AbortController().signal };

const fixture = (name: string) =>
  parseTranscript(
    readFileSync(new URL(`../../../tests/fixtures/transcripts/${name}`, import.meta.url)),
    name,
  );
const said = (text: string, name = "x.txt") =>
  parseTranscript(new TextEncoder().encode(text), name);

function inputOf(transcript: Transcript, insights: readonly InsightQuestion[] = []): AnalysisInput {
  const meeting = {
    title: "Fernwood pilot and pricing",
    date: new Date("2026-03-10T14:00:00Z"),
    timeZone: "Europe/Berlin",
    attendees: [],
  };
  return { transcript, meeting, insights };
}

function ask(
  type: InsightQuestion["type"],
  question: string,
  options: InsightQuestion["options"] = {},
): InsightQuestion {
  return { id: `${type}: ${question}`, type, name: "", question, options };
}

async function answerOf(question: InsightQuestion, transcript = fixture("sales-call.vtt")) {
  const [answer] = await analyst.answer(inputOf(transcript, [question]), context);
  if (answer === undefined) throw new Error("no answer");
  return answer;
}

const shown = (answer: InsightAnswer) =>
  answer.status === "answered" ? answer.value : answer.status;

describe("the automatic outline", () => {
  it("is composed of counted facts, topics, decisions and items by day", async () => {
    const { summary, actionItems } = await analyst.summarize(
      inputOf(fixture("sales-call.vtt")),
      context,
    );
    expect(summary.overview).toBe(
      "A conversation of 9 minutes between 4 speakers (Ines Calloway 35%, Marguerite Okafor 32%, " +
        "Tobias Reuter 17%, Dale Pruitt 16% of the talk). Most mentioned: pilot, drivers, Leeds, " +
        "portal, call volume, revised quote. 3 decisions were found, and 10 suggested action items, " +
        "the first due Wed, Mar 11.",
    );
    expect(summary.nextSteps.slice(0, 2)).toEqual([
      "Dale Pruitt: Send Tobias the metadata file (by Wed, Mar 11)",
      "Tobias Reuter: Send Marguerite the returns documentation (by Thu, Mar 12)",
    ]);
    expect(summary.decisions).toHaveLength(3);
    expect(actionItems).toHaveLength(10);
  });

  it("is the same every time", async () => {
    const input = inputOf(fixture("release-planning.txt"));
    expect(await analyst.summarize(input, context)).toEqual(
      await analyst.summarize(input, context),
    );
  });

  it("cites turns that say what it claims", async () => {
    const transcript = fixture("release-planning.txt");
    const { summary } = await analyst.summarize(inputOf(transcript), context);
    expect(summary.decisions.map(({ turn }) => transcript.turns[turn]?.text)).toEqual([
      expect.stringContaining("let's go with the warning"),
      expect.stringContaining("we will move the launch"),
      expect.stringContaining("we are dropping the starter tier"),
    ]);
  });

  it("names the engine, so that nobody takes it for a language model", () => {
    expect(analyst.engine).toEqual({
      id: "rules",
      name: "automatic outline",
      model: null,
      version: "2",
    });
  });

  it("says that it does not read another language, stated or evident", async () => {
    const german =
      "Anna: Guten Morgen, ich schicke dir das Angebot bis Freitag, wenn es dir recht ist.\nJens: Ja, das passt gut, danke dir vielmals.\n";
    const evident = await analyst.summarize(inputOf(said(german.repeat(6))), context);
    expect(evident.summary.overview).toContain("reads English only");
    expect(evident.actionItems).toEqual([]);
    const stated = { ...fixture("sales-call.vtt"), language: "de" };
    expect((await analyst.summarize(inputOf(stated), context)).summary.decisions).toEqual([]);
  });

  it("of a single word is still one", async () => {
    const { summary, actionItems } = await analyst.summarize(inputOf(said("Ada: Hello")), context);
    expect(summary.overview).toBe(
      "A conversation of about 1 minute between 1 speaker (Ada 100% of the talk). No decisions were found, and no suggested action items.",
    );
    expect(actionItems).toEqual([]);
  });

  it("of ten hours and 6,000 turns is made in one go", async () => {
    const { turns, ...rest } = fixture("sales-call.vtt");
    const long = Array.from({ length: 6000 }, (_, index) => {
      const turn = turns[index % turns.length];
      if (turn === undefined) throw new Error("the fixture is empty");
      const text = `${turn.text} That was point ${index} of the day.`;
      return { ...turn, text, startMs: index * 6000, endMs: index * 6000 + 5500 };
    });
    const transcript = { ...rest, turns: long, durationMs: 36_000_000 };
    const { summary } = await analyst.summarize(inputOf(transcript), context);
    expect(summary.overview).toContain("A conversation of 10 hours between 4 speakers");
  });

  it("stops when the job is cancelled", async () => {
    const controller = new AbortController();
    const outline = analyst.summarize(inputOf(fixture("sales-call.vtt")), {
      signal: controller.signal,
    });
    controller.abort(new Error("the worker shuts down"));
    await expect(outline).rejects.toThrow("the worker shuts down");
  });
});

describe("a yes/no question", () => {
  it.each([
    "Was pricing discussed?",
    "Was the pilot talked about?",
    "Did anyone mention single sign-on?",
    "Did they mention the cancellation period?",
    "Did RouteBeam come up?",
    "Were the portal and the returns mentioned during the call?",
    "Was a discount or the portal mentioned?",
    "Is there any mention of “Rotterdam”?",
  ])("that a look-up can answer is answered with true: %s", async (question) => {
    expect(await answerOf(ask("yes_no", question))).toMatchObject({
      status: "answered",
      value: true,
    });
  });

  it("cites the turns in which the word occurs", async () => {
    const transcript = fixture("sales-call.vtt");
    const answer = await answerOf(ask("yes_no", "Was Rotterdam mentioned?"), transcript);
    if (answer.status !== "answered") throw new Error(answer.reason);
    expect(answer.evidence.map(({ turn }) => transcript.turns[turn]?.text)).toEqual([
      expect.stringContaining("Rotterdam"),
    ]);
  });

  it.each([
    "Was a warranty mentioned?",
    "Did anyone mention a data centre?",
    "Was Rotterdam discussed?",
  ])(
    "whose words are not there, or only in passing, is not discussed and never no: %s",
    async (question) => {
      const answer = await answerOf(ask("yes_no", question));
      expect(answer).toMatchObject({ status: "answered", value: null, evidence: [] });
    },
  );

  it("looks for the words its author lists", async () => {
    const question = ask("yes_no", "Was a rival mentioned?", {
      items: ["RouteBeam", "Trackzilla"],
    });
    expect(shown(await answerOf(question))).toBe(true);
  });

  it.each([
    "Was the customer happy?",
    "Did the customer agree to the price?",
    "Did the rep handle objections well?",
    "Were any objections raised?",
    "Were competitors mentioned?",
    "Did Marguerite mention the budget?",
    "Was pricing discussed by the customer?",
    "Was the pricing clearly discussed?",
    "Did we discuss that the customer will leave?",
    "Is the deal likely to close?",
    "Should we follow up?",
    "Pricing",
    "",
  ])("that takes judgement is left to a language model: %s", async (question) => {
    const answer = await answerOf(ask("yes_no", question));
    expect(answer).toMatchObject({
      status: "needs_language_model",
      reason: expect.stringContaining("LLM_URL, LLM_KEY and LLM_MODEL"),
    });
  });
});

describe("a checklist", () => {
  it("of things that can be looked up is ticked by their words", async () => {
    const items = ["Pricing discussed", "Mentioned single sign-on", "Warranty mentioned"];
    const answer = await answerOf(ask("checklist", "Discovery", { items }));
    expect(shown(answer)).toEqual([
      { item: "Pricing discussed", done: true },
      { item: "Mentioned single sign-on", done: true },
      { item: "Warranty mentioned", done: false },
    ]);
  });

  it("takes bare terms under a question that asks what came up", async () => {
    const items = ["Portal", "Warranty"];
    const answer = await answerOf(ask("checklist", "Which of these were mentioned?", { items }));
    expect(shown(answer)).toEqual([
      { item: "Portal", done: true },
      { item: "Warranty", done: false },
    ]);
  });

  it.each([
    ["Discovery", ["Pricing discussed", "Built rapport"]],
    ["Discovery", ["Portal", "Warranty"]],
    ["Which of these were mentioned?", ["Customer needs"]],
    ["Which of these were mentioned?", []],
  ])(
    "with an item that takes judgement is left whole to a language model: %s %j",
    async (question, items) => {
      expect(shown(await answerOf(ask("checklist", question, { items })))).toBe(
        "needs_language_model",
      );
    },
  );
});

describe("a competitors analysis", () => {
  it("quotes the turns that name a listed competitor and says who was not named", async () => {
    const items = ["Route Beam", "Trackzilla"];
    const answer = await answerOf(ask("competitors_analysis", "Who came up?", { items }));
    expect(shown(answer)).toBe(
      "**Route Beam** was mentioned in 1 turn.\n\n- 00:03:05 Marguerite Okafor: “Nice. We looked at " +
        "RouteBeam for that as well, their portal was quite pretty but it did not do the returns.”\n\n" +
        "Not mentioned: Trackzilla.",
    );
  });

  it("does not take a common word for a name", async () => {
    const transcript = said("Ada: I have no notion of that.\nBo: Did you try Linear?\n");
    const items = ["Notion", "Linear"];
    const answer = await answerOf(ask("competitors_analysis", "", { items }), transcript);
    expect(shown(answer)).toContain("**Linear** was mentioned");
    expect(shown(answer)).toContain("Not mentioned: Notion.");
  });

  it("shows transcript text as text, whatever Markdown it contains", async () => {
    const transcript = said("Ada: See [Acme](javascript:alert) and <b>Acme</b>.\n");
    const answer = await answerOf(ask("competitors_analysis", "", { items: ["Acme"] }), transcript);
    expect(shown(answer)).toContain("\\[Acme\\](javascript:alert) and \\<b\\>Acme");
  });

  it("without listed names is left to a language model", async () => {
    expect(shown(await answerOf(ask("competitors_analysis", "Who came up?")))).toBe(
      "needs_language_model",
    );
  });
});

it("a summary insight is the outline, and the four types that need reading are refused", async () => {
  const questions = [
    ask("summary", "Summarise the call"),
    ask("scale", "How likely is a deal?", { scaleMin: 1, scaleMax: 10 }),
    ask("open_question", "What worries the customer?"),
    ask("markdown", "Write a follow-up mail"),
    ask("spin_improvement", "What could the rep do better?"),
  ];
  const answers = await analyst.answer(inputOf(fixture("sales-call.vtt"), questions), context);
  expect(answers.map(({ insightId }) => insightId)).toEqual(questions.map(({ id }) => id));
  expect(answers.map(({ status }) => status)).toEqual([
    "answered",
    ...Array.from({ length: 4 }, () => "needs_language_model"),
  ]);
  expect(answers[0] && shown(answers[0])).toContain("### Next steps");
});
