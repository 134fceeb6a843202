import { expect, test } from "vitest";
import { distinctEvents } from "@/lib/calendar/distinct-events";

const at = (text: string) => new Date(`2026-03-03T${text}Z`);
const event = (
  id: string,
  startsAt: Date,
  { uid = null, conferenceKey = null }: { uid?: string | null; conferenceKey?: string | null } = {},
) => ({ id, startsAt, uid, conferenceKey });
const idsOf = (...events: ReturnType<typeof event>[]) => distinctEvents(events).map(({ id }) => id);

test("the same invitation with the same start is shown once, where it stands first", () => {
  const uid = "6h2k9m1c5v@google.com";
  expect(idsOf(event("a", at("14:00:00"), { uid }), event("b", at("14:00:20"), { uid }))).toEqual([
    "a",
  ]);
});

test("the same call at the same minute is shown once, whatever the invitations say", () => {
  const conferenceKey = "zoom:85746065432";
  expect(
    idsOf(
      event("a", at("14:00:00"), { uid: "one", conferenceKey }),
      event("b", at("14:00:00"), { uid: "two", conferenceKey }),
    ),
  ).toEqual(["a"]);
});

test("occurrences of a series, and meetings in the same room, stay apart", () => {
  const series = { uid: "weekly", conferenceKey: "meet:abc-mnop-xyz" };
  expect(idsOf(event("a", at("09:00:00"), series), event("b", at("10:00:00"), series))).toEqual([
    "a",
    "b",
  ]);
});

test("events that say nothing about themselves stay apart, even at the same time", () => {
  expect(idsOf(event("a", at("09:00:00")), event("b", at("09:00:00")))).toEqual(["a", "b"]);
});

test("three sightings are one when each shares something with another", () => {
  expect(
    idsOf(
      event("a", at("09:00:00"), { uid: "u" }),
      event("b", at("09:00:00"), { uid: "u", conferenceKey: "zoom:123456789" }),
      event("c", at("09:00:00"), { conferenceKey: "zoom:123456789" }),
    ),
  ).toEqual(["a"]);
});
