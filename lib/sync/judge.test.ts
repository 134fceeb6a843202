import { expect, test } from "vitest";
import { type Fault, ProviderError } from "@/lib/integrations/contract";
import { judgeCrash, judgeError, type Tried } from "@/lib/sync/judge";

const now = new Date("2026-11-27T03:00:00Z");
const tried = (values: Partial<Tried> = {}): Tried => ({
  ...{ attempts: 1, isRepeatable: true, mayHaveLeft: true, topic: "meeting.processed", now },
  ...values,
});
const fault = (given: Fault, isUncertain = false) =>
  new ProviderError("tool", given, { isUncertain });
const silent = { kind: "transient", detail: "does not answer" } as const;

test.each([
  [1, 1],
  [2, 5],
  [3, 30],
])("after try %i without an answer the next one comes in %i minutes", (attempts, minutes) => {
  expect(judgeError(fault(silent), tried({ attempts }))).toMatchObject({
    kind: "again",
    spends: true,
    at: new Date(now.getTime() + minutes * 60_000),
  });
});

test("after the fourth try the record has failed", () => {
  expect(judgeError(fault(silent), tried({ attempts: 4 })).kind).toBe("failed");
});

test("an uncertain message is unknown at once, an alert after its second try", () => {
  const lost = fault(silent, true);
  expect(judgeError(lost, tried({ isRepeatable: false })).kind).toBe("unknown");
  const alert = { isRepeatable: false, topic: "alert" };
  expect(judgeError(lost, tried(alert))).toMatchObject({
    kind: "again",
    at: new Date(now.getTime() + 60_000),
  });
  expect(judgeError(lost, tried({ ...alert, attempts: 2 })).kind).toBe("unknown");
});

test("a rate limit waits as long as the tool says, and spends no try", () => {
  expect(judgeError(fault({ kind: "rate_limited", retryAfterMs: 30_000 }), tried())).toMatchObject({
    kind: "again",
    spends: false,
    at: new Date(now.getTime() + 30_000),
  });
});

test("a dead grant stops everything; a refusal fails this record only", () => {
  expect(judgeError(fault({ kind: "reauth", reason: "token_revoked" }), tried()).kind).toBe(
    "stopped",
  );
  const refusal = { kind: "rejected", code: "invalid_value", detail: "no such stage" } as const;
  expect(judgeError(fault(refusal), tried())).toMatchObject({
    kind: "failed",
    reason: { code: "invalid_value" },
  });
});

test("a mistake of ours is tried again, and put aside after three times", () => {
  const mistake = new TypeError("x is not a function");
  expect(judgeError(mistake, tried()).kind).toBe("again");
  expect(judgeError(mistake, tried({ attempts: 3 })).kind).toBe("quarantined");
});

test("trouble of ours before anything left is no doubt, also of what cannot be looked up", () => {
  const unsent = tried({ isRepeatable: false, mayHaveLeft: false });
  expect(judgeError(new Error("the database is gone"), unsent)).toMatchObject({
    kind: "again",
    at: new Date(now.getTime() + 60_000),
  });
  expect(judgeError(new Error("the same"), { ...unsent, mayHaveLeft: true }).kind).toBe("unknown");
  expect(judgeCrash(unsent)).toBeNull();
});

test("after a crash what can be looked up is tried, what cannot is asked about", () => {
  expect(judgeCrash(tried())).toBeNull();
  expect(judgeCrash(tried({ isRepeatable: false }))?.kind).toBe("unknown");
  expect(judgeCrash(tried({ attempts: 9 }))).toBeNull();
  expect(judgeCrash(tried({ attempts: 10 }))?.kind).toBe("quarantined");
});
