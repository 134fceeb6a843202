import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

const BACK_OFF_FIRST_MS = 500;
// Longer would keep deliveries and uploads waiting beyond the 30 s in which work goes on after a crash.
const BACK_OFF_MAX_MS = 5_000;
const HEALTHY_AFTER_MS = 10_000;

export interface ProcessSpec {
  /** How progress lines call it, such as "web server". */
  readonly name: string;
  /** Arguments of this very Node binary. */
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

export interface KeptProcess {
  /** How often it has ended by itself. */
  readonly crashes: () => number;
  /** SIGTERM, then SIGKILL after `graceMs`; resolves when it is gone. It is not started again. */
  readonly stop: (graceMs: number) => Promise<void>;
  /** SIGKILL to it and its own children, at once. */
  readonly kill: () => void;
}

/** The wait before restart number `crash` (1, 2, …): half a second, doubled each time, at most 5 s. */
export function backOffMs(crash: number): number {
  return Math.min(BACK_OFF_FIRST_MS * 2 ** (crash - 1), BACK_OFF_MAX_MS);
}

/** Sends a signal to a process that was started detached, and to everything that it started. */
export function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It is gone already.
  }
}

/**
 * Starts a Node process in a process group of its own: a Ctrl-C in the terminal reaches only us, and we decide
 * who stops when. The IPC channel tells it when we are gone (lib/core/parent-watch.ts).
 */
function start({ args, env }: ProcessSpec): ChildProcess {
  return spawn(process.execPath, args, {
    env,
    detached: true,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
}

function describeEnd(child: ChildProcess): string {
  return child.signalCode ? `signal ${child.signalCode}` : `exit code ${child.exitCode}`;
}

/** Keeps a process running: when it ends by itself it is started again, with growing pauses while it keeps failing. */
export function keepRunning(spec: ProcessSpec): KeptProcess {
  let crashesInARow = 0;
  let crashes = 0;
  let stopping = false;
  let timer: NodeJS.Timeout | undefined;
  let child = startOnce();

  function startOnce(): ChildProcess {
    const startedAt = Date.now();
    const started = start(spec);
    started.once("exit", () => {
      if (stopping) return;
      crashes += 1;
      crashesInARow = Date.now() - startedAt > HEALTHY_AFTER_MS ? 1 : crashesInARow + 1;
      const waitMs = backOffMs(crashesInARow);
      console.error(
        `The ${spec.name} stopped unexpectedly (${describeEnd(started)}). Starting it again in ${waitMs / 1000} s.`,
      );
      timer = setTimeout(() => {
        child = startOnce();
      }, waitMs);
    });
    return started;
  }

  const kill = () => {
    stopping = true;
    clearTimeout(timer);
    signalGroup(child, "SIGKILL");
  };
  const stop = async (graceMs: number) => {
    stopping = true;
    clearTimeout(timer);
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill("SIGTERM");
    const impatience = setTimeout(kill, graceMs);
    await exited;
    clearTimeout(impatience);
  };
  return { crashes: () => crashes, stop, kill };
}

/**
 * Runs a Node process to its end. `quiet` keeps its output back and shows it only when it fails. An abort ends
 * it and everything it started; then, and when it fails, this rejects.
 */
export async function runOnce(
  spec: ProcessSpec,
  signal: AbortSignal,
  options: { readonly quiet?: boolean } = {},
): Promise<void> {
  signal.throwIfAborted();
  const output = options.quiet ? "pipe" : "inherit";
  const child = spawn(process.execPath, spec.args, {
    env: spec.env,
    detached: true,
    stdio: ["ignore", output, output],
  });
  const kept: Buffer[] = [];
  child.stdout?.on("data", (chunk: Buffer) => kept.push(chunk));
  child.stderr?.on("data", (chunk: Buffer) => kept.push(chunk));
  const abort = () => signalGroup(child, "SIGTERM");
  signal.addEventListener("abort", abort, { once: true });
  try {
    await once(child, "close");
  } finally {
    signal.removeEventListener("abort", abort);
  }
  signal.throwIfAborted();
  if (child.exitCode === 0) return;
  process.stderr.write(Buffer.concat(kept));
  throw new Error(`The ${spec.name} failed (${describeEnd(child)}); the lines above say why.`);
}
