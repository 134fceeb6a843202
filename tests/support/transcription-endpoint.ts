import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";

// A server that speaks the protocol of /audio/transcriptions: it proves what is sent and how what comes back is taken,
// not what any engine would hear.

export interface TranscriptionRequest {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly audio: Buffer;
  /** Resolves when the connection is over, answered or not. */
  readonly isOver: () => boolean;
}

export type TranscriptionReply = (response: ServerResponse, request: TranscriptionRequest) => void;

export interface TranscriptionEndpoint {
  /** For TRANSCRIBE_URL. */
  readonly url: string;
  readonly requests: TranscriptionRequest[];
  /** How every request is answered from now on. */
  reply: TranscriptionReply;
  readonly stop: () => Promise<void>;
}

export function answerWith(status: number, body: unknown): TranscriptionReply {
  return (response) => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  };
}

/** An answer in the form of `verbose_json`: each text is a segment of two seconds. */
export function verbose(...texts: readonly string[]) {
  return {
    task: "transcribe",
    language: "english",
    duration: texts.length * 2,
    text: texts.join(" "),
    segments: texts.map((text, id) => ({
      ...{ id, start: id * 2, end: id * 2 + 2, text: ` ${text}` },
      ...{ avg_logprob: -0.1, no_speech_prob: 0.01 },
    })),
  };
}

/** Never answers. */
export const hold: TranscriptionReply = () => undefined;

export async function startTranscriptionEndpoint(): Promise<TranscriptionEndpoint> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    let isOver = false;
    response.on("close", () => {
      isOver = true;
    });
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const headers = { "content-type": request.headers["content-type"] ?? "" };
      void new Response(Buffer.concat(chunks), { headers }).formData().then(async (form) => {
        const file = form.get("file");
        const audio =
          file instanceof Blob ? Buffer.from(await file.arrayBuffer()) : Buffer.alloc(0);
        const fields = [...form].flatMap(([name, value]) =>
          typeof value === "string" ? [[name, value] as const] : [],
        );
        const path = request.url ?? "";
        const { authorization } = request.headers;
        const received = { path, authorization, fields, audio, isOver: () => isOver };
        endpoint.requests.push(received);
        endpoint.reply(response, received);
      });
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const endpoint: TranscriptionEndpoint = {
    url: `http://127.0.0.1:${address.port}/v1`,
    requests: [],
    reply: answerWith(200, verbose("Hello.")),
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return endpoint;
}
