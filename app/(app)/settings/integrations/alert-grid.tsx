"use client";

import { type ReactNode, useState } from "react";
import { Status } from "@/components/ui/status";
import {
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";
import { type Alert, alertWords, type Channel, channelWords } from "@/lib/notify/schema";

/** Says what was saved, or nothing while something is being saved. */
export type TellSaved = (words: string | null) => void;

interface AlertGridProps<Cell extends { readonly channel: Channel }> {
  readonly label: string;
  /** Alert by alert, the channels in their order. */
  readonly grid: readonly { readonly alert: Alert; readonly cells: readonly Cell[] }[];
  /** What each alert is about stands under its name. */
  readonly isExplained?: boolean;
  /** What is chosen in one cell; each choice is saved at once. */
  readonly children: (alert: Alert, cell: Cell, onSaved: TellSaved) => ReactNode;
}

/** Alerts and channels as a table, one alert a row, with a line below that says what was saved last. */
export function AlertGrid<Cell extends { readonly channel: Channel }>(props: AlertGridProps<Cell>) {
  const { label, grid, isExplained = false, children } = props;
  const [saved, setSaved] = useState<string | null>(null);
  const [first] = grid;
  return (
    <>
      <Table label={label}>
        <TableHeader>
          <TableRow>
            <TableHead>Alert</TableHead>
            {first?.cells.map(({ channel }) => (
              <TableHead key={channel}>{channelWords[channel]}</TableHead>
            ))}
          </TableRow>
        </TableHeader>
        <TableBody>
          {grid.map(({ alert, cells }) => (
            <TableRow key={alert}>
              <TableCell className={isExplained ? "sm:w-1/3" : "sm:w-1/4"}>
                <span>
                  <span className="block font-medium">{alertWords[alert].label}</span>
                  {isExplained ? (
                    <span className="block text-ink-muted text-sm">{alertWords[alert].what}</span>
                  ) : null}
                </span>
              </TableCell>
              {cells.map((cell) => (
                <TableCell key={cell.channel} label={channelWords[cell.channel]}>
                  {children(alert, cell, setSaved)}
                </TableCell>
              ))}
            </TableRow>
          ))}
        </TableBody>
      </Table>
      <div role="status" className="flex min-h-6 items-center">
        {saved === null ? null : <Status plain kind="success" label={saved} />}
      </div>
    </>
  );
}
