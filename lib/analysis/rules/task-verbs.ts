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
const separated = String.raw`(?:(?:it|that|this|them|those|him|her)\s+)?`;
const phrasal: Readonly<Record<string, RegExp>> = {
  bring: /^(?:up|along|it|that|the)\b/,
  come: /^(?:back|up with|past|round|over|by|down)\b/,
  dig: /^(?:out|up)\b/,
  do: /^(?:the|a|an|that|it|this|some|those|these)\b/,
  figure: /^out\b/,
  find: /^(?:out|it|that|a|an|the|someone|time)\b/,
  follow: /^up\b/,
  get: /^(?:back|[A-Z]\w+|\w+ to [a-z]+|\w+ and \w+ in|in touch|hold of|on to|onto|you|him|her|them|this|that|those|these|it|the|a|an)\b/,
  give: /^(?:him|her|them|me|us|[A-Z]\w+)\b(?! (?:until|till|a (?:second|minute|moment|call if)|(?:five|ten|two) minutes))/,
  go: /^(?:through|over|back to|(?:(?:today|tomorrow|myself) )*to (?:the|our|their|my))\b/,
  have: /^(?:(?:it|that|this|them|those|the \w+|a \w+) (?:ready|done|finished|to you|with you)|a (?:look|word|think))\b/,
  let: /^(?:him|her|them|you|everybody|everyone|the \w+|[A-Z]\w+) know\b/,
  look: new RegExp(`^(?:into|at|for|after|${separated}up)\\b`),
  make: /^(?:sure|a|an|the|that|one|it)\b/,
  pass: /^(?:on|it|that|this|them|the)\b/,
  pick: new RegExp(`^${separated}up\\b`),
  place: /^(?:it|that|the|an?) ?(?:order)?/,
  pull: /^(?:together|the|a|up|out)\b/,
  push: /^(?:it|that|the|a|an)\b/,
  read: /^(?:it|that|this|the|through|up)\b/,
  put: /^(?:together|in|into|up|one|that|this|it|them|the|a|an)\b/,
  reach: /^out\b/,
  run: /^(?:the|a|an|it|that|this|some|another)\b/,
  move: /^(?:the|it|that|this|our|my)\b/,
  open: /^(?:a|an|the) (?:new )?(?:ticket|case|issue|bug|request|account|order)\b/,
  repeat: /^the\b(?! (?:question|last|number))/,
  tell: /^(?!you\b|ya\b|me\b)(?:the|our|my|your|him|her|them|everybody|everyone|[A-Z]?\w+ (?:to|that|about))\b/,
  see: /^to (?:it|that|this)\b/,
  set: new RegExp(`^(?:aside|${separated}up)\\b`),
  sort: /^(?:out|it|that|this)\b/,
  speak: /^(?:to|with)\b/,
  take: /^(?:care|over|that|this|it|those|them|on|the|one|two|three)\b/,
  talk: /^(?:to|with)\b/,
  work: /^(?:on|with|out)\b/,
};

// What people say of the talk itself, of how they are and of what they do while they talk.
const notWork = new Set(
  `admit agree answer appreciate assume be become begin believe bet bring choose click close come demonstrate
  die do eat enjoy expect explain fall feel find forget get give go guess hate have hear hold hope imagine join
  keep know leave let lie like listen live look lose love make manage mean meet mention mind miss move need open
  owe pass pick press pretend promise put quit reach read regret remember repeat run say scroll see seem set show
  sit sleep sound speak spend stand start stay stick stop survive suppose switch take talk tell think touch try
  turn type understand use wait walk want watch win wish wonder work worry`.split(/\s+/),
);
const OBJECT =
  /^(?:(?:up|out|on|to|back|over|with|in|off|down|for|round|around|by|past|through|into|at|after)\s+)*(?:the|a|an|my|our|your|his|her|their|this|that|these|those|it|them|him|us|me|you|some|all|both|every|another|two|three|(?-i:[A-Z]\w+))\b/i;

/** Whether a verb that we do not know stands, with what it is done to, for something to do later. */
export function isLikelyTask(verb: string, rest: string): boolean {
  return !notWork.has(verb.toLowerCase()) && OBJECT.test(rest);
}

// What stands for no work even with a day: "I'll be there on Monday", "I'll see you tomorrow".
const beingOrTalking = new Set(
  `am be become belong believe bet care come die doubt eat enjoy exist expect fall feel find forget get go guess
  hate hear hope imagine know laugh leave lie like listen live lose love mean mind miss need owe pass pretend propose quit
  realise realize regret remember say see seem sit sleep sound stand start stay steal stick stop suppose survive
  suggest recommend think told try understand wait walk want was watch were will win wish wonder worry`.split(
    /\s+/,
  ),
);

// Past forms without "-ed", modals and adverbs, which can stand where a verb in its base form would.
const noBaseForm = new Set(
  `ate always also became began bit bought broke brought built came can caught chose could did didn don't drew drove
  even ever fell felt flew fought found gave grew had heard held hit just kept knew laid led left lost made may met
  might must never now often only ought paid ran rang read really rode said sat saw sent set shall shot should slept sold
  sometimes spent spoke stood still stuck taught then thought took told tried usually went woke won would wrote`.split(
    /\s+/,
  ),
);

/** Whether a word is a verb that can stand for work at all; a day has to say that it is meant. */
export function isAnyWork(word: string): boolean {
  const lower = word.toLowerCase();
  const isPast = /(?<![ef]e)ed$/.test(lower) && lower.length > 4;
  return !beingOrTalking.has(lower) && !noBaseForm.has(lower) && !isPast && !/ly$/.test(lower);
}

/** Whether `verb`, in its base form and followed by `rest`, is something to do later. */
export function isTaskVerb(verb: string, rest: string): boolean {
  const base = verb.toLowerCase();
  return plain.has(base) || phrasal[base]?.test(rest) === true;
}

function stemOfGerund(word: string): string | null {
  return /^([a-z]+)ing$/i.exec(word)?.[1]?.toLowerCase() ?? null;
}

/** "sending" → "send", when that is a verb we know; null otherwise. */
export function baseOfGerund(word: string, rest: string): string | null {
  const stem = stemOfGerund(word);
  if (stem === null) return null;
  const bases = [stem, `${stem}e`, stem.replace(/(.)\1$/, "$1")];
  return bases.find((base) => isTaskVerb(base, rest)) ?? null;
}

/** The same, and of a verb that we do not know what it would be; for what is asked for in so many words. */
export function likelyBaseOfGerund(word: string, rest: string): string | null {
  const stem = stemOfGerund(word);
  if (stem === null) return null;
  const likely = stem.replace(/([^aeiouls])\1$/, "$1");
  return baseOfGerund(word, rest) ?? (isLikelyTask(likely, rest) ? likely : null);
}
