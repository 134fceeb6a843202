/** A page number, or a gap that stands for the pages left out at that place. */
export type PageItem = number | "gap-start" | "gap-end";

/**
 * The numbers that a pager shows: first, last, the current page and its neighbours, at most seven
 * entries. A gap always hides at least two pages; a single hidden page is shown instead.
 */
export function pageItems(page: number, pages: number): PageItem[] {
  if (pages <= 7) return Array.from({ length: pages }, (_, index) => index + 1);
  if (page <= 4) return [1, 2, 3, 4, 5, "gap-end", pages];
  if (page >= pages - 3) {
    return [1, "gap-start", pages - 4, pages - 3, pages - 2, pages - 1, pages];
  }
  return [1, "gap-start", page - 1, page, page + 1, "gap-end", pages];
}
