import { closePool, waitForDatabase } from "@/db/client";
import { alertExpiringKeys } from "@/lib/api-keys/expiry-alerts";
import { expireEntries } from "@/lib/audit/expire-entries";
import { sealEntries } from "@/lib/audit/seal-entries";
import { log } from "@/lib/core/log";
import { exitWithParent } from "@/lib/core/parent-watch";
import { tendConnections } from "@/lib/integrations/service";
import { runWorker } from "@/lib/jobs/run-worker";
import { deliverPendingMail } from "@/lib/mail/deliver-mail";
import { remindOpenIncidents } from "@/lib/notify/notify";
import { closeOutbound } from "@/lib/outbound/outbound-client";
import { requeueStuckMeetings, sweepRows, sweepStorage } from "@/lib/processing/maintenance";
import { processMeeting } from "@/lib/processing/process-meeting";
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

// The worker process: every job of the product, composed here and nowhere else.

// To end and be started again would take longer than a database that is being restarted.
await waitForDatabase();
const dispatcher = new Dispatcher();
await dispatcher.start();

const stopWorker = await runWorker({
  "meeting.process": processMeeting,
  "sync.run": runSync,
  "mail.deliver": async () => {
    await deliverPendingMail();
  },
  "maintenance.minute": async () => {
    const found = await requeueStuckMeetings();
    if (found > 0) log().warn({ found }, "meetings waited without a job");
    const now = new Date();
    await finishRotations(now);
    await endWebhookIncidents(now);
    await warnAboutFailing(now);
    const ended = await endStrandedDeliveries(now);
    if (ended > 0) log().info({ ended }, "deliveries waited for a webhook that is not active");
    await scheduleDueSyncs(now);
    await sealEntries();
    await tendConnections(now);
  },
  "maintenance.hour": async () => {
    const now = new Date();
    await alertExpiringKeys(now);
    await remindOpenIncidents(now);
    await sweepRows();
    await expireEntries(now);
    await expireDeliveries(now);
    await sweepSync(now);
    await sweepStorage(now);
  },
});
log().info("worker is ready");

let isStopping = false;

async function stop(code: number): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  // After an error nothing may be waited for long: deliveries rest until the next process is up.
  setTimeout(() => process.exit(code || 1), code === 0 ? 23_000 : 5_000).unref();
  await Promise.all([stopWorker(), dispatcher.stop()]);
  await closeOutbound();
  await closePool();
  process.exit(code);
}

process.on("SIGTERM", () => void stop(0));
process.on("SIGINT", () => void stop(0));
exitWithParent(() => void stop(0));
process.on("uncaughtException", (error) => {
  log().fatal({ err: error }, "uncaught exception");
  void stop(1);
});
process.on("unhandledRejection", (reason) => {
  log().error({ err: reason }, "unhandled rejection");
});
