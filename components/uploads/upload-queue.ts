import { ApiClientError } from "@/components/hooks/api-client";
import type { Transfer } from "@/components/uploads/tus-upload";
import {
  fingerprintOf,
  forgetAddress,
  forgetUpload,
  localId,
  readUnfinished,
} from "@/components/uploads/unfinished";
import {
  type EarlierMeeting,
  isMoving,
  type UploadItem,
  type WantedUpload,
} from "@/components/uploads/upload-items";

// The uploads of this tab. They belong to no page: they go on while the person moves around, one file after the other.

interface Job {
  readonly wanted: WantedUpload;
  /** Lets other tabs of this browser list the file as unfinished again. */
  release: (() => void) | null;
  transfer: Transfer | null;
  /** Of the upload on the server, where an answer to a question goes. */
  url: string | null;
}

let items: readonly UploadItem[] = [];
const jobs = new Map<string, Job>();
const listeners = new Set<() => void>();
const retryMs = 20_000;

const lockOf = (fingerprint: string) => `harmony-upload ${fingerprint}`;

/** Tells the other tabs that this one sends the file; where the browser has no locks (no https) they cannot know. */
function hold(id: string, job: Job): void {
  const taken = () =>
    jobs.get(id) === job
      ? new Promise<void>((resolve) => {
          job.release = resolve;
        })
      : undefined;
  void navigator.locks?.request(lockOf(fingerprintOf(job.wanted.file)), taken);
}

/** The job is over here. */
function end(id: string): void {
  jobs.get(id)?.release?.();
  jobs.delete(id);
}

const active = new Set<UploadItem["phase"]>(["preparing", "uploading", "finishing"]);

function publish(next: readonly UploadItem[]): void {
  items = next;
  if (items.some(isMoving)) window.addEventListener("beforeunload", ask);
  else window.removeEventListener("beforeunload", ask);
  for (const listener of listeners) listener();
}

