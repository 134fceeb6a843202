import { expect, test } from "vitest";
import { firstLimit, Lane, limitMax } from "@/lib/webhooks/lane";

/** Attempts that the lane lets begin when it holds more than enough. */
function begin(lane: Lane): number {
  let begun = 0;
  while (lane.mayBegin) {
    lane.waiting.shift();
    lane.underWay += 1;
    begun += 1;
  }
  return begun;
}

const delivery = {
  id: "dlv_1",
  workspace_id: "ws_1",
  webhook_id: "whk_1",
  event_type: "meeting.processed",
  request_body: "{}",
  is_test: false,
  attempts_count: 0,
  url: "https://hooks.example.com/",
  secret_sealed: "",
  next_secret_sealed: null,
  rotation_ends_at: null,
  room: 8,
};

function laneAfter(answers: readonly (number | null)[]): Lane {
  const lane = new Lane();
  for (const ms of answers) {
    lane.waiting.push({ delivery, until: 0 });
    begin(lane);
    lane.ended(ms);
  }
  for (let n = 0; n < 200; n += 1) lane.waiting.push({ delivery, until: 0 });
  return lane;
}

const times = (count: number, ms: number | null) => Array.from({ length: count }, () => ms);

test("a near receiver gets few attempts at a time, a far one up to the most there is", () => {
  expect(begin(laneAfter([]))).toBe(firstLimit);
  expect(begin(laneAfter(times(500, 1)))).toBe(firstLimit);
  expect(begin(laneAfter(times(500, 8)))).toBe(32);
  expect(begin(laneAfter(times(500, 20)))).toBe(limitMax);
});

test("answers that are late now and then do not make a near receiver a far one", () => {
  const answers = Array.from({ length: 500 }, (_, n) => (n % 20 === 0 ? 1 : 50));
  expect(begin(laneAfter(answers))).toBeLessThanOrEqual(firstLimit + 1);
});

test("a receiver that becomes slower for good gets more after a while", () => {
  expect(begin(laneAfter([...times(100, 1), ...times(500, 20)]))).toBe(limitMax);
});

test("every failure halves what is under way, down to one, and answers bring it back", () => {
  expect(begin(laneAfter([...times(100, 20), null]))).toBe(limitMax / 2);
  expect(begin(laneAfter(times(10, null)))).toBe(1);
  expect(begin(laneAfter([...times(10, null), ...times(100, 20)]))).toBe(limitMax);
});

test("more is claimed than is under way, but not for a receiver that is slow or not well", () => {
  const near = laneAfter(times(10, 1));
  near.waiting.length = 0;
  expect(near.room).toBe(limitMax);
  const far = laneAfter(times(500, 20));
  far.waiting.length = 0;
  expect(far.room).toBe(limitMax * 2);
  const slow = laneAfter(times(500, 5000));
  slow.waiting.length = 0;
  expect(slow.room).toBe(limitMax);
  const failing = laneAfter([...times(10, 1), ...times(10, null)]);
  failing.waiting.length = 0;
  expect(failing.room).toBe(1);
});

test("a lane is forgotten only when it is empty and its receiver is well", () => {
  const idle = laneAfter(times(3, 1));
  idle.waiting.length = 0;
  expect(idle.isIdle).toBe(true);
  const failing = laneAfter([null]);
  failing.waiting.length = 0;
  expect(failing.isIdle).toBe(false);
});
