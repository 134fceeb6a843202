import type { NextConfig } from "next";

const config: NextConfig = {
  poweredByHeader: false,
  skipTrailingSlashRedirect: true,
  // `npm run check` types the whole tree; a start after a change need not wait for it again.
  typescript: { ignoreBuildErrors: true },
  // Packages that keep state, load native code or own error classes must be one instance per process,
  // shared by the fast lane (server.ts) and by what Next bundles.
  serverExternalPackages: [
    "@node-rs/argon2",
    "file-type",
    "ioredis",
    "pg-boss",
    "pino",
    "postgres",
    "prom-client",
    "undici",
    "wink-eng-lite-web-model",
    "wink-nlp",
  ],
  rewrites: async () => ({
    // The host api.heyharmony.com shows /v1; it is the same API (handbook D-37).
    beforeFiles: [{ source: "/v1/:path*", destination: "/api/v1/:path*" }],
    afterFiles: [],
    fallback: [],
  }),
};

export default config;
