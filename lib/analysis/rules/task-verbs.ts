// Verbs that stand for work after the meeting. "See", "say", "think", "know", "hear", "start" and
// the like are left out on purpose: in speech they are about the conversation itself.
const plain = new Set(
  `add adjust analyse analyze apologise apologize approve arrange ask attach audit book build buy
  calculate call cancel change chase check circulate clean collect compare compile complete configure
  confirm contact coordinate correct create delete deliver deploy design distribute document draft
  edit email enable escalate estimate evaluate export extend file finalise finalize finish fix
  forward gather handle hire implement import inform install introduce investigate invite invoice
  issue mail measure message migrate monitor negotiate notify onboard order organise organize pay
  phone ping plan post prepare print propose provide publish rebook record refund release remind
  remove renew replace report request research reserve resolve review revise ring schedule send share
  sign submit summarise summarize supply test track train transfer translate update upload validate
  verify write`.split(/\s+/),
);

// Everyday verbs that stand for work only with these words after them.
const phrasal: Readonly<Record<string, RegExp>> = {
  bring: /^(?:up|along|it|that|the)\b/,
  come: /^(?:back|up with)\b/,
  do: /^(?:the|a|an|that|it|this|some|those|these)\b/,
  figure: /^out\b/,
  find: /^(?:out|a|an|the|someone|somebody|time)\b/,
  follow: /^up\b/,
  get: /^(?:back|in touch|hold of|you|him|her|them|this|that|those|these|it|the|a|an)\b/,
  give: /^(?:him|her|them|[A-Z]\w+)\b/,
  go: /^(?:through|over|back to)\b/,
  have: /^(?:it|that|this|them|those|the \w+|a \w+) (?:ready|done|finished|to you|with you)\b/,
  look: /^(?:into|at|up|for|after)\b/,
  make: /^(?:sure|a|an|the|that)\b/,
  pick: /^up\b/,
  pull: /^together\b/,
  put: /^(?:together|in|into|up|that|this|it|them|the|a|an)\b/,
  reach: /^out\b/,
  run: /^(?:the|a|an|it|that|this|some|another)\b/,
  see: /^to (?:it|that|this)\b/,
  set: /^(?:up|aside)\b/,
  sort: /^(?:out|it|that|this)\b/,
  speak: /^(?:to|with)\b/,
  take: /^(?:care|over|that|this|it|those|them|on)\b/,
  talk: /^(?:to|with)\b/,
  work: /^(?:on|with|out)\b/,
};

/** Whether `verb`, in its base form and followed by `rest`, is something to do later. */
export function isTaskVerb(verb: string, rest: string): boolean {
  const base = verb.toLowerCase();
  return plain.has(base) || phrasal[base]?.test(rest) === true;
}

/** "sending" → "send", when that is a verb we know; null otherwise. */
export function baseOfGerund(word: string, rest: string): string | null {
  const stem = /^([a-z]+)ing$/i.exec(word)?.[1]?.toLowerCase();
  if (stem === undefined) return null;
  const bases = [stem, `${stem}e`, stem.replace(/(.)\1$/, "$1")];
  return bases.find((base) => isTaskVerb(base, rest)) ?? null;
}
