// The package has no types of its own; these are the parts that the bench uses (autocannon 9, README).
declare module "autocannon" {
  interface Options {
    readonly url: string;
    readonly connections: number;
    /** Seconds. */
    readonly duration: number;
    readonly headers?: Readonly<Record<string, string>>;
  }
  interface Result {
    readonly requests: { readonly average: number; readonly total: number };
    /** Milliseconds. */
    readonly latency: { readonly p50: number; readonly p99: number };
    readonly errors: number;
    readonly timeouts: number;
    readonly non2xx: number;
  }
  // biome-ignore lint/style/noDefaultExport: it describes the package as it is
  export default function autocannon(options: Options): Promise<Result>;
}
