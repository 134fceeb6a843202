import { z } from "zod";
import { singleton } from "@/lib/core/singleton";

// The only place that reads the environment. Values are validated once per process; a wrong one stops the
// start with a sentence that names the variable. `.env.example` lists every variable.

const blankIsUnset = (value: unknown) => (value === "" ? undefined : value);
const flag = z
  .preprocess(blankIsUnset, z.enum(["0", "1"]).optional())
  .transform((value) => (value === undefined ? undefined : value === "1"));
const optionalText = z.preprocess(blankIsUnset, z.string().optional());
const optionalUrl = z.preprocess(blankIsUnset, z.url().optional());

const schema = z.object({
  NODE_ENV: z.enum(["development", "production", "test"]).default("production"),
  PORT: z.coerce.number().int().min(1).max(65_535).default(3000),
  HOST: optionalText,
  APP_URL: optionalUrl,
  HARMONY_DATA_DIR: z.string().default(".data"),
  DATABASE_URL: optionalText,
  DATABASE_DIRECT_URL: optionalText,
  /** Set by the supervisor: the database is the embedded one, with one web process. */
  HARMONY_EMBEDDED: flag,
  DATABASE_POOL_SIZE: z.coerce.number().int().min(1).max(200).default(10),
  REDIS_URL: optionalText,
  HARMONY_SECRET: optionalText,
  HARMONY_SECRET_PREVIOUS: optionalText,
  HARMONY_DEMO: flag,
  HARMONY_DEMO_PASSWORD: optionalText,
  HARMONY_SETUP_TOKEN: optionalText,
  HARMONY_FAST_LANE: flag,
  /** Set by `npm run bench` for its own servers: the static route that the API is measured against exists. */
  HARMONY_BENCH: flag,
  HARMONY_SANDBOX: flag,
  /** Where the stand-ins of third parties listen; nothing that a user typed is sent there. */
  SANDBOX_PORT: z.coerce.number().int().min(1).max(65_535).default(4010),
  TRUSTED_PROXIES: optionalText,
  METRICS_TOKEN: optionalText,
  AUTH_GOOGLE_CLIENT_ID: optionalText,
  AUTH_GOOGLE_CLIENT_SECRET: optionalText,
  /** Discovery document of the Google sign-in; overridden only to reach a local OpenID provider in tests. */
  AUTH_GOOGLE_WELL_KNOWN: z
    .string()
    .default("https://accounts.google.com/.well-known/openid-configuration"),
  SMTP_URL: optionalText,
  MAIL_FROM: z.string().default("Harmony <no-reply@localhost>"),
  SUPPORT_EMAIL: z.string().default("support@heyharmony.com"),
  LLM_URL: optionalUrl,
  LLM_KEY: optionalText,
  LLM_MODEL: optionalText,
  TRANSCRIBE_URL: optionalUrl,
  TRANSCRIBE_KEY: optionalText,
  TRANSCRIBE_MODEL: optionalText,
  S3_ENDPOINT: optionalUrl,
  S3_BUCKET: optionalText,
  S3_REGION: z.string().default("us-east-1"),
  S3_ACCESS_KEY_ID: optionalText,
  S3_SECRET_ACCESS_KEY: optionalText,
  S3_FORCE_PATH_STYLE: flag,
  FFMPEG_PATH: optionalText,
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
});

const loopbackHosts = new Set(["127.0.0.1", "::1", "localhost"]);

function isLoopbackUrl(url: string | undefined): boolean {
  return url === undefined || loopbackHosts.has(new URL(url).hostname);
}

/** Nobody else can reach a demo, or an installation whose own address is this machine's loopback. */
function defaultHost(demo: boolean, appUrl: string | undefined): string {
  return demo || isLoopbackUrl(appUrl) ? "127.0.0.1" : "0.0.0.0";
}

/** Where recordings go instead of the data directory; null: they stay there. */
export interface S3Settings {
  /** Null: Amazon's own, by region. */
  readonly endpoint: string | null;
  readonly bucket: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** The bucket is part of the path, not of the host's name. */
  readonly forcePathStyle: boolean;
}

