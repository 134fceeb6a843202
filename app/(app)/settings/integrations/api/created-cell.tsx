import { RelativeTime } from "@/components/ui/relative-time";
import { TableCell } from "@/components/ui/table";

interface CreatedCellProps {
  /** ISO 8601. */
  readonly at: string;
  /** Null when that person's account is gone. */
  readonly by: string | null;
}

/** When something was made, and by whom. */
export function CreatedCell({ at, by }: CreatedCellProps) {
  return (
    <TableCell label="Created" className="sm:max-w-36">
      <span className="block min-w-0 max-sm:text-right">
        <RelativeTime value={at} format="date" className="whitespace-nowrap" />
        {by === null ? null : (
          <span className="block truncate text-ink-muted text-xs">by {by}</span>
        )}
      </span>
    </TableCell>
  );
}
