// Who may import whom (docs: ARCHITECTURE.md). A line may import the lines below it, never one above:
//
//   app, server.ts, the workers, scripts, db/seed* composition: the only places that see everything
//   components                                     lib/core, lib/<feature>/schema.ts, types
//   lib/sync                                       features and integrations
//   lib/<feature>, lib/integrations                each other's service.ts and schema.ts, without cycles
//   platform                                       doors, principals, jobs, events; no feature
//   engines                                        files in, words out; no database
//   pure                                           text in, facts out
//   db                                             pool and schema
//   sandbox                                        lib/core and the demo people; nobody imports it
//   lib/core                                       imports nothing of ours
//
// Every rule is an error, and its comment is its reason. tests/architecture proves that violations are caught.

const PLATFORM = "audit|auth|events|http|jobs|mail|notify|outbound|plans|rate-limit|storage";
const PURE = "analysis|transcripts";
const ENGINES = "media|transcription";
const FEATURE = `^lib/(?!(?:core|sync|${PLATFORM}|${PURE}|${ENGINES})/)([^/]+)/`;
const OURS = "^(app|components|db|lib|sandbox|scripts)/|^(server|worker|media-worker)\\.ts$";
// Seeds compose features; migrate.ts also makes the job queues.
const DB_CORE = "^db/(?!(seed|bulk-seed|demo-|migrate\\.ts))";
const TEST = "\\.test\\.tsx?$|^(tests|e2e)/";
const NEXT = "(^|/)node_modules/next/";

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: "core-is-the-floor",
      severity: "error",
      comment: "lib/core is what everything stands on; it can be read and tested alone",
      from: { path: "^lib/core/", pathNot: TEST },
      to: { path: OURS, pathNot: "^lib/core/" },
    },
    {
      name: "db-knows-no-feature",
      severity: "error",
      comment: "pool and schema carry no rules, so that migrations and tools can use them alone",
      from: { path: DB_CORE, pathNot: TEST },
      to: { path: OURS, pathNot: "^(db|lib/core)/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "platform-knows-no-feature",
      severity: "error",
      comment:
        "doors, principals and jobs serve every feature; features are composed in app and worker.ts",
      from: { path: `^lib/(${PLATFORM})/`, pathNot: TEST },
      to: { path: "^lib/", pathNot: `^lib/(core|${PLATFORM})/` },
    },
    {
      name: "pure-libraries-are-pure",
      severity: "error",
      comment:
        "parsing and analysis take text and return facts: no database, no principal; of a feature only its shapes",
      from: { path: `^lib/(${PURE})/`, pathNot: TEST },
      to: { path: OURS, pathNot: `^lib/(core|${PURE})/|^lib/[^/]+/schema\\.ts$` },
    },
    {
      name: "engines-know-no-feature",
      severity: "error",
      comment:
        "decoding and recognition take files and return facts: no database, no principal; of a table only its types",
      from: { path: `^lib/(${ENGINES})/`, pathNot: TEST },
      to: {
        path: OURS,
        pathNot: `^lib/(core|${ENGINES}|${PURE})/`,
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "features-meet-at-the-service",
      severity: "error",
      comment:
        "a feature's rules are its service.ts, its shapes its schema.ts; the rest may change freely",
      from: { path: FEATURE, pathNot: `${TEST}|^lib/integrations/` },
      // What providers hand over is a shape as well.
      to: {
        path: FEATURE,
        pathNot: "^lib/$1/|^lib/[^/]+/(service|schema)\\.ts$|^lib/integrations/contract\\.ts$",
      },
    },
    {
      name: "queries-are-private",
      severity: "error",
      comment:
        "queries trust their caller to have checked rights; only the feature's own service does",
      from: { path: "^(app|components|scripts)/|^(server|worker|media-worker)\\.ts$" },
      to: { path: "^lib/[^/]+/queries\\.ts$" },
    },
    {
      name: "only-composition-sees-sync",
      severity: "error",
      comment: "the sync engine stands above the features; a feature that needs it emits an event",
      from: { path: "^lib/", pathNot: `^lib/sync/|${TEST}` },
      to: { path: "^lib/sync/" },
    },
    {
      name: "nothing-imports-the-doors",
      severity: "error",
      comment: "app, server.ts and worker.ts compose; what they compose does not know them",
      from: { path: "^(components|db|lib)/", pathNot: TEST },
      to: { path: "^app/|^(server|worker|media-worker)\\.ts$" },
    },
    {
      name: "server-code-renders-nothing",
      severity: "error",
      comment: "lib and db run in workers and tools, where there is no page",
      from: { path: "^(db|lib)/" },
      to: { path: "^components/" },
    },
    {
      name: "components-take-props",
      severity: "error",
      comment:
        "components receive data from pages and never fetch it: only core, schemas and types",
      from: { path: "^components/", pathNot: TEST },
      to: {
        path: "^(db|lib)/",
        pathNot: "^lib/core/|^lib/[^/]+/schema\\.ts$",
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "providers-are-pure",
      severity: "error",
      comment: "a provider is testable with a fake Session and nothing else",
      from: { path: "^lib/integrations/providers/([^/]+)/", pathNot: TEST },
      to: {
        path: OURS,
        pathNot: [
          "^lib/core/",
          "^lib/integrations/contract\\.ts$",
          "^lib/integrations/families/",
          "^lib/integrations/providers/$1/",
        ],
      },
    },
    {
      name: "providers-behind-the-registry",
      severity: "error",
      comment: "everybody else reaches a provider through lib/integrations/registry.ts",
      from: { pathNot: `^lib/integrations/|${TEST}` },
      to: { path: "^lib/integrations/providers/" },
    },
    {
      name: "no-next-below-the-doors",
      severity: "error",
      comment:
        "lib and db also run in worker.ts, the CLI and the fast lane; the action door is Next's own",
      from: { path: "^(db|lib)/|^(worker|media-worker)\\.ts$", pathNot: "^lib/http/action\\.ts$" },
      to: { path: NEXT },
    },
    {
      name: "next-auth-in-one-place",
      severity: "error",
      comment: "sessions are read through lib/auth/session.ts; next-auth is one way to make them",
      from: { pathNot: "^lib/auth/|^app/api/auth/|(^|/)node_modules/" },
      to: { path: "(^|/)node_modules/next-auth/" },
    },
    {
      name: "routes-without-next",
      severity: "error",
      comment: "server.ts serves the same route modules without Next (docs/adr/0002)",
      from: { path: "^app/api/v1/" },
      to: { path: NEXT },
    },
    {
      name: "production-without-tests",
      severity: "error",
      comment: "what ships does not depend on test code",
      from: {
        path: "^(app|components|db|lib|scripts)/|^(server|worker|media-worker)\\.ts$",
        pathNot: TEST,
      },
      to: { path: TEST },
    },
    {
      name: "production-without-scripts",
      severity: "error",
      comment: "scripts start and operate the product; the product does not know them",
      from: {
        path: "^(app|components|db|lib)/|^(server|worker|media-worker)\\.ts$",
        pathNot: TEST,
      },
      to: { path: "^scripts/" },
    },
    {
      name: "production-without-sandbox",
      severity: "error",
      comment: "stand-ins are reached over HTTP like the tools they stand for (docs/adr/0010)",
      from: {
        path: "^(app|components|db|lib|scripts)/|^(server|worker|media-worker)\\.ts$",
        pathNot: TEST,
      },
      to: { path: "^sandbox/" },
    },
    {
      name: "sandbox-stands-alone",
      severity: "error",
      comment: "a stand-in that shares code with its connector shares its mistakes",
      from: { path: "^sandbox/", pathNot: TEST },
      to: { path: OURS, pathNot: "^(sandbox|lib/core)/|^db/demo-users\\.ts$" },
    },
    {
      name: "production-without-dev-packages",
      severity: "error",
      comment: "npm ci --omit=dev must be enough to run",
      from: {
        path: "^(app|components|db|lib|sandbox)/|^(server|worker|media-worker)\\.ts$",
        pathNot: TEST,
      },
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only"] },
    },
    {
      name: "no-circular",
      severity: "error",
      comment: "modules in a circle can only be understood, tested and loaded together",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "no-unresolvable",
      severity: "error",
      comment: "an import that resolves to nothing hides every rule about its target",
      from: {},
      // Next knows the marker itself; elsewhere tsconfig.server.json maps it to lib/core/empty.ts.
      to: { couldNotResolve: true, pathNot: "^server-only$" },
    },
    {
      name: "no-orphans",
      severity: "error",
      comment: "a module that nobody imports and that imports nothing is left over",
      from: {
        orphan: true,
        path: "^(components|db|lib)/",
        // The empty module stands in for `server-only` by name, in tsconfig.server.json.
        pathNot: `\\.d\\.ts$|^lib/core/empty\\.ts$|${TEST}`,
      },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
      mainFields: ["main", "types"],
    },
  },
};
