import postgres from "postgres";
import { afterAll, inject } from "vitest";

/** A connection of this test file to the database behind the servers under test; ended after the file. */
export const sql = postgres(inject("databaseUrl"), { max: 4, onnotice: () => undefined });

afterAll(() => sql.end({ timeout: 5 }));
