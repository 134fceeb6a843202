import type { IncomingHttpHeaders } from "node:http";
import { Readable } from "node:stream";
import { MediaError } from "@/lib/media/media";
import { openOutbound } from "@/lib/outbound/outbound-client";
import { OutboundError } from "@/lib/outbound/outbound-error";
import { fileNameOf } from "@/lib/uploads/file-name";

const redirectsMax = 5;
/** A server that is silent for this long is given up, or asked again from where it stopped. */
const stallMs = 20_000;

/** An address that answered with a file, or with a stretch of it. */
export interface RemoteFile {
  /** Bytes of the whole file, where the server says so. */
  readonly size: number | null;
  /** Where `body` begins in the file. */
  readonly start: number;
  /** What tells that the file is still the same one, for `If-Range`; only what compares strongly. */
  readonly validator: string | null;
  readonly name: string;
  readonly body: Readable;
}

/** A failure that asking again later may end. */
export class PassingTrouble extends Error {}

const unreachable = (message: string) => new MediaError("transcription_error", message);

const isRedirect = (status: number) => [301, 302, 303, 307, 308].includes(status);

/** What an answer that is no file means for whoever gave the address. */
function refusalOf(status: number, host: string): Error {
  if (status === 429 || status >= 500) {
    return new PassingTrouble(`${host} answered with status ${status}. It may work again later.`);
  }
  if (status === 401 || status === 403 || status === 407) {
    return unreachable(
      `${host} does not give the file to everybody (status ${status}). Share it with everyone who has the link, or download it and upload the file.`,
    );
  }
  if (status === 404 || status === 410) {
    return unreachable(
      `${host} has no file at this address (status ${status}). Check that the link is complete and has not expired.`,
    );
  }
  return unreachable(
    `${host} answered with status ${status} instead of a file. Check the link, or download the file and upload it.`,
  );
}

function text(headers: IncomingHttpHeaders, name: string): string | null {
  const value = headers[name];
  return typeof value === "string" ? value : null;
}

function strongValidator(headers: IncomingHttpHeaders): string | null {
  const etag = text(headers, "etag");
  if (etag !== null) return etag.startsWith("W/") ? null : etag;
  return text(headers, "last-modified");
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** The file's name: what the server calls it, else the last part of the address. */
function nameOf(headers: IncomingHttpHeaders, url: string): string {
  const disposition = text(headers, "content-disposition") ?? "";
  const told =
    /filename\*\s*=\s*utf-8''([^;]+)/i.exec(disposition)?.[1] ??
    /filename\s*=\s*"?([^";]+)"?/i.exec(disposition)?.[1];
  return fileNameOf(decoded(told ?? new URL(url).pathname));
}

function rangeOf(headers: IncomingHttpHeaders): { start: number; size: number | null } | null {
  const match = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(text(headers, "content-range") ?? "");
  if (!match) return null;
  return { start: Number(match[1]), size: match[2] === "*" ? null : Number(match[2]) };
}

/** Packed although it was asked for as it is: neither its length nor a stretch of it would mean the file's. */
function isPacked(headers: IncomingHttpHeaders): boolean {
  return !["", "identity"].includes(text(headers, "content-encoding")?.trim().toLowerCase() ?? "");
}

function lengthOf(headers: IncomingHttpHeaders): number | null {
  const length = text(headers, "content-length");
  return length !== null && /^\d{1,15}$/.test(length) ? Number(length) : null;
}

/** Failures of the network pass; an address that may not be asked, or is none, stays so. */
function asFailure(error: unknown): unknown {
  if (!(error instanceof OutboundError)) return error;
  if (error.code === "invalid_url" || error.code === "blocked_address") {
    return unreachable(error.message);
  }
  return error.code === "aborted" ? error : new PassingTrouble(error.message);
}

/**
 * Opens the file at an address that a person typed. Every hop of its redirects is vetted like the first.
 * @throws MediaError where asking again would not help, PassingTrouble where it may.
 */
export async function openRemote(
  address: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<RemoteFile> {
  let url = address;
  for (let hop = 0; hop <= redirectsMax; hop += 1) {
    const answer = await openOutbound({ url, headers, stallMs, signal }).catch((error) => {
      throw asFailure(error);
    });
    const location = text(answer.headers, "location");
    if (isRedirect(answer.status) && location !== null && URL.canParse(location, url)) {
      answer.body.destroy();
      url = new URL(location, url).href;
      continue;
    }
    return asFile(answer, url);
  }
  throw unreachable(
    `The address redirects more than ${redirectsMax} times. Use the address that it ends at.`,
  );
}

function asFile(
  { status, headers, body }: Awaited<ReturnType<typeof openOutbound>>,
  url: string,
): RemoteFile {
  if (status === 416) {
    // Nothing at all is at that place: from its beginning on, that is an empty file.
    body.destroy();
    const nothing = { size: 0, start: 0, validator: null, name: nameOf(headers, url) };
    return { ...nothing, body: Readable.from([]) };
  }
  const range = status === 206 ? rangeOf(headers) : null;
  if (status !== 200 && !range) {
    body.destroy();
    throw refusalOf(status, new URL(url).host);
  }
  if (isPacked(headers)) {
    body.destroy();
    throw unreachable(
      `${new URL(url).host} sends the file packed (${text(headers, "content-encoding")}), not as it is. Download the file and upload it.`,
    );
  }
  return {
    size: range ? range.size : lengthOf(headers),
    start: range?.start ?? 0,
    validator: strongValidator(headers),
    name: nameOf(headers, url),
    body,
  };
}

const headBytes = 65_536;

/** Reads at least 64 KiB, or all there is, and hands it back with the rest still to come. */
export async function readHead(
  chunks: AsyncIterator<Buffer>,
): Promise<{ readonly head: Buffer; readonly rest: () => AsyncGenerator<Buffer> }> {
  const read: Buffer[] = [];
  let size = 0;
  let isDone = false;
  while (size < headBytes && !isDone) {
    const next = await chunks.next();
    isDone = next.done === true;
    if (next.done) continue;
    read.push(next.value);
    size += next.value.length;
  }
  const head = Buffer.concat(read, size);
  async function* rest() {
    yield head;
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
  }
  return { head: head.subarray(0, headBytes), rest };
}
