import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

// Reads the one place where colours are defined and computes WCAG 2.2 contrast for every pair that the
// components use. OKLCH → linear sRGB follows CSS Color 4, section 10.

const css = readFileSync(fileURLToPath(new URL("../../app/globals.css", import.meta.url)), "utf8");

type Rgb = readonly [number, number, number];

function linearRgb(l: number, c: number, hue: number): Rgb {
  const angle = (hue * Math.PI) / 180;
  const a = c * Math.cos(angle);
  const b = c * Math.sin(angle);
  const long = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
    -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
    -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short,
  ];
}

function readTokens(selector: string): Map<string, Rgb> {
  const start = css.indexOf(`${selector} {`);
  const block = css.slice(start, css.indexOf("\n}", start));
  const tokens = new Map<string, Rgb>();
  for (const [, name, l, c, h] of block.matchAll(
    /--([\w-]+): oklch\(([\d.]+) ([\d.]+) ([\d.]+)\);/g,
  )) {
    if (name !== undefined) tokens.set(name, linearRgb(Number(l), Number(c), Number(h)));
  }
  return tokens;
}

/** What an 8-bit screen shows: clipped to sRGB and rounded as the browser does. */
function shown(channel: number): number {
  const clipped = Math.min(1, Math.max(0, channel));
  const encoded = clipped <= 0.0031308 ? 12.92 * clipped : 1.055 * clipped ** (1 / 2.4) - 0.055;
  const rounded = Math.round(encoded * 255) / 255;
  return rounded <= 0.04045 ? rounded / 12.92 : ((rounded + 0.055) / 1.055) ** 2.4;
}

function luminance([r, g, b]: Rgb): number {
  return 0.2126 * shown(r) + 0.7152 * shown(g) + 0.0722 * shown(b);
}

function contrast(one: Rgb, other: Rgb): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((x, y) => x - y);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

const grounds = ["canvas", "surface", "raised", "sunken", "hover"];
const tints = ["brand", "success", "warning", "danger", "info"].map((tone) => `${tone}-tint`);

interface Rule {
  readonly text: string;
  readonly on: readonly string[];
  readonly least: number;
}

const rules: readonly Rule[] = [
  // Body text, also inside tinted notices and selected rows
  { text: "ink", on: [...grounds, ...tints], least: 7 },
  { text: "ink-muted", on: ["canvas", "surface", "raised"], least: 7 },
  { text: "ink-muted", on: [...grounds, ...tints], least: 4.5 },
  { text: "ink-faint", on: grounds, least: 4.5 },
  { text: "brand-ink", on: [...grounds, "brand-tint"], least: 4.5 },
  { text: "success-ink", on: [...grounds, "success-tint"], least: 4.5 },
  { text: "warning-ink", on: [...grounds, "warning-tint"], least: 4.5 },
  { text: "danger-ink", on: [...grounds, "danger-tint"], least: 4.5 },
  { text: "info-ink", on: [...grounds, "info-tint"], least: 4.5 },
  // Words on filled buttons
  { text: "on-brand", on: ["brand", "brand-hover"], least: 4.5 },
  { text: "on-danger", on: ["danger-fill", "danger-fill-hover"], least: 4.5 },
  // Tooltips turn the page's colours round
  { text: "surface", on: ["ink"], least: 7 },
  // Edges of controls, focus rings and bars must be seen (WCAG 1.4.11)
  { text: "line-control", on: ["canvas", "surface", "raised"], least: 3 },
  { text: "ring", on: [...grounds, ...tints], least: 3 },
  { text: "brand", on: ["canvas", "surface", "raised", "hover"], least: 3 },
  { text: "success-solid", on: ["surface", "raised"], least: 3 },
  { text: "danger-solid", on: ["surface", "raised", "hover"], least: 3 },
  { text: "info-solid", on: ["surface", "raised", "hover"], least: 3 },
];

describe.each([
  ["light", ":root"],
  ["dark", ".dark"],
])("colours of the %s theme", (_, selector) => {
  const tokens = readTokens(selector);
  const colour = (name: string): Rgb => {
    const found = tokens.get(name);
    if (found === undefined) throw new Error(`globals.css defines no --${name} in ${selector}`);
    return found;
  };

  it.each(rules)("$text has a contrast of at least $least on $on", ({ text, on, least }) => {
    const low = on
      .map((ground) => ({ ground, ratio: contrast(colour(text), colour(ground)) }))
      .filter(({ ratio }) => ratio < least);
    expect(low).toEqual([]);
  });

  it("defines the same tokens as the other theme", () => {
    const other = readTokens(selector === ":root" ? ".dark" : ":root");
    expect([...tokens.keys()].sort()).toEqual([...other.keys()].sort());
    expect(tokens.size).toBeGreaterThan(35);
  });
});

it("the contrast formula gives the known ratio of black on white", () => {
  expect(contrast(linearRgb(0, 0, 0), linearRgb(1, 0, 0))).toBeCloseTo(21, 5);
});
