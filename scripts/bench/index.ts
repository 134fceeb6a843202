import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { type BenchCase, type BenchOptions, type Figure, isMet } from "./bench-case";
import { type BenchPlace, type BenchStack, makeBenchPlace, startBenchStack } from "./bench-stack";
import { cursorCase, sizeCase, throughputCase } from "./list-cases";
import { oauthCase } from "./oauth-case";
import { pageWeightCase } from "./page-weight-case";
import { speechCase } from "./speech-case";
import { budgetCase, unchangedCase } from "./sync-cases";
import { stopSyncStage } from "./sync-stack";
import { uploadCase } from "./upload-case";
import { hangingCase, latencyCase, pipelineCase } from "./webhook-cases";
import { stopWebhookStack } from "./webhook-stack";

// `npm run bench`: the speed and size requirements as ratios, measured in one run on one machine. It needs some
// five minutes and 4 GB of disk, and half an hour more for case k; `--meetings 100000 --speech-minutes 15` is quicker, `--only a,c` runs some cases, `--json` prints JSON.
// Exit code 0 unless a case could not run: a missed target is a finding, not a failure of the bench.

const cases: readonly BenchCase[] = [
  throughputCase,
  sizeCase,
  cursorCase,
  uploadCase,
  pageWeightCase,
  latencyCase,
  pipelineCase,
  hangingCase,
  unchangedCase,
  budgetCase,
  speechCase,
  oauthCase,
];

interface CaseResult {
  readonly id: string;
  readonly title: string;
  readonly figures: readonly Figure[];
  readonly error: string | null;
  readonly seconds: number;
}

const usage =
  "npm run bench -- [--meetings 1000000] [--workspaces 100] [--rounds 8] [--seconds 3] [--upload-mib 1024] [--records 10000] [--speech-minutes 120] [--only a,b,c,d,e,f,g,h,i,j,k,l] [--json]";

function readArguments() {
  const { values } = parseArgs({
    options: {
      meetings: { type: "string", default: "1000000" },
      workspaces: { type: "string", default: "100" },
      rounds: { type: "string", default: "8" },
      seconds: { type: "string", default: "3" },
      "upload-mib": { type: "string", default: "1024" },
      records: { type: "string", default: "10000" },
      "speech-minutes": { type: "string", default: "120" },
      only: { type: "string" },
      json: { type: "boolean", default: false },
    },
  });
  const number = (
    name:
      | "meetings"
      | "workspaces"
      | "rounds"
      | "seconds"
      | "upload-mib"
      | "records"
      | "speech-minutes",
  ) => {
    const value = Number(values[name]);
    if (Number.isInteger(value) && value >= 1) return value;
    throw new Error(`--${name} must be a whole number from 1 up`);
  };
  const wanted = values.only?.split(",").map((id) => id.trim());
  const unknown = wanted?.find((id) => !cases.some((known) => known.id === id));
  if (unknown !== undefined) {
    throw new Error(
      `there is no case "${unknown}"; there are: ${cases.map(({ id }) => id).join(", ")}`,
    );
  }
  return {
    size: { meetings: number("meetings"), workspaces: number("workspaces") },
    options: {
      rounds: number("rounds"),
      seconds: number("seconds"),
      uploadMiB: number("upload-mib"),
      records: number("records"),
      speechMinutes: number("speech-minutes"),
    } satisfies BenchOptions,
    chosen: cases.filter(({ id }) => wanted === undefined || wanted.includes(id)),
    json: values.json,
  };
}

const stopping = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stopping.abort());

async function figuresOf(
  one: BenchCase,
  place: BenchPlace | BenchStack,
  options: BenchOptions,
): Promise<Figure[]> {
  if (one.bringsOwnData) return await one.run(place, options);
  if (!("large" in place)) throw new Error("the databases were not made");
  return await one.run(place, options);
}

async function runCase(
  one: BenchCase,
  place: BenchPlace | BenchStack,
  options: BenchOptions,
): Promise<CaseResult> {
  const startedAt = performance.now();
  const done = (figures: readonly Figure[], error: string | null) => ({
    id: one.id,
    title: one.title,
    figures,
    error,
    seconds: Math.round((performance.now() - startedAt) / 1000),
  });
  try {
    const figures = await Promise.race([figuresOf(one, place, options), aborted()]);
    return done(figures, null);
  } catch (error) {
    return done([], error instanceof Error ? error.message : String(error));
  }
}

function aborted(): Promise<never> {
  return new Promise((_, reject) => {
    stopping.signal.addEventListener("abort", () => reject(new Error("interrupted")));
  });
}

function target({ atLeast, atMost, unit }: Figure): string {
  const space = unit === "×" ? "" : " ";
  if (atLeast !== undefined) return `≥ ${atLeast}${space}${unit}`;
  if (atMost !== undefined) return `≤ ${atMost}${space}${unit}`;
  return "no target";
}

function verdict(figure: Figure): string {
  if (figure.atLeast === undefined && figure.atMost === undefined) return "known ";
  return isMet(figure) ? "met   " : "MISSED";
}

const decimals: Readonly<Record<Figure["unit"], number>> = {
  "×": 2,
  ms: 1,
  MiB: 0,
  kB: 0,
  calls: 0,
  "%": 1,
};

function printTable(results: readonly CaseResult[]): void {
  for (const { id, title, figures, error, seconds } of results) {
    console.log(`\n(${id}) ${title}, ${seconds} s`);
    if (error !== null) console.log(`    could not run: ${error}`);
    for (const figure of figures) {
      const value = `${figure.value.toFixed(decimals[figure.unit])} ${figure.unit}`;
      console.log(
        `    ${verdict(figure)}  ${value.padStart(9)}  (${target(figure)})  ${figure.name}`,
      );
      console.log(`            ${figure.from}`);
    }
  }
}

async function main(): Promise<number> {
  const { size, options, chosen, json } = readArguments();
  const say = (line: string) => {
    if (!json) console.log(line);
  };
  const busy = loadavg()[0] ?? 0;
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? "CPU"}, Node.js ${process.versions.node}`;
  say(`${machine}; load before: ${busy.toFixed(2)}`);
  if (busy > 0.5) say("Other programs are running: expect the ratios to be noisier.");
  const needsData = chosen.some(({ bringsOwnData }) => !bringsOwnData);
  const place = needsData
    ? await startBenchStack(size, stopping.signal, say)
    : await makeBenchPlace();
  const results: CaseResult[] = [];
  try {
    for (const one of chosen) {
      if (stopping.signal.aborted) break;
      say(`(${one.id}) ${one.title}…`);
      results.push(await runCase(one, place, options));
    }
  } finally {
    await stopWebhookStack();
    await stopSyncStage();
    await place.stop();
  }
  if (json) {
    const figures = results.map((result) => ({
      ...result,
      figures: result.figures.map((figure) => ({ ...figure, met: isMet(figure) })),
    }));
    console.log(
      JSON.stringify({ at: new Date().toISOString(), machine, load: busy, size, results: figures }),
    );
  } else {
    printTable(results);
  }
  return results.length === chosen.length && results.every(({ error }) => error === null) ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`bench: ${error instanceof Error ? error.message : error}\n${usage}`);
  process.exitCode = 1;
}
process.exit();
