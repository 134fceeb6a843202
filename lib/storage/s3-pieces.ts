import { createHash } from "node:crypto";
import type { S3 } from "@aws-sdk/client-s3";
import { collectRecentGarbage } from "@/lib/core/collect-garbage";
import type { AskS3 } from "@/lib/storage/s3-client";

// Bytes whose end, length and lasting name are not known yet lie in a bucket as numbered objects of one size, the last
// one smaller. A piece is written whole or not at all, so that a crash leaves a shorter file and never a wrong one, and
// the bucket itself puts them together under the lasting key: they do not travel twice.

const pieceBytes = 8 * 1_048_576;
const copiesAtOnce = 8;
const deletesAtOnce = 16;
/** Beside the pieces: a file that arrives in pieces has begun, even with no bytes yet. */
const begun = "begun";

interface Found {
  readonly key: string;
  readonly size: number;
  readonly modifiedAt: Date;
}

/** A bucket and how to ask it. */
export interface Bucket {
  readonly name: string;
  readonly ask: AskS3;
}

/** Every object whose key begins with `prefix`, in the order of keys. */
export async function* listObjects(bucket: Bucket, prefix: string): AsyncGenerator<Found> {
  let token: string | undefined;
  do {
    const page = await bucket.ask((s3) =>
      s3.listObjectsV2({
        Bucket: bucket.name,
        Prefix: prefix,
        ...(token === undefined ? {} : { ContinuationToken: token }),
      }),
    );
    for (const { Key, Size, LastModified } of page.Contents ?? []) {
      if (Key === undefined) continue;
      yield { key: Key, size: Size ?? 0, modifiedAt: LastModified ?? new Date() };
    }
    token = page.IsTruncated ? page.NextContinuationToken : undefined;
  } while (token !== undefined);
}

async function inBatches<T>(
  items: readonly T[],
  size: number,
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  for (let at = 0; at < items.length; at += size) {
    await Promise.all(items.slice(at, at + size).map(work));
  }
}

const pieceKey = (prefix: string, index: number) => `${prefix}/${String(index).padStart(5, "0")}`;

/** How many bytes lie under `prefix` without a gap, and whether they have begun. */
export async function sizeOfPieces(
  bucket: Bucket,
  prefix: string,
): Promise<{ readonly size: number; readonly hasBegun: boolean }> {
  let size = 0;
  let hasBegun = false;
  for await (const found of listObjects(bucket, `${prefix}/`)) {
    if (found.key === `${prefix}/${begun}`) hasBegun = true;
    else if (found.key === pieceKey(prefix, size / pieceBytes)) size += found.size;
  }
  return { size, hasBegun };
}

export async function beginPieces(bucket: Bucket, prefix: string): Promise<void> {
  await bucket.ask((s3) =>
    s3.putObject({ Bucket: bucket.name, Key: `${prefix}/${begun}`, Body: Buffer.alloc(0) }),
  );
}

async function readPiece(bucket: Bucket, prefix: string, index: number): Promise<Buffer> {
  const answer = await bucket.ask(async (s3) => {
    const { Body } = await s3.getObject({ Bucket: bucket.name, Key: pieceKey(prefix, index) });
    return Body?.transformToByteArray();
  });
  return Buffer.from(answer ?? []);
}

/** The first `size` bytes under `prefix`, a piece at a time. */
export async function* readPieces(
  bucket: Bucket,
  prefix: string,
  size: number,
): AsyncGenerator<Buffer> {
  for (let index = 0; index * pieceBytes < size; index += 1) {
    const piece = await readPiece(bucket, prefix, index);
    if (piece.length !== Math.min(pieceBytes, size - index * pieceBytes)) {
      throw new Error("a stored piece has not the size that the bucket told");
    }
    yield piece;
  }
}

/**
 * Writes `chunks` behind the first `offset` bytes; one piece is sent while the next one fills, so that memory holds two.
 * @returns the size after it. A failure leaves what was sent.
 */
