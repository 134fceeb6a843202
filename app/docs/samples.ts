import type { LanguageSample } from "@/components/docs/language-samples";

// Programs of the reference. tests/integration/docs runs every one of them against the real API, with the key in
// HARMONY_API_KEY, so they need nothing but curl and jq, Python's standard library, or Node 18.

/** A program in three languages. */
export interface Sample {
  readonly id: string;
  readonly title: string;
  readonly programs: readonly LanguageSample[];
}

function paginate(base: string): Sample {
  return {
    id: "paginate",
    title: "Read every meeting",
    programs: [
      {
        language: "curl",
        code: `# Needs jq. Follows next_cursor until the list ends.
cursor=""
while :; do
  page=$(curl -sS --fail-with-body -G "${base}/meetings" \\
    -H "Authorization: Bearer $HARMONY_API_KEY" \\
    -d per_page=100 \${cursor:+--data-urlencode "cursor=$cursor"}) || { echo "$page" >&2; exit 1; }
  echo "$page" | jq -r '.data[] | [.id, .date, .title] | @tsv'
  cursor=$(echo "$page" | jq -r '.pagination.next_cursor // empty')
  [ -n "$cursor" ] || break
done`,
      },
      {
        language: "python",
        code: `import json, os, urllib.parse, urllib.request

def get(path, **query):
    request = urllib.request.Request(
        f"${base}{path}?{urllib.parse.urlencode(query)}",
        headers={"Authorization": f"Bearer {os.environ['HARMONY_API_KEY']}"},
    )
    with urllib.request.urlopen(request, timeout=30) as response:
        return json.load(response)

def all_meetings(**filters):
    position = {}
    while True:
        page = get("/meetings", per_page=100, **filters, **position)
        yield from page["data"]
        if not page["pagination"]["has_more"]:
            return
        position = {"cursor": page["pagination"]["next_cursor"]}

for meeting in all_meetings(date_from="2026-01-01"):
    print(meeting["id"], meeting["date"], meeting["title"])`,
      },
      {
        language: "javascript",
        code: `async function get(path, query) {
  const response = await fetch(\`${base}\${path}?\${new URLSearchParams(query)}\`, {
    headers: { Authorization: \`Bearer \${process.env.HARMONY_API_KEY}\` },
    signal: AbortSignal.timeout(30_000),
  });
  const body = await response.json();
  if (!response.ok) throw new Error(\`\${body.error.message} \${body.error.fix}\`);
  return body;
}

async function* allMeetings(filters) {
  let position = {};
  while (true) {
    const page = await get("/meetings", { per_page: 100, ...filters, ...position });
    yield* page.data;
    if (!page.pagination.has_more) return;
    position = { cursor: page.pagination.next_cursor };
  }
}

for await (const meeting of allMeetings({ date_from: "2026-01-01" })) {
  console.log(meeting.id, meeting.date, meeting.title);
}`,
      },
    ],
  };
}

function retry(base: string): Sample {
  return {
    id: "retry",
    title: "Retry with back-off",
    programs: [
      {
        language: "curl",
        code: `# curl repeats 429 and 5xx by itself: it waits for Retry-After, and twice as long each time without it.
curl -sS --fail-with-body --retry 5 --max-time 60 "${base}/meetings" \\
  -H "Authorization: Bearer $HARMONY_API_KEY"`,
      },
      {
        language: "python",
        code: `import json, os, random, time, urllib.error, urllib.request

def send(request, attempts=5):
    for attempt in range(attempts):
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            final = attempt == attempts - 1
            if final or error.code not in (429, 500, 503):
                raise RuntimeError(error.read().decode()) from error
            wait = float(error.headers.get("Retry-After") or 2**attempt)
            time.sleep(wait + random.random())  # never all clients at once

print(send(urllib.request.Request(
    "${base}/meetings",
    headers={"Authorization": f"Bearer {os.environ['HARMONY_API_KEY']}"},
)))`,
      },
      {
        language: "javascript",
        code: `import { setTimeout as sleep } from "node:timers/promises";

async function send(url, init, attempts = 5) {
  for (let attempt = 0; ; attempt += 1) {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(30_000) });
    if (response.ok) return response.json();
    const final = attempt === attempts - 1;
    if (final || ![429, 500, 503].includes(response.status)) {
      throw new Error(await response.text());
    }
    const seconds = Number(response.headers.get("Retry-After") ?? 2 ** attempt);
    await sleep((seconds + Math.random()) * 1000); // never all clients at once
  }
}

console.log(await send("${base}/meetings", {
  headers: { Authorization: \`Bearer \${process.env.HARMONY_API_KEY}\` },
}));`,
      },
    ],
  };
}

function cache(base: string): Sample {
  return {
    id: "cache",
    title: "Ask only for what changed",
    programs: [
      {
        language: "curl",
        code: `# Run it twice: the second answer is 304, and meetings.json stays as it is.
curl -sS --fail-with-body -o meetings.json -w '%{http_code}\\n' \\
  --etag-compare meetings.etag --etag-save meetings.etag "${base}/meetings" \\
  -H "Authorization: Bearer $HARMONY_API_KEY"`,
      },
      {
        language: "python",
        code: `import json, os, urllib.error, urllib.request

cache = {}  # path → (ETag, body); keep it on disk or in Redis

def get(path):
    headers = {"Authorization": f"Bearer {os.environ['HARMONY_API_KEY']}"}
    if path in cache:
        headers["If-None-Match"] = cache[path][0]
    request = urllib.request.Request(f"${base}{path}", headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            cache[path] = (response.headers["ETag"], json.load(response))
    except urllib.error.HTTPError as error:
        if error.code != 304:
            raise
    return cache[path][1]

first = get("/meetings")
again = get("/meetings")  # 304: nothing is sent again
print(first is again)`,
      },
      {
        language: "javascript",
        code: `const cache = new Map(); // path → { etag, body }; keep it on disk or in Redis

async function get(path) {
  const known = cache.get(path);
  const response = await fetch(\`${base}\${path}\`, {
    headers: {
      Authorization: \`Bearer \${process.env.HARMONY_API_KEY}\`,
      ...(known && { "If-None-Match": known.etag }),
    },
    signal: AbortSignal.timeout(30_000),
  });
  if (response.status === 304) return known.body;
  if (!response.ok) throw new Error(await response.text());
  cache.set(path, { etag: response.headers.get("ETag"), body: await response.json() });
  return cache.get(path).body;
}

const first = await get("/meetings");
const again = await get("/meetings"); // 304: nothing is sent again
console.log(first === again);`,
      },
    ],
  };
}

/** The programs of "Best practices". `base` is the API's base: "https://harmony.example/v1". */
export function bestPracticeSamples(base: string): {
  readonly paginate: Sample;
  readonly retry: Sample;
  readonly cache: Sample;
} {
  return { paginate: paginate(base), retry: retry(base), cache: cache(base) };
}
