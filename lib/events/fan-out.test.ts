import { expect, test } from "vitest";
import { bodyBytesMax, eventBody, missOf } from "@/lib/events/fan-out";
import { EVENTS, eventTypes } from "@/lib/events/schema";

const everything = {
  events: ["meeting.processed" as const],
  teamIds: [] as string[],
  userIds: [] as string[],
  sources: [] as string[],
  minDurationSeconds: null as number | null,
};
const facts = { teamId: "team_a", userId: "usr_a", durationSeconds: 600, source: "zoom" };

test.each([
  [{}, null],
  [{ events: ["meeting.failed"] }, "not_subscribed"],
  [{ teamIds: ["team_a", "team_b"] }, null],
  [{ teamIds: ["team_b"] }, "team"],
  [{ userIds: ["usr_b"] }, "user"],
  [{ sources: ["upload"] }, "source"],
  [{ minDurationSeconds: 600 }, null],
  [{ minDurationSeconds: 601 }, "too_short"],
] as const)("a webhook with %j: %s", (changes, miss) => {
  const webhook = { ...everything, ...changes } as unknown as Parameters<typeof missOf>[0];
  expect(missOf(webhook, "meeting.processed", facts)).toBe(miss);
});

test("a filter refuses a meeting whose fact is not known; a minimum duration lets it pass", () => {
  const unknown = { teamId: null, userId: null, durationSeconds: null, source: null };
  const of = (changes: object) =>
    missOf({ ...everything, ...changes }, "meeting.processed", unknown);
  expect(of({ teamIds: ["team_a"] })).toBe("team");
  expect(of({ minDurationSeconds: 60 })).toBeNull();
  expect(
    missOf({ ...everything, minDurationSeconds: 60 }, "meeting.processed", {
      ...unknown,
      durationSeconds: 0,
    }),
  ).toBeNull();
});

const event = {
  id: "evt_1",
  type: "meeting.processed",
  occurredAt: new Date("2026-02-01T15:30:00.250Z"),
  workspaceId: "wsp_1",
};

test("the body begins with the source document's sample, key by key", () => {
  const data = { meeting_id: "mtg_abc123", title: "Sales Call", duration: 1800 };
  expect(eventBody({ ...event, data })).toBe(
    '{"event":"meeting.processed","timestamp":"2026-02-01T15:30:00Z",' +
      '"data":{"meeting_id":"mtg_abc123","title":"Sales Call","duration":1800},' +
      '"id":"evt_1","workspace_id":"wsp_1","api_version":"v1"}',
  );
});

test("a body never exceeds its limit and stays JSON, in whatever script the texts are", () => {
  for (const letter of ["a", "ß", "語", "😀"]) {
    const text = eventBody({
      ...event,
      data: { title: letter.repeat(100_000), more: ["x", letter] },
    });
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(bodyBytesMax);
    expect(JSON.parse(text).data.title.isWellFormed()).toBe(true);
  }
});

test("every sample of the catalogue has exactly the fields of its schema", () => {
  for (const type of eventTypes) {
    const { data, sample } = EVENTS[type];
    expect(data.strict().parse(sample)).toEqual(sample);
  }
});
