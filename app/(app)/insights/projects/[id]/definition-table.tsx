import { Ban, Ellipsis, Pencil, Play, Trash2 } from "lucide-react";
import { insightTypeWords } from "@/components/insights/words";
import { Badge } from "@/components/ui/badge";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { formatNumber } from "@/components/ui/format";
import { IconButton } from "@/components/ui/icon-button";
import { Status } from "@/components/ui/status";
import {
  ActionsHead,
  RowLink,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";
import type { DefinitionView } from "@/lib/insights/definitions";

interface DefinitionActions {
  readonly onEdit: (definition: DefinitionView) => void;
  readonly onTurn: (definition: DefinitionView) => void;
  readonly onDelete: (definition: DefinitionView) => void;
}

interface DefinitionTableProps {
  readonly definitions: readonly DefinitionView[];
  /** Null for somebody who may only look. */
  readonly actions: DefinitionActions | null;
}

/** The questions, each a row that leads to its report. */
export function DefinitionTable({ definitions, actions }: DefinitionTableProps) {
  return (
    <Table label="Insights">
      <TableHeader>
        <TableRow>
          <TableHead>Insight</TableHead>
          <TableHead>Type</TableHead>
          <TableHead>Status</TableHead>
          <TableHead numeric>Answers</TableHead>
          {actions === null ? null : <ActionsHead />}
        </TableRow>
      </TableHeader>
      <TableBody>
        {definitions.map((definition) => (
          <TableRow key={definition.id}>
            <TableCell>
              <span className="block min-w-0 py-0.5">
                <RowLink href={`/insights/${definition.id}`} className="wrap-anywhere">
                  {definition.name}
                </RowLink>
                <span className="block text-pretty wrap-anywhere text-ink-muted text-sm">
                  {definition.question}
                </span>
              </span>
            </TableCell>
            <TableCell label="Type" className="whitespace-nowrap text-ink-muted">
              {insightTypeWords[definition.type]}
            </TableCell>
            <TableCell label="Status">
              <span className="flex flex-wrap items-center gap-1.5">
                {definition.active ? (
                  <Status kind="active" plain />
                ) : (
                  <Status kind="paused" label="Disabled" plain />
                )}
                {definition.needsModel ? <Badge tone="info">Needs a language model</Badge> : null}
              </span>
            </TableCell>
            <TableCell label="Answers" numeric>
              {formatNumber(definition.results)}
            </TableCell>
            {actions === null ? null : (
              <TableCell className="text-right">
                <span className="relative z-[1] ml-auto">
                  <DefinitionMenu definition={definition} actions={actions} />
                </span>
              </TableCell>
            )}
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

interface DefinitionMenuProps {
  readonly definition: DefinitionView;
  readonly actions: DefinitionActions;
}

function DefinitionMenu({ definition, actions }: DefinitionMenuProps) {
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <IconButton label={`Actions for ${definition.name}`}>
          <Ellipsis />
        </IconButton>
      </DropdownMenuTrigger>
      <DropdownMenuContent>
        <DropdownMenuItem onSelect={() => actions.onEdit(definition)}>
          <Pencil aria-hidden />
          Edit
        </DropdownMenuItem>
        <DropdownMenuItem onSelect={() => actions.onTurn(definition)}>
          {definition.active ? <Ban aria-hidden /> : <Play aria-hidden />}
          {definition.active ? "Disable" : "Enable"}
        </DropdownMenuItem>
        <DropdownMenuSeparator />
        <DropdownMenuItem danger onSelect={() => actions.onDelete(definition)}>
          <Trash2 aria-hidden />
          Delete
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
