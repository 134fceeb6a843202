import { inject } from "vitest";

/** Both doors of the public API on one database: the fast lane, and everything through Next. */
export const doors = [
  { door: "lane", url: inject("laneUrl") },
  { door: "next", url: inject("nextUrl") },
] as const;
