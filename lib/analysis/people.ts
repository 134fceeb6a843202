import type { AnalysisInput } from "./analyst";

export interface People {
  /** The full name of the one person a spoken name can mean, else null. */
  readonly find: (spoken: string) => string | null;
  /** Every part of every name, in lower case. */
  readonly nameParts: ReadonlySet<string>;
}

/** Everybody who attended or spoke. */
export function peopleOf({
  transcript,
  meeting,
}: Pick<AnalysisInput, "transcript" | "meeting">): People {
  const speakers = new Set(transcript.turns.map(({ speaker }) => speaker));
  const absent = meeting.attendees.map(({ name }) => name).filter((name) => !speakers.has(name));
  const names = [...speakers, ...absent].filter((name) => !/^Speaker [A-Z]{1,2}$/.test(name));
  const cache = new Map<string, string | null>();
  const find = (spoken: string) => {
    const known = cache.get(spoken);
    if (known !== undefined) return known;
    const found = closestName(spoken.toLowerCase(), names);
    cache.set(spoken, found);
    return found;
  };
  const parts = names.flatMap((name) => name.toLowerCase().split(/[\s,]+/));
  return { find, nameParts: new Set(parts) };
}

/** "Ines" of "Ines Calloway"; the whole of a name that is one word. */
export function firstName(name: string): string {
  return name.split(" ")[0] ?? name;
}

function closestName(spoken: string, names: readonly string[]): string | null {
  const distances = names.map((name) => ({ name, distance: nameDistance(spoken, name) }));
  const best = Math.min(...distances.map(({ distance }) => distance));
  const closest = distances.filter(({ distance }) => distance === best);
  return Number.isFinite(best) && closest.length === 1 ? (closest[0]?.name ?? null) : null;
}

/** 0 for the full name or a part of it; 1 or 2 for a slip in a long part; else infinite. */
function nameDistance(spoken: string, name: string): number {
  const full = name.toLowerCase();
  const parts = full.split(/[\s,]+/);
  if (full === spoken || parts.includes(spoken)) return 0;
  const slips = parts.map((part) => {
    const allowed = Math.min(part.length, spoken.length) >= 8 ? 2 : 1;
    const distance = part.length < 5 || part[0] !== spoken[0] ? 9 : editDistance(part, spoken);
    return distance <= allowed ? distance : Number.POSITIVE_INFINITY;
  });
  return Math.min(...slips);
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(change, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    previous = row;
  }
  return previous[b.length] ?? 0;
}
