import { readFileSync } from "node:fs";
import { parseText } from "media-captions";
import { describe, expect, it } from "vitest";
import { detectTranscript, parseTranscript } from "./parse-transcript";
import { type Transcript, transcriptBytesMax } from "./transcript";
import { TranscriptFileError, type TranscriptFileErrorCode } from "./transcript-file-error";

const fixture = (name: string) =>
  readFileSync(new URL(`../../tests/fixtures/transcripts/${name}`, import.meta.url));
const bytes = (text: string) => new TextEncoder().encode(text);
const parseFixture = (name: string) => parseTranscript(fixture(name), name);
const parse = (text: string, name = "meeting.txt") => parseTranscript(bytes(text), name);
const lines = ({ turns }: Transcript) => turns.map(({ speaker, text }) => `${speaker}: ${text}`);
const times = ({ turns }: Transcript) => turns.map(({ startMs, endMs }) => [startMs, endMs]);

function refusal(content: Uint8Array | string, name: string): TranscriptFileError {
  try {
    parseTranscript(typeof content === "string" ? bytes(content) : content, name);
  } catch (error) {
    if (error instanceof TranscriptFileError) return error;
    throw error;
  }
  throw new Error(`${name} was accepted`);
}

function utf16(text: string, littleEndian: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(2 + text.length * 2));
  view.setUint16(0, 0xfeff, littleEndian);
  for (let i = 0; i < text.length; i += 1)
    view.setUint16(2 + i * 2, text.charCodeAt(i), littleEndian);
  return new Uint8Array(view.buffer);
}

describe("WebVTT", () => {
  it("reads a Zoom transcript: names, times, entities, and roles dropped from names", () => {
    const transcript = parseFixture("zoom.vtt");
    expect(transcript).toMatchObject({ format: "vtt", timing: "exact", durationMs: 21_000 });
    expect(lines(transcript)).toEqual([
      "Ines Calloway: Good morning, can you hear me?",
      "Marguerite Okafor: Yes, all good.",
      "Ines Calloway: Great. Shall we start with the depot in Leeds? I brought the numbers for January.",
      "Dale Pruitt: Note: the February ones are not final. Research & development still counts them.",
    ]);
    expect(times(transcript)[2]).toEqual([7840, 14_960]);
  });

  it("reads a Teams transcript: BOM, CRLF, GUID cue ids, NOTE, voices, nested tags", () => {
    const transcript = parseFixture("teams.vtt");
    expect(lines(transcript)).toEqual([
      "Hana Lindqvist: Good morning everybody, is Omar here?",
      "Omar Bassett: Yes, I am here.",
      "Hana Lindqvist: Good. Q&A comes last, first the roadmap.",
      "O'Neill, Sian: We are at 5 < 6 again.",
    ]);
    expect(times(transcript)).toEqual([
      [3120, 6480],
      [6900, 8250],
      [8700, 12_300],
      [3_612_300, 3_614_000],
    ]);
  });

  it.each(["zoom.vtt", "teams.vtt", "sales-call.vtt"])(
    "finds the same cues in %s as an independent WebVTT parser",
    async (name) => {
      const { cues } = await parseText(fixture(name).toString("utf8"), { type: "vtt" });
      const spoken = cues.map(({ text }) =>
        text.replace(/^<v[^>]*>|<[^>]+>|^[A-Z][\w ()]+: /g, ""),
      );
      const decoded = spoken.join(" ").replaceAll("&amp;", "&").replaceAll("&lt;", "<");
      const { turns, durationMs } = parseFixture(name);
      expect(turns.map(({ text }) => text).join(" ")).toBe(decoded.replace(/\s+/g, " "));
      expect(durationMs).toBe(Math.round((cues.at(-1)?.endTime ?? 0) * 1000));
    },
  );

  it("splits a cue that holds several voices", () => {
    const text =
      "WEBVTT\n\n00:01.000 --> 00:03.000\n<v Ada Reyes>Ready?</v>\n<v Bo Lind>Ready.</v>\n";
    expect(lines(parse(text, "a.vtt"))).toEqual(["Ada Reyes: Ready?", "Bo Lind: Ready."]);
  });

  it("sorts cues that are out of order and keeps the file's order for equal times", () => {
    const text =
      "WEBVTT\n\n00:09.000 --> 00:10.000\nAda: third\n\n00:01.000 --> 00:02.000\nBo: first\n\n" +
      "00:01.000 --> 00:02.000\nAda: second\n";
    expect(lines(parse(text))).toEqual(["Bo: first", "Ada: second", "Ada: third"]);
  });

  it("repairs an end before its start and reads hours beyond 99 and a decimal comma", () => {
    const text =
      "WEBVTT\n\n00:05.000 --> 00:04.000\nAda: one two three four five\n\n" +
      "00:05.500 --> 00:07,000\nBo: six\n\n100:00:00.000 --> 100:00:01.000\nAda: seven\n";
    expect(times(parse(text))).toEqual([
      [5000, 5500],
      [5500, 7000],
      [360_000_000, 360_001_000],
    ]);
  });

  it("keeps the speaker of an unlabelled cue when the file labels the others", () => {
    const text =
      "WEBVTT\n\n00:01.000 --> 00:02.000\nAda: Hi\n\n00:09.000 --> 00:10.000\nstill me\n\n" +
      "00:20.000 --> 00:21.000\nBo: Hello\n\n00:22.000 --> 00:23.000\nAda: Bye\n";
    expect(lines(parse(text)).slice(0, 2)).toEqual(["Ada: Hi", "Ada: still me"]);
  });

  it("takes the language from the header", () => {
    const text =
      "WEBVTT\nKind: captions\nLanguage: en-GB\n\n00:01.000 --> 00:02.000\nhello there\n";
    expect(parse(text).language).toBe("en-GB");
  });

  it("calls people whom nobody named Speaker A", () => {
    const text = "WEBVTT\n\n00:01.000 --> 00:02.000\nhello\n\n00:09.000 --> 00:10.000\nthere\n";
    expect(lines(parse(text))).toEqual(["Speaker A: hello", "Speaker A: there"]);
  });
});

