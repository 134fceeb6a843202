/** Time as an input: services take it from their context so that a test can choose it. */
export type Clock = () => Date;

export const systemClock: Clock = () => new Date();
