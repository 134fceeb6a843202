import { admitSession, admitUploader } from "@/app/api/uploads/admit-uploader";
import { door } from "@/app/api/uploads/door";
import { stateHeaders } from "@/app/api/uploads/state-headers";
import type { Call, Reply } from "@/lib/http/call";
import { PLANS } from "@/lib/plans/plans";
import { checksumAlgorithms } from "@/lib/uploads/piece";
import { appendToUpload, beginUpload } from "@/lib/uploads/resumable";
import { uploadMeeting } from "@/lib/uploads/service";
import {
  parseChecksum,
  readAnnouncement,
  requirePieceType,
  requireTus,
  tusExtensions,
  tusVersion,
} from "@/lib/uploads/tus-protocol";

// Where uploads begin: resumable ones (tus 1.0.0), by our own pages or with a credential, and whole forms of our own
// pages. A server action would hold the file in memory; this streams it.

async function uploadForm(call: Call, requestId: string): Promise<Reply> {
  const { ctx } = await admitSession(call, requestId, "begin");
  const isPaste = new URLSearchParams(call.search).get("source") === "transcript_paste";
  const source = isPaste ? "transcript_paste" : "upload";
  const answer = await uploadMeeting(ctx, { header: call.header, body: call.body, source });
  const headers = { "content-type": "application/json; charset=utf-8" };
  return { status: 202, headers, body: answer.text };
}

async function begin(call: Call, requestId: string): Promise<Reply> {
  if (/^multipart\/form-data/i.test(call.header("content-type") ?? "")) {
    return uploadForm(call, requestId);
  }
  const { ctx, isOwnPage, headers } = await admitUploader(call, requestId, "begin");
  requireTus(call.header);
  const wanted = readAnnouncement(call.header, isOwnPage);
  const checksum = parseChecksum(call.header("upload-checksum"));
  const hasPiece = call.header("content-type") !== undefined;
  if (hasPiece) requirePieceType(call.header);
  let state = await beginUpload(ctx, wanted);
  if (hasPiece) {
    state = await appendToUpload(ctx, state.id, { offset: 0, body: call.body(), checksum });
  }
  const location = `/api/uploads/${state.id}`;
  return { status: 201, headers: { ...headers, ...stateHeaders(state), location }, body: null };
}

async function describe(): Promise<Reply> {
  const headers = {
    "tus-version": tusVersion,
    "tus-extension": tusExtensions,
    "tus-checksum-algorithm": checksumAlgorithms.join(","),
    "tus-max-size": String(PLANS.solo.uploadBytesMax),
  };
  return { status: 204, headers, body: null };
}

export const POST = door({ POST: begin, OPTIONS: describe });
export const OPTIONS = POST;
