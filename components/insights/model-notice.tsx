import type { ReactNode } from "react";
import { modelSteps } from "@/components/insights/words";
import { Notice } from "@/components/ui/notice";

interface ModelNoticeProps {
  /** What waits: "2 questions need a language model". */
  readonly title: ReactNode;
  /** What it means here. */
  readonly children?: ReactNode;
  /** True once one is configured: what waits then only has to be asked again. */
  readonly isThere?: boolean;
  readonly action?: ReactNode;
  readonly className?: string;
}

/** Says that something waits for a language model, and the one next step. */
export function ModelNotice({ title, children, isThere = false, ...rest }: ModelNoticeProps) {
  return (
    <Notice {...rest} title={title}>
      {children}{" "}
      {isThere
        ? "A language model is configured now: ask the past meetings again."
        : `The built-in engine answers only what the words themselves show; it does not guess. ${modelSteps}`}
    </Notice>
  );
}