describe("SRT", () => {
  it("reads CRLF, broken numbering, a missing blank line, tags and a reversed cue", () => {
    const transcript = parseFixture("captions.srt");
    expect(transcript).toMatchObject({ format: "srt", timing: "exact" });
    expect(lines(transcript)).toEqual([
      "Priya Venkat: The invoices went out. All of them?",
      "Colm Whitaker: All but two.",
      "Priya Venkat: Which two?",
      "Colm Whitaker: The ones for Harbour.",
    ]);
  });

  it("keeps text after a blank line inside a cue", () => {
    const text =
      "1\n00:00:01,000 --> 00:00:02,000\nAda: first\n\nsecond\n\n2\n00:00:03,000 --> 00:00:04,000\nBo: third\n";
    expect(lines(parse(text, "x.srt"))).toEqual(["Ada: first second", "Bo: third"]);
  });
});

describe("plain text", () => {
  it("reads Google Meet's export: anchors, no heading, no footer, the stated duration", () => {
    const transcript = parseFixture("meet.txt");
    expect(transcript).toMatchObject({ format: "txt", timing: "estimated", durationMs: 462_000 });
    expect(lines(transcript)).toEqual([
      "Hana Lindqvist: Morning Omar, how was the trip?",
      "Omar Bassett: Long, but good. The clinics in the north are all on the new version now.",
      "Hana Lindqvist: That is a relief. Note: this was recorded twice by mistake.",
      "Omar Bassett: There is one more thing: the tablets in the basement have no reception.",
      "Hana Lindqvist: Then we need the offline mode sooner than we thought.",
    ]);
    expect(transcript.turns[3]?.startMs).toBe(300_000);
  });

  it("reads Zoom's saved captions, whose times are times of day, from zero", () => {
    const transcript = parseFixture("zoom.txt");
    expect(transcript.timing).toBe("exact");
    expect(lines(transcript)[0]).toBe(
      "Ines Calloway: Hello Dale, thanks for making the time. Is Marguerite joining?",
    );
    expect(transcript.turns.map(({ startMs }) => startMs)).toEqual([0, 7000, 15_000]);
  });

  it("goes on past midnight when times are times of day", () => {
    const text = "[Ada Reyes] 23:59:50\nLate.\n\n[Bo Lind] 00:00:05\nVery late.\n";
    expect(parse(text).turns.map(({ startMs }) => startMs)).toEqual([0, 15_000]);
  });

  it("reads Zoom's chat", () => {
    expect(lines(parseFixture("zoom-chat.txt"))).toEqual([
      "Ines Calloway: Here is the link to the proposal.",
      "Dale Pruitt: Got it, thanks",
      "Marguerite Okafor: I can open it as well",
    ]);
  });

  it("reads a name and a time on their own line", () => {
    const transcript = parseFixture("otter.txt");
    expect(lines(transcript)).toEqual([
      "Jane Aldous: Welcome to the retro. Let us start with what went well.",
      "Piet de Wolf: The release itself was calm. Nobody had to stay late.",
      "Jane Aldous: Agreed.",
    ]);
    expect(transcript.turns.map(({ startMs }) => startMs)).toEqual([3000, 12_000, 3_727_000]);
  });

  it.each([
    ["[00:01:02] Ada Reyes: Hello", 62_000],
    ["00:01:02 Ada Reyes: Hello", 62_000],
    ["(1:02) Ada Reyes: Hello", 62_000],
    ["Ada Reyes [00:01:02]: Hello", 62_000],
    ["Ada Reyes (01:02) Hello", 62_000],
    ["0:03 - Ada Reyes\nHello", 3000],
    ["00:01:02\nAda Reyes: Hello", 62_000],
  ])("reads %j", (text, startMs) => {
    expect(parse(text).turns).toMatchObject([{ speaker: "Ada Reyes", text: "Hello", startMs }]);
  });

  it("replaces the numbers that an engine gave to unknown speakers by letters", () => {
    const text = "Speaker 2  0:03\nHello.\n\nSpeaker 1  0:09\nHi.\n\nSpeaker 2  0:20\nShall we?\n";
    expect(lines(parse(text))).toEqual([
      "Speaker A: Hello.",
      "Speaker B: Hi.",
      "Speaker A: Shall we?",
    ]);
  });

  it("reads timed lines without speakers", () => {
    const text =
      "[00:00:00.000 --> 00:00:04.000]  Good morning.\n[00:00:08.000 --> 00:00:09.000]  Hello.";
    expect(lines(parse(text))).toEqual(["Speaker A: Good morning.", "Speaker A: Hello."]);
  });

  it("does not take Date, Participants, Agenda, One thing though or a link for speakers", () => {
    expect(lines(parseFixture("labels.txt"))).toEqual([
      "Ines: Hi Dale, how are the vans?",
      "Dale: Moving. One thing though: the tracker in number seven is dead. Agenda: we had three points, and that was the first.",
      "Ines: Understood. See https://status.example.com: it should be green. I will order a new one.",
    ]);
  });

  it("does not take dialogue with as many commas in each line for a table", () => {
    expect(lines(parse("Ada: one, two, three\nBo: four, five, six\n"))).toHaveLength(2);
    expect(lines(parse("Well, yes, maybe.\nNo, not now, later.\n"))).toHaveLength(1);
  });

  it("estimates times and duration of untimed text at 150 words a minute", () => {
    const said = Array.from({ length: 75 }, () => "word").join(" ");
    const transcript = parse(`Ada: ${said}\nBo: ${said}\n`);
    expect(transcript).toMatchObject({ timing: "estimated", durationMs: 60_000 });
    expect(times(transcript)).toEqual([
      [0, 30_000],
      [30_000, 60_000],
    ]);
  });

  it("takes prose without any speaker as the speech of Speaker A", () => {
    const transcript = parseFixture("plain.txt");
    expect(transcript.timing).toBe("estimated");
    expect(new Set(transcript.turns.map(({ speaker }) => speaker))).toEqual(new Set(["Speaker A"]));
    expect(transcript.turns[0]?.text).toMatch(/^We met on Monday .* next time\.$/);
  });

  it("cuts a megabyte without a line break into turns of at most 700 characters", () => {
    const prose = parse("All of this was said in one breath. ".repeat(30_000));
    expect(prose.turns.length).toBeGreaterThan(1400);
    expect(Math.max(...prose.turns.map(({ text }) => text.length))).toBeLessThanOrEqual(700);
    const noise = parse("x".repeat(1_000_000));
    expect(noise.turns.map(({ text }) => text).join("")).toHaveLength(1_000_000);
  });
});

