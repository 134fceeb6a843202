import { cn } from "@/components/ui/cn";
import { initials } from "@/components/ui/format";

interface AvatarProps {
  readonly name: string;
  readonly size?: "sm" | "md" | "lg";
  /** People are round, workspaces and apps square. */
  readonly shape?: "person" | "thing";
  readonly className?: string;
}

const sizes = {
  sm: "size-5 text-[0.625rem]",
  md: "size-7 text-xs",
  lg: "size-10 text-base",
} as const;

/** Initials of a name. Decoration: the name always stands beside it or names the button around it. */
export function Avatar({ name, size = "md", shape = "person", className }: AvatarProps) {
  return (
    <span
      aria-hidden
      className={cn(
        "grid shrink-0 select-none place-items-center font-semibold",
        shape === "person"
          ? "rounded-full bg-brand-tint text-brand-ink"
          : "rounded-md bg-brand text-on-brand",
        sizes[size],
        className,
      )}
    >
      {shape === "thing" ? initials(name).slice(0, 1) : initials(name)}
    </span>
  );
}
