import { randomBytes, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import next from "next";
import { meetingOfRecordingPath, playRecording } from "@/app/api/recordings/play-recording";
import { uploadLane } from "@/app/api/uploads/lane";
import * as openapi from "@/app/api/v1/openapi.json/route";
import { routes } from "@/app/api/v1/routes";
import { closePool, databaseAnswers } from "@/db/client";
import { writeUses } from "@/lib/auth/count-use";
import { derivedKey } from "@/lib/core/crypto";
import { env, provideToLibraries } from "@/lib/core/env";
import { log } from "@/lib/core/log";
import { runUntilStopped } from "@/lib/core/run-until-stopped";
import { clientIpHeader, pagePathHeader, searchHeader } from "@/lib/http/call";
import { clientIpOf, isKnownHost, isLoopbackPeer } from "@/lib/http/client-address";
import { fastLane, isForLaneOnly } from "@/lib/http/fast-lane";
import { metricsText, observeRequest } from "@/lib/http/metrics";
import { contentSecurityPolicy, securityHeaders } from "@/lib/http/security-headers";
import { answerOauth, isOauthPath } from "@/lib/oauth-server/provider";
import { closeOutbound } from "@/lib/outbound/outbound-client";

// The web process: one node:http server on one port. The public API is answered by the fast lane, everything else
// by Next; headers that protect every answer are set here, once.

const settings = env();
// next-auth reads these two from the environment; they follow from APP_URL and HARMONY_SECRET.
provideToLibraries({
  NEXTAUTH_URL: settings.appUrl,
  NEXTAUTH_SECRET: derivedKey("next-auth").toString("base64"),
});

const headersOfEveryAnswer = securityHeaders(settings.appUrl);
const isDevelopment = settings.NODE_ENV === "development";
const lane = fastLane([...routes, ["/openapi.json", openapi]]);
const server = createServer({
  requestTimeout: 0,
  headersTimeout: 30_000,
  keepAliveTimeout: 65_000,
});
const app = next({
  dev: isDevelopment,
  hostname: settings.host,
  port: settings.PORT,
  httpServer: server,
});
let isReady = false;
let isStopping = false;

function plain(response: ServerResponse, status: number, text: string, type = "text/plain"): void {
  response.writeHead(status, {
    "content-type": `${type}; charset=utf-8`,
    "cache-control": "no-store",
  });
  response.end(text);
}

/** Health, readiness and metrics; true when the request was one of them. */
async function answerOps(path: string, request: IncomingMessage, response: ServerResponse) {
  if (path === "/healthz") return plain(response, 200, "ok\n");
  if (path === "/readyz") {
    const isUp = isReady && !isStopping && (await databaseAnswers());
    return plain(response, isUp ? 200 : 503, isUp ? "ready\n" : "not ready\n");
  }
  const token = settings.METRICS_TOKEN;
  const isAllowed =
    isLoopbackPeer(request) ||
    (token !== undefined && request.headers.authorization === `Bearer ${token}`);
  if (!isAllowed) return plain(response, 404, "not found\n");
  return plain(response, 200, await metricsText(), "text/plain; version=0.0.4");
}

const opsPaths = new Set(["/healthz", "/readyz", "/metrics"]);

/** Route handlers get the query as it was sent, and no header by which Next's own pages talk to their server. */
function forApi(request: IncomingMessage): void {
  const url = request.url ?? "/";
  const cut = url.indexOf("?");
  request.headers[searchHeader] = cut === -1 ? "" : url.slice(cut + 1);
  for (const name of Object.keys(request.headers)) {
    if (name === "rsc" || name.startsWith("next-")) delete request.headers[name];
  }
}

async function toNext(request: IncomingMessage, response: ServerResponse, path: string) {
  const isApi = path.startsWith("/api/") || path.startsWith("/v1/");
  const isAsset = path.startsWith("/_next/");
  if (!isApi && !isAsset) {
    const nonce = randomBytes(16).toString("base64");
    const policy = contentSecurityPolicy(nonce, isDevelopment);
    // Always overwritten, so that a client cannot choose the nonce.
    request.headers["content-security-policy"] = policy;
    request.headers["x-nonce"] = nonce;
    request.headers[pagePathHeader] = request.url ?? "/";
    response.setHeader("content-security-policy", policy);
  }
  if (isApi) forApi(request);
  // Codes of tools come in these addresses. What is set before Next stays.
  if (path.startsWith("/api/integrations/")) response.setHeader("referrer-policy", "no-referrer");
  await app.getRequestHandler()(request, response);
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = (request.url ?? "/").split("?", 1)[0] ?? "/";
  for (const [name, value] of headersOfEveryAnswer) response.setHeader(name, value);
  if (isStopping) response.setHeader("connection", "close");
  if (opsPaths.has(path)) return answerOps(path, request, response);
  if (!isKnownHost(request.headers.host))
    return plain(response, 421, "This host is not served here.\n");
  if (path.startsWith("/dev/") && !isLoopbackPeer(request))
    return plain(response, 404, "not found\n");
  if (isOauthPath(path)) return answerOauth(path, request, response);
  const ip = clientIpOf(request);
  const useLane = settings.fastLane || isForLaneOnly(request.method, path);
  if (useLane && (lane(request, response, ip) || uploadLane(request, response, ip))) return;
  const meetingId = meetingOfRecordingPath(path);
  if (meetingId !== null) return playRecording(request, response, { ip, meetingId });
  request.headers[clientIpHeader] = ip ?? "";
  return toNext(request, response, path);
}

server.on("request", (request, response) => {
  observeRequest(request, response);
  answer(request, response).catch((error: unknown) => {
    const id = randomUUID();
    log().error(
      { err: error, id, url: request.url?.split("?", 1)[0] },
      "a request could not be answered",
    );
    if (!response.headersSent) plain(response, 500, `Something went wrong. Reference: ${id}\n`);
    else response.destroy();
  });
});

runUntilStopped(async () => {
  isStopping = true;
  isReady = false;
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  await closed;
  await writeUses();
  await closeOutbound();
  await closePool();
});

await app.prepare();
server.listen(settings.PORT, settings.host, () => {
  isReady = true;
  log().info({ url: settings.appUrl, lane: settings.fastLane }, "web is listening");
});
