import { hash } from "node:crypto";

/** The entity tag of a body. */
export function etagOf(body: string): string {
  return `W/"${hash("sha1", body, "base64url")}"`;
}

/** JSON that is sent as it is: written by the database, or kept from an earlier request. */
export class JsonText {
  readonly text: string;
  private tag: string | null = null;
  constructor(text: string) {
    this.text = text;
  }

  get etag(): string {
    this.tag ??= etagOf(this.text);
    return this.tag;
  }
}
