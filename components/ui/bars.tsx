import { Fragment } from "react";

const height = 100;

interface BarsProps {
  readonly title: string;
  readonly items: readonly {
    readonly key: string;
    readonly value: number;
    /** How much of the value is to be told apart; it stands at the foot of its bar. */
    readonly part?: number;
  }[];
}

/** The picture of a bar chart, as wide as its place; the figures stand beside it as a table. */
export function Bars({ title, items }: BarsProps) {
  const most = Math.max(1, ...items.map(({ value }) => value));
  return (
    <svg
      viewBox={`0 0 ${items.length * 10} ${height}`}
      preserveAspectRatio="none"
      className="h-28 w-full border-b"
    >
      <title>{title}</title>
      {items.map(({ key, value, part = 0 }, index) => {
        const [tall, foot] = [value, part].map((amount) => (amount / most) * height) as [
          number,
          number,
        ];
        const place = { x: index * 10 + 1, width: 8 };
        return (
          <Fragment key={key}>
            <rect {...place} y={height - tall} height={tall} className="fill-brand" />
            <rect {...place} y={height - foot} height={foot} className="fill-danger-solid" />
          </Fragment>
        );
      })}
    </svg>
  );
}
