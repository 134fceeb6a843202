import type { CatalogueEntry } from "@/lib/integrations/schema";

/** What the catalogue's address asks for. */
interface CatalogueFilter {
  readonly q: string;
  /** A category's key; empty for every one. */
  readonly category: string;
}

/**
 * The tools that have the words in their name, category or purpose, whatever their case (handbook D-04).
 * @param words the labels of the categories
 */
export function findTools(
  tools: readonly CatalogueEntry[],
  { q, category }: CatalogueFilter,
  words: Readonly<Record<CatalogueEntry["category"], string>>,
): readonly CatalogueEntry[] {
  const wanted = q.trim().toLocaleLowerCase("en");
  return tools.filter((tool) => {
    if (category !== "" && tool.category !== category) return false;
    return [tool.name, words[tool.category], tool.purpose].some((text) =>
      text.toLocaleLowerCase("en").includes(wanted),
    );
  });
}
