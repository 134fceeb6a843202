import { readdirSync, readFileSync } from "node:fs";

const everyMs = 500;
/** Of /proc; the kernel's constant for programs, 100 on every Linux. */
const ticksPerSecond = 100;

export interface ListenerUse {
  /** Processor time of all listeners together. */
  readonly cpuSeconds: number;
  /** The most resident memory that one of them had. */
  readonly peakMiB: number;
}

function readUse(pid: string): ListenerUse | null {
  try {
    if (!readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("vosk/listen.ts")) return null;
    // The fields after a name in brackets that may hold anything: 2 is the parent, 12 and 13 the times.
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
    if (Number(stat[1]) !== process.pid) return null;
    const peak = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return {
      cpuSeconds: (Number(stat[11]) + Number(stat[12])) / ticksPerSecond,
      peakMiB: Number(peak ?? 0) / 1024,
    };
  } catch {
    // It ended while we looked.
    return null;
  }
}

/** Looks at the processes in which Vosk runs for this one (Linux only), until `stop` tells what they used. */
export function watchListeners(): { readonly stop: () => ListenerUse } {
  const seen = new Map<string, ListenerUse>();
  const look = () => {
    for (const pid of readdirSync("/proc")) {
      const use = /^\d+$/.test(pid) ? readUse(pid) : null;
      if (use !== null) seen.set(pid, use);
    }
  };
  const timer = setInterval(look, everyMs);
  return {
    stop: () => {
      clearInterval(timer);
      const all = [...seen.values()];
      return {
        cpuSeconds: all.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
        peakMiB: Math.max(0, ...all.map(({ peakMiB }) => peakMiB)),
      };
    },
  };
}
