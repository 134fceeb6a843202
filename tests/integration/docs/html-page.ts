// A page as a crawler sees it: attributes and text, without running anything.

export interface HtmlPage {
  readonly status: number;
  readonly html: string;
  readonly headers: Headers;
  /** Values of every `id`. */
  readonly ids: ReadonlySet<string>;
  /** Values of every `href` of a link. */
  readonly links: readonly string[];
  /** What the browser loads by itself: scripts, styles, images, fonts, frames. */
  readonly loads: readonly string[];
  /** The visible text, in one line. */
  readonly text: string;
}

const entities: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#x27;": "'",
};

export function unescapeHtml(text: string): string {
  return text.replace(/&(?:amp|lt|gt|quot|#x27);/g, (entity) => entities[entity] ?? entity);
}

function attributes(html: string, pattern: RegExp): string[] {
  return [...html.matchAll(pattern)].map((match) => unescapeHtml(match[1] ?? ""));
}

export async function readPage(url: string): Promise<HtmlPage> {
  const response = await fetch(url, { redirect: "manual" });
  const html = await response.text();
  const withoutScripts = html.replace(/<script\b[^>]*>[\s\S]*?<\/script>/g, "");
  return {
    status: response.status,
    html,
    headers: response.headers,
    ids: new Set(attributes(withoutScripts, /\sid="([^"]*)"/g)),
    links: attributes(withoutScripts, /<a\b[^>]*\shref="([^"]*)"/g),
    loads: [
      ...attributes(html, /<(?:script|img|iframe|source|video|audio|embed)\b[^>]*\ssrc="([^"]*)"/g),
      ...attributes(html, /<link\b[^>]*\shref="([^"]*)"/g),
      ...attributes(html, /\burl\(["']?([^"')]+)/g),
    ],
    text: unescapeHtml(withoutScripts.replace(/<!--[\s\S]*?-->/g, "").replace(/<[^>]+>/g, " "))
      .replace(/\s+/g, " ")
      .trim(),
  };
}
