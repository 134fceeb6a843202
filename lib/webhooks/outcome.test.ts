import { describe, expect, test } from "vitest";
import { type AttemptResult, judgeAttempt } from "@/lib/webhooks/outcome";

const now = new Date("2026-02-01T15:30:00Z");
const options = { attempts: 1, isTest: false, now, random: 0 };

function answered(status: number, headers: Record<string, string> = {}): AttemptResult {
  return {
    startedAt: now,
    durationMs: 10,
    timings: {},
    url: "https://receiver.example/hooks",
    requestHeaders: {},
    response: { status, headers, body: "" },
    error: null,
  };
}

const unanswered: AttemptResult = {
  ...answered(0),
  response: null,
  error: { code: "timeout", message: "It did not answer within 10 s." },
};

describe("what an answer means", () => {
  test.each([200, 201, 202, 204, 299])("%i is success", (status) => {
    expect(judgeAttempt(answered(status), options)).toMatchObject({
      status: "succeeded",
      countsAsFailure: false,
    });
  });

  test.each([100, 300, 301, 302, 304, 307, 400, 401, 404, 422, 500, 503, 599])(
    "%i is tried again and counts as a failure",
    (status) => {
      expect(judgeAttempt(answered(status), options)).toMatchObject({
        status: "retrying",
        countsAsFailure: true,
        nextAttemptAt: new Date(now.getTime() + 5000),
      });
    },
  );

  test("no answer at all is tried again and counts as a failure", () => {
    expect(judgeAttempt(unanswered, options)).toMatchObject({
      status: "retrying",
      countsAsFailure: true,
    });
  });

  test("429 is tried again and is no failure", () => {
    expect(judgeAttempt(answered(429, { "retry-after": "60" }), options)).toMatchObject({
      status: "retrying",
      countsAsFailure: false,
      nextAttemptAt: new Date(now.getTime() + 60_000),
    });
  });

  test("Retry-After means nothing beside other answers", () => {
    expect(judgeAttempt(answered(500, { "retry-after": "600" }), options).nextAttemptAt).toEqual(
      new Date(now.getTime() + 5000),
    );
  });

  test("410 ends it", () => {
    expect(judgeAttempt(answered(410), options)).toMatchObject({
      status: "failed",
      reason: "gone",
      nextAttemptAt: null,
    });
  });

  test("the tenth failure ends it", () => {
    expect(judgeAttempt(unanswered, { ...options, attempts: 10 })).toMatchObject({
      status: "failed",
      reason: "exhausted",
    });
  });

  test("a test is never tried again", () => {
    expect(judgeAttempt(answered(500), { ...options, isTest: true }).status).toBe("failed");
  });
});
