import { describe, expect, test } from "vitest";
import { withName } from "./corrected-summary";

describe("a name in running text", () => {
  test("is replaced where it stands as whole words, whatever signs it has", () => {
    expect(
      withName("Speaker A (60%), Speaker AB: ask Speaker A.", "Speaker A", "Ada $& Moreno"),
    ).toBe("Ada $& Moreno (60%), Speaker AB: ask Ada $& Moreno.");
    expect(withName("Dr. J. Roe (guest) agreed.", "J. Roe (guest)", "Jo Roe")).toBe(
      "Dr. Jo Roe agreed.",
    );
  });

  test("that is a single word stays: it may be a word of its own", () => {
    expect(withName("Will will mark it.", "Will", "Ines Rey")).toBe("Will will mark it.");
  });
});
