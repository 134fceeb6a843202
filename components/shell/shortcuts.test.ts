import { describe, expect, it } from "vitest";
import { crumbsFor } from "./nav";
import { settingsNav } from "./settings-nav";
import { shortcutStep } from "./shortcuts";

const plain = { afterG: false, pageSearches: false };

describe("keys without modifier", () => {
  it("g waits for the second key, which goes somewhere", () => {
    expect(shortcutStep("g", plain)).toBe("wait");
    expect(shortcutStep("i", { ...plain, afterG: true })).toEqual({
      href: "/settings/integrations",
    });
    expect(shortcutStep("m", { ...plain, afterG: true })).toEqual({ href: "/meetings" });
  });

  it("the second key alone does nothing, and an unknown second key neither", () => {
    expect(shortcutStep("m", plain)).toBe("none");
    expect(shortcutStep("x", { ...plain, afterG: true })).toBe("none");
  });

  it("/ is left to a page that has its own search", () => {
    expect(shortcutStep("/", plain)).toEqual({ layer: "palette" });
    expect(shortcutStep("/", { ...plain, pageSearches: true })).toBe("none");
  });
});

describe("the trail in the top bar", () => {
  it("names known parents and leaves ids out", () => {
    const labels = (path: string) => crumbsFor(path).map((crumb) => crumb.label);
    expect(labels("/")).toEqual(["Home"]);
    expect(labels("/settings/integrations/api")).toEqual(["Settings", "Integrations", "API"]);
    expect(labels("/meetings/mtg_1")).toEqual(["Meetings"]);
  });

  it("knows every page that the settings column lists", () => {
    for (const { href } of settingsNav.flatMap((group) => group.items)) {
      expect(crumbsFor(href).at(-1)?.href).toBe(href);
    }
  });
});
