import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { S3 } from "@aws-sdk/client-s3";
import type { S3Settings } from "@/lib/core/env";

const python = "/usr/bin/python3";

/** Debian's OpenStack Swift is here. */
export function hasS3Server(): boolean {
  try {
    execFileSync(python, ["-c", "import swift.proxy.server"], { stdio: "ignore", timeout: 30_000 });
    return true;
  } catch {
    return false;
  }
}

export interface S3Server {
  /** Settings for a new bucket with nothing in it. */
  readonly newBucket: () => Promise<S3Settings>;
  /** The official client on a server, to look at a bucket from outside. */
  readonly client: S3;
  readonly stop: () => Promise<void>;
}

async function portOf(child: ChildProcess): Promise<number> {
  if (!child.stdout) throw new Error("the S3 server has no output");
  for await (const line of createInterface({ input: child.stdout })) {
    const [word, port] = line.split(" ");
    if (word === "port") return Number(port);
  }
  throw new Error("the S3 server ended before it listened");
}

/** Starts a real S3 service (OpenStack Swift with its S3 API) on a port of its own; data in a temporary folder. */
export async function startS3Server(): Promise<S3Server> {
  const folder = mkdtempSync(join(tmpdir(), "harmony-s3-"));
  const script = join(import.meta.dirname, "s3-server.py");
  const child = spawn(python, [script, folder], { stdio: ["pipe", "pipe", "inherit"] });
  const port = await portOf(child);
  const settings = {
    endpoint: `http://127.0.0.1:${port}`,
    region: "us-east-1",
    accessKeyId: "test:tester",
    secretAccessKey: "testing",
    forcePathStyle: true,
  };
  const { accessKeyId, secretAccessKey, ...rest } = settings;
  const client = new S3({ ...rest, credentials: { accessKeyId, secretAccessKey } });
  let buckets = 0;
  return {
    client,
    async newBucket() {
      buckets += 1;
      const bucket = `bucket-${buckets}`;
      await client.createBucket({ Bucket: bucket });
      return { ...settings, bucket };
    },
    async stop() {
      client.destroy();
      child.kill("SIGKILL");
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
