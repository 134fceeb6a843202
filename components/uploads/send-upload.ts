import { ApiClientError, toApiError } from "@/components/hooks/api-client";
import type { UploadFields, UploadView } from "@/lib/uploads/schema";

export interface UploadProgress {
  readonly sent: number;
  readonly total: number;
}

export interface OutgoingUpload {
  readonly file: File;
  readonly fields: UploadFields;
  readonly source: "upload" | "transcript_paste";
  readonly onProgress: (progress: UploadProgress) => void;
  /** Aborting ends the transfer; the promise then rejects with the signal's reason. */
  readonly signal: AbortSignal;
}

function formOf({ file, fields }: OutgoingUpload): FormData {
  const form = new FormData();
  // The fields first: the server reads them before the file arrives.
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined && value !== "") form.set(name, value);
  }
  form.set("file", file);
  return form;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function headersOf(request: XMLHttpRequest): Headers {
  const headers = new Headers();
  for (const name of ["retry-after", "x-request-id"]) {
    const value = request.getResponseHeader(name);
    if (value !== null) headers.set(name, value);
  }
  return headers;
}

const unreachable = () =>
  new ApiClientError({
    status: 0,
    code: "unreachable",
    message: "The upload was interrupted before it was complete.",
    fix: "Nothing was kept. Check your connection, then upload again.",
  });

/**
 * Sends a file with its fields to our own upload door and tells how far it is; `fetch` cannot tell that. Rejects
 * with ApiClientError for refusals and interrupted transfers.
 */
export function sendUpload(upload: OutgoingUpload): Promise<UploadView> {
  const { signal, onProgress } = upload;
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    const fail = (reason: unknown) => {
      signal.removeEventListener("abort", abort);
      reject(reason);
    };
    request.open("POST", `/api/uploads?source=${upload.source}`);
    request.setRequestHeader("accept", "application/json");
    request.upload.addEventListener("progress", (event) => {
      onProgress({ sent: Math.min(event.loaded, event.total), total: event.total });
    });
    request.addEventListener("load", () => {
      signal.removeEventListener("abort", abort);
      const body = parsed(request.responseText);
      if (request.status === 202 && body !== null) resolve(body as UploadView);
      else fail(toApiError(request.status, body, headersOf(request)));
    });
    request.addEventListener("error", () => fail(unreachable()));
    request.addEventListener("abort", () => fail(signal.reason));
    signal.addEventListener("abort", abort);
    request.send(formOf(upload));
  });
}
