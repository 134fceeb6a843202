import type { Readable } from "node:stream";
import busboy from "busboy";
import { AppError, invalidRequest } from "@/lib/core/errors";
import { invalidFields } from "@/lib/http/query-string";
import { type Staged, storage } from "@/lib/storage/storage";
import { fileNameOf } from "@/lib/uploads/file-name";
import { type UploadFields, uploadFields } from "@/lib/uploads/schema";

const uploadBytesMax = 2_147_483_648;
/** What a multipart body may have beside its file. */
const overheadMax = 1_048_576;
/** A client that sends nothing for this long is gone. */
const idleMs = 60_000;

export interface UploadForm {
  readonly fields: UploadFields;
  readonly fileName: string;
  readonly file: Staged;
}

export const tooLarge = () =>
  new AppError("payload_too_large", "The file is larger than 2 GB (2,147,483,648 bytes)", {
    details: { max_bytes: uploadBytesMax },
    fix: "Compress the recording or split it, and upload the parts as meetings of their own.",
  });

/** Refuses what can be refused before the body is read. */
function checkHeaders(header: (name: string) => string | undefined): string {
  const type = header("content-type");
  if (!type || !/^multipart\/form-data\s*;/i.test(type)) {
    throw new AppError("unsupported_media_type", "The body must be multipart/form-data", {
      details: { content_type: type ?? null },
      fix: 'Send the file as a form field: curl -F "file=@meeting.vtt" …',
    });
  }
  const length = header("content-length");
  if (length === undefined && header("transfer-encoding") === undefined) {
    throw new AppError(
      "length_required",
      "The request says neither how long its body is nor that it is chunked",
      {
        fix: "Send Content-Length or Transfer-Encoding: chunked.",
      },
    );
  }
  if (length !== undefined && Number(length) > uploadBytesMax + overheadMax) throw tooLarge();
  return type;
}

class FormReader {
  readonly values: Record<string, string> = {};
  file: Promise<Staged> | null = null;
  fileName = "";
  private problem: unknown = null;
  private listener: (() => void) | null = null;
  private readonly abort: AbortController;

  constructor(abort: AbortController) {
    this.abort = abort;
  }

  /** The first problem is the one to tell; it also stops the file from being written. */
  fail(problem: unknown): void {
    this.problem ??= problem;
    this.abort.abort();
    this.listener?.();
  }

  onProblem(listener: () => void): void {
    this.listener = listener;
  }

  get firstProblem(): unknown {
    return this.problem;
  }

  onField(name: string, value: string, info: busboy.FieldInfo): void {
    if (!(name in uploadFields.shape)) {
      const known = ["file", ...Object.keys(uploadFields.shape)].join(", ");
      const shown = name.slice(0, 60);
      const fix =
        name === "file"
          ? 'Send it as a file: -F "file=@meeting.vtt".'
          : `The form takes: ${known}.`;
      this.fail(invalidRequest(`Unknown form field "${shown}"`, { [shown]: "Unknown." }, fix));
    } else if (name in this.values) {
      this.fail(invalidRequest(`Form field "${name}" is given twice`, { [name]: "Give it once." }));
    } else if (info.valueTruncated || value.includes("\0")) {
      this.fail(
        invalidRequest(`Form field "${name}" is not valid text`, {
          [name]: "Too long or not text.",
        }),
      );
    } else {
      this.values[name] = value;
    }
  }

  onFile(name: string, stream: Readable & { truncated?: boolean }, info: busboy.FileInfo): void {
    // The parser tells a cut body to the file as well, perhaps after its reader has gone: to nobody, it would end
    // the whole process.
    stream.on("error", () => undefined);
    if (name !== "file" || this.file !== null) {
      stream.resume();
      const shown = name.slice(0, 60);
      const message =
        this.file !== null ? "Only one file is taken" : `The file must be in the field "file"`;
      this.fail(invalidRequest(message, { [shown]: 'Use the field "file", once.' }));
      return;
    }
    this.fileName = fileNameOf(info.filename ?? "");
    stream.on("limit", () => this.fail(tooLarge()));
    this.file = storage().stage(stream, this.abort.signal);
    this.file.catch((error: unknown) => this.fail(error));
  }
}

