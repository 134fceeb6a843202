import { describe, expect, test } from "vitest";
import type { MessageRecord } from "@/lib/integrations/contract";
import { layOut, type SlackMessage } from "@/lib/integrations/providers/slack/messages";

function message(rest: Partial<MessageRecord> = {}): MessageRecord {
  return {
    kind: "meeting_processed",
    title: "Sales Call - Acme Corp",
    startsAt: new Date("2026-02-01T14:00:00Z"),
    durationSeconds: 1800,
    body: "They want the new price by Friday.",
    actionItems: [],
    attendees: [],
    note: null,
    link: { label: "Open in Harmony", url: "https://harmony.example/meetings/mtg_1" },
    severity: "info",
    lines: [],
    ...rest,
  };
}

/** Every text of a message in order. */
function textsOf({ blocks }: SlackMessage): string[] {
  return blocks.flatMap((block) =>
    "elements" in block ? block.elements.map(({ text }) => text) : [block.text.text],
  );
}

const textAt = (made: SlackMessage, index: number) => textsOf(made)[index] ?? "";

describe("a processed meeting", () => {
  test("says title, time in the reader's zone, length, people, summary, tasks and link", () => {
    const made = layOut(
      message({
        attendees: ["Ravi Shah", "dana@acme.example"],
        actionItems: [
          { text: "Send pricing", assignee: "Jo", dueOn: "2026-02-10" },
          { text: "Book a room", assignee: null, dueOn: null },
        ],
      }),
    );
    expect(made.text).toBe("Meeting processed: Sales Call - Acme Corp (30 min)");
    expect(made.blocks.map(({ type }) => type)).toEqual([
      "header",
      "context",
      "context",
      "section",
      "section",
      "context",
    ]);
    expect(textsOf(made)).toEqual([
      "Sales Call - Acme Corp",
      "<!date^1769954400^{date_short_pretty} {time}|1 Feb 2026, 14:00 UTC> · 30 min",
      // Addresses never leave for a channel.
      "With Ravi Shah",
      "They want the new price by Friday.",
      "*Action items*\n• Send pricing — Jo, 10 Feb\n• Book a room",
      "<https://harmony.example/meetings/mtg_1|Open in Harmony>",
    ]);
  });

  test("without summary, tasks, time and link only the title is left", () => {
    const made = layOut(message({ body: null, startsAt: null, durationSeconds: null, link: null }));
    expect(textsOf(made)).toEqual(["Sales Call - Acme Corp"]);
  });

  test("the summary ends after 600 characters, that of a share after 2,900, between words", () => {
    const body = "word ".repeat(1000);
    const processed = textAt(layOut(message({ body })), 2);
    const shared = textAt(layOut(message({ kind: "share", body })), 2);
    expect(processed.length).toBeLessThanOrEqual(600);
    expect(processed.length).toBeGreaterThan(550);
    expect(processed).toMatch(/word…$/);
    expect(shared.length).toBeLessThanOrEqual(2900);
    expect(shared.length).toBeGreaterThan(2800);
  });
});

describe("text of strangers", () => {
  test("cannot mention a channel, open a link or end an address", () => {
    const made = layOut(
      message({
        title: "<!channel> & <https://evil.example|free>",
        body: "<!here> <@U123> a & b",
        actionItems: [{ text: "<!everyone>", assignee: "<@U1>", dueOn: null }],
        attendees: ["<!subteam^S1>"],
        link: { label: "a|b>c", url: "https://harmony.example/?a=1|2>&b=2" },
      }),
    );
    for (const text of textsOf(made).slice(2)) {
      expect(text.replace(/<(?:https:[^<>|]+\|[^<>|]+|!date\^[^<>|]+\|[^<>|]+)>/g, "")).not.toMatch(
        /[<>]/,
      );
    }
    expect(made.text).not.toMatch(/[<>]/);
    expect(textsOf(made)).toContain("&lt;!here&gt; &lt;@U123&gt; a &amp; b");
    expect(textsOf(made).at(-1)).toBe("<https://harmony.example/?a=1%7C2%3E&amp;b=2|a¦b&gt;c>");
  });

  test("`:word:` stays as written, a time of day too", () => {
    const made = layOut(message({ title: "Launch :rocket: at 10:30:00", body: ":tada: done" }));
    expect(textAt(made, 0)).toContain(":\u200brocket:");
    expect(textAt(made, 2)).toBe(":\u200btada: done");
    expect(textAt(made, 0).replaceAll("\u200b", "")).toBe("Launch :rocket: at 10:30:00");
  });

  test("characters outside the basic plane are never cut in half", () => {
    for (const length of [598, 599, 600, 601]) {
      const text = textAt(layOut(message({ body: `${"x".repeat(length)}${"🎉".repeat(20)}` })), 2);
      expect(text.isWellFormed()).toBe(true);
    }
  });
});

