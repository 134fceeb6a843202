import { randomBytes } from "node:crypto";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { isSealedByOldKey, safeEqual, seal, sha256, signToken, unseal } from "@/lib/core/crypto";

beforeAll(() => {
  vi.stubEnv("HARMONY_SECRET", randomBytes(32).toString("base64"));
});

const swap = (text: string) => (text.startsWith("A") ? `B${text.slice(1)}` : `A${text.slice(1)}`);

describe("a sealed secret", () => {
  test.for(["", "whsec_abc", "größe 你好 👋", "x".repeat(100_000)])("opens again: %#", (plain) => {
    expect(unseal(seal(plain, "conn_1"), "conn_1")).toBe(plain);
  });

  test("looks different every time, and shows nothing of what it holds", () => {
    const [one, two] = [seal("secret", "conn_1"), seal("secret", "conn_1")];
    expect(one).not.toBe(two);
    expect(one).not.toContain("secret");
    expect(isSealedByOldKey(one)).toBe(false);
  });

  test("does not open in another row", () => {
    expect(() => unseal(seal("secret", "conn_1"), "conn_2")).toThrow();
  });

  test.for([2, 3, 4])("does not open when part %i was changed", (part) => {
    const parts = seal("secret", "conn_1").split(".");
    parts[part] = swap(parts[part] ?? "");
    expect(() => unseal(parts.join("."), "conn_1")).toThrow();
  });

  test("does not open with a shortened tag", () => {
    const parts = seal("secret", "conn_1").split(".");
    parts[3] = Buffer.from(parts[3] ?? "", "base64url")
      .subarray(0, 4)
      .toString("base64url");
    expect(() => unseal(parts.join("."), "conn_1")).toThrow();
  });

  test.for(["", "v1", "v2.a.b.c.d", "v1.00000000.a.b.c", "plain text"])(
    "%j is none, and the error says what is missing",
    (text) => {
      expect(() => unseal(text, "conn_1")).toThrow("HARMONY_SECRET");
    },
  );
});

describe("hashes and signatures", () => {
  test("sha256 is lowercase hex", () => {
    expect(sha256("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });

  test("a signature depends on its purpose and its payload", () => {
    const signatures = [
      signToken("cursor", "a"),
      signToken("cursor", "b"),
      signToken("other", "a"),
      signToken("cursor", "a"),
    ];
    expect(new Set(signatures).size).toBe(3);
    expect(signatures[3]).toBe(signatures[0]);
  });

  test("safeEqual compares texts of any length", () => {
    expect(safeEqual("same", "same")).toBe(true);
    expect(safeEqual("same", "samE")).toBe(false);
    expect(safeEqual("same", "same longer")).toBe(false);
    expect(safeEqual("", "")).toBe(true);
  });
});
