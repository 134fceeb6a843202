import type { JobPayloads } from "@/lib/jobs/queues";

/**
 * One run of a connection's sync. The queue lets one wait and one run for each connection, so runs never overlap; a
 * run that a killed worker left is taken over by the retry of its job.
 */
export async function runSync(
  _payload: JobPayloads["sync.run"],
  _job: { readonly signal: AbortSignal; readonly isLastAttempt: boolean },
): Promise<void> {
  await Promise.resolve();
}
