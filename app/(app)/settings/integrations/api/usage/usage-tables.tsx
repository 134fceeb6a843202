import Link from "next/link";
import { docsHref, kindOf, usageHref } from "@/app/(app)/settings/integrations/api/usage/words";
import { formatNumber } from "@/components/ui/format";
import {
  RowLink,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";
import type { ApiUsage, Outcomes } from "@/lib/api-usage/schema";
import { wordsOfOperation } from "@/lib/api-usage/schema";

const outcomes: readonly { readonly name: keyof Outcomes; readonly label: string }[] = [
  { name: "answered", label: "Answered" },
  { name: "refused", label: "Refused" },
  { name: "limited", label: "Over the limit" },
  { name: "failed", label: "Failed" },
];

function OutcomeHeads() {
  return outcomes.map(({ name, label }) => (
    <TableHead key={name} numeric>
      {label}
    </TableHead>
  ));
}

/** Zeros step back, so that what went wrong can be found. */
function OutcomeCells({ of }: { readonly of: Outcomes }) {
  return outcomes.map(({ name, label }) => (
    <TableCell key={name} label={label} numeric className="tabular-nums">
      <span className={of[name] === 0 ? "text-ink-faint" : undefined}>
        {formatNumber(of[name])}
      </span>
    </TableCell>
  ));
}

/** Who asked, the busiest first. */
export function ProgramTable({ programs }: Pick<ApiUsage, "programs">) {
  return (
    <section aria-label="By program">
      <h2 className="pb-2 font-semibold text-base">By program</h2>
      <Table crowded label="Requests by program">
        <TableHeader>
          <TableRow>
            <TableHead>Program</TableHead>
            <OutcomeHeads />
          </TableRow>
        </TableHeader>
        <TableBody>
          {programs.map((program) => (
            <TableRow key={program.id}>
              <TableCell className="sm:w-full sm:min-w-44 sm:max-w-0">
                <span className="block min-w-0">
                  <RowLink
                    href={usageHref(program.id)}
                    className="block truncate max-sm:whitespace-normal"
                  >
                    {program.name}
                  </RowLink>
                  <span className="block truncate text-ink-muted text-xs max-sm:whitespace-normal">
                    {kindOf(program)}
                  </span>
                </span>
              </TableCell>
              <OutcomeCells of={program} />
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </section>
  );
}

/** What was asked for, the most frequent first. */
export function OperationTable({ operations }: Pick<ApiUsage, "operations">) {
  return (
    <section aria-label="By operation">
      <h2 className="pb-2 font-semibold text-base">By operation</h2>
      <Table crowded label="Requests by operation">
        <TableHeader>
          <TableRow>
            <TableHead>Operation</TableHead>
            <OutcomeHeads />
          </TableRow>
        </TableHeader>
        <TableBody>
          {operations.map((one) => (
            <TableRow key={one.operation}>
              <TableCell className="sm:w-full sm:min-w-44 sm:max-w-0">
                <span className="block min-w-0">
                  <span className="block truncate font-medium max-sm:whitespace-normal">
                    {wordsOfOperation(one.operation)}
                  </span>
                  <Link
                    href={docsHref(one.operation)}
                    className="rounded-sm font-mono text-brand-ink text-xs underline decoration-brand-line underline-offset-2 hover:decoration-current"
                  >
                    {one.operation}
                  </Link>
                </span>
              </TableCell>
              <OutcomeCells of={one} />
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </section>
  );
}
