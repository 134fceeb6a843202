/** Starts the runs of connections whose hour has come. Safe to run twice at once. */
export async function scheduleDueSyncs(_now: Date): Promise<number> {
  return 0;
}

/** Takes up what a crash left, and removes what is too old to be kept. */
export async function sweepSync(_now: Date): Promise<void> {}
