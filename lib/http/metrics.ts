import type { IncomingMessage, ServerResponse } from "node:http";
import { collectDefaultMetrics, Histogram, Registry } from "prom-client";
import { singleton } from "@/lib/core/singleton";

function metrics() {
  return singleton("metrics", () => {
    const registry = new Registry();
    collectDefaultMetrics({ register: registry, prefix: "harmony_" });
    const requests = new Histogram({
      name: "harmony_http_request_duration_seconds",
      help: "Time to answer, by door, method and class of status.",
      labelNames: ["door", "method", "status"],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers: [registry],
    });
    return { registry, requests };
  });
}

function doorOf(url: string): string {
  if (/^\/(api\/)?v1(\/|\?|$)/.test(url)) return "api";
  if (url.startsWith("/_next/")) return "asset";
  return url.startsWith("/api/") ? "internal" : "page";
}

/** Measures a request until its answer is out. */
export function observeRequest(request: IncomingMessage, response: ServerResponse): void {
  const startedAt = performance.now();
  const door = doorOf(request.url ?? "/");
  response.once("close", () => {
    metrics().requests.observe(
      {
        door,
        method: request.method ?? "GET",
        status: `${Math.floor(response.statusCode / 100)}xx`,
      },
      (performance.now() - startedAt) / 1000,
    );
  });
}

/** Prometheus text of this process. */
export function metricsText(): Promise<string> {
  return metrics().registry.metrics();
}
