import { describe, expect, test } from "vitest";
import { apiKeyEnds, isApiKeyToken, newApiKeyToken } from "@/lib/auth/api-key-token";

// Worked out by hand once: CRC-32 (IEEE) of `hk_live_` and thirty zeros, in base 62.
const zeros = `hk_live_${"0".repeat(30)}`;

describe("API key tokens", () => {
  test("have the prefix, thirty random characters and a checksum that fits", () => {
    for (let n = 0; n < 1000; n += 1) {
      const token = newApiKeyToken();
      expect(token).toMatch(/^hk_live_[0-9A-Za-z]{36}$/);
      expect(isApiKeyToken(token)).toBe(true);
    }
  });

  test("the checksum is CRC-32 in base 62, so that secret scanners can check it", () => {
    const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let crc = 0xffffffff;
    for (const byte of Buffer.from(zeros)) {
      crc ^= byte;
      for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    }
    let rest = (crc ^ 0xffffffff) >>> 0;
    let text = "";
    for (let place = 0; place < 6; place += 1) {
      text = digits[rest % 62] + text;
      rest = Math.floor(rest / 62);
    }
    expect(isApiKeyToken(zeros + text)).toBe(true);
  });

  test("any single wrong character is noticed", () => {
    const token = newApiKeyToken();
    for (let at = 0; at < token.length; at += 1) {
      const other = token[at] === "a" ? "b" : "a";
      expect(isApiKeyToken(token.slice(0, at) + other + token.slice(at + 1))).toBe(false);
    }
  });

  test.for([
    "",
    "hk_live_",
    zeros,
    `${newApiKeyToken()}0`,
    newApiKeyToken().slice(0, -1),
    `${newApiKeyToken()}\n`,
    ` ${newApiKeyToken()}`,
  ])("%j is no key", (text) => {
    expect(isApiKeyToken(text)).toBe(false);
  });

  test("the ends are of the random part, never of the checksum", () => {
    const token = newApiKeyToken();
    expect(apiKeyEnds(token)).toEqual({ first4: token.slice(8, 12), last4: token.slice(34, 38) });
  });
});
