import { readdirSync } from "node:fs";
import { join } from "node:path";
import { singleton } from "@/lib/core/singleton";

/** The logos in `public/logos`, one a slug; read once a process. */
function known(): ReadonlySet<string> {
  return singleton("tool-logos", () => {
    try {
      return new Set(readdirSync(join(process.cwd(), "public", "logos")));
    } catch {
      return new Set<string>();
    }
  });
}

/** The address of a tool's logo; null where there is none, and its first letter stands in. */
export function logoOf(slug: string): string | null {
  const file = `${slug}.svg`;
  return known().has(file) ? `/logos/${file}` : null;
}
