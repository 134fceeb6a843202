const timeoutMs = 15_000;

/** An answer that is not what next-auth says when it works: the server is down, or something is in between. */
const failed = "/login?error=Unreachable";

function textOf(body: unknown, name: string): string | null {
  if (typeof body !== "object" || body === null) return null;
  const value: unknown = Reflect.get(body, name);
  return typeof value === "string" ? value : null;
}

/**
 * Starts a sign-in by Google or by mailed link at /api/auth, as its own pages would, with its CSRF token.
 * @returns the address to go on to; its `error` parameter says why not. A fetch and a jump, since
 * `form-action 'self'` forbids a form whose redirects leave this origin.
 */
export async function startSignIn(
  provider: "google" | "email",
  fields: { readonly callbackUrl: string; readonly email?: string },
): Promise<string> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const csrf: unknown = await (await fetch("/api/auth/csrf", { signal })).json();
    const answer = await fetch(`/api/auth/signin/${provider}`, {
      method: "POST",
      signal,
      body: new URLSearchParams({
        ...fields,
        csrfToken: textOf(csrf, "csrfToken") ?? "",
        json: "true",
      }),
    });
    return textOf(await answer.json(), "url") ?? failed;
  } catch {
    return failed;
  }
}

/** The reason in an address that `startSignIn` gave, or null when it went well. */
export function refusalIn(url: string): string | null {
  return new URL(url, window.location.origin).searchParams.get("error");
}
