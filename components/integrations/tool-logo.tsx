import { cn } from "@/components/ui/cn";

interface ToolLogoProps {
  readonly name: string;
  /** Null where we have no logo of the tool: its first letter stands there. */
  readonly src: string | null;
  readonly size?: "sm" | "md" | "lg";
}

const sizes = { sm: "size-7 text-sm", md: "size-9 text-base", lg: "size-11 text-lg" } as const;

/** A tool's mark on a tile. It is beside the tool's name, so it says nothing of its own. */
export function ToolLogo({ name, src, size = "md" }: ToolLogoProps) {
  return (
    <span
      aria-hidden
      className={cn(
        "grid shrink-0 place-items-center rounded-lg border bg-surface font-semibold text-ink-muted shadow-lift dark:bg-raised",
        sizes[size],
      )}
    >
      {src === null ? (
        name.charAt(0)
      ) : (
        // biome-ignore lint/performance/noImgElement: a small SVG of our own that needs no optimiser
        <img src={src} alt="" className="size-3/5" />
      )}
    </span>
  );
}
