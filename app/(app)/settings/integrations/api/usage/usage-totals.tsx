import { formatNumber } from "@/components/ui/format";
import { Stat } from "@/components/ui/stat";
import type { Outcomes } from "@/lib/api-usage/schema";

interface UsageTotalsProps {
  readonly days: readonly Outcomes[];
}

const percent = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 1 });

/** The requests of all days together. */
export function UsageTotals({ days }: UsageTotalsProps) {
  const sum = (name: keyof Outcomes) => days.reduce((total, day) => total + day[name], 0);
  const answered = sum("answered");
  const [refused, limited, failed] = [sum("refused"), sum("limited"), sum("failed")];
  const all = answered + refused + limited + failed;
  const share = (value: number) => {
    const part = value / Math.max(1, all);
    return value > 0 && part < 0.001 ? "under 0.1% of all" : `${percent.format(part)} of all`;
  };
  return (
    <dl className="grid grid-cols-[repeat(auto-fill,minmax(7.5rem,1fr))] gap-x-6 gap-y-4">
      <Stat label="Requests" value={formatNumber(all)} />
      <Stat label="Answered" value={formatNumber(answered)} hint={share(answered)} />
      <Stat label="Refused (4xx)" value={formatNumber(refused)} hint={share(refused)} />
      <Stat label="Over the limit (429)" value={formatNumber(limited)} hint={share(limited)} />
      <Stat label="Failed (5xx)" value={formatNumber(failed)} hint={share(failed)} />
    </dl>
  );
}
