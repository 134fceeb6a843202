import { beforeAll, describe, expect, test } from "vitest";
import { type Api, type ApiRequest, makeApi, ownAddress } from "../../support/api-client";
import { doors } from "../../support/doors";
import {
  addContent,
  makeContact,
  makeForm,
  makeInsight,
  makeKey,
  makeMeeting,
  makeProject,
  makeQueuedMeeting,
  makeVtt,
  makeWorkspace,
} from "../../support/factories";
import type { Answer } from "../../support/openapi-check";

// One corpus of requests, sent to both doors: whatever a client may send, it cannot tell them apart.

interface Ids {
  readonly meeting: string;
  readonly queued: string;
  readonly contact: string;
  readonly insight: string;
}

const lists = (ids: Ids) => [
  "/meetings",
  "/contacts",
  "/insights",
  `/contacts/${ids.contact}/meetings`,
  `/insights/${ids.insight}/data`,
];

const singles = (ids: Ids) => [
  `/meetings/${ids.meeting}`,
  `/meetings/${ids.meeting}/transcript`,
  `/meetings/${ids.meeting}/summary`,
  `/meetings/${ids.meeting}/insights`,
  `/meetings/${ids.meeting}/status`,
  `/meetings/${ids.queued}`,
  `/meetings/${ids.queued}/transcript`,
  `/meetings/${ids.queued}/summary`,
  `/contacts/${ids.contact}`,
  `/insights/${ids.insight}`,
];

/** Queries that are right, wrong, or hostile. */
const queries = [
  "page=1",
  "page=2&per_page=1",
  "per_page=1",
  "per_page=1000",
  "page=999999999",
  "page=0",
  "page=-1",
  "page=1.5",
  "page=",
  "page=one",
  "page=1&page=2",
  "page=%201",
  "pag=1",
  "cursor=",
  "cursor=abc",
  "cursor=abc.def",
  "cursor=%00",
  "cursor=abc&page=1",
  "status=processed",
  "status=nonsense",
  "status=",
  "date_from=2026-01-01&date_to=2026-12-31",
  "date_from=2026-12-31&date_to=2026-01-01",
  "date_from=2026-02-30",
  "date_to=9999-12-31",
  "date_from=2026-01-01T00:00:00+02:00",
  "date_from=2026-01-01T00:00:00%2B02:00",
  "team_id=team_x",
  "team_id=",
  "q=%25_%5C",
  "q=gr%C3%BC%C3%9Fe",
  "q=%E4%BD%A0%E5%A5%BD",
  "q=%E0%A4%A",
  "q=a%00b",
  "q=%ED%A0%80",
  "email=nobody%40x.example",
  "type=yes_no",
  "__proto__=1",
  "constructor=1",
  "toString=1",
  "=1",
  "&&&",
  "?page=1",
  "page=1;per_page=2",
  "page[]=1",
  "nxtPid=1",
  "_rsc=1",
  "api_key=hk_live_x",
  `q=${"x".repeat(101)}`,
  `q=${"x".repeat(6000)}`,
];

const pathTricks = (ids: Ids) => [
  "/api/v1",
  "/api/v1/",
  "/v1",
  "/v1/",
  "/api/v1//",
  "/api/v1/nothing",
  "/api/v1/nothing/at/all",
  "/v1/nothing",
  "/api/v1/meetings/",
  "/api/v1/meetings//",
  "/api/v1//meetings",
  "/v1//meetings",
  `/api/v1/meetings/${ids.meeting}/`,
  `/api/v1/meetings/${ids.meeting}//`,
  `/api/v1/meetings//${ids.meeting}`,
  `/v1/meetings/${ids.meeting}/summary/`,
  `/api/v1/meetings/${ids.meeting}/nothing`,
  `/api/v1/meetings/${ids.meeting}/summary/more`,
  "/api/v1/meetings/upload",
  "/api/v1/meetings/upload/",
  "/api/v1/meetings/upload/status",
  "/api/v1/meetings/UPLOAD",
  "/api/v1/Meetings",
  "/V1/meetings",
  "/API/v1/meetings",
  "/api/V1/meetings",
  "/api/v1/%E0%A4%A",
  "/api/v1/meetings/%E0%A4%A",
  "/api/v1/meetings/%",
  "/api/v1/meetings/%zz",
  "/api/v1/meetings/a%00b",
  "/api/v1/meetings/a%2Fb",
  `/api/v1/meetings%2F${ids.meeting}`,
  "/api/v1/meetings/a%20b",
  "/api/v1/meetings/%20",
  "/api/v1/meetings/ünï".replace("ü", "%C3%BC").replace("ï", "%C3%AF"),
  "/api/v1/meet%69ngs",
  `/api/v1/%6Deetings/${ids.meeting}`,
  `/api/v1/meetings/${ids.meeting.replace("mtg", "%6Dtg")}`,
  "/api/v1/meetings/%75pload",
  "/api/v1/meetings/.",
  "/api/v1/meetings/..",
  "/api/v1/meetings/../contacts",
  "/api/v1/./meetings",
  "/api/v1/%2e%2e/meetings",
  "/api/v1/meetings/%2e%2e/contacts",
  "/api/v1/meetings\\x",
  "/api/v1/meetings;a=b",
  "/api/v1/meetings.json",
  "/api/v1/meetings/mtg_",
  "/api/v1/meetings/mtg_doesnotexist0000000",
  `/api/v1/meetings/${"m".repeat(3000)}`,
  "/api/v1/meetings/[id]",
  "/api/v1/meetings/%5Bid%5D",
  "/api/v1/[...rest]",
  "/api/v1/contacts/con_doesnotexist0000000",
  "/api/v1/contacts/con_doesnotexist0000000/meetings",
  "/api/v1/insights/ins_doesnotexist0000000/data",
  `/api/v1/contacts/${ids.meeting}`,
  `/api/v1/meetings/${ids.contact}`,
  "/api/v1/openapi.json",
  "/api/v1/openapi.json/",
  "/v1/openapi.json",
  "/api/v1/openapi.json?x=1",
  "/api/v1/meetings?",
  "/api/v1/meetings#fragment",
];