describe("JSON", () => {
  it("reads OpenAI's verbose_json with its language and duration", () => {
    const transcript = parseFixture("verbose.json");
    expect(transcript).toMatchObject({
      format: "json",
      timing: "exact",
      durationMs: 9500,
      language: "en",
    });
    expect(lines(transcript)).toEqual([
      "Speaker A: Hello there. How are you?",
      "Speaker A: Fine, thanks.",
    ]);
  });

  it("gives unknown speakers letters by order of detection", () => {
    expect(lines(parseFixture("segments.json"))).toEqual([
      "Speaker A: Shall we begin?",
      "Speaker B: Please.",
      "Speaker A: Then the budget first.",
      "Speaker C: Good idea.",
    ]);
  });

  it("does not give a letter twice when the file already names a Speaker A", () => {
    const segments = [
      { text: "Who is it?", start: 0, end: 1 },
      { speaker: "Speaker A", text: "Me.", start: 3, end: 4 },
    ];
    expect(lines(parse(JSON.stringify({ segments })))).toEqual([
      "Speaker B: Who is it?",
      "Speaker A: Me.",
    ]);
  });

  it("continues with AA after Z", () => {
    const segments = Array.from({ length: 28 }, (_, i) => ({
      speaker: `spk_${i}`,
      text: "Hi",
      start: i * 9,
      end: i * 9 + 1,
    }));
    const { turns } = parse(JSON.stringify({ segments }));
    expect(turns.slice(25).map(({ speaker }) => speaker)).toEqual([
      "Speaker Z",
      "Speaker AA",
      "Speaker AB",
    ]);
  });

  it("reads what our own API answers", () => {
    const transcript = parseFixture("harmony.json");
    expect(lines(transcript)).toEqual([
      "John Smith: Thanks for joining today.",
      "Speaker A: Glad to be here.",
      "John Smith: Let us look at the figures.",
    ]);
    expect(transcript.turns.map(({ startMs }) => startMs)).toEqual([5000, 9000, 70_000]);
  });

  it("reads a recorder's list of words", () => {
    const transcript = parseFixture("recorder.json");
    expect(lines(transcript)).toEqual([
      "Hana Lindqvist: Good morning.",
      "Speaker A: Morning, Hana.",
    ]);
    expect(times(transcript)).toEqual([
      [1200, 2100],
      [2800, 3700],
    ]);
  });

  it("reads times in milliseconds when seconds would be absurd", () => {
    const utterances = [
      { speaker: "A", text: "We can begin now.", start: 1000, end: 3000 },
      { speaker: "B", text: "Fine by me.", start: 4000, end: 5000 },
    ];
    expect(parse(JSON.stringify({ utterances })).durationMs).toBe(5000);
  });

  it("names the entry that cannot be read", () => {
    const error = refusal(
      '{"segments":[{"text":"a","start":1},{"text":"b","start":"soon"}]}',
      "a.json",
    );
    expect(error.code).toBe("invalid_request");
    expect(error.message).toContain("segments[1].start");
  });
});

