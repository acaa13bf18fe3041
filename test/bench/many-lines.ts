/**
 * How long `wsk lint` takes for many lines of C, as somebody who starts it waits: a whole process, on two threads.
 *
 * In: a folder of drivers, or none: then ten drivers of 10,000 lines each are made. Out: seconds of wall time for each
 * 100,000 lines, and megabytes at the peak. The quickest of three runs counts, because others use the machine too.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { generatedDriver } from './generated-driver.ts';

const DRIVERS = 10;
const LINES = 10_000;
const TIMES = 3;

export interface ManyLines {
  readonly seconds: number;
  readonly megabytes: number;
}

export function manyLines(root: string, folder: string | undefined): ManyLines {
  const made = mkdtempSync(path.join(tmpdir(), 'wsk-many-lines-'));
  try {
    const teller = path.join(made, 'tell-peak.cjs');
    writeFileSync(teller, tellPeak);
    const drivers = folder === undefined || folder === '' ? madeDrivers(made) : folder;
    const runs = Array.from({ length: TIMES }, () => lintOnce(root, drivers, teller));
    return {
      seconds: (Math.min(...runs.map(({ seconds }) => seconds)) * 100_000) / linesIn(drivers),
      megabytes: Math.max(...runs.map(({ megabytes }) => megabytes)),
    };
  } finally {
    rmSync(made, { recursive: true });
  }
}

function madeDrivers(made: string): string {
  const drivers = path.join(made, 'drivers');
  for (let i = 0; i < DRIVERS; i++) {
    const driver = path.join(drivers, `driver${i}`);
    mkdirSync(driver, { recursive: true });
    writeFileSync(path.join(driver, 'driver.c'), generatedDriver(LINES, i));
  }
  return drivers;
}

/** What each thread of the linter does at its end: it tells how many kilobytes the process has taken. */
const tellPeak = `process.on('exit', () => require('fs').writeSync(2, '\\npeak ' + process.resourceUsage().maxRSS + '\\n'));`;

function lintOnce(root: string, folder: string, teller: string): ManyLines {
  const args = ['--require', teller, path.join(root, 'dist/cli.js'), 'lint', '--jobs', '2', '--format', 'json'];
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [...args, folder], {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
    maxBuffer: 2 ** 28,
  });
  const seconds = (performance.now() - started) / 1000;
  if (status !== 0 && status !== 1) throw new Error(`wsk lint ${folder} ended with ${status}: ${stderr}`);
  const peaks = [...stderr.matchAll(/^peak (\d+)$/gm)].map(([, kilobytes]) => Number(kilobytes));
  return { seconds, megabytes: Math.max(...peaks) / 1024 };
}

function linesIn(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:c|cpp)$/i.test(name))
    .reduce((sum, name) => sum + readFileSync(path.join(folder, name), 'latin1').split('\n').length, 0);
}
