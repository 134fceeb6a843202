import { customType, text, timestamp } from "drizzle-orm/pg-core";
import { type IdKind, newId } from "@/lib/core/ids";

/** The primary key of a kind of thing: a typed, prefixed id made by us. */
export const id = (kind: IdKind) =>
  text("id")
    .primaryKey()
    .$defaultFn(() => newId(kind));

/** An instant, always with time zone, read and written as `Date`. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

/** A few bytes, kept in the row. */
export const bytes = customType<{ data: Buffer }>({ dataType: () => "bytea" });

export const createdAt = () => instant("created_at").notNull().defaultNow();

export const timestamps = () => ({
  createdAt: createdAt(),
  updatedAt: instant("updated_at")
    .notNull()
    .defaultNow()
    .$onUpdate(() => new Date()),
});
