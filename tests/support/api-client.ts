import { randomInt } from "node:crypto";
import { Agent, type ClientRequest, type IncomingMessage, request } from "node:http";
import { Readable } from "node:stream";
import { z } from "zod";
import { type Answer, type Contract, loadContract } from "./openapi-check";

// A client over node:http rather than fetch: it sends a path exactly as it stands (`//`, `%E0%A4%A`), from an
// address of its own, and holds every answer against the published document.

export interface ApiRequest {
  readonly method?: string;
  /** The whole target, such as `/api/v1/meetings?page=2`; sent as it is. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | FormData | Readable;
}

export interface Api {
  readonly baseUrl: string;
  readonly contract: Contract;
  /** Any request; the answer has been checked against the contract. */
  readonly send: (request: ApiRequest) => Promise<Answer>;
  /** The same without the check, for requests that may not reach the API at all. */
  readonly sendAny: (request: ApiRequest) => Promise<Answer>;
  /** GET below /api/v1. */
  readonly get: (path: string, headers?: Readonly<Record<string, string>>) => Promise<Answer>;
  /** POST of a form to /api/v1/meetings/upload. */
  readonly upload: (form: FormData, headers?: Readonly<Record<string, string>>) => Promise<Answer>;
  /** The same server and address with other headers, such as another key. */
  readonly with: (credential: Credential) => Api;
}

export type Credential = { readonly key: string } | { readonly cookie: string } | null;

function headersOf(credential: Credential): Record<string, string> {
  if (credential === null) return {};
  return "key" in credential
    ? { authorization: `Bearer ${credential.key}` }
    : { cookie: credential.cookie };
}

/**
 * An address of the loopback network, so that a file's failed credentials are counted apart from those of every
 * other file (the limit is per client address).
 */
export function ownAddress(): string {
  return `127.${randomInt(1, 255)}.${randomInt(0, 255)}.${randomInt(1, 255)}`;
}

interface Payload {
  readonly headers: Record<string, string>;
  readonly stream: Readable | null;
}

async function payloadOf(body: ApiRequest["body"]): Promise<Payload> {
  if (body === undefined) return { headers: {}, stream: null };
  if (body instanceof Readable) return { headers: {}, stream: body };
  if (!(body instanceof FormData)) {
    const bytes = typeof body === "string" ? Buffer.from(body) : body;
    return {
      headers: { "content-length": String(bytes.length) },
      stream: Readable.from([bytes]),
    };
  }
  const encoded = new Response(body);
  const bytes = Buffer.from(await encoded.arrayBuffer());
  return {
    headers: {
      "content-type": encoded.headers.get("content-type") ?? "",
      "content-length": String(bytes.length),
    },
    stream: Readable.from([bytes]),
  };
}

/** Waits for the answer; a server that stops listening to the body may still have answered. */
function answerTo(outgoing: ClientRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    outgoing.setTimeout(20_000, () => outgoing.destroy(new Error("no answer within 20 s")));
    outgoing.on("error", reject);
    outgoing.once("response", (incoming) => {
      readAnswer(incoming).then(resolve, reject);
    });
  });
}

async function readAnswer(incoming: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  const text = Buffer.concat(chunks).toString("utf8");
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers))
    headers[name] = Array.isArray(value) ? value.join(", ") : (value ?? "");
  const isJson = headers["content-type"]?.startsWith("application/json") === true && text !== "";
  return {
    status: incoming.statusCode ?? 0,
    headers,
    text,
    json: isJson ? JSON.parse(text) : undefined,
  };
}

/** Sends a request as it is and returns what came back, unchecked. */
export async function sendRaw(
  baseUrl: string,
  { method = "GET", path, headers = {}, body }: ApiRequest,
  connection: { readonly agent?: Agent; readonly localAddress?: string } = {},
): Promise<Answer> {
  const { host, port } = new URL(baseUrl);
  const payload = await payloadOf(body);
  const outgoing = request({
    ...connection,
    hostname: "127.0.0.1",
    port,
    method,
    path,
    headers: { host, ...payload.headers, ...headers },
  });
  const answer = answerTo(outgoing);
  if (payload.stream) payload.stream.pipe(outgoing);
  else outgoing.end();
  return answer;
}

const contracts = new Map<string, Promise<Contract>>();

function contractOf(baseUrl: string): Promise<Contract> {
  const known = contracts.get(baseUrl) ?? loadContract(baseUrl);
  contracts.set(baseUrl, known);
  return known;
}

/** A client of one server; all clients of a server in one test file share its contract. */
export async function makeApi(
  baseUrl: string,
  credential: Credential = null,
  localAddress = ownAddress(),
): Promise<Api> {
  const contract = await contractOf(baseUrl);
  const agent = new Agent({ keepAlive: true, localAddress });
  const make = (own: Credential): Api => {
    const sendAny: Api["sendAny"] = (wanted) => {
      const headers = { ...headersOf(own), ...wanted.headers };
      return sendRaw(baseUrl, { ...wanted, headers }, { agent });
    };
    const send: Api["send"] = async (wanted) => {
      const answer = await sendAny(wanted);
      contract.check(wanted.method ?? "GET", wanted.path, answer);
      return answer;
    };
    return {
      baseUrl,
      contract,
      send,
      sendAny,
      get: (path, headers = {}) => send({ path: `/api/v1${path}`, headers }),
      upload: (form, headers = {}) =>
        send({ method: "POST", path: "/api/v1/meetings/upload", body: form, headers }),
      with: make,
    };
  };
  return make(credential);
}

const listShape = z.object({
  data: z.array(z.looseObject({ id: z.string() })),
  pagination: z.object({
    page: z.number().nullable(),
    per_page: z.number(),
    total: z.number(),
    has_more: z.boolean(),
    next_cursor: z.string().nullable(),
  }),
});

/** A list answer, typed; throws when the answer is none. */
export function listOf(answer: Answer): z.output<typeof listShape> {
  return listShape.parse(answer.json);
}

/** The ids of a list answer, in its order. */
export function idsOf(answer: Answer): string[] {
  return listOf(answer).data.map(({ id }) => id);
}

const errorShape = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    details: z.record(z.string(), z.unknown()),
    request_id: z.string(),
    fix: z.string(),
    doc_url: z.string(),
  }),
});

/** The error of an answer, typed; throws when the answer is a success. */
export function errorOf(answer: Answer): z.output<typeof errorShape>["error"] {
  return errorShape.parse(answer.json).error;
}