function readS3(raw: z.output<typeof schema>): S3Settings | null {
  if (raw.S3_BUCKET === undefined) return null;
  if (raw.S3_ACCESS_KEY_ID === undefined || raw.S3_SECRET_ACCESS_KEY === undefined) {
    throw new Error(
      "S3_BUCKET is set without S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY. Set both, or take S3_BUCKET away to store recordings in the data directory.",
    );
  }
  return {
    endpoint: raw.S3_ENDPOINT ?? null,
    bucket: raw.S3_BUCKET,
    region: raw.S3_REGION,
    accessKeyId: raw.S3_ACCESS_KEY_ID,
    secretAccessKey: raw.S3_SECRET_ACCESS_KEY,
    forcePathStyle: raw.S3_FORCE_PATH_STYLE ?? raw.S3_ENDPOINT !== undefined,
  };
}

/** A model behind an API; null until both its address and its name are set. */
function endpointOf(url: string | undefined, key: string | undefined, model: string | undefined) {
  return url && model ? { url, key: key ?? null, model } : null;
}

function readEnv(source: NodeJS.ProcessEnv) {
  const parsed = schema.safeParse(source);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join(".")}: ${issue.message}`);
    throw new Error(`The environment is not valid. Correct these variables:\n${lines.join("\n")}`);
  }
  const raw = parsed.data;
  const embedded = raw.HARMONY_EMBEDDED ?? raw.DATABASE_URL === undefined;
  const demo = raw.HARMONY_DEMO ?? (embedded && source.HARMONY_NODE_ENV_BY_USER !== "1");
  const host = raw.HOST ?? defaultHost(demo, raw.APP_URL);
  const hostIsLoopback = loopbackHosts.has(host);
  if (!hostIsLoopback && raw.APP_URL === undefined) {
    throw new Error(
      "APP_URL is not set. With HOST other than loopback, set it to the address that people use, such as https://harmony.example.com.",
    );
  }
  const appUrl = (raw.APP_URL ?? `http://localhost:${raw.PORT}`).replace(/\/$/, "");
  return {
    ...raw,
    isProduction: raw.NODE_ENV === "production",
    embedded,
    demo,
    host,
    hostIsLoopback,
    appUrl,
    appUrlIsLoopback: loopbackHosts.has(new URL(appUrl).hostname),
    /** Tools without credentials are the stand-ins in `sandbox/`, and their pages say so. */
    sandbox: raw.HARMONY_SANDBOX ?? demo,
    sandboxUrl: `http://localhost:${raw.SANDBOX_PORT}`,
    fastLane: raw.HARMONY_FAST_LANE ?? raw.NODE_ENV !== "development",
    /** Without a loopback host, one-click demo sign-in and /dev/mail also need a password. */
    demoNeedsPassword: demo && !hostIsLoopback,
    s3: readS3(raw),
    llm: endpointOf(raw.LLM_URL, raw.LLM_KEY, raw.LLM_MODEL),
    transcribe: endpointOf(raw.TRANSCRIBE_URL, raw.TRANSCRIBE_KEY, raw.TRANSCRIBE_MODEL),
    mailConfigured: raw.SMTP_URL !== undefined,
  } as const;
}

export type Env = ReturnType<typeof readEnv>;

/** The validated environment of this process; throws one readable error when a variable is wrong. */
export function env(): Env {
  return singleton("env", () => readEnv(process.env));
}

const providerVariable = /^[A-Z][A-Z0-9_]*_(?:CLIENT_ID|CLIENT_SECRET|WEBHOOK_SECRET|[A-Z]+_URL)$/;

/**
 * A variable of a tool, such as `SLACK_CLIENT_ID` or `GOOGLE_TOKEN_URL`: their names follow from the registry of
 * tools (`lib/integrations/registry.ts`). Undefined where it is not set or blank.
 */
export function readProviderVariable(name: string): string | undefined {
  if (!providerVariable.test(name)) throw new Error(`${name} is not the name of a tool's variable`);
  return process.env[name] || undefined;
}

/** Hands settings to libraries that only read them from the environment (next-auth). */
export function provideToLibraries(values: Readonly<Record<string, string>>): void {
  Object.assign(process.env, values);
}
