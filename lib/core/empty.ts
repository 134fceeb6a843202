// Stands in for the `server-only` marker outside Next, where importing the real one throws.
export {};
