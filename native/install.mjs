// Brings DuckDB's C library for one platform: node install.mjs node-bindings-darwin-arm64
//
// x64 Linux, where everything is built and tested, has a package.json and a lock file of its own in this folder. For any other
// platform both are cut out of all/, so that a Mac or Windows developer downloads one library and not eight, as a plain
// dependency: `npm ci` then fails loudly when the package is missing or its digest is wrong. With optionalDependencies, npm's
// usual way to choose a platform, it would leave the library out and exit with 0.
import { execSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const name = process.argv[2];
const library = `@duckdb/${name}`;
const staleAfterMs = 10 * 60 * 1000;

const json = (...path) => JSON.parse(readFileSync(join(here, ...path), 'utf8'));

function prepareFolder() {
  if (library in json('package.json').dependencies) {
    return { folder: here, flag: '' };
  }

  const locked = json('all', 'package-lock.json').packages[`node_modules/${library}`];
  if (!locked) {
    console.error(`${library} is not in native/all/package-lock.json`);
    process.exit(1);
  }

  const root = { name: `cidiff-native-${name}`, dependencies: { [library]: locked.version } };
  const folder = join(here, 'obj', name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...root, private: true }));
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({
    name: root.name,
    lockfileVersion: 3,
    requires: true,
    packages: { '': root, [`node_modules/${library}`]: locked },
  }));

  // Only so that a library can also be brought for another machine: --force skips the check of os and cpu, not that of the digest.
  return { folder, flag: ' --force' };
}

// macOS libraries hold the code of both processors, one slice each, and every package needs one: the bytes of a slice are a whole library, signature
// included, which is what `lipo -thin` writes. The header: https://developer.apple.com/documentation/kernel/fat_header
function keepOneProcessor(path, wanted) {
  const processors = { x64: 0x01000007, arm64: 0x0100000c };
  const both = readFileSync(path);
  if (both.readUInt32BE(0) !== 0xcafebabe) return;

  for (let at = 8; at < 8 + 20 * both.readUInt32BE(4); at += 20) {
    if (both.readUInt32BE(at) === processors[wanted]) {
      const [offset, size] = [both.readUInt32BE(at + 8), both.readUInt32BE(at + 12)];
      writeFileSync(`${path}.${wanted}`, both.subarray(offset, offset + size));
      renameSync(`${path}.${wanted}`, path);
      return;
    }
  }

  throw new Error(`${path} has no code for ${wanted}.`);
}

// Two builds at once must not both empty node_modules: making a folder is atomic everywhere.
async function exclusively(action) {
  const lock = join(here, 'obj', `${name}.lock`);
  mkdirSync(dirname(lock), { recursive: true });
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }

    const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
    if (since !== undefined && Date.now() - since > staleAfterMs) {
      console.error(`Another build seems to have died while it installed ${library}. Remove ${lock} and build again.`);
      process.exit(1);
    }

    await delay(200);
  }

  try {
    return action();
  } finally {
    rmdirSync(lock);
  }
}

process.exitCode = await exclusively(() => {
  const { folder, flag } = prepareFolder();
  const installed = join(folder, 'node_modules', '.installed');
  const wanted = readFileSync(join(folder, 'package-lock.json'), 'utf8');
  if (existsSync(installed) && readFileSync(installed, 'utf8') === wanted) {
    // Another build was faster, or a checkout touched the lock file: the build looks at the time of this file.
    writeFileSync(installed, wanted);
    return 0;
  }

  try {
    execSync(`npm ci --ignore-scripts --no-audit --no-fund --no-progress --loglevel=error${flag}`, { cwd: folder, stdio: 'inherit' });
  } catch (error) {
    return error.status || 1;
  }

  if (name.startsWith('node-bindings-darwin-')) {
    keepOneProcessor(join(folder, 'node_modules', library, 'libduckdb.dylib'), name.split('-').at(-1));
  }

  writeFileSync(installed, wanted);
  return 0;
});
