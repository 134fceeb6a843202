import { ExternalLink } from "lucide-react";
import { textLink } from "@/components/integrations/words";
import { cn } from "@/components/ui/cn";
import { Status } from "@/components/ui/status";
import type { StatusKind } from "@/components/ui/status-kinds";
import type { SentView } from "@/lib/sync/schema";

const looks: Readonly<Record<SentView["state"], { kind: StatusKind; label: string }>> = {
  sent: { kind: "success", label: "Sent" },
  waiting: { kind: "pending", label: "On its way" },
  failed: { kind: "failed", label: "Not sent" },
  unknown: { kind: "warning", label: "Perhaps sent" },
};

/** What became of a message, in words, with the way to it where the tool gave one. */
export function SentResult({ sent }: { readonly sent: SentView }) {
  const { kind, label } = looks[sent.state];
  return (
    <span className="flex flex-col gap-1">
      <Status plain kind={kind} label={label} />
      {sent.message === "" ? null : <span className="text-ink-muted">{sent.message}</span>}
      {sent.url === null ? null : (
        <a
          href={sent.url}
          target="_blank"
          rel="noreferrer"
          className={cn(textLink, "inline-flex items-center gap-1 self-start")}
        >
          Open the message
          <ExternalLink aria-hidden className="size-3.5" />
          <span className="sr-only"> in a new tab</span>
        </a>
      )}
    </span>
  );
}
