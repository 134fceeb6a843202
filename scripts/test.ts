import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "./environment";
import { noResult, readPlaywrightReport, readVitestReport, type StageResult } from "./test-report";

// `npm test`: unit, integration and browser tests, one after the other (they share two cores), then what failed and
// one line with the sum. `npm test -- integration some/file` runs one stage and passes the rest to its runner.

const results = join(projectRoot, "test-results");

interface Stage {
  readonly name: string;
  readonly command: readonly string[];
  readonly read: (report: unknown) => StageResult;
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
  return { name, command, read: readVitestReport };
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
    read: readPlaywrightReport,
  },
];

function readReport(stage: Stage): StageResult {
  if (!existsSync(reportPath(stage.name))) return noResult;
  return stage.read(JSON.parse(readFileSync(reportPath(stage.name), "utf8")));
}

function printServerLog(name: string): void {
  const log = join(results, `${name}-servers.log`);
  if (!existsSync(log)) return;
  const lines = readFileSync(log, "utf8").trimEnd().split("\n");
  console.log(`\nThe last lines of the servers' log (all of it: ${log}):`);
  console.log(lines.slice(-30).join("\n"));
}

/** Runs one stage; a stage that fails or finds nothing to run counts as at least one failure. */
async function runStage(stage: Stage, args: readonly string[]): Promise<StageResult> {
  console.log(`\n== ${stage.name}`);
  rmSync(reportPath(stage.name), { force: true });
  const child = spawn(process.execPath, [...stage.command, ...args], {
    stdio: "inherit",
    env: { ...process.env, PLAYWRIGHT_JSON_OUTPUT_FILE: reportPath(stage.name) },
  });
  await once(child, "close");
  const result = readReport(stage);
  if (child.exitCode === 0 && result.failed === 0 && result.passed > 0) return result;
  printServerLog(stage.name);
  if (result.failed > 0) return result;
  const reason =
    result.passed === 0 ? "ran no test" : `ended with ${child.exitCode ?? child.signalCode}`;
  return { ...result, failed: 1, failures: [`The stage "${stage.name}" ${reason}.`] };
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
  const found: StageResult[] = [];
  const times: string[] = [];
  for (const stage of chosen) {
    const begun = performance.now();
    found.push(await runStage(stage, rest));
    times.push(`${stage.name} ${Math.round((performance.now() - begun) / 1000)} s`);
  }
  // Last, since this is what somebody looks for who sees only the end of the output.
  const failures = found.flatMap((result) => result.failures);
  if (failures.length > 0) console.log(`\nWhat failed:\n${failures.join("\n")}`);
  const sum = (key: "passed" | "failed" | "skipped") =>
    found.reduce((total, result) => total + result[key], 0);
  const skipped = sum("skipped") > 0 ? `, ${sum("skipped")} skipped` : "";
  console.log(`\n${times.join(", ")}`);
  console.log(`${sum("passed")} passed, ${sum("failed")} failed${skipped}`);
  return sum("failed") === 0 ? 0 : 1;
}

// The runners get the same Ctrl-C and end by themselves; we still print what they counted.
process.on("SIGINT", () => undefined);
process.exit(await main());
