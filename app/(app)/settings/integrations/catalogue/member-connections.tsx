import { ForceDisconnectButton } from "@/app/(app)/settings/integrations/catalogue/force-disconnect-button";
import { logoOf } from "@/app/(app)/settings/integrations/logos";
import { ToolLogo } from "@/components/integrations/tool-logo";
import { NoValue } from "@/components/ui/data-list";
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
import type { Context } from "@/lib/auth/principal";
import { listMemberConnections } from "@/lib/integrations/service";

/** Personal connections of all members, for admins: which tool, whose and how it is; never their content (D-15). */
export async function MemberConnections({ ctx }: { readonly ctx: Context }) {
  const connections = await listMemberConnections(ctx);
  if (connections.length === 0) return null;
  return (
    <section aria-labelledby="member-connections">
      <h2 id="member-connections" className="font-semibold text-lg">
        Members’ connections
      </h2>
      <p className="max-w-2xl pt-1 pb-3 text-ink-muted text-sm">
        Tools that members have connected for themselves. You can end a connection; what it has
        synced stays private to its owner.
      </p>
      <Table label="Members’ connections">
        <TableHeader>
          <TableRow>
            <TableHead>Tool</TableHead>
            <TableHead>Member</TableHead>
            <TableHead>Status</TableHead>
            <TableHead>Connected</TableHead>
            <ActionsHead />
          </TableRow>
        </TableHeader>
        <TableBody>
          {connections.map((connection) => (
            <TableRow key={connection.id}>
              <TableCell>
                <span className="flex items-center gap-2 font-medium">
                  <ToolLogo size="sm" name={connection.toolName} src={logoOf(connection.slug)} />
                  {connection.toolName}
                </span>
              </TableCell>
              <TableCell label="Member">{connection.ownerName}</TableCell>
              <TableCell label="Status">
                <Status kind={connection.status} />
              </TableCell>
              <TableCell label="Connected" className="text-ink-muted">
                {connection.connectedAt === null ? (
                  <NoValue />
                ) : (
                  <RelativeTime value={connection.connectedAt} format="date" />
                )}
              </TableCell>
              <TableCell label="Actions" className="text-right">
                {connection.status === "disconnected" ? null : (
                  <ForceDisconnectButton
                    connectionId={connection.id}
                    toolName={connection.toolName}
                    ownerName={connection.ownerName}
                  />
                )}
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </section>
  );
}
