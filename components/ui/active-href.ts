/**
 * Which of the links is the current one: the longest that equals the path or is a parent of it.
 * "/" is only itself, never everybody's parent. Returns null when none fits.
 */
export function activeHref(pathname: string, hrefs: readonly string[]): string | null {
  let best: string | null = null;
  for (const href of hrefs) {
    const fits = pathname === href || (href !== "/" && pathname.startsWith(`${href}/`));
    if (fits && href.length > (best?.length ?? 0)) best = href;
  }
  return best;
}
