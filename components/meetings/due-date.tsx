import { formatWhen } from "@/components/ui/when";

/** The day on which a task is due; a day has no zone. */
export function DueDate({ day }: { readonly day: string }) {
  const noon = new Date(`${day}T12:00:00Z`);
  return (
    <span className="whitespace-nowrap">
      Due <time dateTime={day}>{formatWhen(noon, { timeZone: "UTC", now: null }, "date")}</time>
    </span>
  );
}
