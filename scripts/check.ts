import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "./environment";

// `npm run check`: every static check, all of them even when one fails, then a summary.

interface Check {
  readonly name: string;
  /** Programs of node_modules/.bin with their arguments, run in this order. */
  readonly commands: readonly (readonly string[])[];
}

interface Outcome {
  readonly name: string;
  readonly ok: boolean;
  readonly output: string;
  readonly seconds: string;
}

function cruised(): string[] {
  const paths = ["app", "components", "db", "lib", "sandbox", "scripts", "tests", "e2e"];
  return [...paths, "server.ts", "worker.ts", "media-worker.ts"].filter((path) => existsSync(path));
}

function checks(): Check[] {
  return [
    { name: "biome", commands: [["biome", "ci", "--colors=off", "--error-on-warnings"]] },
    // In a fresh clone the types of routes, and next-env.d.ts itself, are not there yet.
    {
      name: "types",
      commands: [
        ["next", "typegen"],
        ["tsc", "--noEmit"],
      ],
    },
    {
      name: "imports",
      commands: [["depcruise", "--config", ".dependency-cruiser.cjs", ...cruised()]],
    },
    { name: "dead code", commands: [["knip"]] },
  ];
}

async function runCommand([program = "", ...args]: readonly string[]): Promise<[boolean, string]> {
  const child = spawn(join("node_modules", ".bin", program), args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1" },
  });
  const output: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => output.push(chunk));
  await once(child, "close");
  return [child.exitCode === 0, Buffer.concat(output).toString("utf8")];
}

async function runCheck({ name, commands }: Check): Promise<Outcome> {
  const began = Date.now();
  let ok = true;
  let output = "";
  for (const command of commands) {
    const [passed, text] = await runCommand(command);
    ok &&= passed;
    if (!passed) output += text;
  }
  return { name, ok, output, seconds: ((Date.now() - began) / 1000).toFixed(1) };
}

process.chdir(projectRoot);
// Types that an earlier `npm run dev` left behind name routes that may be gone; typegen writes the same ones anew.
rmSync(join(".next", "dev", "types"), { recursive: true, force: true });
const outcomes = await Promise.all(checks().map(runCheck));
for (const { name, ok, output } of outcomes) {
  if (!ok) console.log(`\n== ${name}\n${output.trimEnd()}`);
}
console.log("");
for (const { name, ok, seconds } of outcomes) {
  console.log(`${ok ? "ok     " : "FAILED "} ${name} (${seconds} s)`);
}
process.exit(outcomes.every(({ ok }) => ok) ? 0 : 1);
