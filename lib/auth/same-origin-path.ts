import { env } from "@/lib/core/env";

/**
 * The path to go to after signing in, from `?next=` or next-auth's absolute `?callbackUrl=`. Anything that
 * would leave this origin, and the door itself, becomes "/".
 */
export function sameOriginPath(value: string | null | undefined): string {
  // Browsers drop tabs and line breaks and read "\" as "/", so neither may reach the parser below.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (!value || value.length > 2000 || /[\u0000-\u001f\\]/.test(value)) return "/";
  const origin = new URL(env().appUrl).origin;
  if (!URL.canParse(value, `${origin}/`)) return "/";
  const url = new URL(value, `${origin}/`);
  if (url.origin !== origin || url.username !== "" || url.password !== "") return "/";
  const path = url.pathname + url.search + url.hash;
  // "//host" as a path is another host to the browser.
  if (path.startsWith("//") || /^\/(login|setup|api)(\/|\?|#|$)/.test(path)) return "/";
  return path;
}
