import type { ChildProcess } from "node:child_process";
import type { DrillOptions, DrillPart, Finding } from "./drill-part";
import { none } from "./drill-part";
import { askTool, messageOf, type Stage, startStage } from "./sync-stage";

// Many callers in several processes meet a token that has ended, over and over, at a tool whose refresh tokens are for
// one use: a second refresh of the same token would end the connection.

const processes = 4;
const callersEach = 50;
/** 1,000 at full size. */
const eventsPerExpiry = 10;

interface Place {
  readonly crm: string;
}
interface RoundEnd {
  readonly tokens: readonly string[];
  readonly failed: number;
}

async function makeConnection(stage: Stage, signal: AbortSignal): Promise<string> {
  const source = stage.start("source");
  const none = { contactsEach: 1, messagesEach: 0, eventsEach: 0, seconds: 0 };
  source.send({ toolUrl: stage.toolUrl, workspaces: 1, refreshToken: "rt-drill-1", ...none });
  await messageOf(source, signal);
  const { places } = await messageOf<{ places: readonly Place[] }>(source, signal);
  const [place] = places;
  if (!place) throw new Error("no connection was made");
  return place.crm;
}

async function playRounds(
  stage: Stage,
  callers: readonly ChildProcess[],
  connectionId: string,
  expiries: number,
  { signal, say }: DrillOptions,
) {
  let failed = 0;
  let split = 0;
  for (let round = 1; round <= expiries; round += 1) {
    await stage.sql`update connection_secrets set expires_at = now() where id = ${connectionId}`;
    const ends = callers.map((caller) => messageOf<RoundEnd>(caller, signal));
    for (const caller of callers) caller.send({ connectionId, callers: callersEach });
    const answers = await Promise.all(ends);
    failed += answers.reduce((sum, answer) => sum + answer.failed, 0);
    if (new Set(answers.flatMap(({ tokens }) => tokens)).size !== 1) split += 1;
    if (round % 250 === 0) say(`${round} of ${expiries} expiries`);
  }
  return { failed, split };
}

export const syncRefresh: DrillPart = {
  id: "refresh",
  title: `${processes * callersEach} callers in ${processes} processes meet expired tokens`,
  run: async (options) => {
    const expiries = Math.ceil(options.events / eventsPerExpiry);
    const stage = await startStage(options.signal);
    try {
      const connectionId = await makeConnection(stage, options.signal);
      const callers = Array.from({ length: processes }, () => stage.start("refresher"));
      await Promise.all(callers.map((caller) => messageOf(caller, options.signal)));
      const beganAt = performance.now();
      const { failed, split } = await playRounds(stage, callers, connectionId, expiries, options);
      const seconds = (performance.now() - beganAt) / 1000;
      const { refreshes } = await askTool<{ refreshes: { tried: number; refused: number } }>(
        stage,
        "stats",
      );
      const findings: Finding[] = [
        {
          name: "refreshes that the tool saw",
          promised: `${expiries}: one for each expiry`,
          seen: `${refreshes.tried} in ${seconds.toFixed(0)} s`,
          isKept: refreshes.tried === expiries,
        },
        none("refresh tokens that were used twice", refreshes.refused),
        none("callers without a token", failed),
        none("rounds in which callers got different tokens", split),
      ];
      return findings;
    } finally {
      await stage.stop();
    }
  },
};
