import { html, Markup } from "../html";

// Blocks and mrkdwn as a page. Text of a message never becomes markup of the page.

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields => typeof value === "object" && value !== null;
const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

const unescapeText = (value: string) =>
  value.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

function webLink(target: string, label: string): Markup {
  const isWeb = /^https?:\/\//.test(target);
  return isWeb ? html`<a href="${target}" rel="noreferrer">${label}</a>` : html`${label}`;
}

/** `<…>` in mrkdwn: links, mentions, channels, dates. */
function reference(inner: string): Markup {
  const [target = "", label] = inner.split("|");
  if (target.startsWith("!date^")) return html`${unescapeText(label ?? target)}`;
  if (/^[@#!]/.test(target)) return html`<span class="tag">${unescapeText(label ?? target)}</span>`;
  return webLink(unescapeText(target), unescapeText(label ?? target));
}

function emphasis(text: string): Markup {
  const parts = text.split(/(\*[^*\n]+\*|_[^_\n]+_|~[^~\n]+~|`[^`\n]+`)/);
  return html`${parts.map((part) => {
    const inner = unescapeText(part.slice(1, -1));
    if (/^\*[^*]+\*$/.test(part)) return html`<strong>${inner}</strong>`;
    if (/^_[^_]+_$/.test(part)) return html`<em>${inner}</em>`;
    if (/^~[^~]+~$/.test(part)) return html`<s>${inner}</s>`;
    if (/^`[^`]+`$/.test(part)) return html`<code>${inner}</code>`;
    return html`${unescapeText(part)}`;
  })}`;
}

/** Slack's own markup, line by line. */
export function renderMrkdwn(text: string): Markup {
  const lines = text.split("\n").map((line) => {
    const parts = line.split(/(<[^<>]+>)/);
    return html`${parts.map((part) =>
      /^<[^<>]+>$/.test(part) ? reference(part.slice(1, -1)) : emphasis(part),
    )}`;
  });
  return html`${lines.map((line, index) => (index === 0 ? line : html`<br>${line}`))}`;
}

function renderText(value: unknown): Markup {
  if (!isObject(value)) return html``;
  const text = textOf(value.text);
  return value.type === "mrkdwn" ? renderMrkdwn(text) : html`${text}`;
}

const all = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function renderElement(value: unknown): Markup {
  if (!isObject(value)) return html``;
  if (value.type === "button") {
    const label = isObject(value.text) ? textOf(value.text.text) : "";
    return webLink(textOf(value.url), label);
  }
  return value.type === "image" ? html`[${textOf(value.alt_text)}]` : renderText(value);
}

function renderBlock(value: unknown): Markup {
  if (!isObject(value)) return html``;
  switch (value.type) {
    case "header":
      return html`<p class="header">${renderText(value.text)}</p>`;
    case "section":
      return html`<p>${renderText(value.text)}</p>${all(value.fields).map((field) => html`<p>${renderText(field)}</p>`)}`;
    case "context":
      return html`<p class="muted small">${all(value.elements).map((element) => html`${renderElement(element)} `)}</p>`;
    case "actions":
      return html`<p class="row">${all(value.elements).map(renderElement)}</p>`;
    case "divider":
      return new Markup("<hr>");
    case "markdown":
      return html`<p>${textOf(value.text)}</p>`;
    case "image":
      return html`<p>[${textOf(value.alt_text)}]</p>`;
    default:
      return html`<p class="muted">[${textOf(value.type)}]</p>`;
  }
}

/** The blocks of one message. */
export function renderBlocks(blocks: readonly unknown[]): Markup {
  return html`${blocks.map(renderBlock)}`;
}
