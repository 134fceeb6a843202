import { AppError, invalidRequest } from "@/lib/core/errors";
import { invalidFields } from "@/lib/http/query-string";
import { fileNameOf } from "@/lib/uploads/file-name";
import { type Checksum, checksumAlgorithms } from "@/lib/uploads/piece";
import type { Duplicates, WantedUpload } from "@/lib/uploads/resumable";
import { type UploadFields, uploadFields } from "@/lib/uploads/schema";

// The headers of tus 1.0.0 (tus.io/protocols/resumable-upload), read strictly.

export const tusVersion = "1.0.0";
export const tusExtensions = "creation,creation-with-upload,termination,expiration,checksum";
const pieceType = "application/offset+octet-stream";

type Header = (name: string) => string | undefined;

const bad = (header: string, message: string) =>
  invalidRequest(`${header}: ${message}`, { [header.toLowerCase()]: message });

/** Throws `invalid_request` (`tus_version`) unless the request speaks our version. */
export function requireTus(header: Header): void {
  if (header("tus-resumable") === tusVersion) return;
  throw new AppError("invalid_request", `Tus-Resumable must be ${tusVersion}`, {
    details: { reason: "tus_version", supported: tusVersion },
    fix: "Send the header Tus-Resumable: 1.0.0, or upload the file at once with POST /api/v1/meetings/upload.",
  });
}

/** A header that holds a count of bytes. */
export function byteCount(header: Header, name: string): number {
  const text = header(name.toLowerCase());
  if (text === undefined) throw bad(name, "is missing.");
  if (!/^\d{1,15}$/.test(text)) throw bad(name, "must be a whole number of bytes.");
  return Number(text);
}

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const metadataMax = 8192;

/** `Upload-Metadata`: pairs of a name and its value in Base64, divided by commas. */
export function parseMetadata(header: string | undefined): Map<string, string> {
  const values = new Map<string, string>();
  if (header === undefined || header.trim() === "") return values;
  if (header.length > metadataMax)
    throw bad("Upload-Metadata", `has at most ${metadataMax} characters.`);
  for (const pair of header.split(",")) {
    const [name = "", value = "", ...rest] = pair.trim().split(" ");
    if (name === "" || rest.length > 0 || !base64.test(value)) {
      throw bad("Upload-Metadata", "must be pairs of a name and a value in Base64.");
    }
    if (values.has(name)) throw bad("Upload-Metadata", `names ${name.slice(0, 60)} twice.`);
    const text = Buffer.from(value, "base64").toString("utf8");
    if (text.includes("\0"))
      throw bad("Upload-Metadata", `has a ${name.slice(0, 60)} that is not text.`);
    values.set(name, text);
  }
  return values;
}

/** What clients of tus add by themselves, and what says nothing that we would believe. */
const ignored = new Set(["filetype", "name", "type", "relativePath"]);
const ourOwn = new Set(["filename", "source", "duplicates"]);

/** The form fields among the metadata, checked as a form's are. */
function fieldsOf(metadata: ReadonlyMap<string, string>): UploadFields {
  const form: Record<string, string> = {};
  for (const [name, value] of metadata) {
    if (ignored.has(name) || ourOwn.has(name)) continue;
    if (!(name in uploadFields.shape)) {
      const known = ["filename", ...Object.keys(uploadFields.shape)].join(", ");
      const shown = name.slice(0, 60);
      const message = `Upload-Metadata has an unknown name "${shown}"`;
      throw invalidRequest(message, { [shown]: "Unknown." }, `It takes: ${known}.`);
    }
    form[name] = value;
  }
  const parsed = uploadFields.safeParse(form);
  if (!parsed.success) throw invalidFields(parsed.error);
  return parsed.data;
}

/** The upload that a request announces. `source` and `duplicates` are for our own pages; a key's uploads are `api`. */
export function readAnnouncement(header: Header, isOwnPage: boolean): WantedUpload {
  if (header("upload-defer-length") !== undefined) {
    throw bad("Upload-Defer-Length", "is not supported: say how long the file is.");
  }
  const metadata = parseMetadata(header("upload-metadata"));
  const upload = {
    length: byteCount(header, "Upload-Length"),
    fileName: fileNameOf(metadata.get("filename") ?? ""),
    fields: fieldsOf(metadata),
  };
  if (!isOwnPage) return { ...upload, source: "api", duplicates: "create" };
  const isPaste = metadata.get("source") === "transcript_paste";
  return {
    ...upload,
    source: isPaste ? "transcript_paste" : "upload",
    duplicates: readDuplicates(metadata.get("duplicates")) ?? "create",
  };
}

export function readDuplicates(text: string | null | undefined): Duplicates | null {
  return text === "ask" || text === "create" ? text : null;
}

/** `Upload-Checksum`: an algorithm and the digest in Base64. */
export function parseChecksum(text: string | undefined): Checksum | null {
  if (text === undefined) return null;
  const [name = "", value = ""] = text.split(" ");
  const algorithm = checksumAlgorithms.find((known) => known === name);
  if (!algorithm) {
    throw bad("Upload-Checksum", `must use one of ${checksumAlgorithms.join(", ")}.`);
  }
  if (value === "" || !base64.test(value)) throw bad("Upload-Checksum", "must end in Base64.");
  return { algorithm, digest: Buffer.from(value, "base64") };
}

/** Refuses a piece that does not say that it is one. */
export function requirePieceType(header: Header): void {
  if (header("content-type") === pieceType) return;
  throw new AppError("unsupported_media_type", `A piece has the Content-Type ${pieceType}`, {
    details: { content_type: header("content-type") ?? null },
    fix: `Send the bytes as they are, with Content-Type: ${pieceType}.`,
  });
}

/** Statuses that the protocol gives to failures which our table of errors knows under a wider code. */
const statusByReason: Readonly<Record<string, number>> = {
  checksum_mismatch: 460,
  tus_version: 412,
  upload_in_use: 423,
};

export function tusStatus(error: AppError): number {
  const { reason } = error.details;
  return (typeof reason === "string" ? statusByReason[reason] : undefined) ?? error.status;
}
