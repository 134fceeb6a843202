import { describe, expect, it } from "vitest";
import { workspaceSizes } from "@/db/bulk-seed";

const sum = (sizes: readonly number[]) => sizes.reduce((total, size) => total + size, 0);

describe("workspaceSizes", () => {
  it("shares out every meeting, evenly up to one", () => {
    const sizes = workspaceSizes({ meetings: 1003, workspaces: 10 });
    expect(sum(sizes)).toBe(1003);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBe(1);
  });

  it("gives the first workspace half and the others the rest", () => {
    const sizes = workspaceSizes({ meetings: 1_000_000, workspaces: 100, sizes: "half_in_first" });
    expect(sizes).toHaveLength(100);
    expect(sizes[0]).toBe(500_000);
    expect(sum(sizes)).toBe(1_000_000);
  });

  it("copes with more workspaces than meetings and with a single one", () => {
    expect(workspaceSizes({ meetings: 2, workspaces: 4 })).toEqual([1, 1, 0, 0]);
    expect(workspaceSizes({ meetings: 7, workspaces: 1, sizes: "half_in_first" })).toEqual([7]);
  });
});