describe("encodings", () => {
  const text = "Zoë: Schön, dass du da bist — “endlich”.\nBjörn: Grüß dich!\n";
  const expected = ["Zoë: Schön, dass du da bist — “endlich”.", "Björn: Grüß dich!"];

  it.each([
    ["UTF-8", bytes(text)],
    ["UTF-8 with a byte order mark", bytes(`\uFEFF${text}`)],
    ["UTF-16 little endian", utf16(text, true)],
    ["UTF-16 big endian", utf16(text, false)],
  ])("reads %s", (_, content) => {
    expect(lines(parseTranscript(content, "x.txt"))).toEqual(expected);
    expect(detectTranscript(content, "x.txt")).toBe("txt");
  });

  it("reads Windows-1252 when it then looks like text", () => {
    const content = Uint8Array.from(
      "Zo\xEB: That\x92s it\x85\nBj\xF6rn: Gr\xFC\xDFe aus K\xF6ln",
      (c) => c.charCodeAt(0),
    );
    expect(lines(parseTranscript(content, "x.txt"))).toEqual([
      "Zoë: That’s it…",
      "Björn: Grüße aus Köln",
    ]);
  });

  it("recognises a text whose head ends in the middle of a character", () => {
    expect(detectTranscript(bytes("Zoë").subarray(0, 3), "x.txt")).toBe("txt");
  });
});

