/** What a Range header asks of a body of some size; both ends of a stretch belong to it. */
export type WantedRange = { readonly start: number; readonly end: number } | "whole" | "nothing";

/**
 * Reads a Range header (RFC 9110, 14.2). Several stretches at once, other units and what is not well-formed are
 * answered with the whole body, as the standard lets a server do; "nothing" means that no byte of the body is meant.
 */
export function wantedRange(header: string | undefined, size: number): WantedRange {
  const match = /^bytes=(\d*)-(\d*)$/i.exec(header?.replaceAll(/\s/g, "") ?? "");
  if (!match) return "whole";
  const [, first = "", last = ""] = match;
  if (first === "" && last === "") return "whole";
  if (first === "") {
    const length = Math.min(Number(last), size);
    return length === 0 ? "nothing" : { start: size - length, end: size - 1 };
  }
  const start = Number(first);
  if (last !== "" && Number(last) < start) return "whole";
  if (start >= size) return "nothing";
  return { start, end: last === "" ? size - 1 : Math.min(Number(last), size - 1) };
}

/** An If-Range header lets the range count only for the version that the client has; a date never matches. */
export function isSameVersion(header: string | undefined, etag: string): boolean {
  return header === undefined || header.trim() === etag;
}

/** An If-None-Match header names the version that would be sent. */
export function isKnownVersion(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  const known = header.split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  return known.includes(etag) || known.includes("*");
}
