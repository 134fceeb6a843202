import { CreatedCell } from "@/app/(app)/settings/integrations/api/created-cell";
import { serviceAccountHref } from "@/app/(app)/settings/integrations/api/service-accounts/hrefs";
import { formatCount } from "@/components/ui/format";
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
import type { ServiceAccountView } from "@/lib/service-accounts/schema";

const teamsShownMax = 3;

/** Up to three teams by name and how many more. */
function teamWords(teams: ServiceAccountView["teams"]): string {
  const names = teams.slice(0, teamsShownMax).map(({ name }) => name);
  const more = teams.length - names.length;
  return more > 0 ? `${names.join(", ")} and ${more} more` : names.join(", ");
}

/** The accounts with what they may do and how they are used. */
export function ServiceAccountTable(props: { readonly accounts: readonly ServiceAccountView[] }) {
  return (
    <Table crowded label="Service accounts">
      <TableHeader>
        <TableRow>
          <TableHead>Name</TableHead>
          <TableHead>Role</TableHead>
          <TableHead>Credentials</TableHead>
          <TableHead>Created</TableHead>
          <TableHead>Last used</TableHead>
          <TableHead>Status</TableHead>
        </TableRow>
      </TableHeader>
      <TableBody>
        {props.accounts.map((account) => (
          <TableRow key={account.id}>
            <TableCell className="sm:w-full sm:min-w-40 sm:max-w-0">
              <span className="block min-w-0">
                <RowLink
                  href={serviceAccountHref(account.id)}
                  className="block truncate max-sm:whitespace-normal"
                >
                  {account.name}
                </RowLink>
                {account.description === "" ? null : (
                  <span className="block truncate text-ink-muted text-xs max-sm:whitespace-normal">
                    {account.description}
                  </span>
                )}
              </span>
            </TableCell>
            <TableCell label="Role" className="sm:max-w-40">
              <span className="block min-w-0 max-sm:text-right">
                <span className="block truncate">{account.role.name}</span>
                {account.teams.length === 0 ? null : (
                  <span className="block truncate text-ink-muted text-xs">
                    {teamWords(account.teams)}
                  </span>
                )}
              </span>
            </TableCell>
            <TableCell label="Credentials" className="whitespace-nowrap text-ink-muted">
              {formatCount(account.tokens, "token")}, {formatCount(account.clients, "client")}
            </TableCell>
            <CreatedCell at={account.createdAt} by={account.createdBy} />
            <TableCell label="Last used" className="whitespace-nowrap text-ink-muted">
              {account.lastUsedAt === null ? "Never" : <RelativeTime value={account.lastUsedAt} />}
            </TableCell>
            <TableCell label="Status">
              <Status kind={account.status} />
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
