import { invalidRequest } from "@/lib/core/errors";

/** Bytes and pixels that a logo may have (handbook 15.2). */
export const logoBytesMax = 262_144;
const logoPixelsMax = 1024;

export interface Logo {
  readonly contentType: "image/png" | "image/jpeg" | "image/webp";
  readonly width: number;
  readonly height: number;
}

type Size = Pick<Logo, "width" | "height">;

const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** The header chunk comes first and has 13 bytes (PNG specification, 11.2.1). */
function pngSize(bytes: Buffer): Size | null {
  if (bytes.length < 33 || bytes.readUInt32BE(8) !== 13) return null;
  if (bytes.toString("latin1", 12, 16) !== "IHDR") return null;
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

/** C0 to CF begin a frame, save for tables and reserved ones (ITU T.81, table B.1). */
const beginsFrame = (marker: number) =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

function jpegSize(bytes: Buffer): Size | null {
  let at = 2;
  while (at + 9 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (beginsFrame(marker))
      return { width: bytes.readUInt16BE(at + 7), height: bytes.readUInt16BE(at + 5) };
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  return null;
}

/** Lossy, lossless and extended files say their size in three ways (RFC 9649, 2.5 to 2.7). */
function webpSize(bytes: Buffer): Size | null {
  if (bytes.length < 30) return null;
  switch (bytes.toString("latin1", 12, 16)) {
    case "VP8 ":
      return {
        width: bytes.readUInt16LE(26) & 0x3fff,
        height: bytes.readUInt16LE(28) & 0x3fff,
      };
    case "VP8L": {
      const bits = bytes.readUInt32LE(21);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case "VP8X":
      return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 };
    default:
      return null;
  }
}

function typeOf(bytes: Buffer): Logo["contentType"] | null {
  if (bytes.subarray(0, 8).equals(pngSignature)) return "image/png";
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return "image/jpeg";
  const isWebp =
    bytes.toString("latin1", 0, 4) === "RIFF" && bytes.toString("latin1", 8, 12) === "WEBP";
  return isWebp ? "image/webp" : null;
}

const sizes = { "image/png": pngSize, "image/jpeg": jpegSize, "image/webp": webpSize } as const;

const refuse = (problem: string) => invalidRequest("This logo cannot be used", { logo: problem });

/** What a logo is, told by its content; whatever its name or sender says. SVG, which can carry scripts, is refused. */
export function readLogo(bytes: Buffer): Logo {
  if (bytes.length > logoBytesMax) throw refuse("Larger than 256 KiB. Make it smaller.");
  const contentType = typeOf(bytes);
  if (contentType === null) throw refuse("Not a PNG, JPEG or WebP picture. Choose one of these.");
  const size = sizes[contentType](bytes);
  if (size === null || size.width === 0 || size.height === 0)
    throw refuse("The picture is damaged: it does not say how large it is.");
  if (size.width > logoPixelsMax || size.height > logoPixelsMax)
    throw refuse(
      `It has ${size.width} × ${size.height} pixels; at most ${logoPixelsMax} × ${logoPixelsMax} fit.`,
    );
  return { contentType, ...size };
}
