/** What a colour says. A tone never stands alone: an icon or a word says the same. */
export type Tone = "neutral" | "brand" | "success" | "warning" | "danger" | "info";

interface ToneClasses {
  /** Tinted background with readable text, for badges and notices. */
  readonly tint: string;
  readonly line: string;
  readonly ink: string;
  /** Full colour for bars and dots. */
  readonly solid: string;
}

export const tones: Readonly<Record<Tone, ToneClasses>> = {
  neutral: {
    tint: "bg-hover text-ink-muted",
    line: "border-line",
    ink: "text-ink-muted",
    solid: "bg-ink-faint",
  },
  brand: {
    tint: "bg-brand-tint text-brand-ink",
    line: "border-brand-line",
    ink: "text-brand-ink",
    solid: "bg-brand",
  },
  success: {
    tint: "bg-success-tint text-success-ink",
    line: "border-success-line",
    ink: "text-success-ink",
    solid: "bg-success-solid",
  },
  warning: {
    tint: "bg-warning-tint text-warning-ink",
    line: "border-warning-line",
    ink: "text-warning-ink",
    solid: "bg-warning-solid",
  },
  danger: {
    tint: "bg-danger-tint text-danger-ink",
    line: "border-danger-line",
    ink: "text-danger-ink",
    solid: "bg-danger-solid",
  },
  info: {
    tint: "bg-info-tint text-info-ink",
    line: "border-info-line",
    ink: "text-info-ink",
    solid: "bg-info-solid",
  },
};
