import { projectHref } from "@/components/insights/words";
import { NoValue } from "@/components/ui/data-list";
import { formatNumber } from "@/components/ui/format";
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
import type { ProjectSummary } from "@/lib/insights/projects";

const teamsShown = 3;

/** Whom a project is for, in words. */
function teamWords({ teams }: ProjectSummary): string {
  if (teams.length === 0) return "Everybody";
  const names = teams.slice(0, teamsShown).map(({ name }) => name);
  const more = teams.length - names.length;
  return more === 0 ? names.join(", ") : `${names.join(", ")} and ${formatNumber(more)} more`;
}

function definitionWords({ definitions, active }: ProjectSummary): string {
  if (definitions === active) return formatNumber(definitions);
  return `${formatNumber(active)} of ${formatNumber(definitions)} active`;
}

/** The projects, each a row. */
export function ProjectTable({ projects }: { readonly projects: readonly ProjectSummary[] }) {
  return (
    <Table label="Insight projects">
      <TableHeader>
        <TableRow>
          <TableHead>Project</TableHead>
          <TableHead>Teams</TableHead>
          <TableHead numeric>Insights</TableHead>
          <TableHead numeric>Answers</TableHead>
          <TableHead>Last answer</TableHead>
        </TableRow>
      </TableHeader>
      <TableBody>
        {projects.map((project) => (
          <TableRow key={project.id}>
            <TableCell>
              <span className="block min-w-0 py-0.5">
                <RowLink href={projectHref(project.id)} className="wrap-anywhere">
                  {project.name}
                </RowLink>
                <span className="block text-pretty wrap-anywhere text-ink-muted text-sm">
                  {project.description}
                </span>
              </span>
            </TableCell>
            <TableCell label="Teams" className="text-ink-muted max-sm:text-right">
              {teamWords(project)}
            </TableCell>
            <TableCell label="Insights" numeric className="whitespace-nowrap">
              {definitionWords(project)}
            </TableCell>
            <TableCell label="Answers" numeric>
              {formatNumber(project.results)}
            </TableCell>
            <TableCell label="Last answer" className="whitespace-nowrap text-ink-muted">
              {project.lastResultAt === null ? (
                <NoValue />
              ) : (
                <RelativeTime value={project.lastResultAt} />
              )}
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
