"use client";

import dynamic from "next/dynamic";
import { cn } from "@/components/ui/cn";
import { type CodeSamples, CodeText, codeBar, codeFrame } from "@/components/ui/code-text";
import { CopyButton } from "@/components/ui/copy-button";

// Only pages with several samples in one block need tabs.
const CodeTabs = dynamic(() =>
  import("@/components/ui/code-tabs").then((module) => module.CodeTabs),
);

interface CodeBlockProps {
  /** One sample, or several as tabs. */
  readonly samples: CodeSamples;
  /** Names the block when there are tabs: "Example request". */
  readonly label?: string;
  readonly className?: string;
}

/** Code to read and copy, in one or several languages. Long lines scroll inside the block. */
export function CodeBlock({ samples, label = "Language", className }: CodeBlockProps) {
  const [first] = samples;
  if (samples.length > 1) return <CodeTabs samples={samples} label={label} className={className} />;
  return (
    <figure className={cn(codeFrame, className)}>
      <figcaption className={codeBar}>
        <span className="truncate font-medium text-ink-muted text-sm">{first.label}</span>
        <CopyButton value={first.code} label={`Copy ${first.label}`} />
      </figcaption>
      <CodeText sample={first} />
    </figure>
  );
}
