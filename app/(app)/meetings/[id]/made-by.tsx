import { Cpu } from "lucide-react";
import { RelativeTime } from "@/components/ui/relative-time";
import type { EngineRecord } from "@/db/schema/meetings";

interface MadeByProps {
  readonly engine: EngineRecord;
  readonly at?: string;
}

/** Which engine made a result, and when. */
export function MadeBy({ engine, at }: MadeByProps) {
  return (
    <p className="flex flex-wrap items-center gap-x-1.5 gap-y-0.5 text-ink-muted text-xs">
      <Cpu aria-hidden className="size-3.5 text-ink-faint" />
      {engine.name.charAt(0).toUpperCase() + engine.name.slice(1)}
      {engine.model === null ? null : ` · ${engine.model}`}
      {at === undefined ? null : (
        <>
          {" · "}
          <RelativeTime value={at} format="datetime" />
        </>
      )}
    </p>
  );
}
