/** What the dialogs of the members page offer. */
export interface MemberChoices {
  readonly roles: readonly { readonly id: string; readonly name: string }[];
  readonly teams: readonly { readonly id: string; readonly name: string }[];
  readonly people: readonly { readonly userId: string; readonly name: string }[];
}
