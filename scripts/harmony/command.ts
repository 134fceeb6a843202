import { Command } from "commander";
import { z } from "zod";
import type { Environment } from "../environment";

/** What a command did: a sentence for people, and the same facts for programs. */
export interface Outcome {
  /** Standard output as it is, without a final line break. */
  readonly text: string;
  /** Printed instead with --json. */
  readonly json: object;
  /** False when the command worked but found trouble: then the process ends with 1. */
  readonly ok?: boolean;
}

export interface CommandCall {
  readonly environment: Environment;
  /** Shows how far a long command is, on standard error; silent with --json. */
  readonly progress: (line: string) => void;
}

/** One command of the CLI as data. */
export interface CliCommand<S extends z.ZodObject = z.ZodObject> {
  /** The words that call it, such as `workspace create`. */
  readonly name: string;
  readonly description: string;
  /** Option line of commander (`--name <name>`) → what it means. */
  readonly options: Readonly<Record<string, string>>;
  /** Names as commander makes them: `--rate-limit` is `rateLimit`. A failing field's message is what people see. */
  readonly input: S;
  /** False for a command that must also work without a database. */
  readonly needsDatabase?: boolean;
  readonly run: (input: z.output<S>, call: CommandCall) => Promise<Outcome>;
}

/** Keeps the type of `input` for `run`. */
export function defineCommand<S extends z.ZodObject>(command: CliCommand<S>): CliCommand {
  return command as unknown as CliCommand;
}

/** A mistake of the caller, or of the installation: its message is the one line that is printed. */
export class CliError extends Error {}

/** A choice with a message that names what exists. */
export function choice<const T extends readonly [string, ...string[]]>(what: string, values: T) {
  return z.enum(values, {
    error: ({ input }) =>
      input === undefined
        ? `${what} is missing; choose one of: ${values.join(", ")}`
        : `"${String(input)}" is not a ${what}; choose one of: ${values.join(", ")}`,
  });
}

/** A required text option. */
export const text = (option: string, max = 200) =>
  z
    .string({ error: `${option} is missing` })
    .trim()
    .min(1, `${option} is empty`)
    .max(max, `${option} is longer than ${max} characters`);

/** A whole number in an option. */
export const wholeNumber = (option: string, min: number, max: number) =>
  z.coerce
    .number({ error: `${option} must be a whole number` })
    .int(`${option} must be a whole number`)
    .min(min, `${option} must be at least ${min}`)
    .max(max, `${option} must be at most ${max}`);

function parse<S extends z.ZodObject>(schema: S, options: unknown): z.output<S> {
  const parsed = schema.safeParse(options);
  if (parsed.success) return parsed.data;
  throw new CliError([...new Set(parsed.error.issues.map((issue) => issue.message))].join("; "));
}

/** The parent command for all but the last word of a name. */
function groupFor(program: Command, words: readonly string[], actions: string): Command {
  return words.reduce((parent, word) => {
    const known = parent.commands.find((command) => command.name() === word);
    return known ?? silent(parent.command(word).description(actions));
  }, program);
}

/** What a group offers, such as `create`. */
function actionsOf(commands: readonly CliCommand[], group: string): string {
  const names = commands.filter(({ name }) => name.startsWith(`${group} `));
  return names.map(({ name }) => name.slice(group.length + 1)).join(", ");
}

/** Errors are thrown and printed once, in one line, by the entry. */
function silent(command: Command): Command {
  return command
    .exitOverride()
    .configureOutput({ outputError: () => undefined, writeErr: () => undefined });
}

export type Execute = (
  command: CliCommand,
  json: boolean,
  work: (call: CommandCall) => Promise<Outcome>,
) => Promise<void>;

/** Builds the program; `execute` opens what a command needs, runs it and prints its outcome. */
export function buildProgram(commands: readonly CliCommand[], execute: Execute): Command {
  const program = silent(
    new Command("harmony")
      .description("Administration of a Harmony installation.")
      .usage("<command> [options]")
      .showSuggestionAfterError(true),
  );
  for (const command of commands) {
    const words = command.name.split(" ");
    const leaf = silent(
      groupFor(program, words.slice(0, -1), actionsOf(commands, words[0] ?? ""))
        .command(words.at(-1) ?? "")
        .description(command.description)
        .allowExcessArguments(false),
    );
    for (const [flags, description] of Object.entries(command.options)) {
      leaf.option(flags, description);
    }
    leaf.option("--json", "print JSON");
    leaf.action(async (options: Record<string, unknown>) => {
      const { json, ...rest } = options;
      const input = parse(command.input, rest);
      await execute(command, json === true, (call) => command.run(input, call));
    });
  }
  return program;
}
