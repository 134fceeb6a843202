import pino from "pino";
import { env } from "@/lib/core/env";
import { singleton } from "@/lib/core/singleton";

/** Structured log lines on standard error; secrets and transcript text are never handed to it. */
export function log(): pino.Logger {
  return singleton("log", () =>
    pino(
      {
        level: env().LOG_LEVEL,
        base: null,
        timestamp: pino.stdTimeFunctions.isoTime,
        redact: {
          paths: ["*.authorization", "*.cookie", "*.password", "*.token", "*.secret"],
          censor: "[redacted]",
        },
      },
      // In production lines leave in batches, at the latest after a quarter of a second.
      env().isProduction
        ? pino.destination({ dest: 2, sync: false, minLength: 8192, periodicFlush: 250 })
        : pino.destination({ dest: 2, sync: true }),
    ),
  );
}
