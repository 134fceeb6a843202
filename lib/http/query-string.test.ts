import { describe, expect, test } from "vitest";
import { z } from "zod";
import { parseQuery } from "@/lib/http/query-string";

const schema = z.object({ status: z.string().optional(), date_from: z.string().optional() });
const refused = (fields: Record<string, string>) =>
  expect.objectContaining({ code: "invalid_request", details: { fields } });

describe("parseQuery", () => {
  test("decodes values, and an empty query is no parameter", () => {
    expect(parseQuery("status=a%20b%2Bc+d", schema)).toEqual({ status: "a b+c d" });
    expect(parseQuery("", schema)).toEqual({});
    expect(parseQuery("", undefined)).toEqual({});
    expect(parseQuery("&&", schema)).toEqual({});
  });

  test("an unknown parameter is refused with the nearest known one", () => {
    expect(() => parseQuery("stauts=x", schema)).toThrow(
      expect.objectContaining({
        message: 'Unknown parameter "stauts". Did you mean "status"?',
        fix: "It takes: status, date_from.",
      }),
    );
  });

  test("a parameter unlike any known one is refused without a guess", () => {
    expect(() => parseQuery("zzzzzzzz=x", schema)).toThrow(refused({ zzzzzzzz: "Unknown." }));
    expect(() => parseQuery("x=1", undefined)).toThrow(
      expect.objectContaining({ fix: "This endpoint takes no parameters." }),
    );
  });

  test.for(["__proto__", "constructor", "hasOwnProperty", "toString"])(
    "%s is a parameter like any other unknown one",
    (name) => {
      expect(() => parseQuery(`${name}=x`, schema)).toThrow(/^Unknown parameter/);
      expect(({} as Record<string, unknown>).x).toBeUndefined();
    },
  );

  test("a parameter given twice, or with a NUL, is refused", () => {
    expect(() => parseQuery("status=a&status=a", schema)).toThrow(
      refused({ status: "Give it once." }),
    );
    expect(() => parseQuery("status=a%00b", schema)).toThrow(refused({ status: "Not allowed." }));
  });

  test("a very long name is cut in the answer, and answered quickly", () => {
    const name = "n".repeat(50_000);
    expect(() => parseQuery(`${name}=x`, schema)).toThrow(
      refused({ ["n".repeat(60)]: "Unknown." }),
    );
  });
});
