/** Where an app's logo is shown from; null without one. Its hash stands in the address, which therefore never changes. */
export function logoUrlOf(app: {
  readonly id: string;
  readonly logoHash: string | null;
}): string | null {
  return app.logoHash === null ? null : `/oauth/logos/${app.id}/${app.logoHash}`;
}
