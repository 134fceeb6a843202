import { describe, expect, test } from "vitest";
import { type Candidate, chooseEvent, type Recorded } from "@/lib/calendar/match-meeting";

const at = (time: string) => new Date(`2026-03-03T${time}:00Z`);
const key = "zoom:85746065432";

function recorded(from: string, to: string, rest: Partial<Recorded> = {}): Recorded {
  return {
    conferenceKey: key,
    title: "Renewal call",
    startsAt: at(from),
    endsAt: at(to),
    ownerUserId: "usr_dana",
    ownerEmail: "dana@acme.example",
    ...rest,
  };
}

function event(id: string, from: string, to: string, rest: Partial<Candidate> = {}): Candidate {
  return {
    id,
    title: "Renewal call",
    startsAt: at(from),
    endsAt: at(to),
    uid: null,
    conferenceKey: key,
    organizerEmail: "dana@acme.example",
    isPrivate: false,
    ownerUserId: "usr_dana",
    ...rest,
  };
}

const linkedTo = (id: string) => ({ kind: "linked", event: { id, score: 1 } });

describe("with the key of the call", () => {
  test("the event of the call at that time is linked, whatever the titles say", () => {
    const match = chooseEvent(recorded("14:02", "14:40", { title: "Zoom recording" }), [
      event("e", "14:00", "14:45"),
      event("other", "14:00", "14:45", { conferenceKey: "zoom:11111111111" }),
    ]);
    expect(match).toEqual(linkedTo("e"));
  });

  test("of two meetings in the same room the one with the larger overlap is taken", () => {
    const match = chooseEvent(recorded("14:50", "15:40"), [
      event("before", "14:00", "15:00"),
      event("after", "15:00", "16:00"),
    ]);
    expect(match).toEqual(linkedTo("after"));
  });

  test("of equal overlaps the nearer start is taken", () => {
    const match = chooseEvent(recorded("14:30", "15:30"), [
      event("far", "13:00", "15:00"),
      event("near", "15:00", "17:00", { startsAt: at("15:00") }),
    ]);
    expect(match).toEqual(linkedTo("near"));
  });

  test("a call that was opened early, or ran late, still belongs to its event", () => {
    expect(chooseEvent(recorded("13:35", "13:55"), [event("e", "14:00", "15:00")])).toEqual(
      linkedTo("e"),
    );
    expect(chooseEvent(recorded("15:40", "15:50"), [event("e", "14:00", "15:00")])).toEqual(
      linkedTo("e"),
    );
  });

  test("another occurrence of the series is none", () => {
    expect(chooseEvent(recorded("10:00", "10:30"), [event("e", "14:00", "15:00")])).toEqual({
      kind: "none",
    });
  });

  test("two that are equally near are proposed, not guessed", () => {
    const match = chooseEvent(recorded("14:30", "14:31"), [
      event("left", "14:00", "14:30"),
      event("right", "15:00", "15:30"),
    ]);
    expect(match).toEqual({
      kind: "proposed",
      events: [
        { id: "left", score: 1 },
        { id: "right", score: 1 },
      ],
    });
  });

  test("the same event in a colleague's calendar is no tie: the owner's is linked", () => {
    const match = chooseEvent(recorded("14:00", "14:40"), [
      event("a-colleague", "14:00", "14:45", { ownerUserId: "usr_ravi" }),
      event("own", "14:00", "14:45"),
    ]);
    expect(match).toEqual(linkedTo("own"));
  });

  test("a private event of the owner is proposed, one of a colleague not looked at", () => {
    const meeting = recorded("14:00", "14:40");
    expect(
      chooseEvent(meeting, [event("own", "14:00", "14:45", { isPrivate: true })]),
    ).toMatchObject({ kind: "proposed" });
    expect(
      chooseEvent(meeting, [
        event("theirs", "14:00", "14:45", { isPrivate: true, ownerUserId: "usr_ravi" }),
      ]),
    ).toEqual({ kind: "none" });
  });
});

describe("without a key", () => {
  const upload = (rest: Partial<Recorded> = {}) =>
    recorded("14:00", "14:40", { conferenceKey: null, ...rest });

  test("host, time and a like title are proposed and never linked", () => {
    const match = chooseEvent(upload({ title: "Renewal call Northwind" }), [
      event("e", "14:00", "14:45", { title: "Renewal call - Northwind" }),
    ]);
    expect(match).toEqual({ kind: "proposed", events: [{ id: "e", score: 1 }] });
  });

  test.each([
    ["another title", { title: "Dentist" }],
    ["less than half of the time", { startsAt: at("14:25"), endsAt: at("15:25") }],
    ["another host", { organizerEmail: "ravi@acme.example", ownerUserId: "usr_ravi" }],
  ])("%s is no proposal", (_why, rest) => {
    expect(chooseEvent(upload(), [event("e", "14:00", "14:45", rest)])).toEqual({ kind: "none" });
  });

  test("a colleague's calendar counts when the owner of the meeting invited to it", () => {
    const match = chooseEvent(upload(), [
      event("e", "14:00", "14:45", {
        ownerUserId: "usr_ravi",
        organizerEmail: "Dana@Acme.example",
      }),
    ]);
    expect(match).toMatchObject({ kind: "proposed" });
  });

  test("of several the likest is proposed alone", () => {
    const match = chooseEvent(upload({ title: "Renewal call Northwind" }), [
      event("weak", "14:20", "15:00", { title: "Renewal call" }),
      event("strong", "14:00", "14:45", { title: "Renewal call Northwind" }),
    ]);
    expect(match).toMatchObject({ kind: "proposed", events: [{ id: "strong" }] });
  });

  test("accents and case do not make titles differ; titles without words are like nothing", () => {
    const title = "Jahresgespräch MÜLLER";
    expect(
      chooseEvent(upload({ title }), [
        event("e", "14:00", "14:45", { title: "jahresgesprach Muller" }),
      ]),
    ).toMatchObject({ kind: "proposed" });
    expect(
      chooseEvent(upload({ title: "…" }), [event("e", "14:00", "14:45", { title: "…" })]),
    ).toEqual({ kind: "none" });
  });

  test("a call with another key is another call, however like it looks", () => {
    const meeting = recorded("14:00", "14:40", { conferenceKey: "zoom:99999999999" });
    expect(chooseEvent(meeting, [event("e", "14:00", "14:45")])).toEqual({ kind: "none" });
  });
});
