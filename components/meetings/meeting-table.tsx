import { LiveStatus } from "@/components/meetings/live-status";
import { isOpen } from "@/components/meetings/words";
import { NoValue } from "@/components/ui/data-list";
import { formatDuration, formatNumber } from "@/components/ui/format";
import { RelativeTime } from "@/components/ui/relative-time";
import {
  RowLink,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";
import type { MeetingListRow } from "@/lib/meetings/page-queries";

interface MeetingTableProps {
  readonly label: string;
  readonly rows: readonly MeetingListRow[];
}

/** Meetings as rows that lead to them; those that are being processed follow their progress. */
export function MeetingTable({ label, rows }: MeetingTableProps) {
  const followed = rows.filter((row) => isOpen(row.status)).length;
  return (
    <Table label={label}>
      <TableHeader>
        <TableRow>
          <TableHead>Meeting</TableHead>
          <TableHead>Status</TableHead>
          <TableHead>Date</TableHead>
          <TableHead numeric>Duration</TableHead>
          <TableHead className="sm:max-md:hidden">Owner</TableHead>
          <TableHead className="sm:max-xl:hidden">Team</TableHead>
          <TableHead numeric className="sm:max-xl:hidden">
            People
          </TableHead>
        </TableRow>
      </TableHeader>
      <TableBody>
        {rows.map((row) => (
          <TableRow key={row.id}>
            <TableCell className="sm:w-full sm:min-w-40 sm:max-w-0">
              <RowLink
                href={`/meetings/${row.id}`}
                className="block truncate max-sm:whitespace-normal max-sm:wrap-anywhere"
              >
                {row.title}
              </RowLink>
            </TableCell>
            <TableCell label="Status">
              <LiveStatus
                id={row.id}
                followed={followed}
                status={row.status}
                stage={row.stage}
                progress={row.progress}
              />
            </TableCell>
            <TableCell label="Date" className="whitespace-nowrap text-ink-muted">
              <RelativeTime value={row.date} />
            </TableCell>
            <TableCell label="Duration" numeric className="whitespace-nowrap text-ink-muted">
              {row.duration === 0 ? <NoValue /> : formatDuration(row.duration)}
            </TableCell>
            <TableCell label="Owner" className="text-ink-muted sm:max-md:hidden sm:max-w-40">
              <span className="block truncate">{row.owner ?? <NoValue />}</span>
            </TableCell>
            <TableCell label="Team" className="text-ink-muted sm:max-xl:hidden sm:max-w-40">
              <span className="block truncate">{row.team ?? <NoValue />}</span>
            </TableCell>
            <TableCell label="People" numeric className="text-ink-muted sm:max-xl:hidden">
              {row.participants === 0 ? <NoValue /> : formatNumber(row.participants)}
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
