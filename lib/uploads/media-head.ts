/** What the tracks named in the first bytes of a file are; both false when the head names none. */
interface Tracks {
  readonly hasVideo: boolean;
  readonly hasAudio: boolean;
}

const none: Tracks = { hasVideo: false, hasAudio: false };

/** ISO media and QuickTime: a handler box (`hdlr`) of each track says what it carries (ISO 14496-12, 8.4.3). */
function tracksOfIsoMedia(text: string): Tracks {
  const handlers = new Set([...text.matchAll(/hdlr[\s\S]{8}(vide|soun)/g)].map(([, kind]) => kind));
  return { hasVideo: handlers.has("vide"), hasAudio: handlers.has("soun") };
}

/** Matroska and WebM: each track's CodecID (0x86, its size, its name) begins with its kind (RFC 9559, 5.1.4.1.21). */
function tracksOfMatroska(text: string): Tracks {
  const at = text.indexOf("\x16\x54\xae\x6b");
  if (at === -1) return none;
  const tracks = text.slice(at);
  return { hasVideo: /\x86[\x80-\xff]V_/.test(tracks), hasAudio: /\x86[\x80-\xff]A_/.test(tracks) };
}

const isoTypes = /^(?:video|audio)\/(?:mp4|quicktime|x-m4v|3gpp2?)$/;
const matroskaTypes = /^video\/(?:webm|matroska)$/;

/**
 * True for a container of video whose head names sound alone, as recorders of browsers and telephones write it. False
 * where the head does not say, since the list of tracks may stand at the end.
 */
export function hasSoundOnly(mime: string, head: Buffer): boolean {
  const text = head.toString("latin1");
  const found = isoTypes.test(mime)
    ? tracksOfIsoMedia(text)
    : matroskaTypes.test(mime)
      ? tracksOfMatroska(text)
      : none;
  return found.hasAudio && !found.hasVideo;
}

const gsmFrameBytes = 33;
const gsmFramesMin = 50;

/** Bare GSM 06.10 has no header: every frame of 33 bytes (20 ms) starts with the four bits 1101 (RFC 3551, 4.5.8.1). */
function isGsm(head: Buffer): boolean {
  const frames = Math.floor(head.length / gsmFrameBytes);
  if (frames < gsmFramesMin) return false;
  for (let at = 0; at < frames; at += 1) {
    if ((head[at * gsmFrameBytes] ?? 0) >> 4 !== 0xd) return false;
  }
  return true;
}

/** Formats of sound that file-type does not know, by their first bytes. */
const signatures = { ".snd": "audio/basic", caff: "audio/x-caf", RF64: "audio/wav" } as const;

/** The type of a recording that only we recognise; null for everything else. */
export function lesserKnownSound(head: Buffer): string | null {
  const start = head.subarray(0, 4).toString("latin1");
  if (start in signatures) return signatures[start as keyof typeof signatures];
  return isGsm(head) ? "audio/gsm" : null;
}
