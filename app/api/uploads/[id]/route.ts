import { admitUploader } from "@/app/api/uploads/admit-uploader";
import { door } from "@/app/api/uploads/door";
import { stateHeaders } from "@/app/api/uploads/state-headers";
import { invalidRequest } from "@/lib/core/errors";
import type { Call, Reply } from "@/lib/http/call";
import { appendToUpload, dropUpload, readUpload } from "@/lib/uploads/resumable";
import {
  byteCount,
  parseChecksum,
  readDuplicates,
  requirePieceType,
  requireTus,
} from "@/lib/uploads/tus-protocol";

// One resumable upload (tus 1.0.0): how far it is, its next piece, its end.

async function enter(call: Call, requestId: string) {
  const uploader = await admitUploader(call, requestId, "go_on");
  requireTus(call.header);
  return { ...uploader, id: call.params.id ?? "" };
}

async function head(call: Call, requestId: string): Promise<Reply> {
  const { ctx, id, headers } = await enter(call, requestId);
  const state = await readUpload(ctx, id);
  const length = { "upload-length": String(state.length) };
  return { status: 200, headers: { ...headers, ...stateHeaders(state), ...length }, body: null };
}

async function patch(call: Call, requestId: string): Promise<Reply> {
  const { ctx, id, headers } = await enter(call, requestId);
  requirePieceType(call.header);
  const offset = byteCount(call.header, "Upload-Offset");
  const checksum = parseChecksum(call.header("upload-checksum"));
  const asked = new URLSearchParams(call.search).get("duplicates");
  const duplicates = readDuplicates(asked);
  if (asked !== null && duplicates === null) {
    throw invalidRequest("duplicates: must be ask or create", { duplicates: "Unknown." });
  }
  const piece = { offset, body: call.body(), checksum };
  const state = await appendToUpload(ctx, id, piece, duplicates);
  return { status: 204, headers: { ...headers, ...stateHeaders(state) }, body: null };
}

async function remove(call: Call, requestId: string): Promise<Reply> {
  const { ctx, id, headers } = await enter(call, requestId);
  await dropUpload(ctx, id);
  return { status: 204, headers, body: null };
}

async function allow(): Promise<Reply> {
  return { status: 204, headers: { allow: "DELETE, HEAD, OPTIONS, PATCH" }, body: null };
}

export const PATCH = door({ HEAD: head, PATCH: patch, DELETE: remove, OPTIONS: allow });
export const HEAD = PATCH;
export const DELETE = PATCH;
export const OPTIONS = PATCH;
// For clients that send another method by X-HTTP-Method-Override.
export const POST = PATCH;
