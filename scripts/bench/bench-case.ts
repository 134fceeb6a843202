import type { BenchStack } from "./bench-stack";

/** A ratio, time or size with its target from the requirements. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: "×" | "ms" | "MiB" | "kB";
  readonly atLeast?: number;
  readonly atMost?: number;
  /** What the ratio is made of, in words. */
  readonly from: string;
}

export interface BenchCase {
  readonly id: string;
  readonly title: string;
  /** It needs nothing of the large database: without other cases that one stays small. */
  readonly bringsOwnData?: true;
  readonly run: (stack: BenchStack, options: BenchOptions) => Promise<Figure[]>;
}

export interface BenchOptions {
  readonly rounds: number;
  /** Of load, for each target and round. */
  readonly seconds: number;
  readonly uploadMiB: number;
}

export function isMet({ value, atLeast, atMost }: Figure): boolean {
  return (atLeast === undefined || value >= atLeast) && (atMost === undefined || value <= atMost);
}
