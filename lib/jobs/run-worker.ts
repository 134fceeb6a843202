import { type JobResult, type JobWithMetadata, PgBoss } from "pg-boss";
import { log } from "@/lib/core/log";
import { directDatabaseUrl } from "@/lib/jobs/enqueue";
import { type JobName, type JobPayloads, QUEUES, type QueueSpec } from "@/lib/jobs/queues";

/** A job's work. It must be safe to run twice and to be killed in the middle. */
export type JobHandlers = {
  readonly [N in JobName]: (
    payload: JobPayloads[N],
    job: { readonly id: string; readonly signal: AbortSignal; readonly isLastAttempt: boolean },
  ) => Promise<void>;
};

/** Jobs fetched at once: from two on, a full batch makes the worker fetch again without a pause. */
const usualBatchSize = 2;

async function work<N extends JobName>(
  boss: PgBoss,
  name: N,
  handler: JobHandlers[N],
): Promise<void> {
  const { concurrency, options } = QUEUES[name];
  const spec: QueueSpec = QUEUES[name];

  async function settle(job: JobWithMetadata<JobPayloads[N]>): Promise<JobResult> {
    const startedAt = performance.now();
    try {
      await handler(job.data, {
        id: job.id,
        signal: job.signal,
        isLastAttempt: job.retryCount >= options.retryLimit,
      });
      const ms = Math.round(performance.now() - startedAt);
      // Scheduled jobs run every minute whether there is work or not.
      log()[spec.cron ? "debug" : "info"]({ job: name, id: job.id, ms }, "job");
      return { id: job.id, status: "completed" };
    } catch (error) {
      log().error({ job: name, id: job.id, attempt: job.retryCount + 1, err: error }, "job failed");
      return { id: job.id, status: "failed", output: { message: String(error) } };
    }
  }

  await boss.work(
    name,
    {
      batchSize: spec.batchSize ?? usualBatchSize,
      localConcurrency: concurrency,
      burstWhenBatchFull: true,
      pollingIntervalSeconds: 1,
      // NOTIFY wakes an idle worker; one that was busy when it came looks again within a second.
      notifyPollingIntervalSeconds: 1,
      includeMetadata: true,
      perJobResults: true,
    },
    (jobs: JobWithMetadata<JobPayloads[N]>[]) => Promise.all(jobs.map(settle)),
  );
}

/** Starts working on the queues of `handlers`; the returned function lets running jobs end (20 s at most) and stops. */
export async function runWorker<N extends JobName>(
  handlers: Pick<JobHandlers, N>,
): Promise<() => Promise<void>> {
  const boss = new PgBoss({
    connectionString: directDatabaseUrl(),
    max: 5,
    migrate: false,
    createSchema: false,
    useListenNotify: true,
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
  });
  boss.on("error", (error) => log().error({ err: error }, "job queue"));
  await boss.start();
  for (const name of Object.keys(handlers) as N[]) {
    const spec: QueueSpec = QUEUES[name];
    if (spec.cron) await boss.schedule(name, spec.cron, {}, { tz: "UTC" });
    await work(boss, name, handlers[name]);
  }
  return () => boss.stop({ graceful: true, timeout: 20_000 });
}
