import { describe, expect, test } from "vitest";
import { findConference } from "@/lib/calendar/conference-key";

const keyOf = (...candidates: string[]) => findConference(candidates)?.key ?? null;

describe("the key of a call", () => {
  test.each([
    ["https://meet.google.com/abc-mnop-xyz?authuser=0", "meet:abc-mnop-xyz"],
    ["https://meet.google.com/lookup/ABC-mnop-xyz", "meet:abc-mnop-xyz"],
    ["https://acme.zoom.us/j/85746065432?pwd=Qm9i.1", "zoom:85746065432"],
    ["https://us02web.zoom.us/w/98765432101?tk=…", "zoom:98765432101"],
    ["https://acme.zoomgov.com/s/123456789", "zoom:123456789"],
    ["https://zoom.us/my/Dana.Reyes?pwd=1", "zoom-my:dana.reyes"],
    [
      "https://teams.microsoft.com/l/meetup-join/19%3ameeting_NTg0NmQ3%40thread.v2/0?context=%7b%22Tid%22%3a%22x%22%7d",
      "teams:19:meeting_NTg0NmQ3@thread.v2",
    ],
    ["https://teams.microsoft.com/meet/2345678901234?p=AbC", "teams-id:2345678901234"],
    [
      "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Facme.zoom.us%2Fj%2F85746065432&data=…",
      "zoom:85746065432",
    ],
    [
      "https://www.google.com/url?q=https%3A%2F%2Fmeet.google.com%2Fabc-mnop-xyz&sa=D",
      "meet:abc-mnop-xyz",
    ],
    [
      "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fwww.google.com%2Furl%3Fq%3Dhttps%253A%252F%252Fzoom.us%252Fj%252F85746065432&data=x",
      "zoom:85746065432",
    ],
    [
      '<p>Join: <a href="https://teams.microsoft.com/l/meetup-join/19%3ameeting_Ab9%40thread.v2/0?context=%7b%7d&amp;x=1">here</a></p>',
      "teams:19:meeting_Ab9@thread.v2",
    ],
    ["Agenda, then (https://meet.google.com/abc-mnop-xyz).", "meet:abc-mnop-xyz"],
    ["meet.google.com/abc-mnop-xyz", "meet:abc-mnop-xyz"],
    ["Dial in, or acme.zoom.us/j/85746065432", "zoom:85746065432"],
  ])("%s", (text, key) => {
    expect(keyOf(text)).toBe(key);
  });

  test.each([
    ["Room 4, 2nd floor"],
    [""],
    ["https://meet.google.com/new"],
    ["https://acme.zoom.us/j/1234"],
    ["https://elsewhere.example/zoom.us/j/85746065432"],
    ["https://zoom.us.elsewhere.example/j/85746065432"],
    ["https://notzoom.us/j/85746065432"],
    ["javascript://zoom.us/j/85746065432"],
    ["https://eur01.safelinks.protection.outlook.com/?url=javascript%3Aalert(1)"],
    ["https://meet.google.com/abc-mnop-xyzz"],
  ])("%s leads to no call", (text) => {
    expect(keyOf(text)).toBeNull();
  });

  test("a structured link comes before one in the text", () => {
    expect(
      keyOf("https://meet.google.com/abc-mnop-xyz", "https://acme.zoom.us/j/85746065432"),
    ).toBe("meet:abc-mnop-xyz");
  });

  test("the link to join is the inner one, with its password", () => {
    const inner = "https://acme.zoom.us/j/85746065432?pwd=Qm9i.1";
    const wrapped = `https://eur01.safelinks.protection.outlook.com/?url=${encodeURIComponent(inner)}&data=x`;
    expect(findConference([wrapped])).toEqual({
      key: "zoom:85746065432",
      platform: "zoom",
      url: inner,
    });
  });

  test("a long text without a call is read in linear time", () => {
    const text = "zoom.".repeat(200_000);
    const began = performance.now();
    expect(keyOf(text, "https://".repeat(100_000), "&#".repeat(100_000))).toBeNull();
    expect(performance.now() - began).toBeLessThan(2000);
  });
});
