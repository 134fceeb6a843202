import { describe, expect, it } from "vitest";
import { demoTimeZone, workingTime } from "@/db/seed-data/berlin-time";
import { demoFailures } from "@/db/seed-data/failures";
import { demoAccounts, demoMembers } from "@/db/seed-data/people";
import { nameOf, planMeetings } from "@/db/seed-data/plan-meetings";
import { createRandom } from "@/db/seed-data/random";
import { speak } from "@/db/seed-data/speak";
import { failureCodes } from "@/lib/meetings/schema";
import { parseTranscript } from "@/lib/transcripts/parse-transcript";

const now = new Date("2026-11-22T18:00:00Z");
const dayMs = 86_400_000;
const planned = planMeetings(now, createRandom(1));

function localParts(at: Date) {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: demoTimeZone,
    weekday: "short",
    hour: "numeric",
    hourCycle: "h23",
  });
  const parts = Object.fromEntries(
    format.formatToParts(at).map(({ type, value }) => [type, value]),
  );
  return { weekday: parts.weekday ?? "", hour: Number(parts.hour) };
}

describe("the demo company's meetings", () => {
  it("lie on working days between nine and five in Berlin, within the last three months", () => {
    expect(planned.length).toBeGreaterThanOrEqual(145);
    for (const { date } of planned) {
      const { weekday, hour } = localParts(date);
      expect(["Mon", "Tue", "Wed", "Thu", "Fri"]).toContain(weekday);
      expect(hour).toBeGreaterThanOrEqual(9);
      expect(hour).toBeLessThan(17);
      expect(date.getTime()).toBeLessThan(now.getTime());
      expect(date.getTime()).toBeGreaterThan(now.getTime() - 95 * dayMs);
    }
  });

  it("are the same on every machine for the same day", () => {
    expect(planMeetings(now, createRandom(1))).toEqual(planned);
  });

  it("leave no slot unfilled and let only known people speak", () => {
    for (const { lines, title } of planned) {
      expect(lines.length, title).toBeGreaterThanOrEqual(15);
      for (const { speaker, text } of lines) {
        expect(text, title).not.toMatch(/[{}]|undefined/);
        expect(nameOf(speaker)).toContain(" ");
      }
    }
  });

  it("hold at least twelve conversations of thirty turns and more that no other meeting repeats", () => {
    const uses = new Map<string, number>();
    for (const line of planned.flatMap(({ lines }) => lines)) {
      uses.set(line.text, (uses.get(line.text) ?? 0) + 1);
    }
    const unique = planned.filter(
      ({ lines }) =>
        lines.length >= 30 &&
        lines.filter(({ text }) => uses.get(text) === 1).length > lines.length * 0.8,
    );
    expect(unique.length).toBeGreaterThanOrEqual(12);
  });

  it("never put a host into two meetings in one hour", () => {
    const slots = planned.map(({ owner, date }) => `${owner} ${date.toISOString().slice(0, 13)}`);
    expect(new Set(slots).size).toBe(slots.length);
  });

  it("read back from their transcript file turn by turn, in order", () => {
    for (const { lines, kind } of planned.slice(0, 40)) {
      const file = speak(lines, kind, nameOf, createRandom(2));
      const { turns, timing } = parseTranscript(Buffer.from(file), "meeting.vtt");
      expect(timing).toBe("exact");
      expect(turns.map(({ text }) => text).join(" ")).toBe(lines.map(({ text }) => text).join(" "));
      expect(new Set(turns.map(({ speaker }) => speaker))).toEqual(
        new Set(lines.map(({ speaker }) => nameOf(speaker))),
      );
    }
  });
});

describe("the demo company's people", () => {
  it("have addresses under .example only, each once", () => {
    const addresses = [
      ...demoMembers.map(({ email }) => email),
      ...demoAccounts.flatMap(({ contacts, domain }) =>
        contacts.map(({ key }) => `${key}@${domain}`),
      ),
    ];
    for (const address of addresses) expect(address).toMatch(/^[a-z.]+@[a-z-]+\.example$/);
    expect(new Set(addresses).size).toBe(addresses.length);
  });

  it("have names that tell them apart, so that every speaker is matched to one person", () => {
    const names = [
      ...demoMembers.map(({ name }) => name),
      ...demoAccounts.flatMap(({ contacts }) => contacts.map(({ name }) => name)),
    ];
    expect(new Set(names).size).toBe(names.length);
  });
});

describe("demo failures", () => {
  it("use codes that the API documents", () => {
    for (const { code } of demoFailures) expect(failureCodes).toContain(code);
  });
});

describe("workingTime", () => {
  it("moves a weekend to the Friday before and keeps the wall clock over the change to winter time", () => {
    expect(workingTime(now, 0, 9, 30).toISOString()).toBe("2026-11-20T08:30:00.000Z");
    expect(workingTime(now, 1, 9, 30).toISOString()).toBe("2026-11-20T08:30:00.000Z");
    expect(workingTime(now, 34, 9, 30).toISOString()).toBe("2026-10-19T07:30:00.000Z");
  });
});
