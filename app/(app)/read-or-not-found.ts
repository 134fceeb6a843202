import { notFound } from "next/navigation";
import { AppError } from "@/lib/core/errors";

const idShape = /^[a-z]{2,5}_[0-9A-Za-z]{1,40}$/;

/** Reads the thing that an address names. What is missing and what the viewer may not see is the same 404 page. */
export async function readOrNotFound<T>(id: string, read: (id: string) => Promise<T>): Promise<T> {
  if (!idShape.test(id)) notFound();
  try {
    return await read(id);
  } catch (error) {
    if (error instanceof AppError && error.code === "not_found") notFound();
    throw error;
  }
}
