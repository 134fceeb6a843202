"use client";

import { Tabs as Radix } from "radix-ui";
import { useState } from "react";
import { cn } from "@/components/ui/cn";
import { type CodeSamples, CodeText, codeBar, codeFrame } from "@/components/ui/code-text";
import { CopyButton } from "@/components/ui/copy-button";
import { tabItem } from "@/components/ui/tab-styles";

interface CodeTabsProps {
  readonly samples: CodeSamples;
  readonly label: string;
  readonly className?: string | undefined;
}

/** Several samples of a CodeBlock as tabs. */
export function CodeTabs({ samples, label, className }: CodeTabsProps) {
  const [first] = samples;
  const [chosen, setChosen] = useState(first.label);
  const current = samples.find((sample) => sample.label === chosen) ?? first;
  return (
    <Radix.Root value={chosen} onValueChange={setChosen} className={cn(codeFrame, className)}>
      <div className={codeBar}>
        <Radix.List
          aria-label={label}
          className="flex min-w-0 gap-4 overflow-x-auto [scrollbar-width:none]"
        >
          {samples.map((sample) => (
            <Radix.Trigger key={sample.label} value={sample.label} className={tabItem}>
              {sample.label}
            </Radix.Trigger>
          ))}
        </Radix.List>
        <CopyButton value={current.code} label={`Copy ${current.label}`} />
      </div>
      {samples.map((sample) => (
        <Radix.Content key={sample.label} value={sample.label} tabIndex={-1}>
          <CodeText sample={sample} />
        </Radix.Content>
      ))}
    </Radix.Root>
  );
}
