import type { BenchPlace, BenchStack } from "./bench-stack";

/** A ratio, time or size with its target from the requirements; without one it only tells how things are. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: "×" | "ms" | "MiB" | "kB" | "calls" | "%";
  readonly atLeast?: number;
  readonly atMost?: number;
  /** What the ratio is made of, in words. */
  readonly from: string;
}

interface Named {
  readonly id: string;
  readonly title: string;
}

/** It needs neither the built app nor the databases, which are not made for such cases alone. */
interface OwnDataCase extends Named {
  readonly bringsOwnData: true;
  readonly run: (place: BenchPlace, options: BenchOptions) => Promise<Figure[]>;
}

interface StackCase extends Named {
  readonly bringsOwnData?: never;
  readonly run: (stack: BenchStack, options: BenchOptions) => Promise<Figure[]>;
}

export type BenchCase = OwnDataCase | StackCase;

export interface BenchOptions {
  readonly rounds: number;
  /** Of load, for each target and round. */
  readonly seconds: number;
  readonly uploadMiB: number;
  /** That are synced. */
  readonly records: number;
  /** Of the long recording that speed and memory of the speech engine are measured with. */
  readonly speechMinutes: number;
}

export function isMet({ value, atLeast, atMost }: Figure): boolean {
  return (atLeast === undefined || value >= atLeast) && (atMost === undefined || value <= atMost);
}
