const height = 100;

interface BarsProps {
  readonly title: string;
  readonly items: readonly { readonly key: string; readonly value: number }[];
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
      {items.map(({ key, value }, index) => {
        const tall = (value / most) * height;
        return (
          <rect
            key={key}
            x={index * 10 + 1}
            y={height - tall}
            width={8}
            height={tall}
            className="fill-brand"
          />
        );
      })}
    </svg>
  );
}
