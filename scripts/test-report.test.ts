import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { projectRoot } from "./environment";
import { readPlaywrightReport, readVitestReport } from "./test-report";

const inColour = (text: string) => `\u001b[31m${text}\u001b[39m`;

describe("Vitest's report", () => {
  const file = (
    name: string,
    status: string,
    assertionResults: readonly object[],
    message = "",
  ) => ({
    ...{ name: join(projectRoot, name), status, message, assertionResults },
  });
  const counts = { numPassedTests: 7, numFailedTests: 1, numPendingTests: 1, numTodoTests: 1 };

  test("names each failed test with the first line of its reason", () => {
    const failureMessages = [`\n${inColour("AssertionError: expected 1 to be 2")}\n    at x.ts:1`];
    const failed = { status: "failed", fullName: "keys are hashed", failureMessages };
    const passed = { status: "passed", fullName: "keys are long", failureMessages: [] };
    const report = { ...counts, testResults: [file("lib/a.test.ts", "failed", [passed, failed])] };
    expect(readVitestReport(report)).toEqual({
      ...{ passed: 7, failed: 1, skipped: 2 },
      failures: ["lib/a.test.ts: keys are hashed\n    AssertionError: expected 1 to be 2"],
    });
  });

  test("counts a file that does not load as failed", () => {
    const broken = file("lib/b.test.ts", "failed", [], "Error: no such module");
    const report = { ...counts, numFailedTests: 0, testResults: [broken] };
    expect(readVitestReport(report)).toMatchObject({
      failed: 1,
      failures: ["lib/b.test.ts\n    Error: no such module"],
    });
  });
});

test("Playwright's report names failed tests at any depth", () => {
  const spec = (title: string, ok: boolean, message?: string) => ({
    ...{ title, file: "ui/keys.spec.ts", ok },
    tests: [{ results: [{ errors: message === undefined ? [] : [{ message }] }] }],
  });
  const nested = { specs: [spec("in the dark", false, inColour("Error: not visible"))] };
  const suites = [{ specs: [spec("in the light", true)], suites: [nested] }];
  const stats = { expected: 3, unexpected: 1, flaky: 0, skipped: 2 };
  expect(readPlaywrightReport({ suites, stats })).toEqual({
    ...{ passed: 3, failed: 1, skipped: 2 },
    failures: ["e2e/ui/keys.spec.ts: in the dark\n    Error: not visible"],
  });
});
