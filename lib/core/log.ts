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
      pino.destination({ dest: 2, sync: true }),
    ),
  );
}
