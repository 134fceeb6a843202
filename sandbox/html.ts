import { randomBytes } from "node:crypto";
import type { Answer } from "./http";

// Pages of the stand-ins: one request each, readable without scripts, light and dark.

/** Markup that is safe to put into a page. Only `html` and `raw` make it. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = string | number | Markup | null | false | readonly Part[];

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text as HTML shows it, also inside quoted attributes. */
function escapeHtml(value: string): string {
  return value.replace(/[&<>"']/g, (character) => escapes[character] ?? character);
}

function render(part: Part): string {
  if (part === null || part === false) return "";
  if (part instanceof Markup) return part.text;
  if (Array.isArray(part)) return part.map(render).join("");
  return escapeHtml(String(part));
}

/** A template whose values are escaped unless they are markup themselves. */
export function html(strings: TemplateStringsArray, ...values: readonly Part[]): Markup {
  return new Markup(strings.map((text, index) => text + render(values[index] ?? null)).join(""));
}

const style = `
:root{color-scheme:light dark;--bg:#f6f7f8;--card:#fff;--ink:#1b2226;--muted:#55606a;--line:#d5dade;--control:#77818a;--accent:#0b6470;--on-accent:#fff;--danger:#a3261d;--tint:#e9f3f4}
@media(prefers-color-scheme:dark){:root{--bg:#111517;--card:#181d20;--ink:#e8ecee;--muted:#a3adb4;--line:#2e363b;--control:#7b868e;--accent:#6fc7d3;--on-accent:#08272c;--danger:#ff9d94;--tint:#14292d}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
main{max-width:60rem;margin:0 auto;padding:1.5rem 1rem 4rem}
main.narrow{max-width:30rem;padding-top:3rem}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 .5rem}h2{font-size:1.1rem;margin:1.75rem 0 .5rem}h3{font-size:1rem;margin:0}
p{margin:.5rem 0}.muted{color:var(--muted)}.small{font-size:.875rem}
a{color:var(--accent)}
.card{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:1rem;margin:.75rem 0;overflow-wrap:anywhere}
.tag{display:inline-block;border:1px solid var(--line);border-radius:1rem;padding:0 .5rem;font-size:.8125rem;color:var(--muted)}
.banner{background:var(--tint);border-bottom:1px solid var(--line);padding:.5rem 1rem;font-size:.875rem;text-align:center}
.row{display:flex;flex-wrap:wrap;gap:.5rem;align-items:center}.row>*{min-width:0}.row>.grow{flex:1 1 12rem}
button,.button{font:inherit;min-height:2.5rem;padding:.375rem .875rem;border-radius:.375rem;border:1px solid var(--control);background:var(--card);color:var(--ink);cursor:pointer;max-width:100%;overflow-wrap:anywhere;text-align:start}
button.primary{background:var(--accent);border-color:var(--accent);color:var(--on-accent);font-weight:600}
button.danger{color:var(--danger);border-color:var(--danger)}
input[type=text],input[type=email],input[type=datetime-local],input[type=number],input[type=url],select{font:inherit;min-height:2.5rem;width:100%;padding:.25rem .5rem;border:1px solid var(--control);border-radius:.375rem;background:var(--card);color:var(--ink)}
label{display:block;margin:.5rem 0 .25rem}
.choice,ul.plain>.choice{display:flex;gap:.625rem;align-items:flex-start;margin:0;padding:.625rem 0;border-top:1px solid var(--line)}
legend+.choice,ul>.choice:first-child{border-top:0}.choice input{width:1.125rem;height:1.125rem;margin:.1875rem 0 0;flex:none}
fieldset{border:0;padding:0;margin:0}legend{font-weight:600;padding:0}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
ul.plain{list-style:none;margin:0;padding:0}ul.plain>li{padding:.125rem 0}
.card>h2:first-child,.card>label:first-of-type{margin-top:0}.card>form:first-child,.card>p:last-child{margin:0}
.message{padding:.5rem 0;border-top:1px solid var(--line)}.message:first-child{border-top:0}
.thread{margin:.25rem 0 0 1rem;padding-left:1rem;border-left:3px solid var(--line)}
.header{font-size:1.1rem;font-weight:700;margin:.25rem 0}.gone{text-decoration:line-through}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem .75rem;padding:0;margin:.5rem 0;list-style:none}
details summary{cursor:pointer;padding:.375rem 0}
`;

/** Reloads a page when something changed at the tool, unless somebody is typing in it. */
const follow = `
const seen=document.currentScript.dataset.version,at=document.currentScript.dataset.at;
setInterval(async()=>{try{const now=await(await fetch(at)).text();
const busy=document.activeElement&&/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName)||document.querySelector("details[open]");
if(now!==seen&&!busy)location.reload()}catch{}},2000)`;

export interface Page {
  readonly title: string;
  readonly body: Markup;
  readonly isNarrow?: boolean;
  readonly status?: number;
  /** Where else its forms may lead, such as the origin of a redirect URI. */
  readonly formTargets?: readonly string[];
  /** The page follows changes: the address of the version, and the version shown. */
  readonly follows?: { readonly at: string; readonly version: number };
}

/** A whole page that needs nothing from anywhere. */
export function page({
  title,
  body,
  isNarrow,
  status = 200,
  formTargets = [],
  follows,
}: Page): Answer {
  const nonce = randomBytes(16).toString("base64");
  const script = follows
    ? new Markup(
        `<script nonce="${nonce}" data-at="${escapeHtml(follows.at)}" data-version="${follows.version}">${follow}</script>`,
      )
    : null;
  const document = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><style nonce="${nonce}">${new Markup(style)}</style></head>
<body><header class="banner">Stand-in on this machine, part of Harmony. It is not the real tool. Type no real password here.</header>
<main${isNarrow === true ? new Markup(' class="narrow"') : null}>${body}</main>${script}</body></html>`;
  const policy = [
    "default-src 'none'",
    `style-src 'nonce-${nonce}'`,
    `script-src 'nonce-${nonce}'`,
    "connect-src 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    ["form-action 'self'", ...formTargets].join(" "),
  ].join("; ");
  return {
    status,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": policy,
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
    },
    body: document.text,
  };
}