describe("hostile text", () => {
  it("strips control characters, direction overrides and tag characters from names and text", () => {
    const text = "\u202EAda\u202C\u0007 Re\u200Byes: he\u0000llo\u{E0041} \u2066world\u2069";
    const json = JSON.stringify([
      { speaker: text.split(":")[0], text: text.split(": ")[1], start: 0, end: 1 },
    ]);
    expect(lines(parse(json))).toEqual(["Ada Reyes: hello world"]);
  });

  it("keeps a name at 60 characters and a lone surrogate out of the text", () => {
    const json = JSON.stringify([
      { speaker: "N".repeat(5000), text: "bad \ud800 half", start: 0, end: 1 },
    ]);
    const [turn] = parse(json).turns;
    expect(turn?.speaker).toHaveLength(60);
    expect(turn?.text).toBe("bad \ufffd half");
  });

  it.each([
    ["unclosed tags", `WEBVTT\n\n00:01.000 --> 00:02.000\n${"<c <v ".repeat(200_000)}`],
    ["unclosed entities", `WEBVTT\n\n00:01.000 --> 00:02.000\n${"&#1 &".repeat(200_000)}`],
    ["blank lines", `a${"\n".repeat(1_000_000)}`],
    ["spaces in a line", `Ada${" ".repeat(1_000_000)}: hello`],
    ["colons", `Ada${": ".repeat(500_000)}`],
    ["deeply nested JSON", `{"segments":${"[".repeat(100_000)}${"]".repeat(100_000)}}`],
  ])("answers for %s without quadratic work", (_, text) => {
    // Quadratic work on a megabyte takes minutes, so the runner's own time limit is the assertion.
    const outcome = (() => {
      try {
        return parse(text, "x.vtt").turns.length;
      } catch (error) {
        return error;
      }
    })();
    expect(typeof outcome === "number" || outcome instanceof TranscriptFileError).toBe(true);
  });
});

describe("files that are not transcripts", () => {
  const png = Uint8Array.from([
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 73, 72,
  ]);
  const zip = Uint8Array.from([0x50, 0x4b, 3, 4, 0x14, 0, 6, 0, 8, 0, 0, 0, 0x21, 0]);
  const mp3 = Uint8Array.from([
    0x49, 0x44, 0x33, 3, 0, 0, 0, 0, 0x0f, 0x76, 0x54, 0x49, 0x54, 0x32,
  ]);
  const bareMp3 = Uint8Array.from(
    { length: 512 },
    (_, i) => [0xff, 0xfb, 0x90, 0x64, 0x8d, 0x1b][i % 6] ?? 1,
  );

  it.each<[string, Uint8Array | string, string]>([
    ["a PNG", png, "PNG image"],
    ["a Word document", zip, "Word document"],
    ["an MP3 with a tag", mp3, "MP3 recording"],
    ["an MP3 without a tag", bareMp3, "binary file"],
    ["a PDF", "%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n", "PDF document"],
    ["a web page", "<!DOCTYPE html>\n<html><body><p>Ada: hello</p></body></html>", "HTML"],
    ["an XML file", '<?xml version="1.0"?><tt><body/></tt>', "XML"],
    ["a table", "speaker,start,text\nAda,1,hello\nBo,2,hi\n", "CSV"],
    ["a tab separated table", "speaker\tstart\ttext\nAda\t1\thello\n", "CSV"],
    ["a playlist that names another file", "#EXTM3U\n#EXTINF:1,\n/etc/passwd\n", "playlist"],
    ["an RTF document", "{\\rtf1\\ansi Ada: hello}", "RTF"],
  ])("%s named .vtt is not detected and is refused by what it is", (_, content, kind) => {
    const head = typeof content === "string" ? bytes(content) : content;
    expect(detectTranscript(head, "meeting.vtt")).toBeNull();
    const error = refusal(content, "meeting.vtt");
    expect(error.code).toBe("unsupported_media_type");
    expect(error.message).toContain(kind);
    expect(error.message).toContain("upload");
  });

  it.each<[string, string, TranscriptFileErrorCode, RegExp]>([
    ["", "empty.vtt", "invalid_request", /is empty \(0 bytes\)/],
    [" \r\n\t\n", "blank.txt", "invalid_request", /only white space/],
    ["WEBVTT\n\n", "header.vtt", "invalid_request", /no cues/],
    ["WEBVTT\n\nNOTE\nnothing here\n", "note.vtt", "invalid_request", /no cues/],
    ["WEBVTT\n\n00:01.000 --> 00:02.000\n\n", "silent.vtt", "invalid_request", /no cues/],
    ["WEBVTT\n\nsoon --> later\nhello\n", "times.vtt", "corrupt_file", /None of the 1 cues/],
    ['{"segments":[{"text":"hel', "cut.json", "corrupt_file", /cut off/],
    ["[]", "none.json", "invalid_request", /no entries/],
    ['{"orders":[1,2]}', "orders.json", "unsupported_media_type", /not a transcript we know/],
    ['[{"id":1},{"id":2}]', "rows.json", "unsupported_media_type", /not a transcript we know/],
    ['{"segments":[{"text":"..."}]}', "dots.json", "invalid_request", /no words/],
    [
      "WEBVTT\n\n2000:00:00.000 --> 2000:00:01.000\nAda: hi\n",
      "far.vtt",
      "invalid_request",
      /1,000 hours/,
    ],
  ])("%j is refused with a reason and a remedy", (content, name, code, reason) => {
    const error = refusal(content, name);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(reason);
    expect(error.message).toMatch(/upload/i);
  });

  it("a file beyond the size limit is refused before it is read", () => {
    const error = refusal(new Uint8Array(transcriptBytesMax + 1), "huge.txt");
    expect(error.code).toBe("payload_too_large");
    expect(error.details).toMatchObject({ limit_bytes: transcriptBytesMax });
  });

  it("an empty file keeps the format of its name, so that the reader explains it", () => {
    expect(detectTranscript(new Uint8Array(), "a.vtt")).toBe("vtt");
    expect(detectTranscript(new Uint8Array(), "a.mp3")).toBeNull();
  });
});

