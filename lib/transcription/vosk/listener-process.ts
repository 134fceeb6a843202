import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { log } from "@/lib/core/log";
import { TranscriberError } from "../transcriber";
import type { ListenReport, ListenRequest } from "./protocol";

type Done = Extract<ListenReport, { kind: "done" }>;

/** A second of sound takes a quarter of a second; on a machine that is badly overloaded perhaps ten. */
const quietMsMax = 120_000;
const errorTextMax = 2_000;

function start(): ChildProcess {
  const script = join("lib", "transcription", "vosk", "listen.ts");
  return spawn(process.execPath, ["--import", "tsx", script], {
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    // Neither our secrets nor the settings of our own process; and one core, so that others have the rest.
    env: { NODE_ENV: "production", OPENBLAS_NUM_THREADS: "1", OMP_NUM_THREADS: "1" },
  });
}

/** The end of what the process writes to its standard error: words of libraries, never of people. */
function keepErrorText(child: ChildProcess): () => string {
  let text = "";
  child.stderr?.setEncoding("utf8").on("data", (piece: string) => {
    text = (text + piece).slice(-errorTextMax);
  });
  return () => text.trim();
}

/** What went wrong is for the operator; whoever waits for the transcript can only wait. */
function failure(what: string, facts: Record<string, unknown>): TranscriberError {
  log().warn(facts, `the speech engine ${what}`);
  return new TranscriberError(
    "retryable",
    `The built-in speech engine ${what}. The server's log says more; press Retry if it does not go on by itself.`,
  );
}

interface Watch {
  readonly signal: AbortSignal;
  readonly onProgress: (heardMs: number) => void;
  /** A process that reports nothing for so long is killed; two minutes when absent. */
  readonly quietMs?: number;
}

/**
 * Hears one part in a process of its own, which is gone when this settles. Rejects with the signal's reason when that
 * aborts, and with a retryable `TranscriberError` when the process crashes, is killed or stands still.
 */
export async function listenInProcess(request: ListenRequest, watch: Watch): Promise<Done> {
  const { signal, onProgress, quietMs = quietMsMax } = watch;
  signal.throwIfAborted();
  const child = start();
  const errorText = keepErrorText(child);
  let done: Done | null = null;
  let problem: unknown = null;
  const stop = (why: unknown) => {
    problem ??= why;
    child.kill("SIGKILL");
  };
  const timer = setTimeout(() => stop(failure("stood still", { quietMs })), quietMs);
  const onAbort = () => stop(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });

  child.on("message", (report: ListenReport) => {
    timer.refresh();
    if (report.kind === "heard") onProgress(report.ms);
    else if (report.kind === "done") done = report;
    else stop(failure("failed", { reason: report.message }));
  });
  const ended = new Promise<void>((resolve) => {
    child.once("error", (error) => {
      stop(failure("could not be started", { err: error }));
      resolve();
    });
    child.once("close", (code, killedBy) => {
      if (done === null)
        problem ??= failure("ended early", { code, killedBy, stderr: errorText() });
      resolve();
    });
  });
  child.send(request, () => undefined);

  await ended;
  clearTimeout(timer);
  signal.removeEventListener("abort", onAbort);
  if (done === null) throw problem;
  return done;
}
