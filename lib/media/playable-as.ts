import type { MediaFacts } from "@/lib/media/media";

/** Containers of sound and pictures: the codecs that browsers play in them, and the type that says so. */
const mixed = {
  mov: { type: "mp4", audio: ["aac", "mp3", "opus", "flac"], video: ["h264", "av1", "vp9"] },
  matroska: { type: "webm", audio: ["opus", "vorbis"], video: ["vp8", "vp9", "av1"] },
} as const;

/** Containers of sound alone: the codecs that browsers play in them, and the type that says so. */
const soundOnly: Readonly<Record<string, readonly [type: string, codecs: readonly string[]]>> = {
  mp3: ["audio/mpeg", ["mp3"]],
  wav: ["audio/wav", ["pcm_s16le", "pcm_u8", "pcm_s24le", "pcm_f32le"]],
  ogg: ["audio/ogg", ["opus", "vorbis", "flac"]],
  flac: ["audio/flac", ["flac"]],
  aac: ["audio/aac", ["aac"]],
};

/** The type under which today's browsers play the file as it is; null when they need a copy. */
export function playableAs(facts: Omit<MediaFacts, "playableAs">): string | null {
  const family = facts.container.split(",")[0] ?? "";
  if (family === "mov" || family === "matroska") return mixedType(facts, mixed[family]);
  const known = soundOnly[family];
  if (!known || facts.video !== null || facts.audio === null) return null;
  return known[1].includes(facts.audio.codec) ? known[0] : null;
}

function mixedType(
  { audio, video }: Omit<MediaFacts, "playableAs">,
  codecs: (typeof mixed)[keyof typeof mixed],
): string | null {
  const isKnown = (known: readonly string[], stream: { readonly codec: string } | null) =>
    stream === null || known.includes(stream.codec);
  if (!isKnown(codecs.audio, audio) || !isKnown(codecs.video, video)) return null;
  return `${video === null ? "audio" : "video"}/${codecs.type}`;
}
