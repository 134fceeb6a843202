import { z } from "zod";

// Trouble on order: each fault strikes calls of one operation (or all), after `skip` calls, `calls` times.

const common = {
  /** Of this operation, such as `chat.postMessage`; of every call when absent. */
  operation: z.string().optional(),
  /** Calls that pass unharmed before. */
  skip: z.number().int().min(0).default(0),
  /** How many are struck; null until `clear_faults`. */
  calls: z.number().int().min(1).nullable().default(1),
};

export const faultSchema = z.discriminatedUnion("kind", [
  /** 429, or what the tool says instead. */
  z.object({
    ...common,
    kind: z.literal("throttled"),
    retryAfterSeconds: z.number().int().min(0).nullable().default(null),
  }),
  z.object({
    ...common,
    kind: z.literal("broken"),
    status: z.number().int().min(500).max(599).default(503),
  }),
  /** One of the tool's own error codes, in its usual form; `status` 200 makes "success that is none". */
  z.object({
    ...common,
    kind: z.literal("refused"),
    code: z.string(),
    status: z.number().int().optional(),
  }),
  z.object({ ...common, kind: z.literal("slow"), ms: z.number().int().min(1).max(120_000) }),
  /** The work is done, and its answer is cut off in the middle of the JSON. */
  z.object({ ...common, kind: z.literal("malformed") }),
  /** The work is done, and the connection ends without an answer. */
  z.object({ ...common, kind: z.literal("lose_answer") }),
  /** The connection ends before anything is done. */
  z.object({ ...common, kind: z.literal("down") }),
  /** Nothing is done and no answer ever comes. */
  z.object({ ...common, kind: z.literal("hang") }),
  /** Commands that run when the call has been answered: data that changes while it is paged. */
  z.object({
    ...common,
    kind: z.literal("then"),
    commands: z.array(z.record(z.string(), z.unknown())).min(1).max(20),
  }),
]);

export type Fault = z.infer<typeof faultSchema>;

export interface Faults {
  readonly add: (fault: Fault) => void;
  readonly clear: () => void;
  /** What strikes this call; counts it. */
  readonly strike: (operation: string) => readonly Fault[];
  readonly list: () => readonly Fault[];
}

/** The faults of one stand-in, kept in memory only: a restart heals them. */
export function openFaults(): Faults {
  let faults: Fault[] = [];

  const strikes = (fault: Fault): boolean => {
    if (fault.skip > 0) {
      fault.skip -= 1;
      return false;
    }
    if (fault.calls !== null) fault.calls -= 1;
    return true;
  };

  return {
    add: (fault) => {
      faults.push({ ...fault });
    },
    clear: () => {
      faults = [];
    },
    strike: (operation) => {
      const struck = faults
        .filter((fault) => fault.operation === undefined || fault.operation === operation)
        .filter(strikes);
      faults = faults.filter(({ calls }) => calls === null || calls > 0);
      return struck;
    },
    list: () => faults,
  };
}
