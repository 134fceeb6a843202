import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { parseTranscript } from "@/lib/transcripts/parse-transcript";
import type { Turn } from "@/lib/transcripts/transcript";
import { meetingDay } from "../meeting-day";
import { peopleOf } from "../people";
import { findActionItems } from "./action-items";
import { findDecisions } from "./decisions";
import { nounReader } from "./nouns";
import { splitSentences } from "./sentences";

const nouns = await nounReader();

const goldSchema = z.object({
  meeting: z.object({
    date: z.coerce.date(),
    timeZone: z.string(),
    attendees: z.array(z.string()),
  }),
  actionItems: z.array(
    z.object({
      quote: z.string(),
      assignee: z.string(),
      dueDate: z.string().nullable(),
      mentions: z.string(),
    }),
  ),
  decisions: z.array(z.object({ quote: z.string() })),
});

const fixture = (name: string) =>
  readFileSync(new URL(`../../../tests/fixtures/transcripts/${name}`, import.meta.url));

function score(file: string, goldFile: string) {
  const gold = goldSchema.parse(JSON.parse(fixture(goldFile).toString("utf8")));
  const transcript = parseTranscript(fixture(file), file);
  const { turns } = transcript;
  const sentences = splitSentences(turns);
  const attendees = gold.meeting.attendees.map((name) => ({ name }));
  const meeting = { ...gold.meeting, title: "", attendees };
  const items = findActionItems(
    sentences,
    turns,
    peopleOf({ transcript, meeting }),
    meetingDay(meeting.date, meeting.timeZone),
    nouns,
  );
  const turnOf = (quote: string) => {
    const turn = turns.findIndex(({ text }) => text.includes(quote));
    if (turn === -1) throw new Error(`the gold quotes nothing: ${quote}`);
    return turn;
  };
  // An item is found when a suggestion within one turn of it has its subject, owner and day.
  const left = [...items];
  const found = gold.actionItems.filter(({ quote, assignee, dueDate, mentions }) => {
    const index = left.findIndex(
      (item) =>
        Math.abs(item.turn - turnOf(quote)) <= 1 &&
        new RegExp(mentions, "i").test(item.text) &&
        item.assignee === assignee &&
        item.dueDate === dueDate,
    );
    if (index !== -1) left.splice(index, 1);
    return index !== -1;
  });
  const decisions = findDecisions(sentences);
  const decided = gold.decisions.filter(({ quote }) =>
    decisions.some(({ turn }) => turn === turnOf(quote)),
  );
  return {
    items: { found: found.length, of: gold.actionItems.length, suggested: items.length },
    decisions: { found: decided.length, of: gold.decisions.length, suggested: decisions.length },
    extra: left.map(({ text }) => text),
  };
}

// Both transcripts and their gold answers were written by the author of the rules before the first
// rule was. The rules were then corrected on the sales call only. The release planning was run when
// they found everything there: nine of ten, with two too many. Rules were added after that, for
// phrases that occur in neither, but none for what the planning showed ("Put me down for fixing the
// probe" is still missed). One who writes rules also writes sentences that suit them, so read both
// figures as optimistic; on unscripted meetings such rules do much worse.
describe("against a gold answer", () => {
  it("all ten planted items of the tuned sales call are found with owner and day", () => {
    expect(score("sales-call.vtt", "sales-call.gold.json")).toEqual({
      items: { found: 10, of: 10, suggested: 10 },
      decisions: { found: 3, of: 3, suggested: 3 },
      extra: [],
    });
  });

  it("nine of ten planted items of the held-out planning are found, with two too many", () => {
    const { items, decisions } = score("release-planning.txt", "release-planning.gold.json");
    expect(items.found / items.of).toBeGreaterThanOrEqual(0.9);
    expect(items.found / items.suggested).toBeGreaterThanOrEqual(9 / 11);
    expect(decisions).toEqual({ found: 3, of: 3, suggested: 3 });
  });
});

const names: Readonly<Record<string, string>> = { A: "Ada Reyes", B: "Bo Lind", C: "Cleo Marsh" };

