import postgres from "postgres";
import { inject } from "vitest";
import { randomBase62 } from "@/lib/core/ids";
import { waitFor } from "./wait-for";

export interface EmptyDatabase {
  readonly url: string;
  readonly drop: () => Promise<void>;
}

/** A database without any table on the stack's server; its name begins with this word. */
export async function makeEmptyDatabase(word: string): Promise<EmptyDatabase> {
  const name = `${word}_${randomBase62(8).toLowerCase()}`;
  const admin = postgres(inject("databaseUrl"), { max: 1, onnotice: () => undefined });
  await admin`create database ${admin(name)}`;
  const url = new URL(inject("databaseUrl"));
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: async () => {
      // Refused while the server's own vacuum is in it, which only a superuser may end.
      await waitFor(`the end of ${name}`, async () => {
        await admin`drop database if exists ${admin(name)} with (force)`;
        return true;
      });
      await admin.end({ timeout: 5 });
    },
  };
}
