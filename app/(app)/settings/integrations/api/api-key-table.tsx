"use client";

import { Ban, Bot, ChartColumn, Ellipsis, RotateCw } from "lucide-react";
import Link from "next/link";
import { serviceAccountHref } from "@/app/(app)/settings/integrations/api/service-accounts/hrefs";
import { usageHref } from "@/app/(app)/settings/integrations/api/usage/words";
import { Badge } from "@/components/ui/badge";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { IconButton } from "@/components/ui/icon-button";
import { RelativeTime } from "@/components/ui/relative-time";
import { Status } from "@/components/ui/status";
import {
  ActionsHead,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";
import type { ApiKeyView } from "@/lib/api-keys/schema";

type Choose = ((key: ApiKeyView) => void) | null;

interface ApiKeyTableProps {
  readonly keys: readonly ApiKeyView[];
  /** On a service account's own page, whose tokens need not say whose they are. */
  readonly isOfAccount: boolean;
  /** Null where the viewer may not. */
  readonly onRotate: Choose;
  readonly onRevoke: Choose;
}

/** The keys with what they may do, who made them, and how they are. */
export function ApiKeyTable({ keys, isOfAccount, onRotate, onRevoke }: ApiKeyTableProps) {
  const hasMenu = onRotate !== null || onRevoke !== null;
  return (
    <Table crowded label={isOfAccount ? "API tokens" : "API keys"}>
      <TableHeader>
        <TableRow>
          <TableHead>{isOfAccount ? "Name and token" : "Name and key"}</TableHead>
          <TableHead>Role and access</TableHead>
          <TableHead>Created</TableHead>
          <TableHead>Last used</TableHead>
          <TableHead>Expires</TableHead>
          <TableHead>Status</TableHead>
          {hasMenu ? <ActionsHead /> : null}
        </TableRow>
      </TableHeader>
      <TableBody>
        {keys.map((key) => (
          <TableRow key={key.id}>
            <TableCell className="sm:w-full sm:min-w-40 sm:max-w-0">
              <span className="block min-w-0">
                <span className="block truncate font-medium max-sm:whitespace-normal">
                  {key.name}
                </span>
                <code className="block truncate font-mono text-ink-muted text-xs">
                  {key.masked}
                </code>
                {isOfAccount ? null : <TokenOwner account={key.serviceAccount} />}
              </span>
            </TableCell>
            <TableCell label="Role and access" className="sm:max-w-36">
              <span className="block min-w-0 max-sm:text-right">
                <span className="block truncate">{key.role?.name ?? "No role"}</span>
                <span className="block text-ink-muted text-xs">
                  {key.access === "read" ? "Read only" : "Read and upload"}
                  {key.rateLimitPerMinute === null ? null : `, ${key.rateLimitPerMinute} a minute`}
                </span>
              </span>
            </TableCell>
            <TableCell label="Created" className="sm:max-w-36">
              <span className="block min-w-0 max-sm:text-right">
                <RelativeTime
                  value={key.createdAt.toISOString()}
                  format="date"
                  className="whitespace-nowrap"
                />
                <span className="flex min-w-0 flex-wrap items-center gap-1 text-ink-muted text-xs max-sm:justify-end">
                  <span className="truncate">by {key.createdBy}</span>
                  {key.isCreatorRemoved ? <Badge tone="warning">Creator removed</Badge> : null}
                </span>
              </span>
            </TableCell>
            <TableCell label="Last used" className="whitespace-nowrap text-ink-muted">
              {key.lastUsedAt === null ? (
                "Never"
              ) : (
                <RelativeTime value={key.lastUsedAt.toISOString()} />
              )}
            </TableCell>
            <TableCell label="Expires" className="whitespace-nowrap text-ink-muted">
              {key.expiresAt === null ? (
                "Never"
              ) : (
                <RelativeTime value={key.expiresAt.toISOString()} format="date" />
              )}
            </TableCell>
            <TableCell label="Status">
              <KeyStatus apiKey={key} />
            </TableCell>
            {hasMenu ? (
              <TableCell label="Actions" className="text-right">
                <KeyMenu apiKey={key} onRotate={onRotate} onRevoke={onRevoke} />
              </TableCell>
            ) : null}
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

/** Whose API token it is, for keys that are one. */
function TokenOwner({ account }: { readonly account: ApiKeyView["serviceAccount"] }) {
  if (account === null) return null;
  return (
    <span className="flex min-w-0 items-center gap-1 pt-0.5 text-ink-muted text-xs">
      <Bot aria-hidden className="size-3.5 shrink-0" />
      <span className="truncate">
        API token of{" "}
        <Link
          href={serviceAccountHref(account.id)}
          className="rounded-sm text-brand-ink underline decoration-brand-line underline-offset-2 hover:decoration-current"
        >
          {account.name}
        </Link>
      </span>
    </span>
  );
}

function KeyStatus({ apiKey }: { readonly apiKey: ApiKeyView }) {
  const { status, endsAt, revokedAt, serviceAccount } = apiKey;
  const since = status === "revoked" ? revokedAt : null;
  return (
    <span className="block max-sm:text-right">
      {status === "active" && serviceAccount?.isDisabled ? (
        <Status kind="disabled" label="Account disabled" />
      ) : (
        <Status kind={status} />
      )}
      {endsAt === null ? null : (
        <span className="block pt-0.5 text-ink-muted text-xs">
          replaced, works until <RelativeTime value={endsAt.toISOString()} format="datetime" />
        </span>
      )}
      {since === null ? null : (
        <span className="block whitespace-nowrap pt-0.5 text-ink-muted text-xs">
          <RelativeTime value={since.toISOString()} />
        </span>
      )}
    </span>
  );
}

interface KeyMenuProps {
  readonly apiKey: ApiKeyView;
  readonly onRotate: Choose;
  readonly onRevoke: Choose;
}

/** A rotated key has its successor, an expired one cannot be extended, and of a revoked one its use is left. */
function KeyMenu({ apiKey, onRotate, onRevoke }: KeyMenuProps) {
  const mayRotate = onRotate !== null && apiKey.status === "active" && apiKey.endsAt === null;
  const mayRevoke = onRevoke !== null && apiKey.status !== "revoked";
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <IconButton label={`Actions for ${apiKey.name}`}>
          <Ellipsis />
        </IconButton>
      </DropdownMenuTrigger>
      <DropdownMenuContent>
        <DropdownMenuItem asChild>
          <Link href={usageHref(apiKey.id)}>
            <ChartColumn aria-hidden />
            Usage
          </Link>
        </DropdownMenuItem>
        {mayRotate ? (
          <DropdownMenuItem onSelect={() => onRotate(apiKey)}>
            <RotateCw aria-hidden />
            Rotate
          </DropdownMenuItem>
        ) : null}
        {mayRevoke ? (
          <DropdownMenuItem danger onSelect={() => onRevoke(apiKey)}>
            <Ban aria-hidden />
            Revoke
          </DropdownMenuItem>
        ) : null}
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