function talk(lines: readonly string[]): Turn[] {
  return lines.map((line, index) => ({
    speaker: names[line.slice(0, 1)] ?? "Speaker A",
    text: line.slice(3),
    startMs: index * 5000,
    endMs: index * 5000 + 4000,
  }));
}

function itemsOf(...lines: string[]) {
  const turns = talk(lines);
  const attendees = Object.values(names).map((name) => ({ name }));
  const transcript = { turns, durationMs: 1, timing: "exact", format: "txt" } as const;
  const people = peopleOf({
    transcript,
    meeting: { title: "", date: new Date(), timeZone: "UTC", attendees },
  });
  const day = { year: 2026, month: 4, day: 23, hour: 9 };
  return findActionItems(splitSentences(turns), turns, people, day, nouns);
}

describe("an action item", () => {
  it("of a request by name belongs to the one named, accepted or not", () => {
    expect(itemsOf("A: Cleo, could you send me the contract by Friday?", "B: One moment.")).toEqual(
      [
        {
          text: "Send Ada the contract",
          assignee: "Cleo Marsh",
          dueDate: "2026-04-24",
          confidence: 0.8,
          confident: true,
          turn: 0,
        },
      ],
    );
  });

  it("of a request to nobody in particular belongs to the next speaker", () => {
    expect(itemsOf("A: Could you review the draft?", "B: Will do.")).toMatchObject([
      { text: "Review the draft", assignee: "Bo Lind", confident: true, turn: 0 },
    ]);
    expect(itemsOf("A: Could you review the draft?", "B: Hm.")).toMatchObject([
      { assignee: "Bo Lind", confident: false },
    ]);
  });

  it("takes its day from the acceptance", () => {
    expect(
      itemsOf("A: Could you review the draft?", "B: Yes, I'll get it to you by Tuesday."),
    ).toMatchObject([{ text: "Review the draft", assignee: "Bo Lind", dueDate: "2026-04-28" }]);
  });

  it("takes its day from the answer to 'until when?'", () => {
    expect(
      itemsOf(
        "A: Somebody has to book the room.",
        "C: I can take that.",
        "A: Great. Until when?",
        "C: Let's say May 5th.",
      ),
    ).toMatchObject([{ text: "Book the room", assignee: "Cleo Marsh", dueDate: "2026-05-05" }]);
  });

  it("that somebody has to do belongs to nobody until one accepts", () => {
    expect(itemsOf("A: Somebody has to book the room.", "B: True.")).toMatchObject([
      { text: "Book the room", assignee: null, confident: false },
    ]);
  });

  it("that was turned down is none", () => {
    expect(itemsOf("A: Could you review the draft?", "B: I can't, I am away.")).toEqual([]);
  });

  it("takes the sentence before when it only says 'that'", () => {
    expect(
      itemsOf("A: The invoices need a new address.", "B: I'll take care of that."),
    ).toMatchObject([
      { text: "Take care of that (“The invoices need a new address.”)", assignee: "Bo Lind" },
    ]);
  });

  it("given to somebody by name in the third person is theirs, even misheard", () => {
    expect(itemsOf("A: Cleo will update the price page.", "B: Good.")).toMatchObject([
      { text: "Update the price page", assignee: "Cleo Marsh", confident: true },
    ]);
    const turns = talk(["A: Prya will update the price page."]);
    const people = peopleOf({
      transcript: { turns, durationMs: 1, timing: "exact", format: "txt" },
      meeting: {
        title: "",
        date: new Date(),
        timeZone: "UTC",
        attendees: [{ name: "Priya Venkat" }],
      },
    });
    const day = { year: 2026, month: 4, day: 23, hour: 9 };
    expect(findActionItems(splitSentences(turns), turns, people, day, nouns)).toMatchObject([
      { assignee: "Priya Venkat" },
    ]);
  });

  it("repeated in the recap is one item, with the later day", () => {
    expect(
      itemsOf(
        "A: I'll send the revised quote.",
        "B: Thanks.",
        "A: So again, I'll send the revised quote by Monday.",
      ),
    ).toMatchObject([{ text: "Send the revised quote", dueDate: "2026-04-27", turn: 0 }]);
  });

  it.each([
    ["B: We'll send you the contract tomorrow.", "Send you the contract"],
    ["B: I need to check with legal.", "Check with legal"],
    ["B: I'm going to write up the notes.", "Write up the notes"],
    [
      "B: Let me check with finance and come back to you.",
      "Check with finance and come back to you",
    ],
    ["B: Don't forget to invite the clinic.", "Invite the clinic"],
    ["B: It would be great if you could share the slides.", "Share the slides"],
    ["B: Would you mind sending the slides over?", "Send the slides over"],
    ["B: Action item for Cleo: renew the licence.", "Renew the licence"],
    ["B: Please make sure the invoice is paid.", "Make sure the invoice is paid"],
    ["B: I still owe the auditors a list of suppliers.", "Send the auditors a list of suppliers"],
    ["B: You can leave the seating plan with me.", "Take care of the seating plan"],
    ["B: The visitor badges are on my list.", "Take care of the visitor badges"],
    ["B: I'd better ring the caterer.", "Ring the caterer"],
    ["B: What I'll do is draft a letter to the landlord.", "Draft a letter to the landlord"],
    ["B: I'll drop by the warehouse.", "Drop by the warehouse"],
    ["B: I'm gonna nip round to the printers.", "Nip round to the printers"],
    ["B: If you could send over the floor plan, that'd be lovely.", "Send over the floor plan"],
    ["B: Would you be able to draft the agenda?", "Draft the agenda"],
    ["B: I'll need a signed copy from you.", "Provide a signed copy"],
    ["B: Can I leave the insurance form with you?", "Take care of the insurance form"],
    ["B: Someone's got to, no, someone has to apply for the permit.", "Apply for the permit"],
  ])("is heard in %j", (line, text) => {
    expect(itemsOf(line)).toMatchObject([{ text }]);
  });

  it.each([
    ["B: You'll have the figures on Monday.", "Deliver the figures", "2026-04-27"],
    ["B: The brochure will be ready by Tuesday.", "Deliver the brochure", "2026-04-28"],
    ["B: I'll be done with the labels tomorrow.", "Finish the labels", "2026-04-24"],
    ["B: I hand in the form on Monday.", "Hand in the form", "2026-04-27"],
    ["B: I'll have a plumber here tomorrow.", "Have a plumber here", "2026-04-24"],
    [
      "B: The lift needs to be inspected by Friday.",
      "The lift needs to be inspected",
      "2026-04-24",
    ],
  ])("is heard in %j, which says nothing without its day", (line, text, dueDate) => {
    expect(itemsOf(line)).toMatchObject([{ text, dueDate, confident: false }]);
    const undated = line.replace(/ (?:on Monday|by Tuesday|tomorrow|by Friday)/, "");
    expect(itemsOf(undated)).toEqual([]);
  });

  it.each([
    ["A: The boiler keeps dripping.", "B: Leave that with me.", "The boiler keeps dripping."],
    ["A: And the parking permits?", "B: That one's mine.", "And the parking permits?"],
    ["A: The stamps ran out.", "B: I'll order another two.", "The stamps ran out."],
    ["A: Hm.", "B: The poster for the door I will print myself.", "The poster for the door"],
  ])("says what is meant when the words do not: %j, %j", (first, second, context) => {
    const [item] = itemsOf(first, second);
    expect(item).toMatchObject({ assignee: "Bo Lind" });
    expect(item?.text).toContain(`(“${context}”)`);
  });

  it("of two people belongs to the one named first", () => {
    expect(itemsOf("A: Me and Cleo will paint the shed.", "C: Fine.")).toMatchObject([
      { text: "Paint the shed", assignee: "Ada Reyes" },
    ]);
    expect(itemsOf("A: Cleo and I will paint the shed.", "C: Fine.")).toMatchObject([
      { assignee: "Cleo Marsh" },
    ]);
  });

  it("that somebody offers is theirs when another says yes, and none otherwise", () => {
    expect(itemsOf("A: Shall I ring the florist?", "B: Yes please.")).toMatchObject([
      { text: "Ring the florist", assignee: "Ada Reyes", confident: true },
    ]);
    expect(itemsOf("A: Shall I ring the florist?", "B: No, they are closed.")).toEqual([]);
    expect(itemsOf("A: Shall I ring the florist?", "B: Hm.")).toEqual([]);
  });

  it("of a wish is what is promised in return", () => {
    expect(
      itemsOf("A: It'd be great to have a map.", "B: Sure. I'll draw one up by Monday."),
    ).toMatchObject([{ assignee: "Bo Lind", dueDate: "2026-04-27", confident: true }]);
    expect(itemsOf("A: It'd be great to have a map.", "B: It would.")).toEqual([]);
  });

  it("is each of several in one sentence", () => {
    expect(
      itemsOf("A: Send me the costs and I'll approve the order by Friday.", "B: Okay."),
    ).toMatchObject([
      { text: "Send Ada the costs", assignee: "Bo Lind" },
      { text: "Approve the order", assignee: "Ada Reyes", dueDate: "2026-04-24" },
    ]);
    expect(
      itemsOf("A: Send me the costs on Monday and I'll approve the order.", "B: Okay."),
    ).toMatchObject([{ dueDate: "2026-04-27" }, { text: "Approve the order", dueDate: null }]);
  });

  it("is found in what a speech engine writes without any mark", () => {
    const said =
      "A: so that was the weekend rota anyway um i'll ring the agency tomorrow and can you print the badges please";
    expect(itemsOf(said, "B: yeah will do")).toMatchObject([
      { text: "Ring the agency", assignee: "Ada Reyes", dueDate: "2026-04-24" },
      { text: "Print the badges", assignee: "Bo Lind", confident: true },
    ]);
  });

  it.each([
    "A: Can you hear me?",
    "A: Can you see my screen?",
    "A: Could you repeat that?",
    "A: I'll be honest, it is expensive.",
    "A: I'll share my screen for a second.",
    "A: If I send you the file, does it open?",
    "A: I will not send that.",
    "A: I'll never write that again.",
    "A: She said I will have to write it down.",
    "A: I was going to call him.",
    "A: I called them yesterday.",
    "A: We could write a blog post.",
    "A: Security will not let me add a password.",
    "A: How can I add a user?",
    "A: Can I ask a question?",
    "A: Would you like to add anything?",
    "A: Please go ahead.",
    "A: Put the cable in.",
    "A: Let's move on.",
    "A: Let me think.",
    "A: I have to say it looks good.",
    "A: I need to go.",
    "A: We need to talk about Kevin.",
    "A: Can you export reports?",
    "A: I will put it in the chat.",
    "A: So I would have to ask our director.",
    "A: If it rains, I'll cancel the tent.",
    "A: I'll fix the...",
    "A: I owe you a coffee.",
    "A: I paid the deposit on Friday.",
    "A: I'll see you on Monday.",
    "A: I have a cold today.",
    "A: You can have the room on Friday.",
    "A: We only need a table.",
    "A: I propose we vote on Friday.",
  ])("is not heard in %j", (line) => {
    expect(itemsOf(line, "B: Hm.")).toEqual([]);
  });

  it("is not a question about the product, as its answer tells", () => {
    expect(
      itemsOf("A: Could you change the colours?", "B: Yes, you can change all of them."),
    ).toEqual([]);
  });

  it("of a lower-case transcript is found as well", () => {
    expect(itemsOf("A: cleo could you send me the contract by friday", "C: sure")).toMatchObject([
      { assignee: "Cleo Marsh", dueDate: "2026-04-24", confident: true },
    ]);
  });
});

describe("a decision", () => {
  const decided = (text: string) =>
    findDecisions(splitSentences(talk([`A: ${text}`]))).map((decision) => decision.text);

  it.each([
    "We decided to keep the old plan.",
    "Okay, then let's go with the blue one.",
    "We're not going to renew the lease.",
    "So the decision is to wait.",
    "It's settled, that was agreed last week.",
    "We will move the launch to May 18th.",
  ])("is heard in %j", (text) => {
    expect(decided(text)).toHaveLength(1);
  });

  it.each([
    "Have we decided on a date?",
    "We have not decided yet.",
    "We need to decide that soon.",
    "Let's decide that now.",
    "If we move the launch we lose the slot.",
    "Maybe we will drop it.",
    "Who decided that?",
  ])("is not heard in %j", (text) => {
    expect(decided(text)).toEqual([]);
  });
});
