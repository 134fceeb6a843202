import { RichText } from "@/components/docs/rich-text";
import { cn } from "@/components/ui/cn";
import {
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";

interface FactTableProps {
  /** Names the table for screen readers. */
  readonly label: string;
  readonly columns: readonly {
    readonly title: string;
    /** Holds a word or a number: on a phone its title stands beside it. */
    readonly isShort?: boolean;
  }[];
  readonly rows: readonly {
    /** Unique in the table. */
    readonly key: string;
    /** Where links lead to this row. */
    readonly id?: string;
    /** Sentences; what stands between backticks is code. */
    readonly cells: readonly string[];
  }[];
}

/** A table to read: the first column names, the others tell. */
export function FactTable({ label, columns, rows }: FactTableProps) {
  return (
    <div className="mt-3 max-w-4xl">
      <Table label={label}>
        <TableHeader>
          <TableRow>
            {columns.map(({ title }) => (
              <TableHead key={title}>{title}</TableHead>
            ))}
          </TableRow>
        </TableHeader>
        <TableBody>
          {rows.map(({ key, id, cells }) => (
            <TableRow key={key} {...(id === undefined ? {} : { id })} className="scroll-mt-20">
              {columns.map(({ title, isShort }, index) => (
                <TableCell
                  key={title}
                  {...(isShort ? { label: title } : {})}
                  className={cn(
                    "align-top",
                    index === 0 ? "sm:whitespace-nowrap" : "text-ink-muted text-sm",
                  )}
                >
                  <span className="min-w-0">
                    <RichText>{cells[index] ?? ""}</RichText>
                  </span>
                </TableCell>
              ))}
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </div>
  );
}
