// The fields of two-way records that both sides may change; everything else of a record is ours alone.

export interface ContactFields {
  readonly name: string;
  readonly email: string | null;
  readonly phone: string | null;
  readonly title: string | null;
  readonly company: string | null;
}

export interface ActionItemFields {
  readonly text: string;
  readonly isDone: boolean;
  /** A day such as `2026-02-06`. */
  readonly dueOn: string | null;
}

export const contactFields = ["name", "email", "phone", "title", "company"] as const;
export const actionItemFields = ["text", "isDone", "dueOn"] as const;
