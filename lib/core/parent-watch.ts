/**
 * Calls `onExit` once when the process that started this one is gone, also when it was killed with
 * SIGKILL and could say nothing. The signal is the end of the IPC channel that the supervisor opens to its
 * children; a process started by hand, by a service manager or by an orchestrator has no such channel, and
 * then nothing is watched. Watching does not keep the process alive.
 */
export function exitWithParent(onExit: () => void): void {
  if (process.send === undefined) return;
  if (!process.connected) {
    onExit();
    return;
  }
  process.once("disconnect", onExit);
  // A listener alone would hold the event loop open after a graceful drain.
  process.channel?.unref();
}
