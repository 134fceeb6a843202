import { parseText } from "media-captions";
import { describe, expect, test } from "vitest";
import { captionsOf } from "./captions";

const speakers = [{ name: "Ada <Admin> & Co" }, { name: "Speaker B" }];

describe("captions of a transcript", () => {
  test("another reader of WebVTT finds every word, in order, within the time of its turn", async () => {
    const long = Array.from({ length: 60 }, (_, index) => `word${index}`).join(" ");
    const turns = [
      { speaker: 0, text: `Less < more --> & done. ${long}`, startMs: 1000, endMs: 31_000 },
      { speaker: 1, text: "無".repeat(200), startMs: 3_600_000, endMs: 3_620_000 },
    ];
    const { cues, errors } = await parseText(captionsOf(speakers, turns), {
      type: "vtt",
      strict: true,
      errors: true,
    });
    expect(errors).toEqual([]);
    const words = (from: number, to: number) =>
      cues
        .filter((cue) => cue.startTime >= from && cue.endTime <= to + 0.001)
        .map((cue) => cue.text.replace(/<[^>]+>/g, ""))
        .join(" ");
    const plain = words(1, 31)
      .replaceAll("&lt;", "<")
      .replaceAll("&gt;", ">")
      .replaceAll("&amp;", "&");
    expect(plain).toBe(turns[0]?.text);
    expect(words(3600, 3620).replaceAll(" ", "")).toBe(turns[1]?.text);
    for (const cue of cues) {
      expect(cue.endTime).toBeGreaterThan(cue.startTime);
      expect(cue.text.replace(/<[^>]+>/g, "").length).toBeLessThanOrEqual(100);
    }
  });

  test("a turn without length or words makes no caption", () => {
    const turns = [
      { speaker: 0, text: "Hello.", startMs: 5000, endMs: 5000 },
      { speaker: 0, text: "", startMs: 6000, endMs: 7000 },
    ];
    expect(captionsOf(speakers, turns).trim()).toBe("WEBVTT");
  });
});
