import { Cpu } from "lucide-react";
import { RelativeTime } from "@/components/ui/relative-time";
import type { EngineRecord } from "@/db/schema/meetings";

interface MadeByProps {
  readonly engine: EngineRecord;
  readonly at?: string;
  /** Says besides how far the engine can be trusted, where that is known. */
  readonly honest?: boolean;
}

/** Measured on clean read speech: 16 words of 100 were wrong. */
const honestWords: Readonly<Record<string, string>> = {
  vosk: "about 1 word in 6 is wrong on clean speech, more with noise or an accent",
};

/** Which engine made a result, and when. */
export function MadeBy({ engine, at, honest = false }: MadeByProps) {
  const limits = honest ? honestWords[engine.id] : undefined;
  return (
    <p className="flex items-start gap-1.5 text-ink-muted text-xs">
      <Cpu aria-hidden className="mt-px size-3.5 shrink-0 text-ink-faint" />
      <span className="min-w-0">
        {engine.name.charAt(0).toUpperCase() + engine.name.slice(1)}
        {engine.model === null ? null : ` · ${engine.model}`}
        {limits === undefined ? null : ` · ${limits}`}
        {at === undefined ? null : (
          <>
            {" · "}
            <RelativeTime value={at} format="datetime" />
          </>
        )}
      </span>
    </p>
  );
}
