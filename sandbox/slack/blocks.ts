// Block Kit as chat.postMessage checks it: https://docs.slack.dev/reference/block-kit/blocks. Only blocks that
// messages may hold. Problems are worded like Slack's `response_metadata.messages`.

const BLOCKS_MAX = 50;

type Shape = Readonly<Record<string, unknown>>;
type Problems = readonly string[];
type Check = (value: unknown, at: string) => Problems;

const isObject = (value: unknown): value is Shape =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const problem = (what: string, at: string): Problems => [`[ERROR] ${what} [json-pointer:${at}]`];

const string =
  (max: number, min = 1): Check =>
  (value, at) => {
    if (typeof value !== "string") return problem("must be a string", at);
    if (value.length < min) return problem(`must be more than ${min - 1} characters`, at);
    return value.length > max ? problem(`must be less than ${max + 1} characters`, at) : [];
  };

const boolean: Check = (value, at) =>
  typeof value === "boolean" ? [] : problem("must be a boolean", at);

const anything: Check = () => [];

const oneOf =
  (...allowed: readonly string[]): Check =>
  (value, at) =>
    typeof value === "string" && allowed.includes(value)
      ? []
      : problem(`must be one of: ${allowed.join(", ")}`, at);

const list =
  (of: Check, max: number): Check =>
  (value, at) => {
    if (!Array.isArray(value)) return problem("must be an array", at);
    if (value.length === 0) return problem("no fewer than 1 items", at);
    if (value.length > max) return problem(`no more than ${max} items allowed`, at);
    return value.flatMap((item, index) => of(item, `${at}/${index}`));
  };

/** An object with these keys and no others; those with a `?` may be absent. */
const shape =
  (keys: Readonly<Record<string, Check>>): Check =>
  (value, at) => {
    if (!isObject(value)) return problem("must be an object", at);
    const known = Object.keys(keys).map((key) => key.replace("?", ""));
    const extra = Object.keys(value)
      .filter((key) => !known.includes(key))
      .flatMap((key) => problem(`invalid additional property: ${key}`, at));
    const inner = Object.entries(keys).flatMap(([key, check]) => {
      const name = key.replace("?", "");
      if (name in value) return check(value[name], `${at}/${name}`);
      return key.endsWith("?") ? [] : problem(`missing required field: ${name}`, at);
    });
    return [...extra, ...inner];
  };

const plain = (max: number) =>
  shape({ type: oneOf("plain_text"), text: string(max), "emoji?": boolean });

const mrkdwn = (max: number) =>
  shape({ type: oneOf("mrkdwn"), text: string(max), "verbatim?": boolean });

/** By the value of `type`. */
const byType =
  (checks: Readonly<Record<string, Check>>): Check =>
  (value, at) => {
    if (!isObject(value)) return problem("must be an object", at);
    const { type } = value;
    const check = typeof type === "string" && Object.hasOwn(checks, type) ? checks[type] : null;
    return check ? check(value, at) : problem(`unsupported type: ${String(type)}`, `${at}/type`);
  };

const words = (max: number) => byType({ plain_text: plain(max), mrkdwn: mrkdwn(max) });
const any = oneOf;
const actionId = string(255);

const confirm = shape({
  title: plain(100),
  text: words(300),
  confirm: plain(30),
  deny: plain(30),
  "style?": oneOf("primary", "danger"),
});

const image = {
  type: any("image"),
  "image_url?": string(3_000),
  "slack_file?": anything,
  alt_text: string(2_000),
};

const button = shape({
  type: any("button"),
  text: plain(75),
  "action_id?": actionId,
  "url?": string(3_000),
  "value?": string(2_000),
  "style?": oneOf("primary", "danger"),
  "confirm?": confirm,
  "accessibility_label?": string(75),
});

/** Selects, pickers and menus: Harmony sends none, so only their place is checked. */
const otherElements = Object.fromEntries(
  [
    "checkboxes",
    "datepicker",
    "datetimepicker",
    "timepicker",
    "overflow",
    "radio_buttons",
    "static_select",
    "external_select",
    "users_select",
    "conversations_select",
    "channels_select",
    "multi_static_select",
    "workflow_button",
  ].map((type) => [type, anything]),
);

const element = byType({ button, ...otherElements });

const block = byType({
  header: shape({ type: any("header"), text: plain(150), "block_id?": string(255) }),
  section: (value, at) => {
    const keys = {
      type: any("section"),
      "text?": words(3_000),
      "fields?": list(words(2_000), 10),
      "accessory?": byType({ button, image: shape(image), ...otherElements }),
      "block_id?": string(255),
      "expand?": boolean,
    };
    const isEmpty = isObject(value) && !("text" in value || "fields" in value);
    return isEmpty ? problem("must have text or fields", at) : shape(keys)(value, at);
  },
  context: shape({
    type: any("context"),
    elements: list(
      byType({ plain_text: plain(3_000), mrkdwn: mrkdwn(3_000), image: shape(image) }),
      10,
    ),
    "block_id?": string(255),
  }),
  actions: shape({ type: any("actions"), elements: list(element, 25), "block_id?": string(255) }),
  divider: shape({ type: any("divider"), "block_id?": string(255) }),
  image: shape({ ...image, "title?": plain(2_000), "block_id?": string(255) }),
  markdown: shape({ type: any("markdown"), text: string(12_000), "block_id?": string(255) }),
  rich_text: shape({ type: any("rich_text"), elements: anything, "block_id?": string(255) }),
  file: anything,
  video: anything,
  table: anything,
  input: anything,
});

function duplicates(blocks: readonly unknown[], key: "block_id"): Problems {
  const ids = blocks
    .filter(isObject)
    .flatMap((one) => (typeof one[key] === "string" ? one[key] : []));
  const twice = ids.filter((id, index) => ids.indexOf(id) !== index);
  return twice.flatMap((id) => problem(`${key} is used twice: ${id}`, "/blocks"));
}

/** All that Slack would not take; empty when the blocks are fine. */
export function blockProblems(blocks: readonly unknown[]): Problems {
  if (blocks.length > BLOCKS_MAX)
    return problem(`no more than ${BLOCKS_MAX} items allowed`, "/blocks");
  return [
    ...blocks.flatMap((one, index) => block(one, `/blocks/${index}`)),
    ...duplicates(blocks, "block_id"),
  ];
}

/** `blocks` of a call: an array, or one as JSON text; null when it is neither. */
export function readBlocks(value: unknown): readonly unknown[] | null {
  if (Array.isArray(value)) return value;
  if (typeof value !== "string") return null;
  try {
    const parsed: unknown = JSON.parse(value);
    return Array.isArray(parsed) ? parsed : null;
  } catch {
    return null;
  }
}
