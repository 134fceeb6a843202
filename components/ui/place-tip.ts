interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

type Side = "bottom" | "top" | "right" | "left";

const gap = 6;
const margin = 8;
const opposite: Readonly<Record<Side, Side>> = {
  bottom: "top",
  top: "bottom",
  right: "left",
  left: "right",
};

function at(side: Side, target: Box, tip: Size): { left: number; top: number } {
  const middleX = target.left + target.width / 2 - tip.width / 2;
  const middleY = target.top + target.height / 2 - tip.height / 2;
  if (side === "bottom") return { left: middleX, top: target.top + target.height + gap };
  if (side === "top") return { left: middleX, top: target.top - tip.height - gap };
  if (side === "right") return { left: target.left + target.width + gap, top: middleY };
  return { left: target.left - tip.width - gap, top: middleY };
}

function fits({ left, top }: { left: number; top: number }, tip: Size, view: Size): boolean {
  return left >= 0 && top >= 0 && left + tip.width <= view.width && top + tip.height <= view.height;
}

const clamp = (value: number, most: number) => Math.max(margin, Math.min(value, most - margin));

/**
 * Where a tooltip goes, in pixels of the viewport: beside its target on the wanted side, on the
 * opposite one where there is no room, and always inside the viewport.
 */
export function placeTip(side: Side, target: Box, tip: Size, view: Size) {
  const wanted = at(side, target, tip);
  const across = side === "bottom" || side === "top";
  // Across the main direction the tip is pushed in anyway, so only the main direction decides.
  const probe = across ? { left: 0, top: wanted.top } : { left: wanted.left, top: 0 };
  const { left, top } = fits(probe, tip, view) ? wanted : at(opposite[side], target, tip);
  return { left: clamp(left, view.width - tip.width), top: clamp(top, view.height - tip.height) };
}
