import { ArrowDownToLine, ArrowUpFromLine, Lock } from "lucide-react";
import Link from "next/link";
import { logoOf } from "@/app/(app)/settings/integrations/logos";
import {
  ConnectionStatus,
  SandboxChip,
  ScopeChip,
} from "@/components/integrations/connection-status";
import { ToolLogo } from "@/components/integrations/tool-logo";
import { connectHref, listWords, toolHref } from "@/components/integrations/words";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import type { CatalogueEntry } from "@/lib/integrations/schema";

/** A tool that can be connected: what for, whose it is, and what it reads and writes. */
export function AvailableTile({ tool }: { readonly tool: CatalogueEntry }) {
  const { slug, name, purpose, connection } = tool;
  return (
    <li className="relative flex min-w-0 flex-col gap-3 rounded-lg border bg-surface p-4 shadow-lift transition-colors hover:bg-hover">
      <div className="flex items-start gap-3">
        <ToolLogo name={name} src={logoOf(slug)} />
        <div className="min-w-0 flex-1">
          <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <Link
              href={toolHref(slug)}
              className="font-semibold text-base after:absolute after:inset-0 after:rounded-lg focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:outline-ring"
            >
              {name}
            </Link>
            <ScopeChip scope={tool.scope} />
            <SandboxChip availability={tool.availability} />
            {tool.availability === "not_configured" ? <Badge>Not configured</Badge> : null}
          </div>
          <p className="text-pretty text-ink-muted text-sm">{purpose}</p>
        </div>
      </div>
      <Access reads={tool.reads} writes={tool.writes} />
      <div className="mt-auto flex min-h-8 items-center justify-between gap-3 pt-1">
        <ConnectionStatus connection={connection} />
        <TileFoot tool={tool} />
      </div>
    </li>
  );
}

function Access({ reads, writes }: Pick<CatalogueEntry, "reads" | "writes">) {
  const lines = [
    { icon: ArrowDownToLine, word: "Reads", of: reads },
    { icon: ArrowUpFromLine, word: "Writes", of: writes },
  ];
  return (
    <ul className="flex flex-col gap-1 text-sm">
      {lines.map(({ icon: Icon, word, of }) =>
        of.length === 0 ? null : (
          <li key={word} className="flex gap-2">
            <Icon aria-hidden className="mt-0.5 size-4 shrink-0 text-ink-faint" />
            <span className="min-w-0">
              <span className="text-ink-muted">{word} </span>
              {listWords(of)}
            </span>
          </li>
        ),
      )}
    </ul>
  );
}

function TileFoot({ tool }: { readonly tool: CatalogueEntry }) {
  if (!tool.mayManage) {
    return (
      <p className="flex items-center gap-1.5 text-ink-muted text-sm">
        <Lock aria-hidden className="size-3.5 shrink-0" />
        Managed by your admin
      </p>
    );
  }
  if (tool.availability === "not_configured") {
    return (
      <p className="text-ink-muted text-sm">
        Whoever runs this installation can add {tool.name}’s credentials.
      </p>
    );
  }
  return (
    <Button asChild className="relative z-[1] ml-auto">
      <Link href={connectHref(tool.slug)}>
        Connect<span className="sr-only"> {tool.name}</span>
      </Link>
    </Button>
  );
}
