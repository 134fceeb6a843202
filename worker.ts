import { closePool, waitForDatabase } from "@/db/client";
import { alertExpiringKeys } from "@/lib/api-keys/expiry-alerts";
import { expireEntries } from "@/lib/audit/expire-entries";
import { sealEntries } from "@/lib/audit/seal-entries";
import { log } from "@/lib/core/log";
import { runUntilStopped } from "@/lib/core/run-until-stopped";
import { endGrantAtTool, sweepEndedGrants, tendConnections } from "@/lib/integrations/service";
import { runWorker } from "@/lib/jobs/run-worker";
import { deliverPendingMail } from "@/lib/mail/deliver-mail";
import { expireRecordings } from "@/lib/meetings/expire-recordings";
import { remindOpenIncidents } from "@/lib/notify/notify";
import { endKilledGrants } from "@/lib/oauth-server/kills";
import { sweepOauth } from "@/lib/oauth-server/sweep";
import { closeOutbound } from "@/lib/outbound/outbound-client";
import { requeueStuckMeetings, sweepRows, sweepStorage } from "@/lib/processing/maintenance";
import { processMeeting } from "@/lib/processing/process-meeting";
import { requeueStuckRuns, rerunInsights } from "@/lib/processing/rerun-insights";
import { sweepWorkFiles } from "@/lib/processing/work-files";
import { runSync } from "@/lib/sync/run-sync";
import { scheduleDueSyncs, sweepSync } from "@/lib/sync/schedule";
import { Dispatcher } from "@/lib/webhooks/dispatcher";
import { expireDeliveries } from "@/lib/webhooks/expire-deliveries";
import {
  endStrandedDeliveries,
  endWebhookIncidents,
  warnAboutFailing,
} from "@/lib/webhooks/health";
import { finishRotations } from "@/lib/webhooks/secrets";

// The worker process: every job of the product but those on recordings (media-worker.ts), composed here and nowhere else.

type Chore = (now: Date) => Promise<unknown>;

/** One after the other; a chore that fails keeps none of the others from its turn, and the job says so. */
async function inTurn(chores: readonly Chore[]): Promise<void> {
  const now = new Date();
  const failures: unknown[] = [];
  for (const chore of chores) await chore(now).catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw new AggregateError(failures, "some chores failed");
}

// To end and be started again would take longer than a database that is being restarted.
await waitForDatabase();
const dispatcher = new Dispatcher();
await dispatcher.start();

const everyMinute: readonly Chore[] = [
  async () => {
    const found = await requeueStuckMeetings();
    if (found > 0) log().warn({ found }, "meetings waited without a job");
  },
  requeueStuckRuns,
  scheduleDueSyncs,
  finishRotations,
  endWebhookIncidents,
  warnAboutFailing,
  async (now) => {
    const ended = await endStrandedDeliveries(now);
    if (ended > 0) log().info({ ended }, "deliveries waited for a webhook that is not active");
  },
  tendConnections,
  sealEntries,
];
const everyHour: readonly Chore[] = [
  alertExpiringKeys,
  remindOpenIncidents,
  sweepRows,
  expireEntries,
  expireDeliveries,
  sweepSync,
  sweepEndedGrants,
  sweepOauth,
  expireRecordings,
  sweepStorage,
  sweepWorkFiles,
];

const stopWorker = await runWorker({
  "meeting.process": processMeeting,
  "insights.rerun": rerunInsights,
  "sync.run": runSync,
  "grant.end": endGrantAtTool,
  "oauth.kill": endKilledGrants,
  "mail.deliver": async () => {
    await deliverPendingMail();
  },
  "maintenance.minute": () => inTurn(everyMinute),
  "maintenance.hour": () => inTurn(everyHour),
});
log().info("worker is ready");

runUntilStopped(
  async () => {
    await Promise.all([stopWorker(), dispatcher.stop()]);
    await closeOutbound();
    await closePool();
  },
  // Nothing may be waited for long: deliveries rest until the next process is up.
  { afterErrorMs: 5000 },
);
