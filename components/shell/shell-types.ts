/** The signed-in person, as the shell shows them. */
export interface ShellUser {
  readonly name: string;
  readonly email: string;
}

/** A workspace the person can be in; `plan` is the plan's name as shown ("Max"). */
export interface ShellWorkspace {
  readonly id: string;
  readonly name: string;
  readonly plan: string;
}