const get = (path: string): ApiRequest => ({ path });

function uploads(): ApiRequest[] {
  const path = "/api/v1/meetings/upload";
  const post = (values: Partial<ApiRequest>): ApiRequest => ({ method: "POST", path, ...values });
  const twice = makeForm(makeVtt(), "a.vtt");
  twice.append("file", new Blob(["x"]), "b.vtt");
  return [
    post({}),
    post({ body: "" }),
    post({ body: "{}", headers: { "content-type": "application/json" } }),
    post({ body: "x", headers: { "content-type": "multipart/form-data" } }),
    post({ body: "x", headers: { "content-type": "multipart/form-data; boundary=abc" } }),
    post({ body: new FormData() }),
    post({ body: makeForm("", "empty.vtt") }),
    post({ body: makeForm("WEBVTT\n", "none.vtt") }),
    post({ body: makeForm("%PDF-1.7\n%\u00e2\u00e3", "not.vtt") }),
    post({ body: makeForm(makeVtt(), "a.vtt", { title: "" }) }),
    post({ body: makeForm(makeVtt(), "a.vtt", { date: "yesterday" }) }),
    post({ body: makeForm(makeVtt(), "a.vtt", { date: "2099-01-01" }) }),
    post({ body: makeForm(makeVtt(), "a.vtt", { team_id: "team_x" }) }),
    post({ body: makeForm(makeVtt(), "a.vtt", { unknown: "1" }) }),
    post({ body: twice }),
    post({ body: makeForm(makeVtt(), "a.vtt"), headers: { "idempotency-key": "" } }),
    post({ body: makeForm(makeVtt(), "a.vtt"), headers: { "idempotency-key": "k".repeat(256) } }),
    { ...post({ body: makeForm(makeVtt(), "a.vtt") }), path: `${path}?x=1` },
  ];
}

const methods = ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE", "PROPFIND"];

function corpus(ids: Ids): ApiRequest[] {
  const paths = [...lists(ids), ...singles(ids)];
  const some = ["/meetings", `/meetings/${ids.meeting}`, "/meetings/upload", "/openapi.json"];
  const anywhere = ["/api/v1/nothing", "/v1/meetings/", "/api/v1//meetings", "/v1"];
  return [
    ...paths.flatMap((path) => [get(`/api/v1${path}`), get(`/v1${path}`)]),
    ...lists(ids).flatMap((path) => queries.map((query) => get(`/api/v1${path}?${query}`))),
    ...singles(ids).map((path) => get(`/api/v1${path}?page=1`)),
    ...pathTricks(ids).map(get),
    ...methods.flatMap((method) =>
      [...some.map((path) => `/api/v1${path}`), ...anywhere].map((path) => ({ method, path })),
    ),
    ...["*", '"x"', 'W/"x", "y"', ""].map((etag) => ({
      path: "/api/v1/meetings",
      headers: { "if-none-match": etag },
    })),
    { path: "/api/v1/meetings", headers: { "x-harmony-client-ip": "1.2.3.4" } },
    ...[
      { accept: "text/html", rsc: "1" },
      { "next-action": "x" },
      { "next-router-prefetch": "1", "next-router-state-tree": "%5B%5D", rsc: "1" },
      { "x-nextjs-data": "1" },
      { "x-middleware-subrequest": "middleware" },
      { "x-harmony-search": "page=0" },
    ].map((headers) => ({ path: "/api/v1/meetings", headers })),
    get(`/api/v1/meetings/${ids.meeting}?nxtPid=${ids.queued}`),
    { path: "/api/v1/meetings", headers: { "x-http-method-override": "DELETE" } },
    { path: "/api/v1/meetings", headers: { host: "evil.example" } },
    { method: "GET", path: "/api/v1/meetings", body: "a body" },
    { method: "DELETE", path: "/api/v1/meetings", body: "a body" },
    ...uploads(),
  ];
}

