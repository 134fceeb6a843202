import { CliError } from "./command";

const bytesMax = 4096;

/**
 * The first line of standard input, for secrets that must not stand in the list of processes or in a shell's
 * history. Fails when nothing is piped in, instead of waiting for ever.
 */
export async function readSecretLine(option: string): Promise<string> {
  if (process.stdin.isTTY) {
    throw new CliError(`${option} reads standard input: pipe the secret in`);
  }
  let text = "";
  for await (const chunk of process.stdin) {
    text += String(chunk);
    if (text.length > bytesMax) throw new CliError(`${option}: more than ${bytesMax} characters`);
  }
  const line = text.split(/\r?\n/, 1)[0] ?? "";
  if (line === "") throw new CliError(`${option}: standard input was empty`);
  return line;
}
