import { readAppLogo } from "@/lib/oauth-server/apps";

interface RouteContext {
  readonly params: Promise<{ readonly app: string; readonly hash: string }>;
}

const appId = /^hcl_[0-9A-Za-z]{1,40}$/;
const sha256Hex = /^[0-9a-f]{64}$/;

// A picture that somebody else chose: shown as a picture or not at all, also when its address is opened by itself.
const guards = {
  "content-security-policy": "default-src 'none'; sandbox",
  "x-content-type-options": "nosniff",
};

/** The logo of an app. Its hash is in the address, so what is there never changes. */
export async function GET(_request: Request, context: RouteContext): Promise<Response> {
  const { app, hash } = await context.params;
  const logo = appId.test(app) && sha256Hex.test(hash) ? await readAppLogo(app, hash) : null;
  if (logo === null) {
    return new Response("not found\n", {
      status: 404,
      headers: {
        ...guards,
        "content-type": "text/plain; charset=utf-8",
        "cache-control": "no-store",
      },
    });
  }
  return new Response(logo.bytes, {
    headers: {
      ...guards,
      "content-type": logo.contentType,
      "cache-control": "public, max-age=31536000, immutable",
    },
  });
}
