import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { routes } from "@/app/api/v1/routes";

const root = process.cwd();

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();
}

const routeFiles = filesBelow("app/api/v1").filter((file) => /\/route\.tsx?$/.test(file));

describe("the public API", () => {
  const methods = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];

  test.for(routeFiles)(
    "%s exports every method, and only what the endpoint wrapper made",
    async (file) => {
      const module: Record<string, unknown> = await import(join(root, file));
      expect(Object.keys(module).sort()).toEqual(methods);
      for (const door of Object.values(module)) {
        expect(door).toBeTypeOf("function");
        expect(door).toHaveProperty("run");
        expect(door).toHaveProperty("spec");
      }
    },
  );

  test("the table of routes is the file tree", () => {
    // The document is made from the table, and the catch-all answers what the table does not know.
    const beside = ["/openapi.json", "/[...rest]"];
    const inTree = routeFiles
      .map((file) => file.slice("app/api/v1".length, -"/route.ts".length))
      .filter((path) => !beside.includes(path));
    expect(routes.map(([path]) => path).sort()).toEqual(inTree.sort());
  });

  test.for(routes)("the table's %s is that path's own module", async ([path, module]) => {
    const own: Record<string, unknown> = await import(join(root, "app/api/v1", path, "route.ts"));
    expect(own.GET).toBe(module.GET);
    expect(own.POST).toBe(module.POST);
  });
});

// --- Server actions ---------------------------------------------------------------------------------------

interface Parsed {
  readonly file: string;
  readonly source: ts.SourceFile;
}

function parse(file: string, text = readFileSync(join(root, file), "utf8")): Parsed {
  return { file, source: ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true) };
}

function isDirective(node: ts.Node): boolean {
  return (
    ts.isExpressionStatement(node) &&
    ts.isStringLiteral(node.expression) &&
    node.expression.text === "use server"
  );
}

function isExported(node: ts.Statement): boolean {
  return (
    ts.canHaveModifiers(node) &&
    (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
  );
}

/** The wrapper that an exported value of an actions file comes from; null when it comes from none. */
function wrappersOf(statement: ts.Statement): (string | null)[] {
  if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) return [];
  if (!ts.isVariableStatement(statement)) return [null];
  return statement.declarationList.declarations.map(({ initializer }) =>
    initializer && ts.isCallExpression(initializer) && ts.isIdentifier(initializer.expression)
      ? initializer.expression.text
      : null,
  );
}

function hasInlineAction(source: ts.SourceFile): boolean {
  let found = false;
  const visit = (node: ts.Node): void => {
    if (ts.isBlock(node) && node.statements.some(isDirective)) found = true;
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

describe("server actions", () => {
  const sources = ["app", "components", "lib"]
    .flatMap(filesBelow)
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => parse(file));
  const actionFiles = sources.filter(({ source }) => source.statements.some(isDirective));

  // A wrapper that asks for no session may stand only where there is none yet.
  const withoutSession = ["app/(auth)/", "app/invite/", "app/setup/", "app/dev/"];
  const allowedIn = (file: string) =>
    withoutSession.some((folder) => file.startsWith(folder))
      ? ["action", "publicAction"]
      : ["action"];

  const isBare = ({ file, source }: Parsed) =>
    source.statements
      .filter((statement) => isExported(statement) || ts.isExportDeclaration(statement))
      .flatMap(wrappersOf)
      .some((wrapper) => wrapper === null || !allowedIn(file).includes(wrapper));

  test("every exported action went through the wrapper, which signs in and authorises", () => {
    expect(actionFiles.filter(isBare).map(({ file }) => file)).toEqual([]);
  });

  test.for([
    ["app/(app)/x/actions.ts", "export async function remove() {}"],
    ["app/(app)/x/actions.ts", "export const remove = async () => {};"],
    ["app/(app)/x/actions.ts", "export const remove = publicAction({});"],
    ["app/(app)/x/actions.ts", "export { remove } from './remove';"],
  ] as const)("in %s this would be caught: %s", ([file, text]) => {
    expect(isBare(parse(file, `"use server";\n${text}`))).toBe(true);
  });

  test("no action hides inside a component; the gallery of the design system is not shipped", () => {
    const hiding = sources.filter(
      ({ file, source }) => !file.startsWith("app/dev/") && hasInlineAction(source),
    );
    expect(hiding.map(({ file }) => file)).toEqual([]);
  });

  test("the checks see the actions that exist", () => {
    expect(actionFiles.length).toBeGreaterThan(0);
  });
});

test("there is no proxy.ts or middleware.ts: it would cut uploads short without an error", () => {
  const names = ["", "app"].flatMap((folder) =>
    readdirSync(join(root, folder || "."), { withFileTypes: true }).map(({ name }) => name),
  );
  expect(names.filter((name) => /^(proxy|middleware)\.[cm]?[jt]sx?$/.test(name))).toEqual([]);
});
