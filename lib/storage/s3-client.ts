import type { S3 } from "@aws-sdk/client-s3";
import type { S3Settings } from "@/lib/core/env";
import { AppError, notFound } from "@/lib/core/errors";

const connectMs = 5_000;
/** A server that says nothing for this long is gone; also a reader who takes nothing for this long. */
const silentMs = 120_000;

/** A call to the bucket; its failures are storage errors: `not_found`, a RangeError, `service_unavailable`. */
export type AskS3 = <T>(call: (s3: S3) => Promise<T>) => Promise<T>;

const missing = new Set(["NoSuchKey", "NotFound", "NoSuchUpload"]);

/** What the bucket said, without what it repeats of the request: keys and signatures stay out of logs. */
function reasonOf(error: unknown): Error {
  if (!(error instanceof Error)) return new Error("unknown failure of the bucket");
  const reason = new Error(`${error.name}: ${error.message || "no message"}`);
  reason.name = "S3Error";
  return reason;
}

function asStorageError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof AppError) return error;
  if (missing.has(error.name)) return notFound("Stored file");
  if (error.name === "InvalidRange") return new RangeError("the stretch is not in the object");
  if (error.name === "AbortError") return error;
  const reason = reasonOf(error);
  return new AppError("service_unavailable", "The storage of recordings does not answer", {
    fix: "Try again in a minute; for the operator, `harmony doctor` says what is wrong.",
    retryAfterSeconds: 60,
    cause: reason,
  });
}

/** Connects to a bucket when it is first asked: the client is large, and without S3 nobody needs it. */
export function s3Client(settings: S3Settings): AskS3 {
  let connected: Promise<S3> | null = null;

  async function connect(): Promise<S3> {
    const sdk = await import("@aws-sdk/client-s3");
    return new sdk.S3({
      ...(settings.endpoint === null ? {} : { endpoint: settings.endpoint }),
      region: settings.region,
      forcePathStyle: settings.forcePathStyle,
      credentials: {
        accessKeyId: settings.accessKeyId,
        secretAccessKey: settings.secretAccessKey,
      },
      maxAttempts: 4,
      // Newer checksums are Amazon's own; others refuse requests that carry them.
      requestChecksumCalculation: "WHEN_REQUIRED",
      responseChecksumValidation: "WHEN_REQUIRED",
      requestHandler: {
        connectionTimeout: connectMs,
        socketTimeout: silentMs,
        httpAgent: { keepAlive: true, maxSockets: 200 },
        httpsAgent: { keepAlive: true, maxSockets: 200 },
      },
    });
  }

  return async (call) => {
    try {
      connected ??= connect();
      return await call(await connected);
    } catch (error) {
      throw asStorageError(error);
    }
  };
}
