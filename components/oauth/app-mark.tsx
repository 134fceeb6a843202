import { Avatar } from "@/components/ui/avatar";

interface AppMarkProps {
  readonly name: string;
  /** An address of ours; null shows the first letter. */
  readonly logoUrl: string | null;
}

/** The logo of a third-party app. Decoration: its name stands beside it. */
export function AppMark({ name, logoUrl }: AppMarkProps) {
  if (logoUrl === null) return <Avatar name={name} size="lg" shape="thing" />;
  return (
    <span className="grid size-10 shrink-0 place-items-center overflow-hidden rounded-md border bg-surface">
      {/* biome-ignore lint/performance/noImgElement: its bytes are small already and its address never changes */}
      <img src={logoUrl} alt="" className="size-full object-contain" />
    </span>
  );
}
