import { expect, it } from "vitest";
import { placeTip } from "./place-tip";

const view = { width: 320, height: 640 };
const tip = { width: 100, height: 24 };
const box = (left: number, top: number) => ({ left, top, width: 32, height: 32 });

it("a tooltip stands centred below its button", () => {
  expect(placeTip("bottom", box(144, 100), tip, view)).toEqual({ left: 110, top: 138 });
});

it("at the lower edge it goes above", () => {
  expect(placeTip("bottom", box(144, 600), tip, view)).toEqual({ left: 110, top: 570 });
});

it("at the sides it is pushed in, never cut off", () => {
  expect(placeTip("bottom", box(286, 8), tip, view).left).toBe(212);
  expect(placeTip("bottom", box(0, 8), tip, view).left).toBe(8);
});

it("beside the rail it stands to the right, and to the left where there is no room", () => {
  expect(placeTip("right", box(8, 100), tip, view)).toEqual({ left: 46, top: 104 });
  expect(placeTip("right", box(280, 100), tip, view)).toEqual({ left: 174, top: 104 });
});
