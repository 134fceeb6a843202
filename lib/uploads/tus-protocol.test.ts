import { describe, expect, test } from "vitest";
import { parseChecksum, parseMetadata, readAnnouncement } from "@/lib/uploads/tus-protocol";

const encoded = (text: string) => Buffer.from(text).toString("base64");
const headers = (values: Record<string, string>) => (name: string) => values[name];

describe("Upload-Metadata", () => {
  test.for([
    [undefined, {}],
    ["", {}],
    [`title ${encoded("Zoë’s call")}`, { title: "Zoë’s call" }],
    [
      `filename ${encoded("a.mp3")}, language ${encoded("en")}`,
      { filename: "a.mp3", language: "en" },
    ],
    ["title", { title: "" }],
  ] as const)("%s", ([text, values]) => {
    expect(Object.fromEntries(parseMetadata(text))).toEqual(values);
  });

  test.for([
    ["Base64 without its padding", "title YQ"],
    ["Base64 for addresses", "title _-8="],
    ["two values", "title YQ== YQ=="],
    ["nothing between commas", "title YQ==,,medium YQ=="],
    ["a name twice", "title YQ==,title Yg=="],
    ["a byte that no text has", `title ${encoded("a\0b")}`],
    ["more than a header should have", `title ${"QUFB".repeat(3000)}`],
  ] as const)("%s is refused", ([, text]) => {
    expect(() => parseMetadata(text)).toThrow("Upload-Metadata");
  });
});

describe("an announcement", () => {
  const announce = (metadata: string, isOwnPage: boolean) =>
    readAnnouncement(headers({ "upload-length": "5", "upload-metadata": metadata }), isOwnPage);

  test("of a credential is of the API, whatever it says of itself", () => {
    const said = `source ${encoded("transcript_paste")},duplicates ${encoded("ask")}`;
    expect(announce(said, false)).toMatchObject({ source: "api", duplicates: "create" });
    expect(announce(said, true)).toMatchObject({ source: "transcript_paste", duplicates: "ask" });
  });

  test("keeps the last part of a path as the name", () => {
    expect(announce(`filename ${encoded("C:\\calls\\a.mp3")}`, true).fileName).toBe("a.mp3");
    expect(announce(`filename ${encoded("../../etc/passwd")}`, true).fileName).toBe("passwd");
    expect(announce("", true).fileName).toBe("");
  });

  test("lets pass what clients add by themselves", () => {
    expect(announce(`filetype ${encoded("audio/mpeg")},relativePath`, false).fields).toEqual({});
  });
});

describe("Upload-Checksum", () => {
  test("has an algorithm that is offered, and a digest", () => {
    expect(parseChecksum(undefined)).toBeNull();
    expect(parseChecksum("sha1 YWJj")).toEqual({ algorithm: "sha1", digest: Buffer.from("abc") });
    for (const text of ["", "md5 YWJj", "sha256", "sha256 ***", "sha256  YWJj"]) {
      expect(() => parseChecksum(text)).toThrow("Upload-Checksum");
    }
  });
});
