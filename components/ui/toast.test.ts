import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { onFirstToast, type Toast, takeToasts, toast } from "./toast";

const root = fileURLToPath(new URL("../../", import.meta.url));

describe("toasts", () => {
  it("raised before the toaster is there are shown once it is, in order and once", () => {
    let woken = 0;
    const forget = onFirstToast(() => {
      woken += 1;
    });
    toast.success("Key revoked");
    toast.error("Not saved", { description: "Try again." });
    expect(woken).toBeGreaterThan(0);

    const shown: Toast[] = [];
    const stop = takeToasts((next) => shown.push(next));
    toast.info("Later");
    stop();
    forget();
    expect(shown.map(({ kind, message }) => [kind, message])).toEqual([
      ["success", "Key revoked"],
      ["error", "Not saved"],
      ["info", "Later"],
    ]);
  });

  it("wake a toaster that starts to listen after the first one", () => {
    toast.warning("Early");
    let woken = false;
    onFirstToast(() => {
      woken = true;
    })();
    expect(woken).toBe(true);
    takeToasts(() => undefined)();
  });

  it("go through our own module: sonner's own would be lost before its code is loaded", () => {
    const importers = ["app", "components"].flatMap((folder) =>
      readdirSync(`${root}${folder}`, { recursive: true, encoding: "utf8" })
        .filter((file) => /\.tsx?$/.test(file))
        .map((file) => `${folder}/${file}`)
        .filter((file) => /from "sonner"/.test(readFileSync(root + file, "utf8"))),
    );
    expect(importers.filter((file) => !file.endsWith(".test.ts"))).toEqual([
      "components/ui/toast-region.tsx",
    ]);
  });
});
