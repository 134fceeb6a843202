import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { projectRoot } from "./environment";

// `npm test`: unit, integration and browser tests, one after the other (they share two cores), then one line with
// the sum. `npm test -- integration some/file` runs one stage and passes the rest to its runner.

const results = join(projectRoot, "test-results");

interface Count {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

interface Stage {
  readonly name: string;
  readonly command: readonly string[];
  readonly count: (report: unknown) => Count;
}

const vitestReport = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  testResults: z.array(
    z.object({ status: z.string(), assertionResults: z.array(z.object({ status: z.string() })) }),
  ),
});

function countVitest(report: unknown): Count {
  const parsed = vitestReport.parse(report);
  // A file that does not load has no failed test, but it has failed.
  const brokenFiles = parsed.testResults.filter(
    (file) =>
      file.status === "failed" && !file.assertionResults.some(({ status }) => status === "failed"),
  );
  return {
    passed: parsed.numPassedTests,
    failed: parsed.numFailedTests + brokenFiles.length,
    skipped: parsed.numPendingTests + parsed.numTodoTests,
  };
}

const playwrightReport = z.object({
  stats: z.object({
    expected: z.number(),
    unexpected: z.number(),
    flaky: z.number(),
    skipped: z.number(),
  }),
});

function countPlaywright(report: unknown): Count {
  const { stats } = playwrightReport.parse(report);
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped };
}

const reportPath = (name: string) => join(results, `${name}.json`);

function vitestStage(name: string): Stage {
  const command = [
    join("node_modules", "vitest", "vitest.mjs"),
    "run",
    `--project=${name}`,
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${reportPath(name)}`,
  ];
  return { name, command, count: countVitest };
}

const stages: readonly Stage[] = [
  vitestStage("unit"),
  vitestStage("integration"),
  {
    name: "e2e",
    command: [
      join("node_modules", "playwright", "cli.js"),
      "test",
      "--config=e2e/playwright.config.ts",
      "--reporter=list,json",
    ],
    count: countPlaywright,
  },
];

function readReport(stage: Stage): Count {
  if (!existsSync(reportPath(stage.name))) return { passed: 0, failed: 0, skipped: 0 };
  return stage.count(JSON.parse(readFileSync(reportPath(stage.name), "utf8")));
}

function printServerLog(name: string): void {
  const log = join(results, `${name}-servers.log`);
  if (!existsSync(log)) return;
  const lines = readFileSync(log, "utf8").trimEnd().split("\n");
  console.log(`\nThe last lines of the servers' log (all of it: ${log}):`);
  console.log(lines.slice(-60).join("\n"));
}

/** Runs one stage; a stage that fails or finds nothing to run counts as at least one failure. */
async function runStage(stage: Stage, args: readonly string[]): Promise<Count> {
  console.log(`\n== ${stage.name}`);
  rmSync(reportPath(stage.name), { force: true });
  const child = spawn(process.execPath, [...stage.command, ...args], {
    stdio: "inherit",
    env: { ...process.env, PLAYWRIGHT_JSON_OUTPUT_FILE: reportPath(stage.name) },
  });
  await once(child, "close");
  const count = readReport(stage);
  if (count.passed + count.failed === 0) console.log(`The stage "${stage.name}" ran no test.`);
  const ok = child.exitCode === 0 && count.failed === 0 && count.passed > 0;
  if (!ok) printServerLog(stage.name);
  return ok ? count : { ...count, failed: Math.max(count.failed, 1) };
}

function add(left: Count, right: Count): Count {
  return {
    passed: left.passed + right.passed,
    failed: left.failed + right.failed,
    skipped: left.skipped + right.skipped,
  };
}

async function main(): Promise<number> {
  process.chdir(projectRoot);
  mkdirSync(results, { recursive: true });
  const [first, ...rest] = process.argv.slice(2);
  const chosen = stages.filter(({ name }) => first === undefined || name === first);
  if (chosen.length === 0) {
    const names = stages.map(({ name }) => name).join(", ");
    console.error(`There is no stage "${first}". Choose one of: ${names}.`);
    return 1;
  }
  let total: Count = { passed: 0, failed: 0, skipped: 0 };
  for (const stage of chosen) total = add(total, await runStage(stage, rest));
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : "";
  console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`);
  return total.failed === 0 ? 0 : 1;
}

// The runners get the same Ctrl-C and end by themselves; we still print what they counted.
process.on("SIGINT", () => undefined);
process.exit(await main());
