import { constants, setPriority } from "node:os";
import { closePool, waitForDatabase } from "@/db/client";
import { log } from "@/lib/core/log";
import { runUntilStopped } from "@/lib/core/run-until-stopped";
import { runWorker } from "@/lib/jobs/run-worker";
import { transcribeRecording } from "@/lib/processing/transcribe-recording";
import { fetchRecording } from "@/lib/uploads/fetch-recording";

// The media worker process: recordings become transcripts here, so that hours of sound never hold up anything else.
// It and its children (ffmpeg, the speech engine) make way for pages and the API.

setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
await waitForDatabase();

const stopping = new AbortController();
const stopWorker = await runWorker({
  // A recording takes longer than anybody waits for a process to stop: the next one goes on after its last part.
  "meeting.transcribe": (target, job) =>
    transcribeRecording(
      target,
      { signal: AbortSignal.any([job.signal, stopping.signal]) },
      fetchRecording,
    ),
});
log().info("media worker is ready");

runUntilStopped(
  async () => {
    stopping.abort(new Error("the media worker stops"));
    await stopWorker();
    await closePool();
  },
  { afterErrorMs: 5000 },
);
