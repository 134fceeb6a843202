import type { Platform } from "@/lib/calendar/schema";

// Which call a link leads to. The same call has the same key however its link is written, so that an event and a
// recording of it can be brought together. Pure.

export interface Conference {
  /** `meet:abc-mnop-xyz`, `zoom:85746065432`, `zoom-my:dana`, `teams:19:meeting_…@thread.v2`, `teams-id:234…`. */
  readonly key: string;
  readonly platform: Exclude<Platform, "none">;
  /** The link that people join with, without the wrapping of a link protector. */
  readonly url: string;
}

interface Pattern {
  readonly platform: Conference["platform"];
  readonly host: RegExp;
  readonly path: RegExp;
  readonly key: (found: string) => string;
}

// The host is matched by itself: `https://elsewhere.example/zoom.us/j/123456789` is no call at Zoom.
const patterns: readonly Pattern[] = [
  {
    platform: "google_meet",
    host: /^meet\.google\.com$/,
    path: /^\/(?:lookup\/)?([a-z]{3}-[a-z]{4}-[a-z]{3})(?![a-z-])/i,
    key: (code) => `meet:${code.toLowerCase()}`,
  },
  {
    platform: "zoom",
    host: /(?:^|\.)zoom(?:gov)?\.(?:us|com)$/,
    path: /^\/(?:j|w|s)\/(\d{9,11})(?!\d)/i,
    key: (number) => `zoom:${number}`,
  },
  {
    platform: "zoom",
    host: /(?:^|\.)zoom(?:gov)?\.(?:us|com)$/,
    path: /^\/my\/([a-z0-9._-]{1,64})/i,
    key: (name) => `zoom-my:${name.toLowerCase()}`,
  },
  {
    platform: "microsoft_teams",
    host: /^teams\.(?:microsoft|live)\.com$/,
    // The thread's id is case-sensitive.
    path: /^\/l\/meetup-join\/(19:meeting_[^/@]+@thread\.v2)/i,
    key: (thread) => `teams:${thread}`,
  },
  {
    platform: "microsoft_teams",
    host: /^teams\.(?:microsoft|live)\.com$/,
    path: /^\/meet\/(\d{9,})/i,
    key: (number) => `teams-id:${number}`,
  },
];

const entities: Readonly<Record<string, string>> = {
  amp: "&",
  quot: '"',
  apos: "'",
  lt: "<",
  gt: ">",
  nbsp: " ",
};

function decodeEntities(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,6}));/gi,
    (whole, decimal, hex, name) => {
      if (name !== undefined) return entities[String(name).toLowerCase()] ?? whole;
      const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}

function parseUrl(text: string): URL | null {
  try {
    const url = new URL(text);
    return url.protocol === "https:" || url.protocol === "http:" ? url : null;
  } catch {
    return null;
  }
}

/** The address inside the ones that mail programs put around links; null where it is none of theirs. */
function unwrapped(url: URL): URL | null {
  if (/\.safelinks\.protection\.outlook\.com$/.test(url.hostname)) {
    return parseUrl(url.searchParams.get("url") ?? "");
  }
  if (/(?:^|\.)google\.com$/.test(url.hostname) && url.pathname === "/url") {
    return parseUrl(url.searchParams.get("q") ?? url.searchParams.get("url") ?? "");
  }
  return null;
}

const wrappingsMax = 4;

function innermost(url: URL): URL {
  let current = url;
  for (let depth = 0; depth < wrappingsMax; depth += 1) {
    const inner = unwrapped(current);
    if (inner === null) break;
    current = inner;
  }
  return current;
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function conferenceAt(url: URL): Conference | null {
  const host = url.hostname.toLowerCase();
  const path = decodePath(url.pathname);
  for (const pattern of patterns) {
    const found = pattern.host.test(host) ? pattern.path.exec(path)?.[1] : undefined;
    if (found !== undefined) {
      return { key: pattern.key(found), platform: pattern.platform, url: url.href };
    }
  }
  return null;
}

const textMax = 20_000;
const linksMax = 100;
const links =
  /https?:\/\/[^\s"'<>\\]+|(?<![\w@./-])(?:meet\.google\.com|teams\.(?:microsoft|live)\.com|(?:[a-z0-9-]{1,63}\.){0,3}zoom(?:gov)?\.(?:us|com))\/[^\s"'<>\\]+/gi;

/** The links in a text, which may be one itself; a known platform is recognised without its `https://`. */
function linksIn(text: string): readonly URL[] {
  const decoded = decodeEntities(text.slice(0, textMax));
  const found = decoded.match(links) ?? [];
  return found.slice(0, linksMax).flatMap((link) => {
    const bare = link.replace(/[)\].,;:!?]+$/, "");
    const url = parseUrl(/^https?:/i.test(bare) ? bare : `https://${bare}`);
    return url === null ? [] : [url];
  });
}

/** The first call that these texts lead to: structured fields come first, then location and description. */
export function findConference(candidates: readonly string[]): Conference | null {
  for (const candidate of candidates) {
    for (const url of linksIn(candidate)) {
      const conference = conferenceAt(innermost(url));
      if (conference !== null) return conference;
    }
  }
  return null;
}
