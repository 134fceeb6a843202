import { ChevronRight } from "lucide-react";

interface ChartTableProps {
  readonly caption: string;
  readonly columns: readonly [string, ...string[]];
  /** The first cell names the row. */
  readonly rows: readonly (readonly [string, ...string[]])[];
}

/** The figures behind a chart, for those who cannot see it or want them exactly. */
export function ChartTable({ caption, columns, rows }: ChartTableProps) {
  return (
    <details className="group/figures w-fit max-w-full text-sm">
      <summary className="flex list-none items-center gap-1 rounded-sm text-ink-muted [&::-webkit-details-marker]:hidden">
        <ChevronRight
          aria-hidden
          className="size-4 text-ink-faint transition-transform group-open/figures:rotate-90"
        />
        Figures
        <span className="sr-only">: {caption}</span>
      </summary>
      <table className="mt-2 border-separate border-spacing-x-4 border-spacing-y-1 tabular-nums">
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col" className="text-left font-medium text-ink-muted">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, ...values]) => (
            <tr key={name}>
              <th scope="row" className="text-left font-normal">
                {name}
              </th>
              {values.map((value, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns stay where they are
                <td key={index} className="text-right">
                  {value}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
