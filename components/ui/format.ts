const plural = new Intl.PluralRules("en");
const integer = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** `1284` → `1,284`. */
export function formatNumber(value: number): string {
  return integer.format(value);
}

/** `count(1, "meeting")` → `1 meeting`; `count(1284, "meeting")` → `1,284 meetings`. */
export function formatCount(value: number, one: string, many = `${one}s`): string {
  return `${formatNumber(value)} ${plural.select(value) === "one" ? one : many}`;
}

/** Seconds for reading: `42 s`, `12 min`, `1 h 05 min`. Minutes are rounded, never up to "60 min". */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.round(whole / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}

/** Seconds as a position in a recording: `0:07`, `12:30`, `1:02:05`. */
export function formatClock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = String(whole % 60).padStart(2, "0");
  return hours === 0
    ? `${minutes}:${rest}`
    : `${hours}:${String(minutes).padStart(2, "0")}:${rest}`;
}

/** Milliseconds of a request: `142 ms`, `1.24 s`. */
export function formatMilliseconds(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  return `${(milliseconds / 1000).toFixed(2)} s`;
}

const byteUnits = ["bytes", "KB", "MB", "GB", "TB"] as const;

/** Bytes in decimal units, as file managers and storage bills count: `1.5 MB`, `2 GB`. */
export function formatBytes(bytes: number): string {
  const power = bytes < 1000 ? 0 : Math.min(4, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  const digits = power === 0 || value >= 100 ? 0 : 1;
  return `${Number(value.toFixed(digits))} ${byteUnits[power] ?? "bytes"}`;
}

/** Up to two initials of a name; the part before `@` serves when only an address is known. */
export function initials(name: string): string {
  const words = (name.split("@")[0] ?? "").split(/[\s._-]+/u).filter((word) => word !== "");
  const first = words[0] ?? "";
  const last = words.length > 1 ? (words[words.length - 1] ?? "") : "";
  const letters = [first, last].map((word) => Array.from(word)[0] ?? "").join("");
  return letters === "" ? "?" : letters.toLocaleUpperCase("en");
}
