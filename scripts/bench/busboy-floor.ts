import { createWriteStream } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import busboy from "busboy";
import { z } from "zod";

// The floor that uploads are measured against: node:http and busboy writing the file part to disk, and nothing
// else. No credential, no hash, no judging of the content, no row, no fsync.

const settings = z.object({ PORT: z.coerce.number(), FLOOR_DIR: z.string() }).parse(process.env);
const chunkBytes = 1024 * 1024;
let received = 0;

createServer((request, response) => {
  if (request.method === "GET") return response.end("ready");
  const parser = busboy({
    headers: request.headers,
    highWaterMark: chunkBytes,
    fileHwm: chunkBytes,
  });
  const writes: Promise<void>[] = [];
  parser.on("file", (_name, file) => {
    received += 1;
    const path = join(settings.FLOOR_DIR, `floor-${received}`);
    writes.push(pipeline(file, createWriteStream(path, { highWaterMark: chunkBytes })));
  });
  parser.on("close", async () => {
    await Promise.all(writes);
    response.writeHead(202).end();
  });
  request.pipe(parser);
  return undefined;
}).listen(settings.PORT, "127.0.0.1");
