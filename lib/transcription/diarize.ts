/** Something one person said without a pause. */
export interface VoiceSample {
  /** Unit vector of the voice; null when too little was said to tell. */
  readonly voice: Float32Array | null;
  readonly ms: number;
}

/**
 * Voices whose cosine is above it are one person's. The speaker model gives strangers around 0.1 and one person about
 * 0.7, so that averages of groups meet near the middle; 0.3 joins strangers and 0.7 splits people (`npm run bench`).
 */
const sameVoice = 0.5;
/** Shorter samples are too uncertain to found a group; they join the nearest. */
const foundingMs = 1_500;
/** Groups with less speech than both are stray sounds, not people. */
const personShare = 0.04;
const personMs = 60_000;
/** Of this many the longest found the groups: that takes 36 MB and three seconds, and is two hours of talk or more. */
const foundersMax = 3_000;
const stepsAtOnce = 100;

interface Merge {
  readonly kept: number;
  readonly gone: number;
  readonly similarity: number;
}

const dot = (a: Float32Array, b: Float32Array) => {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
};

/** The similarities of all groups to each other, of which the most similar are joined until one is left. */
class Linkage {
  private readonly n: number;
  private readonly similarity: Float32Array;
  private readonly sizes: number[];
  private readonly alive: Set<number>;
  private readonly nearest: number[];

  constructor(vectors: readonly Float32Array[]) {
    this.n = vectors.length;
    this.similarity = new Float32Array(this.n * this.n);
    this.sizes = vectors.map(() => 1);
    this.alive = new Set(vectors.keys());
    vectors.forEach((a, i) => {
      vectors.slice(0, i).forEach((b, j) => {
        this.put(i, j, dot(a, b));
      });
    });
    this.nearest = vectors.map((_, i) => this.findNearest(i));
  }

  private at(i: number, j: number): number {
    return this.similarity[i * this.n + j] ?? 0;
  }

  private put(i: number, j: number, value: number): void {
    this.similarity[i * this.n + j] = value;
    this.similarity[j * this.n + i] = value;
  }

  private findNearest(i: number): number {
    let best = -1;
    for (const j of this.alive) {
      if (j !== i && (best < 0 || this.at(i, j) > this.at(i, best))) best = j;
    }
    return best;
  }

  private likeness(i: number): number {
    return this.at(i, this.nearest[i] ?? i);
  }

  private mostAlike(): { kept: number; gone: number } {
    let kept = -1;
    for (const i of this.alive) {
      if (kept < 0 || this.likeness(i) > this.likeness(kept)) kept = i;
    }
    return { kept, gone: this.nearest[kept] ?? kept };
  }

  /** Joins the two groups that are most alike; the new one is as like to others as its members on average. */
  join(): Merge {
    const { kept, gone } = this.mostAlike();
    const similarity = this.at(kept, gone);
    const [keptSize, goneSize] = [this.sizes[kept] ?? 1, this.sizes[gone] ?? 1];
    this.alive.delete(gone);
    for (const other of this.alive) {
      if (other === kept) continue;
      const sum = keptSize * this.at(kept, other) + goneSize * this.at(gone, other);
      this.put(kept, other, sum / (keptSize + goneSize));
    }
    this.sizes[kept] = keptSize + goneSize;
    for (const other of this.alive) {
      const outdated = [kept, gone].includes(this.nearest[other] ?? kept);
      if (other === kept || outdated) this.nearest[other] = this.findNearest(other);
    }
    return { kept, gone, similarity };
  }
}

/** All merges, from the most to the least certain (average linkage). Leaves the event loop free now and then. */
async function link(vectors: readonly Float32Array[], signal: AbortSignal): Promise<Merge[]> {
  const linkage = new Linkage(vectors);
  const merges: Merge[] = [];
  for (let step = 1; step < vectors.length; step += 1) {
    merges.push(linkage.join());
    if (step % stepsAtOnce === 0) {
      await new Promise((resolve) => setImmediate(resolve));
      signal.throwIfAborted();
    }
  }
  return merges;
}