/** Headers of the connection and of Next's own transport; all others are ours. */
const transport = new Set([
  "connection",
  "content-length",
  "date",
  "keep-alive",
  "transfer-encoding",
  "vary",
]);

/** What a client sees, without what differs by its nature: origin, request id, and the second of the window. */
function seen(answer: Answer, url: string, path: string): Record<string, string | number> {
  const text = answer.text
    .replaceAll(url, "https://app.example")
    .replace(/req_[0-9A-Za-z]{20}/g, "req_")
    .replace(/"reset":\d+/, '"reset":0');
  const headers = Object.fromEntries(
    Object.entries(answer.headers)
      .filter(([name]) => !transport.has(name))
      .map(([name, value]) => [name, value.replaceAll(url, "https://app.example")]),
  );
  for (const name of ["x-request-id", "x-ratelimit-reset"]) if (name in headers) headers[name] = "";
  // The document names its own origin, so its ETag differs.
  if (path.includes("openapi.json")) headers.etag = "";
  return { ...headers, status: answer.status, text };
}

/** Not for the API at all: another prefix, and a Host that is not served. */
const isOurs = ({ path, headers = {} }: ApiRequest) =>
  !(path.startsWith("/API/") || "host" in headers);

const label = ({ method = "GET", path }: ApiRequest) => `${method} ${path.slice(0, 80)}`;

describe("both doors", () => {
  let lane: Api;
  let next: Api;
  let all: ApiRequest[];
  const badAddress = ownAddress();

  beforeAll(async () => {
    const workspace = await makeWorkspace();
    const { token } = await makeKey(workspace.admin);
    const meeting = await makeMeeting(workspace);
    await addContent(meeting);
    const queued = await makeQueuedMeeting(workspace);
    const contact = await makeContact(workspace, { name: "100% grüße_你好" }, [meeting]);
    const project = await makeProject(workspace);
    const insight = await makeInsight(workspace, project.id, { type: "yes_no" });
    [lane, next] = await Promise.all([
      makeApi(doors[0].url, { key: token }),
      makeApi(doors[1].url, { key: token }),
    ]);
    all = corpus({ meeting: meeting.id, queued: queued.id, contact, insight });
  });

  /** What tells two answers apart, a line for each header, the status and the body. */
  function compare(request: ApiRequest, left: Answer, right: Answer): string[] {
    const a = seen(left, doors[0].url, request.path);
    const b = seen(right, doors[1].url, request.path);
    return [...new Set([...Object.keys(a), ...Object.keys(b)])]
      .filter((name) => a[name] !== b[name])
      .map((name) => `${label(request)} ${name}: ${a[name]} ≠ ${b[name]}`);
  }

  /** Sends the same sequence to both, so that even the counters agree. */
  async function differences(requests: readonly ApiRequest[], one: Api, two: Api) {
    const found: string[] = [];
    for (const request of requests) {
      const [left, right] = await Promise.all([one.sendAny(request), two.sendAny(request)]);
      found.push(...compare(request, left, right));
      if (left.status >= 500) found.push(`${label(request)} is answered ${left.status}`);
      if (isOurs(request)) one.contract.check(request.method ?? "GET", request.path, left);
    }
    return found;
  }

  test("give the same status, body and headers to every request of the corpus", async () => {
    expect(all.length).toBeGreaterThan(350);
    expect(await differences(all, lane, next)).toEqual([]);
  }, 60_000);

  test("refuse wrong credentials in the same words", async () => {
    const wrong = [
      "",
      "Bearer",
      "Bearer ",
      "Bearer x",
      "bearer hk_live_000000000000000000000000000000000000",
      "Basic dXNlcjpwYXNz",
      "hk_live_000000000000000000000000000000000000",
      `Bearer ${"x".repeat(600)}`,
      "Bearer a b",
      "Bearer \u00fc",
    ];
    const requests = [
      { path: "/api/v1/meetings" },
      { path: "/api/v1/meetings", headers: { cookie: "next-auth.session-token=nobody" } },
      { path: "/api/v1/meetings", headers: { cookie: "next-auth.session-token=%E0%A4%A" } },
      { method: "POST", path: "/api/v1/meetings/upload", body: makeForm(makeVtt(), "a.vtt") },
      { method: "HEAD", path: "/api/v1/meetings" },
      ...wrong.map((authorization) => ({ path: "/api/v1/meetings", headers: { authorization } })),
    ];
    const [one, two] = await Promise.all([
      makeApi(doors[0].url, null, badAddress),
      makeApi(doors[1].url, null, badAddress),
    ]);
    expect(await differences(requests, one, two)).toEqual([]);
    for (const request of requests) expect((await one.sendAny(request)).status).toBe(401);
  });
});
