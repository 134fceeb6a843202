import { BasicsForm } from "@/app/(app)/insights/projects/[id]/lazy-parts";
import { DataList } from "@/components/ui/data-list";
import type { ProjectDetail } from "@/lib/insights/projects";

/** What the project is called and what an engine should know. */
export function BasicsTab({ project }: { readonly project: ProjectDetail }) {
  const { id, name, description, language, knowledge, definitions, results } = project;
  if (project.mayEdit) {
    return (
      <BasicsForm
        project={{ id, name, definitions, results }}
        basics={{ name, description, language: language ?? "", knowledge }}
      />
    );
  }
  const shown = (text: string | null) =>
    text === null || text === "" ? null : <span className="whitespace-pre-line">{text}</span>;
  return (
    <DataList
      className="max-w-2xl"
      items={[
        { term: "Name", value: name },
        { term: "Description", value: shown(description) },
        { term: "Language of the answers", value: shown(language) },
        { term: "Knowledge", value: shown(knowledge) },
      ]}
    />
  );
}
