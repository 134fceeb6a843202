import { z } from "zod";
import { safeEqual, sha256, signToken } from "@/lib/core/crypto";
import { invalidRequest } from "@/lib/core/errors";
import { JsonText } from "@/lib/http/json-text";

// Lists answer `{data, pagination}`. `page` works at any depth; `cursor` is the fast way and never skips or repeats.

export const perPageDefault = 20;
export const perPageMax = 100;

const wholeNumber = /^\d{1,9}$/;

/** `page` and `per_page` as the seed has them (`per_page` above 100 is clamped and echoed), and `cursor`. */
export const pageQuery = {
  page: z
    .string()
    .refine(
      (text) => wholeNumber.test(text) && Number(text) >= 1,
      "must be a whole number from 1 on",
    )
    .transform(Number)
    .optional()
    .meta({
      description: "Page number, from 1 on. Default 1.",
      override: { type: "integer", minimum: 1 },
      param: { example: 2 },
    }),
  per_page: z
    .string()
    .refine(
      (text) => wholeNumber.test(text) && Number(text) >= 1,
      "must be a whole number from 1 on",
    )
    .transform((text) => Math.min(Number(text), perPageMax))
    .optional()
    .meta({
      description: "Rows a page: default 20, at most 100.",
      override: { type: "integer", minimum: 1, default: perPageDefault },
      param: { example: 50 },
    }),
  cursor: z.string().max(1000).optional().meta({
    description:
      "`pagination.next_cursor` of the answer before: the fast way through long lists. Not together with `page`.",
  }),
} as const;

const paginationView = z
  .object({
    page: z.int().nullable().meta({ description: "The page asked for; null in cursor mode." }),
    per_page: z.int(),
    total: z.int().meta({ description: "Exact number of rows that match the filters." }),
    has_more: z.boolean(),
    next_cursor: z.string().nullable(),
  })
  .meta({ id: "Pagination" });

/** A list answer of `item`s. */
export function pageOf<I extends z.ZodType>(item: I) {
  return z.object({ data: z.array(item), pagination: paginationView });
}

export interface PageInput {
  readonly page?: number | undefined;
  readonly per_page?: number | undefined;
  readonly cursor?: string | undefined;
}

/** Where a page starts: at an offset, or behind a key of the list's order. */
export interface Slice {
  readonly perPage: number;
  readonly page: number | null;
  readonly offset: number;
  readonly after: readonly string[] | null;
}

/** What a cursor is bound to: a list, the workspace and the filters that it was made under. */
export interface ListScope {
  readonly list: string;
  readonly workspaceId: string;
  readonly filters: Readonly<Record<string, unknown>>;
}

function bindingOf({ list, workspaceId, filters }: ListScope): string {
  const entries = Object.entries(filters)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return sha256(`${list}\n${workspaceId}\n${JSON.stringify(entries)}`).slice(0, 22);
}

const cursorError = () =>
  invalidRequest(
    "The cursor does not belong to this list",
    {
      cursor:
        "Made by another list or other filters, for another workspace, or changed on the way.",
    },
    "Start again without a cursor and keep the same filters while you follow next_cursor.",
  );

function openCursor(cursor: string, binding: string): readonly string[] {
  const [payload, mark, rest] = cursor.split(".");
  if (!payload || !mark || rest !== undefined || !safeEqual(mark, signToken("cursor", payload)))
    throw cursorError();
  const parsed = z
    .object({ b: z.string(), k: z.array(z.string()) })
    .safeParse(JSON.parse(Buffer.from(payload, "base64url").toString("utf8")));
  if (!parsed.success || parsed.data.b !== binding) throw cursorError();
  return parsed.data.k;
}

/** Reads page, per_page and cursor of a request. */
export function sliceOf(input: PageInput, scope: ListScope): Slice {
  const perPage = input.per_page ?? perPageDefault;
  if (input.cursor === undefined) {
    const page = input.page ?? 1;
    return { perPage, page, offset: (page - 1) * perPage, after: null };
  }
  if (input.page !== undefined) {
    throw invalidRequest("page and cursor exclude each other", {
      page: "Leave it out with a cursor.",
    });
  }
  const after = openCursor(input.cursor, bindingOf(scope));
  return { perPage, page: null, offset: 0, after };
}

/** One page as the database returned it: rows as JSON text, and the order key of its last row. */
export interface PageRow {
  readonly total: number;
  readonly data: string;
  /** Rows in `data`; in cursor mode one more may exist (`more`). */
  readonly n: number;
  readonly more: boolean | null;
  readonly last_key: string[] | null;
}

/** The list answer: the rows as the database wrote them, and the pagination around them. */
export function pageJson(row: PageRow, slice: Slice, scope: ListScope, before = ""): JsonText {
  const hasMore = row.more ?? slice.offset + row.n < row.total;
  let nextCursor: string | null = null;
  if (hasMore && row.last_key) {
    const key = JSON.stringify({ b: bindingOf(scope), k: row.last_key });
    const payload = Buffer.from(key).toString("base64url");
    nextCursor = `${payload}.${signToken("cursor", payload)}`;
  }
  const pagination = JSON.stringify({
    page: slice.page,
    per_page: slice.perPage,
    total: row.total,
    has_more: hasMore,
    next_cursor: nextCursor,
  });
  return new JsonText(`{${before}"data":${row.data},"pagination":${pagination}}`);
}