describe("turns", () => {
  const cues = (list: readonly [number, number, string, string][]) =>
    JSON.stringify({
      segments: list.map(([start, end, speaker, text]) => ({ start, end, speaker, text })),
    });

  it("merge below a gap of 1.5 s and not from there on", () => {
    const text = cues([
      [0, 1, "Ada", "one"],
      [2.4, 3, "Ada", "two"],
      [4.5, 5, "Ada", "three"],
    ]);
    expect(lines(parse(text))).toEqual(["Ada: one two", "Ada: three"]);
  });

  it("never grow to a minute or 700 characters by merging", () => {
    const long = parse(
      cues(Array.from({ length: 40 }, (_, i) => [i * 3, i * 3 + 3, "Ada", "word ".repeat(6)])),
    );
    expect(Math.max(...long.turns.map(({ startMs, endMs }) => endMs - startMs))).toBeLessThan(
      60_000,
    );
    const dense = parse(
      cues(Array.from({ length: 40 }, (_, i) => [i, i + 1, "Ada", "word ".repeat(30)])),
    );
    expect(Math.max(...dense.turns.map(({ text }) => text.length))).toBeLessThan(700);
  });

  it("of two people who talk over each other stay apart", () => {
    const text = cues([
      [0, 10, "Ada", "a long sentence"],
      [2, 3, "Bo", "right"],
      [10.2, 11, "Ada", "done"],
    ]);
    expect(lines(parse(text))).toEqual(["Ada: a long sentence", "Bo: right", "Ada: done"]);
  });
});

it("a transcript of ten hours is read whole", () => {
  const cue = (i: number) => {
    const at = (s: number) => new Date(s * 1000).toISOString().slice(11, 23);
    return `${i}\n${at(i * 1.8)} --> ${at(i * 1.8 + 1.7)}\n${i % 7 < 4 ? "Ada" : "Bo"}: sentence number ${i} of a long day.\n`;
  };
  const text = `WEBVTT\n\n${Array.from({ length: 20_000 }, (_, i) => cue(i)).join("\n")}`;
  const transcript = parse(text, "day.vtt");
  expect(transcript.durationMs).toBe(35_999_900);
  expect(
    transcript.turns
      .map((turn) => turn.text)
      .join(" ")
      .match(/sentence number/g),
  ).toHaveLength(20_000);
});
