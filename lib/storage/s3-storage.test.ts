import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { S3Settings } from "@/lib/core/env";
import { s3Storage } from "@/lib/storage/s3-storage";
import { hasS3Server, type S3Server, startS3Server } from "@/tests/support/s3-server";
import { describeStorage } from "@/tests/support/storage-contract";

describe.skipIf(!hasS3Server())("against OpenStack Swift", () => {
  const dataDir = mkdtempSync(join(tmpdir(), "harmony-s3-work-"));
  let server: S3Server;
  let settings: S3Settings;

  beforeAll(async () => {
    server = await startS3Server();
  }, 60_000);

  afterAll(async () => {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
    // Thousands of small files to remove, on a machine that may be busy.
  }, 60_000);

  async function make() {
    settings = await server.newBucket();
    return s3Storage(settings, dataDir);
  }

  /** Staged files, transfers that nobody ended, and local copies. */
  async function leftovers() {
    const { client } = server;
    const staged = await client.listObjectsV2({ Bucket: settings.bucket, Prefix: "staged/" });
    const names = (staged.Contents ?? []).map(({ Key }) => Key?.split("/")[1] ?? "");
    const open = await client.listMultipartUploads({ Bucket: settings.bucket });
    const transfers = (open.Uploads ?? []).map(({ Key }) => Key ?? "");
    const copies = existsSync(join(dataDir, "work")) ? readdirSync(join(dataDir, "work")) : [];
    return [...new Set(names), ...transfers, ...copies];
  }

  describeStorage(make, leftovers);

  test("a transfer to a lasting key that a crash left is ended, another's is not", async () => {
    const storage = await make();
    const Bucket = settings.bucket;
    await server.client.createMultipartUpload({ Bucket, Key: "recordings/w/m" });
    await server.client.createMultipartUpload({ Bucket, Key: "backups/other" });
    expect(await storage.sweepStaged(new Date(Date.now() - 60_000))).toBe(0);
    expect(await storage.sweepStaged(new Date(Date.now() + 60_000))).toBe(1);
    expect(await leftovers()).toEqual(["backups/other"]);
  });

  test("more objects than one answer tells are all listed", async () => {
    const storage = await make();
    const put = (n: number) =>
      server.client.putObject({ Bucket: settings.bucket, Key: `recordings/w/${n}`, Body: "x" });
    for (let at = 0; at < 1050; at += 50) {
      await Promise.all(Array.from({ length: 50 }, (_, n) => put(at + n)));
    }
    let listed = 0;
    for await (const _ of storage.list()) listed += 1;
    expect(listed).toBe(1050);
  }, 120_000);

  test.for([
    ["a wrong secret", { secretAccessKey: "another-secret" }],
    ["a bucket that is not there", { bucket: "nowhere" }],
    ["a host that does not answer", { endpoint: "http://127.0.0.1:9" }],
  ] as const)("%s is the operator's to repair, in words without secrets", async ([, change]) => {
    await make();
    const storage = s3Storage({ ...settings, ...change }, dataDir);
    const error = await storage
      .stage(Readable.from(["x"]), new AbortController().signal)
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: "service_unavailable", retryAfterSeconds: 60 });
    const logged = inspect(error, { depth: 9, showHidden: true });
    expect(logged).not.toMatch(/testing|another-secret|test:tester|Signature=/);
  });
});