function ask(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

function change(id: string, changes: Partial<UploadItem>): void {
  publish(items.map((item) => (item.id === id ? { ...item, ...changes } : item)));
}

const find = (id: string) => items.find((item) => item.id === id);

/** The earlier meeting out of the same file, when that is why an upload was not taken. */
function earlierOf(error: ApiClientError): { meeting: EarlierMeeting; upload: string } | null {
  const details = error.details as
    | { reason?: unknown; meeting?: EarlierMeeting; upload?: string }
    | undefined;
  if (details?.reason !== "already_uploaded" || !details.meeting || !details.upload) return null;
  return { meeting: details.meeting, upload: details.upload };
}

function settle(id: string, job: Job, error: ApiClientError): void {
  const earlier = earlierOf(error);
  if (earlier) {
    job.url = `/api/uploads/${earlier.upload}`;
    change(id, { phase: "asking", earlier: earlier.meeting });
  } else if (error.status === 0) {
    change(id, { phase: "interrupted", error });
    // Not what was paused meanwhile.
    setTimeout(() => {
      if (find(id)?.phase === "interrupted") goOn(id);
    }, retryMs);
  } else {
    change(id, { phase: "failed", error });
  }
  next();
}

const events = (id: string, job: Job) => ({
  onProgress: (sent: number) => {
    const item = find(id);
    if (!item || !active.has(item.phase)) return;
    change(id, { sent, phase: sent >= item.size ? "finishing" : "uploading" });
  },
  onDone: (meetingId: string) => {
    const item = find(id);
    if (!item) return;
    change(id, { phase: "done", sent: item.size, meetingId });
    end(id);
    next();
  },
  onError: (error: ApiClientError) => settle(id, job, error),
});

async function begin(id: string, job: Job): Promise<void> {
  change(id, { phase: "preparing", error: null });
  try {
    // The client's code comes with the first upload.
    const { prepareTransfer } = await import("@/components/uploads/tus-upload");
    job.transfer ??= await prepareTransfer(job.wanted, events(id, job));
    // Paused or cancelled meanwhile.
    if (find(id)?.phase === "preparing") job.transfer.start();
  } catch {
    settle(id, job, unreachable());
  }
}

const unreachable = () =>
  new ApiClientError({
    status: 0,
    code: "unreachable",
    message: "Harmony could not be reached.",
    fix: "Check your connection, then try again.",
  });

/** Starts the next file, unless one is on its way. */
function next(): void {
  if (items.some(({ phase }) => active.has(phase))) return;
  const waiting = items.find(({ phase }) => phase === "waiting");
  const job = waiting && jobs.get(waiting.id);
  if (waiting && job) void begin(waiting.id, job);
}

function goOn(id: string): void {
  const item = find(id);
  if (item?.phase !== "interrupted" && item?.phase !== "paused") return;
  change(id, { phase: "waiting" });
  next();
}

function resumeInterrupted(): void {
  for (const { id, phase } of items) if (phase === "interrupted") goOn(id);
}

function newItem(name: string, size: number): UploadItem {
  return {
    id: localId(),
    name,
    size,
    phase: "waiting",
    sent: 0,
    meetingId: null,
    error: null,
    earlier: null,
    inSheet: false,
  };
}

/** The store of uploads, for `useUploads`, and what can be done with them. Browser only. */
export const uploadQueue = {
  subscribe(listener: () => void): () => void {
    if (listeners.size === 0) window.addEventListener("online", resumeInterrupted);
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  },
  snapshot: () => items,

  /** Adds files; they are sent in this order. Answers their ids. */
  add(wanted: readonly WantedUpload[], inSheet = false): string[] {
    const added = wanted.map((one) => {
      const item = { ...newItem(one.file.name, one.file.size), inSheet };
      const job: Job = { wanted: one, release: null, transfer: null, url: null };
      jobs.set(item.id, job);
      hold(item.id, job);
      return item;
    });
    const again = new Set(wanted.map(({ file }) => fingerprintOf(file)));
    const known = readUnfinished().filter(({ fingerprint }) => again.has(fingerprint));
    const replaced = new Set(known.map(({ key }) => key));
    publish([...items.filter(({ id }) => !replaced.has(id)), ...added]);
    next();
    return added.map(({ id }) => id);
  },

  /** Says which uploads are shown where they were begun. */
  showInSheet(ids: readonly string[], inSheet: boolean): void {
    if (ids.length === 0) return;
    publish(items.map((item) => (ids.includes(item.id) ? { ...item, inSheet } : item)));
  },

  pause(id: string): void {
    jobs.get(id)?.transfer?.pause();
    change(id, { phase: "paused" });
    next();
  },

  goOn,

  /** Stops, and removes what has arrived. */
  async cancel(id: string): Promise<void> {
    const job = jobs.get(id);
    end(id);
    publish(items.filter((item) => item.id !== id));
    next();
    const url = job?.url ?? readUnfinished().find(({ key }) => key === id)?.url;
    if (url) forgetAddress(url);
    const { giveUp } = await import("@/components/uploads/tus-upload");
    await (url ? giveUp(url) : job?.transfer?.cancel())?.catch(() => undefined);
  },

  /** Takes an upload that has ended off the list. */
  dismiss(id: string): void {
    end(id);
    publish(items.filter((item) => item.id !== id));
  },

  /** Makes another meeting out of a file that was uploaded before. */
  async uploadAnyway(id: string): Promise<void> {
    const job = jobs.get(id);
    const item = find(id);
    if (!job?.url || !item) return;
    change(id, { phase: "finishing" });
    try {
      const { conclude } = await import("@/components/uploads/tus-upload");
      const meetingId = await conclude(job.url, item.size, "create");
      forgetAddress(job.url);
      events(id, job).onDone(meetingId);
    } catch (error) {
      settle(id, job, error instanceof ApiClientError ? error : unreachable());
    }
  },

  /** Lists what an earlier visit of the page began and what the server still has of it; not what a tab is sending. */
  async recall(): Promise<void> {
    const { held = [] } = (await navigator.locks?.query()) ?? {};
    const sending = new Set(held.map((lock) => lock.name));
    for (const { key: id, fingerprint, name, size, url } of readUnfinished()) {
      if (sending.has(lockOf(fingerprint))) continue;
      const headers = { "tus-resumable": "1.0.0" };
      const answer = await fetch(url, { method: "HEAD", headers }).catch(() => null);
      if (!answer?.ok || find(id)) continue;
      const meetingId = answer.headers.get("harmony-meeting-id");
      if (meetingId !== null) forgetUpload(id);
      const sent = Number(answer.headers.get("upload-offset") ?? 0);
      const phase = meetingId === null ? "unfinished" : "done";
      publish([...items, { ...newItem(name, size), id, phase, sent, meetingId }]);
    }
  },

  /** Goes on with an unfinished upload. False when the file is another one. */
  chooseAgain(id: string, file: File): boolean {
    const known = readUnfinished().find(({ key }) => key === id);
    if (known?.fingerprint !== fingerprintOf(file)) return false;
    // The server knows what was said about the meeting.
    uploadQueue.add([{ file, fields: {}, source: "upload" }]);
    return true;
  },
};
