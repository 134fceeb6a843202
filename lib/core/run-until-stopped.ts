import { log } from "@/lib/core/log";
import { exitWithParent } from "@/lib/core/parent-watch";

/** Less than the supervisor waits before it kills. */
const graceMs = 23_000;

/**
 * Ends this process in good order, once, when it is told to (SIGTERM, SIGINT), when the process that started it is
 * gone, or after an uncaught exception: a process in an unknown state serves nobody, it is started anew.
 * @param stop lets what is going on end; the process exits when it resolves, or when the time is up.
 * @param options.afterErrorMs how long that may take after an exception.
 */
export function runUntilStopped(
  stop: () => Promise<void>,
  { afterErrorMs = graceMs }: { readonly afterErrorMs?: number } = {},
): void {
  let isStopping = false;
  const end = async (code: number) => {
    if (isStopping) return;
    isStopping = true;
    setTimeout(() => process.exit(code || 1), code === 0 ? graceMs : afterErrorMs).unref();
    await stop();
    process.exit(code);
  };
  process.on("SIGTERM", () => void end(0));
  process.on("SIGINT", () => void end(0));
  exitWithParent(() => void end(0));
  process.on("uncaughtException", (error) => {
    log().fatal({ err: error }, "uncaught exception");
    void end(1);
  });
  process.on("unhandledRejection", (reason) => {
    log().error({ err: reason }, "unhandled rejection");
  });
}
