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
      {items.map(({ key, value, part = 0 }, index) => (
        <g key={key}>
          <Bar index={index} share={value / most} className="fill-brand" />
          {part === 0 ? null : (
            <Bar index={index} share={part / most} className="fill-danger-solid" />
          )}
        </g>
      ))}
    </svg>
  );
}

interface BarProps {
  readonly index: number;
  /** Of the whole height, 0 to 1. */
  readonly share: number;
  readonly className: string;
}

function Bar({ index, share, className }: BarProps) {
  const tall = share * height;
  return (
    <rect x={index * 10 + 1} y={height - tall} width={8} height={tall} className={className} />
  );
}
