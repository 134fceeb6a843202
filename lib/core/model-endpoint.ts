import { z } from "zod";

// What endpoints that speak OpenAI's protocol have in common: how they are asked, and how they say no.

const errorSchema = z.object({
  error: z.object({
    code: z.string().nullish(),
    type: z.string().nullish(),
    param: z.string().nullish(),
  }),
});

/** The header that carries the key; empty without one, null for text that no key has and no header may carry. */
export function bearerHeader(key: string | null): Record<string, string> | null {
  if (key === null || key === "") return {};
  return /^[\x21-\x7e]+$/.test(key) ? { authorization: `Bearer ${key}` } : null;
}

/** What the web's streams of the browser's types and of Node have in common. */
interface Body {
  readonly getReader: () => {
    readonly read: () => Promise<{ readonly value?: Uint8Array | undefined }>;
    readonly cancel: () => Promise<void>;
  };
}

/** The body as text; null when it is larger than `max` bytes, and then the rest is not read. */
export async function readCapped(body: Body | null, max: number): Promise<string | null> {
  const reader = body?.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (let read = await reader?.read(); read?.value !== undefined; read = await reader?.read()) {
    size += read.value.byteLength;
    if (size > max) {
      await reader?.cancel();
      return null;
    }
    chunks.push(read.value);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/**
 * What an error body says in words of the protocol. Its message is left out: some repeat parts of the key or of what
 * was sent.
 */
export function readEndpointError(text: string): { code: string | null; param: string | null } {
  const word = (value: string | null | undefined) =>
    value && /^[a-z_]{1,60}$/.test(value) ? value : null;
  try {
    const { error } = errorSchema.parse(JSON.parse(text));
    return { code: word(error.code ?? error.type), param: word(error.param) };
  } catch {
    // Anything but the usual error body; the status says enough.
    return { code: null, param: null };
  }
}

/** True for answers after which the same request may succeed later. */
export function isPassing(status: number): boolean {
  return [408, 409, 425, 429].includes(status) || status >= 500;
}

/** The system's word for a connection that did not come about, such as " (ECONNREFUSED)"; else empty. */
export function connectionWord(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && "code" in cause ? ` (${String(cause.code)})` : "";
}