export async function writePieces(
  bucket: Bucket,
  prefix: string,
  offset: number,
  chunks: AsyncIterable<Buffer>,
): Promise<number> {
  let index = Math.floor(offset / pieceBytes);
  let filled = offset % pieceBytes;
  let buffer: Buffer = Buffer.allocUnsafe(pieceBytes);
  let spare: Buffer | null = null;
  let sending: Promise<unknown> = Promise.resolve();
  if (filled > 0) (await readPiece(bucket, prefix, index)).copy(buffer);

  const send = (Body: Buffer) => {
    const Key = pieceKey(prefix, index);
    return bucket.ask((s3) => s3.putObject({ Bucket: bucket.name, Key, Body }));
  };

  let size = offset;
  try {
    for await (const chunk of chunks) {
      for (let at = 0; at < chunk.length; ) {
        const taken = chunk.copy(buffer, filled, at);
        at += taken;
        filled += taken;
        size += taken;
        if (filled < pieceBytes) continue;
        await sending;
        sending = send(buffer);
        sending.catch(() => undefined);
        [buffer, spare] = [spare ?? Buffer.allocUnsafe(pieceBytes), buffer];
        index += 1;
        filled = 0;
        collectRecentGarbage();
      }
    }
  } finally {
    await Promise.allSettled([sending]);
  }
  await sending;
  if (size > offset && filled > 0) await send(buffer.subarray(0, filled));
  return size;
}

/** Lowercase hex over the first `size` bytes under `prefix`, and the first of them. */
export async function hashPieces(
  bucket: Bucket,
  prefix: string,
  size: number,
  headMax: number,
): Promise<{ readonly sha256: string; readonly head: Buffer }> {
  const hash = createHash("sha256");
  let head: Buffer = Buffer.alloc(0);
  for await (const piece of readPieces(bucket, prefix, size)) {
    if (head.length === 0) head = Buffer.from(piece.subarray(0, headMax));
    hash.update(piece);
    collectRecentGarbage();
  }
  return { sha256: hash.digest("hex"), head };
}

async function copyAll(s3: S3, bucket: string, prefix: string, count: number, key: string) {
  const target = { Bucket: bucket, Key: key };
  const { UploadId } = await s3.createMultipartUpload(target);
  try {
    const indexes = Array.from({ length: count }, (_, index) => index);
    const Parts: { PartNumber: number; ETag: string | undefined }[] = [];
    await inBatches(indexes, copiesAtOnce, async (index) => {
      const part = { ...target, UploadId, PartNumber: index + 1 };
      const CopySource = `${bucket}/${pieceKey(prefix, index)}`;
      const { CopyPartResult } = await s3.uploadPartCopy({ ...part, CopySource });
      Parts[index] = { PartNumber: index + 1, ETag: CopyPartResult?.ETag };
    });
    await s3.completeMultipartUpload({ ...target, UploadId, MultipartUpload: { Parts } });
  } catch (error) {
    // What cannot be undone now is undone by the hourly sweep.
    await s3.abortMultipartUpload({ ...target, UploadId }).catch(() => undefined);
    throw error;
  }
}

/** Puts the first `size` bytes under `prefix` together under `key`, inside of the bucket. */
export async function joinPieces(
  bucket: Bucket,
  prefix: string,
  size: number,
  key: string,
): Promise<void> {
  const target = { Bucket: bucket.name, Key: key };
  await bucket.ask(async (s3) => {
    if (size === 0) return s3.putObject({ ...target, Body: Buffer.alloc(0) });
    const CopySource = `${bucket.name}/${pieceKey(prefix, 0)}`;
    if (size <= pieceBytes) return s3.copyObject({ ...target, CopySource });
    return copyAll(s3, bucket.name, prefix, Math.ceil(size / pieceBytes), key);
  });
}

/** Removes everything under `prefix`; fine when there is nothing. */
export async function dropPieces(bucket: Bucket, prefix: string): Promise<void> {
  const keys: string[] = [];
  for await (const { key } of listObjects(bucket, `${prefix}/`)) keys.push(key);
  await inBatches(keys, deletesAtOnce, (Key) =>
    bucket.ask((s3) => s3.deleteObject({ Bucket: bucket.name, Key })),
  );
}

/** Ends transfers between pieces and lasting keys that a crash left before a moment; returns how many. */
export async function abortTransfers(
  bucket: Bucket,
  isOurs: (key: string) => boolean,
  before: Date,
): Promise<number> {
  const page = await bucket.ask((s3) => s3.listMultipartUploads({ Bucket: bucket.name }));
  let aborted = 0;
  for (const { Key, UploadId, Initiated } of page.Uploads ?? []) {
    if (Key === undefined || !isOurs(Key) || !Initiated || Initiated >= before) continue;
    await bucket.ask((s3) => s3.abortMultipartUpload({ Bucket: bucket.name, Key, UploadId }));
    aborted += 1;
  }
  return aborted;
}