const cutOff = () =>
  invalidRequest(
    "The body ended before the form was complete",
    { file: "Cut off on the way." },
    "Nothing was kept. Send the whole form again, with the same Idempotency-Key if you use one.",
  );

/**
 * Reads away what a refused request still sends: its connection serves the next request only after that. A body
 * without an end is cut off.
 */
function discardRest(body: Readable): void {
  let left = uploadBytesMax;
  body.on("data", (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) body.destroy();
  });
  body.resume();
}

/** Feeds the body through the parser until its end, an error, or a minute of silence. */
function drain(body: Readable, parser: busboy.Busboy, reader: FormReader): Promise<void> {
  return new Promise((resolve) => {
    let done = false;
    const timer = setTimeout(() => finish(cutOff()), idleMs);
    const restart = () => timer.refresh();
    const finish = (problem?: unknown) => {
      if (done) return;
      done = true;
      clearTimeout(timer);
      if (problem !== undefined) reader.fail(problem);
      body.off("data", restart);
      body.unpipe(parser);
      discardRest(body);
      resolve();
    };
    body.on("data", restart);
    body.once("aborted", () => finish(cutOff()));
    // Listened to for good, not once: a late error that nobody hears would end the process.
    body.on("error", () => finish(cutOff()));
    body.once("close", () => {
      if (!body.readableEnded) finish(cutOff());
    });
    parser.on("error", () => finish(cutOff()));
    parser.once("close", () => finish());
    parser.once("filesLimit", () =>
      reader.fail(invalidRequest("Only one file is taken", { file: "Send one file." })),
    );
    parser.once("fieldsLimit", () =>
      reader.fail(invalidRequest("The form has too many fields", { request: "At most 20." })),
    );
    // The first problem ends the reading at once: what follows would only be thrown away.
    reader.onProblem(() => finish());
    body.pipe(parser);
  });
}

function parserOf(type: string, body: Readable, maxFileBytes: number): busboy.Busboy {
  try {
    return busboy({
      headers: { "content-type": type },
      defParamCharset: "utf8",
      highWaterMark: 1_048_576,
      fileHwm: 1_048_576,
      limits: {
        // One byte more: the parser calls a file cut off as soon as it reaches the limit.
        fileSize: maxFileBytes + 1,
        files: 2,
        fields: 20,
        fieldSize: 4096,
        fieldNameSize: 100,
      },
    });
  } catch {
    body.resume();
    throw invalidRequest("The multipart body has no boundary", {
      "content-type": "Must carry a boundary; let your HTTP client set it.",
    });
  }
}

/**
 * Reads an upload form: text fields are checked, the file is staged in the storage while it arrives. On any
 * failure nothing is kept. The caller ends `file` by `keep` or `discard`.
 */
export async function readUploadForm(
  header: (name: string) => string | undefined,
  makeBody: () => Readable,
  maxFileBytes = uploadBytesMax,
): Promise<UploadForm> {
  const type = checkHeaders(header);
  const body = makeBody();
  const abort = new AbortController();
  const reader = new FormReader(abort);
  const parser = parserOf(type, body, maxFileBytes);
  parser.on("field", (name, value, info) => reader.onField(name, value, info));
  parser.on("file", (name, stream, info) => reader.onFile(name, stream, info));
  await drain(body, parser, reader);
  const file = await reader.file?.catch(() => null);
  try {
    if (reader.firstProblem) throw reader.firstProblem;
    return checked(reader, file ?? null);
  } catch (error) {
    await file?.discard();
    throw error;
  }
}

function checked(reader: FormReader, file: Staged | null): UploadForm {
  if (!file) {
    throw invalidRequest(
      "The form has no file",
      { file: "Required." },
      'Add it: -F "file=@meeting.vtt".',
    );
  }
  if (file.bytes === 0) {
    throw invalidRequest(
      "The file is empty",
      { file: "Has no bytes." },
      "Check the file and send it again.",
    );
  }
  const parsed = uploadFields.safeParse(reader.values);
  if (!parsed.success) throw invalidFields(parsed.error);
  return { fields: parsed.data, fileName: reader.fileName, file };
}
