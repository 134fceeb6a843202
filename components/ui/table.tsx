import Link from "next/link";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "@/components/ui/cn";

interface TableProps {
  /** Names the table for screen readers. */
  readonly label: string;
  /** Under 640 px: rows turn into blocks of label and value, or the table scrolls sideways. */
  readonly narrow?: "stack" | "scroll";
  /** Has more columns than the settings' column holds between the phone's blocks and a wide screen: scrolls there. */
  readonly crowded?: boolean;
  readonly className?: string;
  readonly children: ReactNode;
}

/**
 * A table of rows. With `narrow="stack"` give every TableCell its `label`. The header sticks below
 * whatever `--sticky-top` says (the shell's top bar), or inside the scroller.
 */
export function Table({
  label,
  narrow = "stack",
  crowded = false,
  className,
  children,
}: TableProps) {
  const table = (
    <table
      // biome-ignore lint/a11y/noRedundantRoles: the stacked form on phones loses the implied role
      role="table"
      aria-label={label}
      data-narrow={narrow}
      className={cn(
        "group/table w-full border-separate border-spacing-0 text-left text-base max-sm:data-[narrow=stack]:block",
        className,
      )}
    >
      {children}
    </table>
  );
  if (crowded) {
    // Inside the scroller the header sticks to its top: below the page's bar it would cover the first row.
    return <div className="sm:max-xl:overflow-x-auto sm:max-xl:[--sticky-top:0px]">{table}</div>;
  }
  if (narrow === "stack") return table;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a section would not say that this scrolls
    <div
      role="region"
      aria-label={`${label}, scrolls sideways`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard must be able to scroll it
      tabIndex={0}
      className="overflow-x-auto"
    >
      {table}
    </div>
  );
}

interface PartProps {
  readonly className?: string;
  readonly children: ReactNode;
}

/** The header; holds one TableRow of TableHead. */
export function TableHeader({ children }: PartProps) {
  return (
    <thead
      // biome-ignore lint/a11y/noRedundantRoles: the stacked form on phones loses the implied role
      role="rowgroup"
      className="max-sm:group-data-[narrow=stack]/table:sr-only"
    >
      {children}
    </thead>
  );
}

/** The body; holds TableRow. */
export function TableBody({ children }: PartProps) {
  return (
    <tbody
      // biome-ignore lint/a11y/noRedundantRoles: the stacked form on phones loses the implied role
      role="rowgroup"
      className="max-sm:group-data-[narrow=stack]/table:block"
    >
      {children}
    </tbody>
  );
}

interface TableRowProps extends ComponentProps<"tr"> {
  readonly selected?: boolean;
}

/** A row; it takes the whole click when a cell holds a RowLink. */
export function TableRow({ selected = false, className, children, ...props }: TableRowProps) {
  return (
    <tr
      {...props}
      // biome-ignore lint/a11y/noRedundantRoles: the stacked form on phones loses the implied role
      role="row"
      {...(selected ? { "aria-selected": true } : {})}
      className={cn(
        "group/row relative transition-colors aria-selected:bg-brand-tint [tbody_&:hover]:bg-hover",
        "max-sm:group-data-[narrow=stack]/table:block max-sm:group-data-[narrow=stack]/table:border-b max-sm:group-data-[narrow=stack]/table:py-2.5",
        className,
      )}
    >
      {children}
    </tr>
  );
}

interface TableHeadProps extends ComponentProps<"th"> {
  readonly numeric?: boolean;
}

/** A column's name. */
export function TableHead({ numeric = false, className, ...props }: TableHeadProps) {
  return (
    <th
      {...props}
      {...(numeric ? { "data-numeric": "" } : {})}
      scope="col"
      // biome-ignore lint/a11y/noRedundantRoles: the stacked form on phones loses the implied role
      role="columnheader"
      className={cn(
        "sticky top-(--sticky-top,0px) z-10 h-9 whitespace-nowrap border-b bg-surface px-3 font-medium text-ink-muted text-xs first:pl-2 last:pr-2",
        numeric && "text-right",
        className,
      )}
    />
  );
}

/** The head of the column with each row's menu or buttons. */
export function ActionsHead() {
  return (
    <TableHead>
      <span className="sr-only">Actions</span>
    </TableHead>
  );
}

interface TableCellProps extends ComponentProps<"td"> {
  /** The column's name, shown beside the value in the stacked form. */
  readonly label?: string;
  readonly numeric?: boolean;
}

/** A value. Without a `label` it takes the whole line in the stacked form (the row's title). */
export function TableCell({
  label,
  numeric = false,
  className,
  children,
  ...props
}: TableCellProps) {
  return (
    <td
      {...props}
      {...(numeric ? { "data-numeric": "" } : {})}
      // biome-ignore lint/a11y/noRedundantRoles: the stacked form on phones loses the implied role
      role="cell"
      className={cn(
        "h-11 border-b px-3 py-2 first:pl-2 last:pr-2",
        numeric && "text-right",
        "max-sm:group-data-[narrow=stack]/table:flex max-sm:group-data-[narrow=stack]/table:h-auto max-sm:group-data-[narrow=stack]/table:min-h-6 max-sm:group-data-[narrow=stack]/table:items-center max-sm:group-data-[narrow=stack]/table:justify-between max-sm:group-data-[narrow=stack]/table:gap-4 max-sm:group-data-[narrow=stack]/table:border-0 max-sm:group-data-[narrow=stack]/table:px-2 max-sm:group-data-[narrow=stack]/table:py-0.5",
        className,
      )}
    >
      {label === undefined ? null : (
        <span
          aria-hidden
          className="hidden shrink-0 text-ink-faint text-sm max-sm:group-data-[narrow=stack]/table:inline"
        >
          {label}
        </span>
      )}
      {children}
    </td>
  );
}

type LinkProps = ComponentProps<typeof Link>;

interface RowLinkProps {
  readonly href: string;
  /** Called before a soft navigation; `preventDefault` keeps the page, for a drawer that opens over it. */
  readonly onNavigate?: NonNullable<LinkProps["onNavigate"]>;
  readonly prefetch?: NonNullable<LinkProps["prefetch"]>;
  readonly className?: string;
  readonly children: ReactNode;
}

/**
 * The link that names a row; its press area is the whole row. Other controls of the row need
 * `relative z-[1]` to stay above it.
 */
export function RowLink({ className, children, ...link }: RowLinkProps) {
  return (
    <Link
      {...link}
      className={cn(
        "min-w-0 font-medium text-ink after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:rounded-md focus-visible:after:outline-2 focus-visible:after:outline-ring focus-visible:after:-outline-offset-2",
        className,
      )}
    >
      {children}
    </Link>
  );
}
