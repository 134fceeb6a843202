import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { db } from "@/db/client";
import { meetings } from "@/db/schema/meetings";
import type { S3Settings } from "@/lib/core/env";
import { makeWorkspace, type TestWorkspace } from "../../support/factories";
import { hasS3Server, type S3Server, startS3Server } from "../../support/s3-server";
import { type RunningWeb, startWeb } from "../../support/stack";
import { patterned } from "../../support/storage-contract";

// A whole installation whose recordings are in a bucket: what a browser uploads is there, and plays from there.

describe.skipIf(!hasS3Server())("with a bucket", () => {
  let server: S3Server;
  let settings: S3Settings;
  let web: RunningWeb;
  let workspace: TestWorkspace;

  beforeAll(async () => {
    server = await startS3Server();
    settings = await server.newBucket();
    web = await startWeb(inject("serverEnv"), {
      S3_ENDPOINT: settings.endpoint ?? "",
      S3_BUCKET: settings.bucket,
      S3_ACCESS_KEY_ID: settings.accessKeyId,
      S3_SECRET_ACCESS_KEY: settings.secretAccessKey,
    });
    workspace = await makeWorkspace();
  }, 150_000);

  afterAll(async () => {
    await web.stop();
    await server.stop();
  });

  test("an upload lies there under the meeting's key, and plays in stretches", async () => {
    const { cookie } = workspace.admin;
    const head = Buffer.from("524946460000000057415645666d7420", "hex");
    const wav = Buffer.concat([head, patterned(9 * 1_048_576)]);
    const form = new FormData();
    form.set("file", new File([wav], "call.wav"));
    const headers = { cookie, origin: web.url };
    const sent = await fetch(`${web.url}/api/uploads`, { method: "POST", headers, body: form });
    expect(sent.status).toBe(202);
    const { id } = await sent.json();
    const [row] = await db().select().from(meetings).where(eq(meetings.id, id));
    expect(row).toMatchObject({ recordingKind: "audio", recordingBytes: wav.length });

    const listed = await server.client.listObjectsV2({ Bucket: settings.bucket });
    const found = listed.Contents?.map(({ Key, Size }) => [Key, Size]);
    expect(found).toEqual([[row?.recordingKey, wav.length]]);

    const range = "bytes=8388600-8388620";
    const played = await fetch(`${web.url}/api/recordings/${id}`, { headers: { cookie, range } });
    expect(played.status).toBe(206);
    const bytes = Buffer.from(await played.arrayBuffer());
    expect(bytes.equals(wav.subarray(8_388_600, 8_388_621))).toBe(true);
  });
});