describe("the limits of Slack", () => {
  const worst = "&<>:a: ".repeat(20_000);
  const many = Array.from({ length: 500 }, () => ({
    text: worst,
    assignee: worst,
    dueOn: "2026-02-10",
  }));

  test.each([
    "meeting_processed",
    "meeting_failed",
    "insight_generated",
    "alert",
    "share",
    "digest",
    "test",
  ] as const)("a %s of the worst text keeps every one of them", (kind) => {
    const made = layOut(
      message({
        kind,
        title: worst,
        body: worst,
        actionItems: many,
        attendees: Array.from({ length: 300 }, () => worst),
        note: { by: worst, text: `${worst}\n`.repeat(3) },
        lines: Array.from({ length: 2000 }, () => ({
          text: worst,
          url: "https://harmony.example/meetings/mtg_1",
        })),
      }),
    );
    expect(made.blocks.length).toBeLessThanOrEqual(50);
    expect(made.text.length).toBeLessThanOrEqual(3000);
    expect(made.text).not.toBe("");
    for (const block of made.blocks) {
      const texts = "elements" in block ? block.elements : [block.text];
      for (const { text } of texts) {
        expect(text).not.toBe("");
        expect(text.length).toBeLessThanOrEqual(block.type === "header" ? 150 : 3000);
      }
    }
  });

  test("what does not fit is counted", () => {
    const actionItems = Array.from({ length: 100 }, (_, n) => ({
      text: `Task ${n} ${"x".repeat(100)}`,
      assignee: null,
      dueOn: null,
    }));
    const list = textAt(layOut(message({ actionItems })), 3);
    const shown = (list.match(/•/g) ?? []).length;
    expect(list).toContain(`…and ${100 - shown} more`);
    const digest = layOut(
      message({
        kind: "digest",
        title: "60 meetings",
        lines: Array.from({ length: 2000 }, (_, n) => ({
          text: `${n} ${"x".repeat(190)}`,
          url: `https://harmony.example/meetings/mtg_${n}`,
        })),
      }),
    );
    const all = textsOf(digest).join("\n");
    expect(all).toContain(`…and ${2000 - (all.match(/•/g) ?? []).length} more`);
  });

  test("a title of nothing is not an empty header", () => {
    expect(textAt(layOut(message({ title: " \n " })), 0)).toBe("Untitled");
  });
});

test("a share says who shared it and what they wrote, line by line as a quote", () => {
  const made = layOut(
    message({ kind: "share", note: { by: "Dana Reyes", text: "Worth a look:\n<b>price</b>" } }),
  );
  expect(textAt(made, 0)).toBe(
    "*Dana Reyes* shared a meeting\n> Worth a look:\n> &lt;b&gt;price&lt;/b&gt;",
  );
});

test("an alert begins with its severity in words, also where no colour is seen", () => {
  const made = layOut(
    message({ kind: "alert", severity: "error", title: "Salesforce needs attention" }),
  );
  expect(made.text).toMatch(/^Error: Salesforce needs attention/);
  expect(textAt(made, 0)).toBe("Error: Salesforce needs attention");
});

test("a digest lists its meetings as links", () => {
  const made = layOut(
    message({
      kind: "digest",
      title: "2 meetings",
      link: null,
      lines: [
        { text: "Renewal & more", url: "https://harmony.example/meetings/mtg_1" },
        { text: "Stand-up", url: "https://harmony.example/meetings/mtg_2" },
      ],
    }),
  );
  expect(textsOf(made)).toEqual([
    "2 meetings",
    "• <https://harmony.example/meetings/mtg_1|Renewal &amp; more>\n• <https://harmony.example/meetings/mtg_2|Stand-up>",
  ]);
});

test("the test message is the same fixed text whoever sends it", () => {
  const made = layOut(message({ kind: "test", title: "x", body: "y", link: null }));
  expect(textsOf(made)).toEqual([made.text]);
  expect(made.text).toMatch(/^This is a test message from Harmony/);
});

test("the same facts are the same message", () => {
  expect(layOut(message())).toEqual(layOut(message()));
});
