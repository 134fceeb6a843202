import { type DetailedError, type HttpResponse, Upload } from "tus-js-client";
import { ApiClientError, toApiError } from "@/components/hooks/api-client";
import { fingerprintOf, unfinishedUploads } from "@/components/uploads/unfinished";
import { partBytes, type WantedUpload } from "@/components/uploads/upload-items";

// The transfer of one file over tus. This module comes with the first upload.

const uploadsPath = "/api/uploads";
/** Files up to here travel with their announcement. */
const atOnceBytes = 1_048_576;
const meetingHeader = "harmony-meeting-id";

export interface Transfer {
  readonly start: () => void;
  /** Stops sending; what has arrived stays. */
  readonly pause: () => void;
  /** Stops, and removes what has arrived. */
  readonly cancel: () => Promise<void>;
}

export interface TransferEvents {
  readonly onProgress: (sent: number) => void;
  readonly onDone: (meetingId: string) => void;
  readonly onError: (error: ApiClientError) => void;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function errorOf(response: HttpResponse | null): ApiClientError {
  if (response === null || response.getStatus() === 0) {
    return new ApiClientError({
      status: 0,
      code: "unreachable",
      message: "The connection was interrupted.",
      fix: "What has arrived is kept. The upload goes on when the connection is back.",
    });
  }
  const headers = new Headers();
  for (const name of ["retry-after", "x-request-id"]) {
    const value = response.getHeader(name);
    if (value) headers.set(name, value);
  }
  return toApiError(response.getStatus(), parsed(response.getBody()), headers);
}

/** Whether the same request may succeed a little later. */
function isPassing(error: ApiClientError): boolean {
  return [0, 423, 429].includes(error.status) || error.status >= 500;
}

/**
 * Ends an upload whose bytes are all there: with `create`, also when the same file was uploaded before.
 * @returns the id of the meeting.
 */
export async function conclude(
  url: string,
  size: number,
  duplicates: "ask" | "create",
): Promise<string> {
  const response = await fetch(`${url}?duplicates=${duplicates}`, {
    method: "PATCH",
    headers: {
      "tus-resumable": "1.0.0",
      "upload-offset": String(size),
      "content-type": "application/offset+octet-stream",
    },
  });
  const meetingId = response.headers.get(meetingHeader);
  if (response.ok && meetingId !== null) return meetingId;
  throw toApiError(response.status, parsed(await response.text()), response.headers);
}

/** Removes what has arrived of an upload; fine when nothing is there. */
export async function giveUp(url: string): Promise<void> {
  await fetch(url, { method: "DELETE", headers: { "tus-resumable": "1.0.0" } });
}

function metadataOf({ file, fields, source }: WantedUpload): Record<string, string> {
  const values = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined || value === "" ? [] : [[name, value] as const],
  );
  return { ...Object.fromEntries(values), filename: file.name, source, duplicates: "ask" };
}

/** Prepares the transfer of a file; one that was begun before, with the same file, goes on where it stopped. */
export async function prepareTransfer(
  wanted: WantedUpload,
  events: TransferEvents,
): Promise<Transfer> {
  const { file } = wanted;
  const fail = (problem: unknown) => {
    if (problem instanceof ApiClientError) events.onError(problem);
    else events.onError(errorOf(null));
  };
  const upload = new Upload(file, {
    endpoint: uploadsPath,
    chunkSize: partBytes,
    uploadDataDuringCreation: file.size <= atOnceBytes,
    // A file that travels at once has nothing to come back to.
    storeFingerprintForResuming: file.size > atOnceBytes,
    removeFingerprintOnSuccess: true,
    fingerprint: async () => fingerprintOf(file),
    urlStorage: unfinishedUploads,
    retryDelays: [0, 1000, 2000, 4000, 8000, 15_000],
    metadata: metadataOf(wanted),
    // Without a network there is nothing to try: the queue goes on once there is one.
    onShouldRetry: (error) => navigator.onLine && isPassing(errorOf(error.originalResponse)),
    onProgress: (sent) => events.onProgress(sent),
    onSuccess: ({ lastResponse }) => {
      const meetingId = lastResponse.getHeader(meetingHeader);
      if (meetingId) return events.onDone(meetingId);
      // Everything had arrived already, and nobody was there to hear what it became.
      conclude(upload.url ?? uploadsPath, file.size, "ask").then(events.onDone, fail);
    },
    onError: (error) => {
      const response =
        "originalResponse" in error ? (error as DetailedError).originalResponse : null;
      events.onError(errorOf(response));
    },
  });
  const [previous] = await upload.findPreviousUploads();
  if (previous) upload.resumeFromPreviousUpload(previous);
  return {
    start: () => upload.start(),
    pause: () => void upload.abort(),
    cancel: () => upload.abort(true),
  };
}
