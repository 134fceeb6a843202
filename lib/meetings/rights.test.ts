import { describe, expect, test } from "vitest";
import type { Principal } from "@/lib/auth/principal";
import type { Reach } from "@/lib/auth/roles";
import { mayOnMeeting } from "@/lib/meetings/rights";

function principal(reach: Reach | undefined, userId: string | null = "usr_me"): Principal {
  return {
    kind: "session",
    id: "usr_me",
    label: "Me",
    workspaceId: "wsp_1",
    plan: "max",
    userId,
    teamIds: ["team_mine"],
    scopes: new Set(),
    grants: reach === undefined ? {} : { "meetings:update": reach },
    guard: { kind: "none" },
    bucket: { key: "session:usr_me", limit: 600 },
  };
}

const meetings = {
  mine: { teamId: null, userId: "usr_me" },
  ofMyTeam: { teamId: "team_mine", userId: "usr_other" },
  ofOthers: { teamId: "team_other", userId: "usr_other" },
  ofNobody: { teamId: null, userId: null },
} as const;

describe("who may change which meeting", () => {
  test.each([
    ["all", ["mine", "ofMyTeam", "ofOthers", "ofNobody"]],
    ["team", ["mine", "ofMyTeam"]],
    ["own", ["mine"]],
    [undefined, []],
  ] as const)("the reach %s takes in %j", (reach, expected) => {
    const found = Object.entries(meetings).filter(([, meeting]) =>
      mayOnMeeting(principal(reach), "meetings:update", meeting),
    );
    expect(found.map(([name]) => name)).toEqual(expected);
  });

  test("a key without a person owns no meeting, not even one without an owner", () => {
    expect(mayOnMeeting(principal("own", null), "meetings:update", meetings.ofNobody)).toBe(false);
  });
});
