/** A promise that a drill held the product to, and what was seen. */
export interface Finding {
  readonly name: string;
  readonly promised: string;
  readonly seen: string;
  readonly isKept: boolean;
}

export interface DrillOptions {
  readonly events: number;
  readonly kills: number;
  /** Of the random moments and targets; the same seed gives the same plan. */
  readonly seed: number;
  readonly signal: AbortSignal;
  /** One line on what is going on. */
  readonly say: (line: string) => void;
}

export interface DrillPart {
  readonly id: string;
  readonly title: string;
  readonly run: (options: DrillOptions) => Promise<Finding[]>;
}

/** A finding of a count that must be zero. */
export function none(name: string, count: number, detail = ""): Finding {
  const seen = detail === "" ? `${count}` : `${count} (${detail})`;
  return { name, promised: "0", seen, isKept: count === 0 };
}
