import Link from "next/link";
import type { ReactNode } from "react";
import { SyncNowButton } from "@/app/(app)/settings/integrations/catalogue/sync-now-button";
import { logoOf } from "@/app/(app)/settings/integrations/logos";
import {
  ConnectionStatus,
  LastSync,
  NextSync,
  SandboxChip,
  ScopeChip,
} from "@/components/integrations/connection-status";
import { ToolLogo } from "@/components/integrations/tool-logo";
import { connectHref, toolHref } from "@/components/integrations/words";
import { Button } from "@/components/ui/button";
import { RelativeTime } from "@/components/ui/relative-time";
import type { CatalogueEntry, ConnectionView } from "@/lib/integrations/schema";

/** A connected tool: how it is, which account, when it synced, and the one button that matters now. */
export function ConnectedRow({ tool }: { readonly tool: CatalogueEntry }) {
  const { slug, name, connection } = tool;
  if (connection === null) return null;
  return (
    <li className="relative px-4 py-3.5 transition-colors first:rounded-t-lg last:rounded-b-lg hover:bg-hover">
      <div className="grid items-center gap-x-6 lg:items-start gap-y-3 lg:grid-cols-[minmax(0,1fr)_8rem_8rem_6.5rem]">
        <div className="flex min-w-0 items-center gap-3">
          <ToolLogo name={name} src={logoOf(slug)} />
          <div className="min-w-0">
            <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
              <Link
                href={toolHref(slug)}
                className="font-semibold text-base after:absolute after:inset-0 after:rounded-lg focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:outline-ring focus-visible:after:-outline-offset-2"
              >
                {name}
              </Link>
              <ConnectionStatus connection={connection} />
            </div>
            <p className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1 pt-0.5 text-ink-muted text-sm">
              <span className="min-w-0 truncate">{connection.accountLabel}</span>
              <ScopeChip scope={tool.scope} />
              <SandboxChip availability={tool.availability} />
            </p>
          </div>
        </div>
        {connection.connectedAt === null ? null : (
          <>
            <Fact term="Last sync">
              <LastSync connection={connection} />
            </Fact>
            <Fact term="Next sync">
              <NextSync connection={connection} />
            </Fact>
          </>
        )}
        <div className="relative z-[1] flex lg:col-start-4 lg:justify-end">
          <RowButton tool={tool} connection={connection} />
        </div>
      </div>
      <RowTrouble name={name} connection={connection} />
    </li>
  );
}

function Fact({ term, children }: { readonly term: string; readonly children: ReactNode }) {
  return (
    <dl className="flex items-baseline gap-3 text-sm lg:block">
      <dt className="w-20 shrink-0 text-ink-muted text-xs">{term}</dt>
      <dd className="min-w-0">{children}</dd>
    </dl>
  );
}

interface RowPartProps {
  readonly tool: CatalogueEntry;
  readonly connection: ConnectionView;
}

function RowButton({ tool, connection }: RowPartProps) {
  const { slug, name, mayManage } = tool;
  if (!mayManage) {
    return <span className="text-ink-muted text-xs lg:text-right">Managed by your admin</span>;
  }
  const named = <span className="sr-only"> {name}</span>;
  if (connection.status === "needs_attention") {
    return (
      <Button asChild variant="primary">
        <Link href={connectHref(slug)}>Reconnect{named}</Link>
      </Button>
    );
  }
  if (connection.trouble?.button === "settings") {
    return (
      <Button asChild>
        <Link href={`${toolHref(slug)}?tab=sync`}>Open settings{named}</Link>
      </Button>
    );
  }
  return <SyncNowButton connectionId={connection.id} name={name} />;
}

interface RowTroubleProps {
  readonly name: string;
  readonly connection: ConnectionView;
}

/** One line on what is wrong, where something is. */
function RowTrouble({ name, connection }: RowTroubleProps) {
  const { status, trouble, notAnsweringSince } = connection;
  const line = "pt-2 text-sm text-warning-ink lg:pl-12";
  if (notAnsweringSince !== null && status === "connected") {
    return (
      <p className={line}>
        {name} is not answering since <RelativeTime value={notAnsweringSince} format="datetime" />.
        Nothing is lost: Harmony keeps trying.
      </p>
    );
  }
  return trouble === null ? null : <p className={line}>{trouble.what}</p>;
}
