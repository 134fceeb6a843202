import { kindWords, oauthAppHref } from "@/app/(app)/settings/integrations/api/oauth-apps/words";
import { AppMark } from "@/components/oauth/app-mark";
import { Badge } from "@/components/ui/badge";
import { CopyButton } from "@/components/ui/copy-button";
import { formatNumber } from "@/components/ui/format";
import { RelativeTime } from "@/components/ui/relative-time";
import { Status } from "@/components/ui/status";
import {
  RowLink,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";
import { logoUrlOf, type OAuthAppView } from "@/lib/oauth-server/schema";

/** The apps with how they are and how much they are used. */
export function OAuthAppTable({ apps }: { readonly apps: readonly OAuthAppView[] }) {
  return (
    <Table crowded label="OAuth apps">
      <TableHeader>
        <TableRow>
          <TableHead>Name and client ID</TableHead>
          <TableHead>Status</TableHead>
          <TableHead>Type</TableHead>
          <TableHead numeric>People</TableHead>
          <TableHead numeric>Requests, 30 days</TableHead>
          <TableHead>Created</TableHead>
        </TableRow>
      </TableHeader>
      <TableBody>
        {apps.map((app) => (
          <OAuthAppRow key={app.id} app={app} />
        ))}
      </TableBody>
    </Table>
  );
}

function OAuthAppRow({ app }: { readonly app: OAuthAppView }) {
  const { id, name, status, kind, people, requests30Days, createdAt } = app;
  return (
    <TableRow>
      <TableCell className="sm:w-full sm:min-w-56 sm:max-w-0">
        <span className="flex min-w-0 items-center gap-3">
          <AppMark name={name} logoUrl={logoUrlOf(app)} size="sm" />
          <span className="block min-w-0">
            <RowLink
              href={oauthAppHref(id)}
              className="block truncate max-sm:whitespace-normal max-sm:break-words"
            >
              {name}
            </RowLink>
            <span className="relative z-[1] flex min-w-0 items-center gap-1">
              <code className="min-w-0 truncate font-mono text-ink-muted text-xs">{id}</code>
              <CopyButton value={id} label={`Copy client ID of ${name}`} />
            </span>
          </span>
        </span>
      </TableCell>
      <TableCell label="Status">
        <Status kind={status} />
      </TableCell>
      <TableCell label="Type">
        <span className="flex flex-wrap items-center gap-1 max-sm:justify-end">
          {kindWords[kind].label}
          {app.isShared ? <Badge>Shared</Badge> : null}
          {app.registration === "dynamic" ? <Badge>By program</Badge> : null}
        </span>
      </TableCell>
      <TableCell label="People" numeric className="tabular-nums">
        {formatNumber(people)}
      </TableCell>
      <TableCell label="Requests, 30 days" numeric className="tabular-nums">
        {formatNumber(requests30Days)}
      </TableCell>
      <TableCell label="Created" className="whitespace-nowrap text-ink-muted">
        <RelativeTime value={createdAt} format="date" />
      </TableCell>
    </TableRow>
  );
}
