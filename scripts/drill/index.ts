import { randomInt } from "node:crypto";
import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import type { DrillOptions, DrillPart, Finding } from "./drill-part";
import { oauthKills, oauthRefresh } from "./oauth-refresh";
import { oauthRevoke } from "./oauth-revoke";
import { syncKills } from "./sync-kills";
import { syncRefresh } from "./sync-refresh";
import { webhookKills } from "./webhook-kills";
import { webhookOutage } from "./webhook-outage";
import { webhookUrls } from "./webhook-urls";

// `npm run drill webhooks`, `npm run drill sync` and `npm run drill oauth`: break things on purpose and check what was promised about it (docs/reliability.md).
// At full size it takes some eight minutes; `-- --events 1000 --kills 5` is quick, `-- --only kills` runs some parts,
// `-- --json` prints JSON. Exit code 1 when a promise is broken or a part could not run.

const drills: Readonly<Record<string, readonly DrillPart[]>> = {
  webhooks: [webhookUrls, webhookOutage, webhookKills],
  sync: [syncRefresh, syncKills],
  oauth: [oauthRefresh, oauthRevoke, oauthKills],
};

interface PartResult {
  readonly id: string;
  readonly title: string;
  readonly findings: readonly Finding[];
  readonly error: string | null;
  readonly seconds: number;
}

const usage =
  "npm run drill webhooks|sync|oauth -- [--events 10000] [--kills 50] [--seed N] [--only urls,outage,kills,refresh,revoke] [--json]";

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new Error(`--${name} must be a whole number from 1 up`);
}

function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      events: { type: "string", default: "10000" },
      kills: { type: "string", default: "50" },
      seed: { type: "string", default: String(randomInt(1, 1_000_000)) },
      only: { type: "string" },
      json: { type: "boolean", default: false },
    },
  });
  const [name = ""] = positionals;
  const parts = drills[name];
  if (!parts || positionals.length > 1) {
    throw new Error(`name one drill; there are: ${Object.keys(drills).join(", ")}`);
  }
  const wanted = values.only?.split(",").map((id) => id.trim());
  const unknown = wanted?.find((id) => !parts.some((part) => part.id === id));
  if (unknown !== undefined) {
    throw new Error(
      `there is no part "${unknown}"; there are: ${parts.map(({ id }) => id).join(", ")}`,
    );
  }
  return {
    name,
    chosen: parts.filter(({ id }) => wanted === undefined || wanted.includes(id)),
    events: wholeNumber("events", values.events),
    kills: wholeNumber("kills", values.kills),
    seed: wholeNumber("seed", values.seed),
    json: values.json,
  };
}

const stopping = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => stopping.abort(new Error("interrupted")));
}

async function runPart(part: DrillPart, options: DrillOptions): Promise<PartResult> {
  const beganAt = performance.now();
  const done = (findings: readonly Finding[], error: string | null) => ({
    id: part.id,
    title: part.title,
    findings,
    error,
    seconds: Math.round((performance.now() - beganAt) / 1000),
  });
  try {
    return done(await part.run(options), null);
  } catch (error) {
    return done([], error instanceof Error ? error.message : String(error));
  }
}

function printTable(results: readonly PartResult[]): void {
  for (const { id, title, findings, error, seconds } of results) {
    console.log(`\n(${id}) ${title}, ${seconds} s`);
    if (error !== null) console.log(`    could not run: ${error}`);
    for (const { name, promised, seen, isKept } of findings) {
      console.log(`    ${isKept ? "kept  " : "BROKEN"}  ${name}: ${seen}  (${promised})`);
    }
  }
}

async function main(): Promise<number> {
  const { name, chosen, json, ...size } = readArguments();
  const say = (line: string) => {
    if (!json) console.log(line);
  };
  const load = loadavg()[0] ?? 0;
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? "CPU"}, Node.js ${process.versions.node}`;
  say(`${machine}; load before: ${load.toFixed(2)}; seed ${size.seed}`);
  const results: PartResult[] = [];
  for (const part of chosen) {
    if (stopping.signal.aborted) break;
    say(`(${part.id}) ${part.title}…`);
    const options = { ...size, signal: stopping.signal, say: (line: string) => say(`    ${line}`) };
    results.push(await runPart(part, options));
  }
  const isKept =
    results.length === chosen.length &&
    results.every(({ error, findings }) => error === null && findings.every((one) => one.isKept));
  if (json) {
    const at = new Date().toISOString();
    console.log(JSON.stringify({ at, drill: name, machine, load, ...size, isKept, results }));
  } else {
    printTable(results);
    console.log(isKept ? "\nEvery promise was kept." : "\nA promise was broken.");
  }
  return isKept ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`drill: ${error instanceof Error ? error.message : error}\n${usage}`);
  process.exitCode = 1;
}
process.exit();
