import type { Line } from "@/db/seed-data/compose-conversation";
import type { MeetingKind } from "@/db/seed-data/meeting-kinds";
import type { Random } from "@/db/seed-data/random";

const wordsPerSecond = { slow: 1.6, quick: 2.3 };
/** Meetings in which somebody shows something have long pauses. */
const pauseChance: Partial<Record<MeetingKind, number>> = {
  demo: 0.24,
  qbr: 0.16,
  onboarding: 0.16,
  support_call: 0.16,
};

function clock(ms: number): string {
  const part = (value: number, width: number) => String(value).padStart(width, "0");
  const seconds = Math.floor(ms / 1000);
  return `${part(Math.floor(seconds / 3600), 2)}:${part(Math.floor(seconds / 60) % 60, 2)}:${part(seconds % 60, 2)}.${part(ms % 1000, 3)}`;
}

function pauseMs(kind: MeetingKind, random: Random): number {
  if (random.chance(pauseChance[kind] ?? 0.08)) return random.between(12_000, 70_000);
  return random.between(400, 6_500);
}

/** Writes a conversation down as WebVTT, at the pace of people who think while they speak. */
export function speak(
  lines: readonly Line[],
  kind: MeetingKind,
  nameOf: (key: string) => string,
  random: Random,
): string {
  let at = random.between(1_500, 12_000);
  const cues = lines.map(({ speaker, text }) => {
    const words = text.split(" ").length;
    const pace = wordsPerSecond.slow + random.next() * (wordsPerSecond.quick - wordsPerSecond.slow);
    const start = at;
    const end = start + Math.max(700, Math.round((words / pace) * 1000));
    at = end + pauseMs(kind, random);
    return `${clock(start)} --> ${clock(end)}\n${nameOf(speaker)}: ${text}`;
  });
  return `WEBVTT\n\n${cues.join("\n\n")}\n`;
}
