import { z } from "zod";

const days = z.string().max(10).nullable();
const ids = z.array(z.string()).readonly();

const runFilter = z.object({
  /** UTC days, both inclusive. */
  from: days,
  to: days,
  /** None means every team of the project. */
  teamIds: ids,
  /** Leaves out what is answered already. */
  onlyUnanswered: z.boolean(),
  /** What the person who asked could see. */
  visibility: z.discriminatedUnion("reach", [
    z.object({ reach: z.literal("all") }),
    z.object({ reach: z.literal("team"), teamIds: ids, userId: z.string().nullable() }),
    z.object({ reach: z.literal("own"), userId: z.string().nullable() }),
  ]),
});
/** Which meetings of the past a run asks. */
export type RunFilter = z.output<typeof runFilter>;

/** The filter of a run's row. Throws for what no version of the product has written. */
export function readRunFilter(stored: Readonly<Record<string, unknown>>): RunFilter {
  return runFilter.parse(stored);
}
