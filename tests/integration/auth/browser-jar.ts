let browsers = 0;

/**
 * What a browser keeps between requests to one server: its cookies. Follows no redirect by itself. Each has a
 * network address of its own, which a server that trusts loopback as a proxy believes.
 */
export function browserJar(origin: string) {
  browsers += 1;
  const ip = `203.0.113.${browsers}`;
  const cookies = new Map<string, string>();

  function keep(response: Response): void {
    for (const line of response.headers.getSetCookie()) {
      const [pair = ""] = line.split(";");
      const name = pair.slice(0, pair.indexOf("="));
      const value = pair.slice(pair.indexOf("=") + 1);
      const isEnded = value === "" || /;\s*max-age=0/i.test(line);
      if (isEnded) cookies.delete(name);
      else cookies.set(name, value);
    }
  }

  async function send(path: string, init: RequestInit = {}): Promise<Response> {
    const url = new URL(path, origin);
    const headers = new Headers(init.headers);
    if (url.origin === origin) {
      headers.set("x-forwarded-for", ip);
      headers.set("cookie", [...cookies].map(([name, value]) => `${name}=${value}`).join("; "));
    }
    const response = await fetch(url, { ...init, headers, redirect: "manual" });
    if (url.origin === origin) keep(response);
    return response;
  }

  return {
    ip,
    cookies,
    send,
    /** The address that an answer leads to. */
    async follow(path: string): Promise<string> {
      const location = (await send(path)).headers.get("location");
      if (location === null) throw new Error(`${path} leads nowhere`);
      return new URL(location, origin).toString();
    },
    /** Starts a sign-in at /api/auth as the sign-in page does. */
    async start(provider: string, fields: Readonly<Record<string, string>> = {}) {
      const csrf = (await (await send("/api/auth/csrf")).json()) as { csrfToken: string };
      const answer = await send(`/api/auth/signin/${provider}`, {
        method: "POST",
        body: new URLSearchParams({ ...fields, csrfToken: csrf.csrfToken, json: "true" }),
      });
      const { url } = (await answer.json()) as { url: string };
      return { status: answer.status, url };
    },
  };
}

export type BrowserJar = ReturnType<typeof browserJar>;
