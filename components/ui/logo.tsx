interface LogoProps {
  /** With the name beside the mark. */
  readonly wordmark?: boolean;
}

/** The product's mark: four voices, one sound. */
export function Logo({ wordmark = false }: LogoProps) {
  return (
    <span className="inline-flex items-center gap-2">
      <svg
        viewBox="0 0 32 32"
        className="size-6 shrink-0"
        {...(wordmark ? { "aria-hidden": true } : { role: "img" })}
      >
        <title>Harmony</title>
        <rect width="32" height="32" rx="8" fill="var(--brand)" />
        <g fill="var(--on-brand)">
          <rect x="7" y="12" width="3" height="8" rx="1.5" />
          <rect x="12" y="7" width="3" height="18" rx="1.5" />
          <rect x="17" y="10" width="3" height="12" rx="1.5" />
          <rect x="22" y="13" width="3" height="6" rx="1.5" />
        </g>
      </svg>
      {wordmark ? <span className="font-semibold text-ink text-lg">Harmony</span> : null}
    </span>
  );
}
