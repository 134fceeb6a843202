import { takeFromBudget } from "@/lib/integrations/budgets";

// A process of its own that takes from a budget as fast as it may, for tests of what several processes do together. It
// begins with a line on its standard input and prints the moments (milliseconds since 1970) at which it was let through.

const [key, calls, perMs, priority, count] = process.argv.slice(2);
if (!key) throw new Error("too few arguments");
const budget = { key, calls: Number(calls), perMs: Number(perMs) };
process.stdout.write("ready\n");
process.stdin.once("data", async () => {
  const moments: number[] = [];
  for (let taken = 0; taken < Number(count); taken += 1) {
    await takeFromBudget("stand_in", budget, Number(priority) as 0, AbortSignal.timeout(60_000));
    moments.push(performance.timeOrigin + performance.now());
  }
  process.stdout.write(`${JSON.stringify(moments)}\n`);
  process.exit();
});
