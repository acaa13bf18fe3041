/**
 * The code that V8 has compiled of a bundle, kept in a file beside it for the next start.
 *
 * Reading 2 MB of JavaScript and compiling what a command calls takes as long as the command itself. What is kept is
 * the state at the end of a process, with every function that has run; Node's own compile cache (from 22) keeps only
 * what was compiled when the bundle was loaded. A server's first session may have done little: where a later one has
 * compiled notably more, that takes its place. The file is of this bundle, this Node and this processor by its name;
 * V8 refuses what other flags have made, and then it is written again. Where it can't be written, nothing is kept.
 */
import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import path from 'node:path';
import vm from 'node:vm';

const extension = '.compiled';

/**
 * When compiled code is kept. `end`: at the end of a process, where none is kept yet. `better`: nobody waits for the
 * process to end, so that there is time to see then whether it has compiled notably more. `soon`: the process is somebody
 * else's, who may end it as he likes; what is needed at the start has been compiled before long.
 */
export type Keeping = 'end' | 'better' | 'soon';

/** As `require(bundle)`; `use` tells apart what different commands compile. `bundle` is absolute. */
export function requireCompiled(bundle: string, use: string, keeping: Keeping): unknown {
  const kept = keptFile(bundle, use);
  const cachedData = readIfThere(kept.path);
  // The build leaves nothing in a bundle that is not ASCII, which comes faster as bytes than as UTF-8.
  const source = Module.wrap(readFileSync(bundle, 'latin1'));
  const script = new vm.Script(source, { filename: bundle, ...(cachedData === undefined ? {} : { cachedData }) });
  const knownBytes = script.cachedDataRejected === false ? (cachedData?.length ?? 0) : 0;
  if (keeping === 'soon') {
    if (knownBytes === 0) setTimeout(keep, soonMs, script, kept, 0).unref();
  } else if (knownBytes === 0 || keeping === 'better') {
    process.once('exit', (status) => {
      if (status !== badInput) keep(script, kept, knownBytes * notablyMore);
    });
  }
  const module = { exports: {} };
  const run: (...args: unknown[]) => void = script.runInThisContext();
  run.call(module.exports, module.exports, createRequire(bundle), module, bundle, path.dirname(bundle));
  return module.exports;
}

const soonMs = 10_000;

/** A command that ends so has not done what it was asked for, and compiled little. */
const badInput = 2;

/** A file of this size more is worth writing. */
const notablyMore = 1.1;

interface KeptFile {
  readonly path: string;
  /** Other files that begin so are of earlier bundles. */
  readonly prefix: string;
}

function keptFile(bundle: string, use: string): KeptFile {
  const { size, mtimeMs } = statSync(bundle);
  const prefix = `${use}-${process.version}-${process.arch}-`;
  const name = `${prefix}${size.toString(36)}-${Math.round(mtimeMs).toString(36)}${extension}`;
  return { path: path.join(path.dirname(bundle), name), prefix };
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** Other processes may read or write the same file: it comes into being at once. */
function keep(script: vm.Script, { path: file, prefix }: KeptFile, bytesMin: number): void {
  const data = script.createCachedData();
  if (data.length < bytesMin) return;
  const folder = path.dirname(file);
  const draft = `${file}.${process.pid}-${process.hrtime.bigint()}`;
  try {
    writeFileSync(draft, data);
    renameSync(draft, file);
    for (const name of readdirSync(folder)) {
      const isOld = name.startsWith(prefix) && name.endsWith(extension) && name !== path.basename(file);
      if (isOld) rmSync(path.join(folder, name), { force: true });
    }
  } catch {
    // A folder that only an administrator writes to, or a full disk: the next start compiles again.
    rmSync(draft, { force: true });
  }
}
