import { relative } from "node:path";
import { z } from "zod";
import { projectRoot } from "./environment";

/** What one stage of `npm test` found. */
export interface StageResult {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Of each failed test its file, name and the first line of what was wrong. */
  readonly failures: readonly string[];
}

export const noResult: StageResult = { passed: 0, failed: 0, skipped: 0, failures: [] };

const maxReasonLength = 200;

// Terminal colours, which both runners leave in their messages: ESC [ ... m (ECMA-48, 8.3.117).
const colours = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, "g");

function describe(file: string, test: string, message: string | undefined): string {
  const lines = (message ?? "").replace(colours, "").split("\n");
  const reason = lines.find((line) => line.trim() !== "")?.trim() ?? "no reason given";
  const where = test === "" ? file : `${file}: ${test}`;
  return `${where}\n    ${reason.slice(0, maxReasonLength)}`;
}

const vitestReport = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(
        z.object({
          status: z.string(),
          fullName: z.string(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
});

/** Reads the report of Vitest's `json` reporter. */
export function readVitestReport(report: unknown): StageResult {
  const parsed = vitestReport.parse(report);
  const failures = parsed.testResults.flatMap((file) => {
    const name = relative(projectRoot, file.name);
    const failed = file.assertionResults.filter(({ status }) => status === "failed");
    // A file that does not load has no failed test, but it has failed.
    if (failed.length === 0 && file.status === "failed") return [describe(name, "", file.message)];
    return failed.map((test) => describe(name, test.fullName, test.failureMessages?.[0]));
  });
  return {
    passed: parsed.numPassedTests,
    failed: failures.length,
    skipped: parsed.numPendingTests + parsed.numTodoTests,
    failures,
  };
}

const playwrightSpec = z.object({
  title: z.string(),
  file: z.string(),
  ok: z.boolean(),
  tests: z.array(
    z.object({
      results: z.array(z.object({ errors: z.array(z.object({ message: z.string().optional() })) })),
    }),
  ),
});

interface PlaywrightSuite {
  readonly specs: readonly z.infer<typeof playwrightSpec>[];
  readonly suites?: readonly PlaywrightSuite[] | undefined;
}

const playwrightSuite: z.ZodType<PlaywrightSuite> = z.object({
  specs: z.array(playwrightSpec),
  suites: z.lazy(() => z.array(playwrightSuite)).optional(),
});

const playwrightReport = z.object({
  suites: z.array(playwrightSuite),
  stats: z.object({
    expected: z.number(),
    unexpected: z.number(),
    flaky: z.number(),
    skipped: z.number(),
  }),
});

const specsOf = (suite: PlaywrightSuite): z.infer<typeof playwrightSpec>[] => [
  ...suite.specs,
  ...(suite.suites ?? []).flatMap(specsOf),
];

/** Reads the report of Playwright's `json` reporter. */
export function readPlaywrightReport(report: unknown): StageResult {
  const { suites, stats } = playwrightReport.parse(report);
  const failed = suites.flatMap(specsOf).filter(({ ok }) => !ok);
  return {
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky,
    skipped: stats.skipped,
    failures: failed.map(({ file, title, tests }) => {
      const errors = tests.flatMap(({ results }) => results.flatMap((result) => result.errors));
      return describe(`e2e/${file}`, title, errors[0]?.message);
    }),
  };
}
