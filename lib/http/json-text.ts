import { hash } from "node:crypto";

/** The entity tag of a body. */
export function etagOf(body: string): string {
  return `W/"${hash("sha1", body, "base64url")}"`;
}

const brand = Symbol.for("harmony.JsonText");

/**
 * JSON that is sent as it is: written by the database, or kept from an earlier request. `instanceof` works across module
 * graphs, as with AppError: what a page of Next keeps, the fast lane sends.
 */
export class JsonText {
  readonly text: string;
  private tag: string | null = null;
  constructor(text: string) {
    this.text = text;
    Object.defineProperty(this, brand, { value: true });
  }

  static [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === "object" && value !== null && brand in value;
  }

  get etag(): string {
    this.tag ??= etagOf(this.text);
    return this.tag;
  }
}
