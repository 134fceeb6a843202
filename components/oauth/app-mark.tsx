import { Avatar } from "@/components/ui/avatar";
import { cn } from "@/components/ui/cn";

interface AppMarkProps {
  readonly name: string;
  /** An address of ours; null shows the first letter. */
  readonly logoUrl: string | null;
  readonly size?: keyof typeof sizes;
}

const sizes = {
  sm: "size-5 rounded-sm",
  md: "size-7 rounded-md",
  lg: "size-10 rounded-md",
} as const;

/** The logo of a third-party app. Decoration: its name stands beside it. */
export function AppMark({ name, logoUrl, size = "lg" }: AppMarkProps) {
  if (logoUrl === null) return <Avatar name={name} size={size} shape="thing" />;
  return (
    <span
      className={cn(
        "grid shrink-0 place-items-center overflow-hidden border bg-surface",
        sizes[size],
      )}
    >
      {/* biome-ignore lint/performance/noImgElement: its bytes are small already and its address never changes */}
      <img src={logoUrl} alt="" className="size-full object-contain" />
    </span>
  );
}
