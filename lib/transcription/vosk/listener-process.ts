import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { log } from "@/lib/core/log";
import { TranscriberError } from "../transcriber";
import type { ListenReport, ListenRequest } from "./protocol";

type Done = Extract<ListenReport, { kind: "done" }>;

/** A second of sound takes a quarter of a second; on a machine that is badly overloaded perhaps ten. */
const silenceMsMax = 120_000;
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

interface Watch {
  readonly signal: AbortSignal;
  readonly onProgress: (heardMs: number) => void;
}

/** Settles with the process: its result, or why there is none. */
function resultOf(child: ChildProcess, { signal, onProgress }: Watch): Promise<Done> {
  const errorText = keepErrorText(child);
  return new Promise((resolve, reject) => {
    let outcome: Done | Error | null = null;
    const end = (why: Error) => {
      outcome ??= why;
      child.kill("SIGKILL");
    };
    const hung = () =>
      end(
        new TranscriberError(
          "retryable",
          "The built-in speech engine stood still and was stopped. It is tried again.",
        ),
      );
    const timer = setTimeout(hung, silenceMsMax);
    const onAbort = () => end(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });

    child.on("message", (report: ListenReport) => {
      timer.refresh();
      if (report.kind === "heard") onProgress(report.ms);
      else if (report.kind === "done") outcome ??= report;
      else
        end(
          new TranscriberError("retryable", `The built-in speech engine failed: ${report.message}`),
        );
    });
    child.once("error", end);
    child.once("close", (code, killedBy) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      if (outcome !== null && "kind" in outcome && outcome.kind === "done") return resolve(outcome);
      if (outcome !== null) return reject(outcome);
      log().warn({ code, signal: killedBy, stderr: errorText() }, "the speech engine ended early");
      reject(
        new TranscriberError(
          "retryable",
          `The built-in speech engine ended unexpectedly (${killedBy ?? `exit code ${code}`}). It is tried again.`,
        ),
      );
    });
  });
}

/**
 * Hears one part in a process of its own, which is gone when this settles. Rejects with the signal's reason when that
 * aborts, and with a retryable `TranscriberError` when the process crashes, is killed or stands still.
 */
export async function listenInProcess(request: ListenRequest, watch: Watch): Promise<Done> {
  watch.signal.throwIfAborted();
  const child = start();
  const result = resultOf(child, watch);
  await once(child, "spawn").catch(() => undefined);
  child.send(request, () => undefined);
  return await result;
}
