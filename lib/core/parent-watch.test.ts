import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";

const watcher = `import { exitWithParent } from "./lib/core/parent-watch.ts";
  const alive = setInterval(() => undefined, 1000);
  exitWithParent(() => { console.log("gone"); clearInterval(alive); });
  console.log("watching");`;
const args = JSON.stringify(["--import", "tsx", "--input-type=module", "-e", watcher]);

/** A parent that starts the watcher, with an IPC channel or without, and waits. */
function startParent(ipc: boolean) {
  const stdio = JSON.stringify(["ignore", "inherit", "inherit", ...(ipc ? ["ipc"] : [])]);
  const code = `const child = require("child_process").spawn(process.execPath, ${args}, { stdio: ${stdio} });
    console.log(child.pid);`;
  return spawn(process.execPath, ["-e", code], { stdio: ["ignore", "pipe", "inherit"] });
}

async function readUntil(stream: NodeJS.ReadableStream, word: string): Promise<string> {
  let text = "";
  for await (const chunk of stream) {
    text += chunk;
    if (text.includes(word)) break;
  }
  return text;
}

test("a process whose parent was killed with SIGKILL is told, and can end by itself", async () => {
  const parent = startParent(true);
  parent.stdout.setEncoding("utf8");
  const output: string[] = [];
  parent.stdout.on("data", (text: string) => {
    output.push(text);
    if (text.includes("watching")) parent.kill("SIGKILL");
  });
  // The pipe closes only when the watcher, too, is gone.
  await once(parent, "close");
  expect(output.join("")).toMatch(/watching\n[\s\S]*gone\n$/);
});

test("a process that was started without a supervisor watches nothing", async () => {
  const parent = startParent(false);
  const text = await readUntil(parent.stdout, "watching");
  const pid = Number.parseInt(text, 10);
  parent.kill("SIGKILL");
  await once(parent, "exit");
  // It still runs: signalling it succeeds.
  expect(process.kill(pid, "SIGKILL")).toBe(true);
});
