import { randomBytes } from "node:crypto";
import { type Answer, type Call, text } from "../http";
import { type Fields, type MethodContext, SlackError, textArg } from "./calls";
import { findChannel } from "./channels";
import { addMessage } from "./messages";
import { type SlackState, slackId, type UploadedFile } from "./state";

// Files in three steps: an address, the bytes, and the sharing.

const PREVIEW_CHARACTERS = 2_000;
const FILE_MAX_BYTES = 8 * 1024 * 1024;

export function beginUpload({ args, team, state, host }: MethodContext): Fields {
  const name = textArg(args, "filename") ?? "";
  const length = Number(textArg(args, "length"));
  if (!Number.isInteger(length) || length < 1) {
    const messages = ["[ERROR] length must be a positive integer"];
    throw new SlackError("invalid_arguments", { response_metadata: { messages } });
  }
  if (length > FILE_MAX_BYTES) throw new SlackError("file_upload_size_restricted");
  state.serial += 1;
  const id = slackId("F", state.serial);
  team.files.push({ id, name, length, title: name, preview: null, isShared: false });
  const upload = `${host.url}/upload/v1/${id}.${randomBytes(12).toString("base64url")}`;
  return { upload_url: upload, file_id: id };
}

/** The bytes of a multipart body's first part; the body itself when it is none. */
function bytesOf({ body, headers }: Call): Buffer {
  const boundary = /^multipart\/form-data;.*boundary="?([^";]+)/i.exec(
    headers["content-type"] ?? "",
  )?.[1];
  if (boundary === undefined) return body;
  const start = body.indexOf("\r\n\r\n") + 4;
  return body.subarray(start, body.indexOf(`\r\n--${boundary}`, start));
}

/** POST to an upload address: no token, it is its own secret. */
export function receiveUpload(state: SlackState, call: Call): Answer {
  const id = /^\/upload\/v1\/(F\w+)\./.exec(call.path)?.[1];
  const file = state.teams.flatMap(({ files }) => files).find((one) => one.id === id);
  if (file === undefined) return text(404, "not found");
  const bytes = bytesOf(call);
  if (bytes.length !== file.length) return text(400, `expected ${file.length} bytes`);
  file.preview = bytes.toString("utf8").slice(0, PREVIEW_CHARACTERS);
  return text(200, `OK - ${bytes.length}`);
}

interface Completed {
  readonly id: string;
  readonly title?: string;
}

function filesArg(value: unknown): readonly Completed[] {
  const parsed: unknown = typeof value === "string" ? parse(value) : value;
  const isFine =
    Array.isArray(parsed) &&
    parsed.length > 0 &&
    parsed.every((one) => typeof one?.id === "string");
  if (isFine) return parsed as Completed[];
  const messages = ["[ERROR] files must be an array of objects with an id"];
  throw new SlackError("invalid_arguments", { response_metadata: { messages } });
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}

export function completeUpload(context: MethodContext): Fields {
  const { args, team } = context;
  const files = filesArg(args.files).map(({ id, title }): UploadedFile => {
    const file = team.files.find((one) => one.id === id);
    if (file === undefined || file.preview === null || file.isShared) {
      throw new SlackError("file_not_found");
    }
    if (title !== undefined) file.title = title;
    return file;
  });
  const reference = textArg(args, "channel_id");
  if (reference !== undefined) {
    const channel = findChannel(team, reference);
    if (channel === null) throw new SlackError("channel_not_found");
    // chat:write.public does not help here.
    if (!channel.isBotMember) throw new SlackError("not_in_channel");
    const said = textArg(args, "initial_comment") ?? "";
    const threadTs = textArg(args, "thread_ts") ?? null;
    for (const { id } of files) {
      addMessage(context, channel, {
        text: said,
        blocks: null,
        metadata: null,
        threadTs,
        fileId: id,
      });
    }
  }
  for (const file of files) file.isShared = true;
  return { files: files.map(({ id, title }) => ({ id, title })) };
}
