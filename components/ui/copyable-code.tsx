import { CopyButton } from "@/components/ui/copy-button";

interface CopyableCodeProps {
  readonly value: string;
  /** What the button copies: "Copy client ID". */
  readonly label: string;
}

/** An id or an address as it is typed, with a button that copies it. */
export function CopyableCode({ value, label }: CopyableCodeProps) {
  return (
    <span className="flex min-w-0 items-center gap-1">
      <code className="min-w-0 break-all font-mono text-sm">{value}</code>
      <CopyButton value={value} label={label} />
    </span>
  );
}
