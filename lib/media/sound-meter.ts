/** Samples a second of decoded sound, for each channel. */
export const sampleRate = 16_000;
/** What levels are measured over. */
export const frameMs = 50;

const frameSamples = (sampleRate * frameMs) / 1000;
/** RMS against full scale; speech lies at -35 to -15 dB, the noise of a quiet room at -65. */
const activeDb = -50;
const audibleDb = -60;
/** One side of a call is alone when it is this much louder than the other. */
const aloneDb = 12;

/** Rules of `isCall`; measured over the frames in which something is loud. */
const framesMin = 20;
const correlationMax = 0.3;
const aloneShareMin = 0.5;
const aloneShareOfEachMin = 0.05;

function dbOf(squares: number): number {
  return 10 * Math.log10(squares / frameSamples / 32_768 ** 2 + 1e-12);
}

/** Measures decoded sound while it flows by: how loud each 50 ms are, and how much two channels have in common. */
export class SoundMeter {
  bytes = 0;
  private readonly channels: 1 | 2;
  private readonly levels: number[] = [];
  private carry = new Uint8Array(0);
  private inFrame = 0;
  private readonly frame = { left: 0, right: 0, both: 0 };
  private readonly active = { frames: 0, left: 0, right: 0, leftAlone: 0, rightAlone: 0, both: 0 };

  constructor(channels: 1 | 2) {
    this.channels = channels;
  }

  /** Takes signed 16-bit little-endian samples, cut anywhere. */
  take(chunk: Uint8Array): void {
    this.bytes += chunk.length;
    const joined = new Uint8Array(this.carry.length + chunk.length);
    joined.set(this.carry);
    joined.set(chunk, this.carry.length);
    const step = this.channels * 2;
    const whole = joined.length - (joined.length % step);
    this.carry = joined.slice(whole);
    const samples = new Int16Array(joined.buffer, 0, whole / 2);
    for (let at = 0; at < samples.length; at += this.channels) {
      const left = samples[at] ?? 0;
      const right = this.channels === 2 ? (samples[at + 1] ?? 0) : left;
      this.frame.left += left * left;
      this.frame.right += right * right;
      this.frame.both += left * right;
      this.inFrame += 1;
      if (this.inFrame === frameSamples) this.endFrame();
    }
  }

  /** dB of the mix for each 50 ms; a last piece that fills no frame is left out. */
  get frameLevels(): Float32Array {
    return Float32Array.from(this.levels);
  }

  /** Somewhere something can be heard. */
  get isAudible(): boolean {
    return this.levels.some((level) => level > audibleDb);
  }

  /**
   * Each channel is one side of a call: the two have little in common (correlation at most 0.3), one of them is alone
   * the louder by 12 dB in at least half of what is loud, and each is so in at least a twentieth of it. Anything else,
   * such as a stereo microphone, the same sound twice or one channel that is empty, is mixed to one.
   */
  get isCall(): boolean {
    const { frames, left, right, both, leftAlone, rightAlone } = this.active;
    if (this.channels === 1 || frames < framesMin) return false;
    const correlation = Math.abs(both) / Math.sqrt(left * right || 1);
    return (
      correlation <= correlationMax &&
      leftAlone + rightAlone >= frames * aloneShareMin &&
      Math.min(leftAlone, rightAlone) >= frames * aloneShareOfEachMin
    );
  }

  private endFrame(): void {
    const { left, right, both } = this.frame;
    this.levels.push(dbOf((left + right + 2 * both) / 4));
    const [leftDb, rightDb] = [dbOf(left), dbOf(right)];
    if (Math.max(leftDb, rightDb) > activeDb) {
      this.active.frames += 1;
      this.active.left += left;
      this.active.right += right;
      this.active.both += both;
      if (leftDb >= rightDb + aloneDb) this.active.leftAlone += 1;
      if (rightDb >= leftDb + aloneDb) this.active.rightAlone += 1;
    }
    Object.assign(this.frame, { left: 0, right: 0, both: 0 });
    this.inFrame = 0;
  }
}
