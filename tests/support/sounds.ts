// Sound made by arithmetic, as files that a test uploads: nothing that anybody recorded.

const rate = 16_000;

/** Samples between -1 and 1 for `seconds`; one function for each channel. */
type Wave = (second: number) => number;

/** A WAV file, 16 kHz and 16 bit, with one channel for each wave. */
export function makeWav(seconds: number, ...waves: readonly Wave[]): Uint8Array<ArrayBuffer> {
  const frames = Math.round(seconds * rate);
  const bytes = new Uint8Array(44 + frames * 2 * waves.length);
  const view = new DataView(bytes.buffer);
  const text = (at: number, value: string) => bytes.set(Buffer.from(value, "latin1"), at);
  text(0, "RIFF");
  view.setUint32(4, bytes.length - 8, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, waves.length, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * 2 * waves.length, true);
  view.setUint16(32, 2 * waves.length, true);
  view.setUint16(34, 16, true);
  text(36, "data");
  view.setUint32(40, bytes.length - 44, true);
  let at = 44;
  for (let frame = 0; frame < frames; frame += 1) {
    for (const wave of waves) {
      view.setInt16(at, Math.round(wave(frame / rate) * 32_000), true);
      at += 2;
    }
  }
  return bytes;
}

export const silence: Wave = () => 0;

/** A tone that is there while `isOn` says so; always where it is left out. */
export function tone(hertz: number, isOn: (second: number) => boolean = () => true): Wave {
  return (second) => (isOn(second) ? 0.3 * Math.sin(2 * Math.PI * hertz * second) : 0);
}
