/**
 * One step of a composed conversation. A variant is a few turns, one a line: `H` hosts, `I` is a colleague of
 * the host, `G` is the guest and `K` the guest's colleague. Words in braces are filled in (see
 * compose-conversation.ts). A variant that needs an absent person is not used.
 */
export interface Beat {
  /** How often the step occurs, from 0 to 1; absent means always. */
  readonly chance?: number;
  readonly variants: readonly string[];
}
