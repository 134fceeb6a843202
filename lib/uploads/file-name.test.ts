import { expect, test } from "vitest";
import { fileNameOf } from "./file-name";

test.each([
  ["call.mp3", "call.mp3"],
  ["../../etc/passwd", "passwd"],
  ["C:\\Users\\ada\\call one.mp3", "call one.mp3"],
  ["recordings/", "recordings"],
  ["a\u0000b\r\nSet-Cookie: x.mp3", "ab Set-Cookie: x.mp3"],
  ["tax\u202Egpj.exe", "taxgpj.exe"],
  ["\u2066call\u2069\u200B.wav", "call.wav"],
  ["  call \t 1.wav ", "call 1.wav"],
  ["\u0007/\u200B", ""],
  ["", ""],
])("%j is shown as %j", (given, shown) => {
  expect(fileNameOf(given)).toBe(shown);
});

test("a long name is cut between characters, never within one", () => {
  const name = fileNameOf(`${"a".repeat(254)}🎤.mp3`);
  expect(name).toBe("a".repeat(254));
  expect(name.isWellFormed()).toBe(true);
});
