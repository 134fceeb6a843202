/** The frame that every text-like control shares; its border has 3:1 contrast on every surface. */
export const controlFrame =
  "w-full min-w-0 rounded-lg border border-line-control bg-surface text-ink text-base transition-colors hover:border-ink-faint focus-visible:outline-offset-0 disabled:cursor-not-allowed disabled:border-line disabled:bg-sunken disabled:text-ink-faint aria-invalid:border-danger-solid";
