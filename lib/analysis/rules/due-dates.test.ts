import { describe, expect, it } from "vitest";
import { meetingDay } from "../meeting-day";
import { findDueDate } from "./due-dates";

// Thursday
const day = { year: 2026, month: 4, day: 23, hour: 9 };
const due = (text: string, on = day) => findDueDate(text, on)?.date ?? null;

describe("a due date", () => {
  it.each([
    ["send it today", "2026-04-23"],
    ["call them this afternoon", "2026-04-23"],
    ["have it done by EOD", "2026-04-23"],
    ["call them tomorrow morning", "2026-04-24"],
    ["chase them this week", "2026-04-24"],
    ["have it by the end of the week", "2026-04-24"],
    ["send it on Monday", "2026-04-27"],
    ["send it early next week", "2026-04-27"],
    ["first thing Monday I will call", "2026-04-27"],
    ["write it up by next Wednesday", "2026-04-29"],
    ["send it by Thursday", "2026-04-30"],
    ["schedule it for April 30th", "2026-04-30"],
    ["close it by the end of the month", "2026-04-30"],
    ["look at it next week", "2026-05-01"],
    ["fix it by the end of next week", "2026-05-01"],
    ["send it by May 5th", "2026-05-05"],
    ["do it on the 5th of May", "2026-05-05"],
    ["finish within three days", "2026-04-26"],
    ["come back in two weeks", "2026-05-07"],
    ["set it up for the week of May 11th", "2026-05-11"],
    ["send it by Friday the 15th", "2026-05-15"],
    ["send it before the 20th", "2026-05-20"],
    ["close it by the end of next month", "2026-05-31"],
    ["deliver by 2026-06-01", "2026-06-01"],
    ["close the books by the end of the quarter", "2026-06-30"],
  ])("%s → %s", (text, date) => {
    expect(due(text)).toBe(date);
  });

  it.each([
    "share the numbers for January and February",
    "meet at nine in the morning",
    "give me a second",
    "give me two minutes",
    "we shipped it last Tuesday",
    "we have known it since Monday",
    "send what we agreed on March 20th",
    "send it by 5/6",
    "do it before the launch",
    "it may work",
  ])("is not read from %j", (text) => {
    expect(due(text)).toBeNull();
  });

  it("takes the date after a preposition when several are named", () => {
    expect(due("send what Monday brings by Wednesday")).toBe("2026-04-29");
    expect(due("do it on Monday, she travels this week")).toBe("2026-04-27");
  });

  it("on a Friday means the next Friday, at any hour of the meeting", () => {
    expect(due("by Friday", { year: 2026, month: 4, day: 24, hour: 8 })).toBe("2026-05-01");
    expect(due("by Friday", { year: 2026, month: 4, day: 24, hour: 17 })).toBe("2026-05-01");
  });

  it("counts from the day it is in the meeting's time zone", () => {
    const at = new Date("2026-04-23T22:30:00Z");
    expect(due("tomorrow", meetingDay(at, "Europe/Berlin"))).toBe("2026-04-25");
    expect(due("tomorrow", meetingDay(at, "America/New_York"))).toBe("2026-04-24");
    expect(due("tomorrow", meetingDay(at, "Not/AZone"))).toBe("2026-04-24");
  });

  it("knows where its words stand, preposition included", () => {
    const text = "send the quote by Friday, please";
    const found = findDueDate(text, day);
    expect(text.slice(found?.from, found?.until)).toBe("by Friday");
  });
});