/** After how many merges to stop, and how much speech makes a group a person. */
function chooseCut(
  merges: readonly Merge[],
  ms: readonly number[],
  personMsMin: number,
  speakers: number | null,
): number {
  if (speakers === null) {
    const stranger = merges.findIndex(({ similarity }) => similarity < sameVoice);
    return stranger < 0 ? merges.length : stranger;
  }
  // Stray sounds join last, so a plain count of groups would count them: the groups that are people have to be as many.
  const weights = [...ms];
  const isPerson = (i: number) => (weights[i] ?? 0) >= personMsMin;
  let people = weights.filter((weight) => weight >= personMsMin).length;
  let best = { people, cut: 0 };
  merges.forEach(({ kept, gone }, step) => {
    people -= Number(isPerson(kept)) + Number(isPerson(gone));
    weights[kept] = (weights[kept] ?? 0) + (weights[gone] ?? 0);
    weights[gone] = 0;
    people += Number(isPerson(kept));
    if (people >= Math.min(best.people, speakers)) best = { people, cut: step + 1 };
  });
  return best.cut;
}

function groupsAfter(merges: readonly Merge[], cut: number, n: number): number[][] {
  const groups = new Map<number, number[]>(Array.from({ length: n }, (_, i) => [i, [i]]));
  for (const { kept, gone } of merges.slice(0, cut)) {
    groups.get(kept)?.push(...(groups.get(gone) ?? []));
    groups.delete(gone);
  }
  return [...groups.values()];
}

function centreOf(vectors: readonly Float32Array[]): Float32Array {
  const sum = new Float32Array(vectors[0]?.length ?? 0);
  for (const vector of vectors)
    for (let i = 0; i < sum.length; i += 1) sum[i] = (sum[i] ?? 0) + (vector[i] ?? 0);
  const length = Math.sqrt(dot(sum, sum)) || 1;
  return sum.map((value) => value / length);
}

function nearestCentre(voice: Float32Array, centres: readonly Float32Array[]): number {
  const similarities = centres.map((centre) => dot(voice, centre));
  return similarities.indexOf(Math.max(...similarities));
}

/** The voices of the people who speak; empty when nobody said enough to tell. */
async function findPeople(
  samples: readonly VoiceSample[],
  speakers: number | null,
  signal: AbortSignal,
): Promise<Float32Array[]> {
  const known = samples.flatMap(({ voice, ms }) => (voice === null ? [] : [{ voice, ms }]));
  const long = known.filter(({ ms }) => ms >= foundingMs);
  const founders = (long.length > 0 ? long : known)
    .sort((a, b) => b.ms - a.ms)
    .slice(0, foundersMax);
  const vectors = founders.map(({ voice }) => voice);
  const ms = founders.map((founder) => founder.ms);
  const total = ms.reduce((sum, one) => sum + one, 0);
  const personMsMin = Math.min(total * personShare, personMs);
  const merges = await link(vectors, signal);
  const cut = chooseCut(merges, ms, personMsMin, speakers);
  const weigh = (group: readonly number[]) => group.reduce((sum, i) => sum + (ms[i] ?? 0), 0);
  const groups = groupsAfter(merges, cut, vectors.length).sort((a, b) => weigh(b) - weigh(a));
  return groups
    .filter((group, rank) => rank === 0 || weigh(group) >= personMsMin)
    .map((group) => centreOf(group.map((i) => vectors[i] ?? new Float32Array())));
}

/**
 * Says which samples are one person's: a number for each sample, from 0 up in the order in which people first speak.
 * @param options.speakers how many people there are, when that is known; fewer come out when fewer can be told apart.
 */
export async function diarize(
  samples: readonly VoiceSample[],
  { speakers, signal }: { readonly speakers: number | null; readonly signal: AbortSignal },
): Promise<number[]> {
  const people = await findPeople(samples, speakers, signal);
  const order = new Map<number, number>();
  const first = samples.find(({ voice }) => voice !== null)?.voice ?? null;
  let current = first === null || people.length === 0 ? 0 : nearestCentre(first, people);
  return samples.map(({ voice }) => {
    // Whoever said too little to tell is taken to be the one who spoke before.
    if (voice !== null && people.length > 0) current = nearestCentre(voice, people);
    const number = order.get(current) ?? order.size;
    order.set(current, number);
    return number;
  });
}
