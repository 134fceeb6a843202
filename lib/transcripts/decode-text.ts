const sampleLength = 256 * 1024;
const allowedControls = new Set(["\t", "\n", "\r", "\f", "\v", "\u0085"]);
const LEGACY_CHARACTER = /[\p{L}\p{N}\p{P}\p{Sc}\s+=|~^`°]/gu;

/**
 * Turns bytes into text, or null when they are not text. Understands UTF-8 and UTF-16 with a byte
 * order mark, UTF-8 without one, and Windows-1252 when the result reads like text. `truncated`
 * says that the bytes may end in the middle of a character.
 */
export function decodeText(bytes: Uint8Array, truncated: boolean): string | null {
  const wide = wideEncoding(bytes);
  if (wide !== null) {
    const text = new TextDecoder(wide).decode(bytes, { stream: truncated });
    return text.includes("\uFFFD") || !isMostlyText(text) ? null : text;
  }
  if (bytes.includes(0)) return null;
  const text = decodeUtf8(bytes, truncated);
  if (text !== null) return isMostlyText(text) ? text : null;
  const legacy = decodeWindows1252(bytes);
  return readsLikeLegacyText(legacy) ? legacy : null;
}

function wideEncoding(bytes: Uint8Array): "utf-16le" | "utf-16be" | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  return null;
}

function decodeUtf8(bytes: Uint8Array, truncated: boolean): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: truncated });
  } catch {
    // A fatal decoder throws on anything that is not UTF-8, which is the answer to the question.
    return null;
  }
}

// Node 20's TextDecoder reads "windows-1252" as Latin-1, where these 32 bytes are control characters
// (WHATWG Encoding, index-windows-1252). Five of them are unassigned and stay controls.
const HIGH_32 = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F\u0090‘’“”•–—˜™š›œ\u009DžŸ";

function decodeWindows1252(bytes: Uint8Array): string {
  const latin1 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
  return latin1.replace(/[\u0080-\u009F]/g, (c) => HIGH_32[c.charCodeAt(0) - 0x80] ?? c);
}

function countControls(text: string): number {
  const controls = text.match(/\p{Cc}/gu) ?? [];
  return controls.filter((control) => !allowedControls.has(control)).length;
}

function isMostlyText(text: string): boolean {
  const sample = text.slice(0, sampleLength);
  return countControls(sample) <= 4 + sample.length * 0.02 && !sample.includes("\0");
}

// Every byte string is valid Windows-1252, so the bar is higher: no control character at all and
// hardly anything but letters, digits and punctuation.
function readsLikeLegacyText(text: string): boolean {
  const sample = text.slice(0, sampleLength);
  if (countControls(sample) > 0) return false;
  const readable = sample.match(LEGACY_CHARACTER)?.length ?? 0;
  const ascii = sample.match(/[\x20-\x7e\s]/g)?.length ?? 0;
  return readable >= sample.length * 0.95 && ascii >= sample.length * 0.7;
}
