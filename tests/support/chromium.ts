import { existsSync } from "node:fs";

// The first is Chromium without its own windows, menus and profiles: a page in it costs half.
const installed = [
  "/usr/bin/chromium-headless-shell",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];

/**
 * Path of a Chromium: $CHROME, an installed one, or else the one that npm brought, which is unpacked into the
 * temporary folder. Sets LD_LIBRARY_PATH for that one, so that it runs on a machine without any browser library.
 */
export async function findChromium(): Promise<string> {
  const { CHROME } = process.env;
  if (CHROME) {
    if (existsSync(CHROME)) return CHROME;
    throw new Error(`CHROME names ${CHROME}, which does not exist.`);
  }
  const found = installed.find((path) => existsSync(path));
  if (found) return found;
  // Read while the package loads: it then also unpacks the libraries that a bare machine lacks.
  process.env.AWS_LAMBDA_JS_RUNTIME = "nodejs22.x";
  const { default: chromium } = await import("@sparticuz/chromium");
  return chromium.executablePath();
}

/** Sandboxing needs rights that containers lack, and no test may reach for the network. */
export const chromiumArgs = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
