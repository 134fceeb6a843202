interface CodeSample {
  /** Tab or title: "curl", "Node.js", "Response". */
  readonly label: string;
  readonly code: string;
}

/** One sample, or several. */
export type CodeSamples = readonly [CodeSample, ...CodeSample[]];

export const codeFrame = "min-w-0 overflow-hidden rounded-lg border bg-sunken";
export const codeBar = "flex min-h-9 items-center justify-between gap-3 border-b pr-1 pl-3";

/** The text of a sample; long lines scroll. */
export function CodeText({ sample }: { readonly sample: CodeSample }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: preformatted text that scrolls is a region
    <pre
      role="region"
      aria-label={`${sample.label}, code`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard must be able to scroll it
      tabIndex={0}
      className="max-h-96 overflow-auto px-3 py-2.5 font-mono text-ink text-sm leading-5 focus-visible:-outline-offset-2"
    >
      <code>{sample.code}</code>
    </pre>
  );
}
