import { Check, Minus } from "lucide-react";
import type { Metadata } from "next";
import { Fragment } from "react";
import { requireSession } from "@/app/(app)/require-session";
import { NotAllowed, ViewOnly } from "@/app/(app)/settings/view-only";
import { PageHeader } from "@/components/ui/page-header";
import {
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";
import { BUILT_IN_ROLES, hasGrant, type Reach } from "@/lib/auth/roles";
import { contextOf } from "@/lib/http/action";
import { type MatrixArea, permissionMatrix } from "@/lib/members/permission-matrix";
import { listRoles } from "@/lib/members/service";

export const metadata: Metadata = { title: "Roles" };

export default async function RolesPage() {
  const session = await requireSession();
  if (!hasGrant(session.grants, "roles:read", "all")) return <NotAllowed what="roles" />;
  const roles = await listRoles(await contextOf(session));
  return (
    <>
      <PageHeader
        title="Roles"
        description="What each role may do, and with whose things: one's own, those of one's teams, or all."
        aside={<ViewOnly />}
      />
      <dl className="grid gap-x-8 gap-y-3 pb-8 sm:grid-cols-3">
        {roles.map(({ id, key, name }) => (
          <div key={id}>
            <dt className="font-medium text-base">{name}</dt>
            <dd className="text-ink-muted text-sm">
              {key === null ? "Made for this workspace." : BUILT_IN_ROLES[key].description}
            </dd>
          </div>
        ))}
      </dl>
      <Table label="Permissions of each role">
        <TableHeader>
          <TableRow>
            <TableHead>Permission</TableHead>
            {roles.map(({ id, name }) => (
              <TableHead key={id}>{name}</TableHead>
            ))}
          </TableRow>
        </TableHeader>
        <TableBody>
          {permissionMatrix(roles).map((area) => (
            <Area key={area.name} area={area} roleNames={roles.map(({ name }) => name)} />
          ))}
        </TableBody>
      </Table>
    </>
  );
}

interface AreaProps {
  readonly area: MatrixArea;
  /** In the order of the columns. */
  readonly roleNames: readonly string[];
}

function Area({ area, roleNames }: AreaProps) {
  return (
    <Fragment>
      <TableRow>
        <th
          scope="colgroup"
          colSpan={roleNames.length + 1}
          className="border-b bg-canvas px-2 py-1.5 text-left font-semibold text-sm max-sm:block max-sm:border-0"
        >
          {area.name}
        </th>
      </TableRow>
      {area.rows.map((row) => (
        <TableRow key={row.permission}>
          <TableCell>
            <span>
              <span className="block">{row.words}</span>
              <code className="font-mono text-ink-faint text-xs">{row.permission}</code>
            </span>
          </TableCell>
          {row.reach.map((reach, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: one cell a role, in the order of the columns
            <TableCell key={index} label={roleNames[index] ?? ""}>
              <ReachMark reach={reach} />
            </TableCell>
          ))}
        </TableRow>
      ))}
    </Fragment>
  );
}

const reachWords: Readonly<Record<Reach, string>> = { all: "All", team: "Teams", own: "Own" };

function ReachMark({ reach }: { readonly reach: Reach | null }) {
  if (reach === null) {
    return (
      <span className="inline-flex items-center gap-1.5 text-ink-faint">
        <Minus aria-hidden className="size-4" />
        No
      </span>
    );
  }
  return (
    <span className="inline-flex items-center gap-1.5">
      <Check aria-hidden className="size-4 text-success-ink" />
      {reachWords[reach]}
    </span>
  );
}
