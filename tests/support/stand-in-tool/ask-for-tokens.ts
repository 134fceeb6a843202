import { accessToken } from "@/lib/integrations/vault";
import { registerStandIn } from "./provider";

// A process of its own that asks for a token many times at once, for tests of what several processes do together. It
// waits for a line on its standard input, so that all begin together, and prints the distinct tokens that it got.

const [slug, url, connectionId, count] = process.argv.slice(2);
if (!slug?.startsWith("stand_in_") || !url || !connectionId) throw new Error("too few arguments");
registerStandIn(slug as "stand_in_", url);
process.stdout.write("ready\n");
process.stdin.once("data", async () => {
  const asked = Array.from({ length: Number(count) }, async () => {
    try {
      return (await accessToken(connectionId)).token;
    } catch (error) {
      return String(error);
    }
  });
  process.stdout.write(`${JSON.stringify([...new Set(await Promise.all(asked))])}\n`);
  process.exit();
});
