import { expect, test } from "vitest";
import { AppError } from "@/lib/core/errors";
import { readLogo } from "@/lib/oauth-server/logo";

const bytesOf = (...parts: (string | number[])[]) =>
  Buffer.concat(
    parts.map((part) =>
      typeof part === "string" ? Buffer.from(part, "latin1") : Buffer.from(part),
    ),
  );

function png(width: number, height: number): Buffer {
  const header = Buffer.alloc(25);
  header.writeUInt32BE(13, 0);
  header.write("IHDR", 4);
  header.writeUInt32BE(width, 8);
  header.writeUInt32BE(height, 12);
  return Buffer.concat([bytesOf([0x89], "PNG\r\n\x1a\n"), header]);
}

/** A comment segment, with a length that has to be skipped, comes before the frame. */
function jpeg(width: number, height: number, frame = 0xc2): Buffer {
  const size = [height >> 8, height & 255, width >> 8, width & 255];
  return bytesOf(
    [0xff, 0xd8, 0xff, 0xfe, 0, 6],
    "note",
    [0xff, 0xc4, 0, 3, 0],
    [0xff, frame, 0, 17, 8],
    size,
    [3, 1, 0x22, 0],
  );
}

function webp(kind: "VP8 " | "VP8L" | "VP8X", width: number, height: number): Buffer {
  const body = Buffer.alloc(24);
  if (kind === "VP8 ") {
    body.writeUInt16LE(width, 6);
    body.writeUInt16LE(height, 8);
  } else if (kind === "VP8L") {
    body[0] = 0x2f;
    body.writeUInt32LE((width - 1) | ((height - 1) << 14), 1);
  } else {
    body.writeUIntLE(width - 1, 4, 3);
    body.writeUIntLE(height - 1, 7, 3);
  }
  return Buffer.concat([bytesOf("RIFF", [0, 0, 0, 0], "WEBP", kind, [24, 0, 0, 0]), body]);
}

function refusalOf(bytes: Buffer): unknown {
  try {
    return readLogo(bytes);
  } catch (error) {
    if (error instanceof AppError) return error.details.fields;
    throw error;
  }
}

test.each([
  ["PNG", png(64, 48), "image/png"],
  ["JPEG, progressive", jpeg(64, 48), "image/jpeg"],
  ["JPEG, baseline", jpeg(64, 48, 0xc0), "image/jpeg"],
  ["WebP, lossy", webp("VP8 ", 64, 48), "image/webp"],
  ["WebP, lossless", webp("VP8L", 64, 48), "image/webp"],
  ["WebP, extended", webp("VP8X", 64, 48), "image/webp"],
])("%s is told by its content, with its size", (_name, bytes, contentType) => {
  expect(readLogo(bytes)).toEqual({ contentType, width: 64, height: 48 });
});

test.each([
  ["SVG", bytesOf('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>')],
  ["HTML", bytesOf("<!doctype html><script>alert(1)</script>")],
  ["GIF", bytesOf("GIF89a", [1, 0, 1, 0, 0, 0, 0])],
  ["nothing at all", Buffer.alloc(0)],
])("%s is refused whatever it is called", (_name, bytes) => {
  expect(refusalOf(bytes)).toEqual({ logo: expect.stringContaining("PNG, JPEG or WebP") });
});

test.each([
  ["PNG", png(1025, 10)],
  ["JPEG", jpeg(10, 1025)],
  ["WebP", webp("VP8X", 16_384, 16_384)],
])("a %s of too many pixels is refused before anybody draws it", (_name, bytes) => {
  expect(refusalOf(bytes)).toEqual({ logo: expect.stringContaining("at most 1024 × 1024") });
});

test.each([
  ["a PNG that breaks off", png(64, 48).subarray(0, 20)],
  ["a PNG without width", png(0, 48)],
  ["a JPEG that breaks off", jpeg(64, 48).subarray(0, 18)],
  [
    "a JPEG whose segment leads outside",
    bytesOf([0xff, 0xd8, 0xff, 0xe0, 0xff, 0xff], "x".repeat(20)),
  ],
  [
    "a WebP of an unknown kind",
    Buffer.concat([bytesOf("RIFF", [0, 0, 0, 0], "WEBPXXXX"), Buffer.alloc(20)]),
  ],
])("%s is refused as damaged", (_name, bytes) => {
  expect(refusalOf(bytes)).toEqual({ logo: expect.stringContaining("damaged") });
});

test("a logo above 256 KiB is refused, one of exactly that is taken", () => {
  const filled = (length: number) => Buffer.concat([png(64, 64), Buffer.alloc(length - 33)]);
  expect(readLogo(filled(262_144)).width).toBe(64);
  expect(refusalOf(filled(262_145))).toEqual({ logo: expect.stringContaining("256 KiB") });
});
