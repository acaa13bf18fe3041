// Runs scripts side by side, as many as the machine has cores. What one says is kept until it has ended and then shown
// as a whole; what it counts (`{ passed, failed, skipped }` in the file that WSK_TEST_COUNTS names) is added up. A script
// that leaves no counts is one test itself, and one that fails without a failed test counts as one.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { root } from './install.mjs';

/**
 * Each job is `{ title, args, env? }`, args being Node's. Long ones come first. Gives the sums and the titles that
 * failed.
 */
export async function runPool(jobs) {
  const folder = mkdtempSync(join(root, 'build/counts-'));
  const total = { passed: 0, failed: 0, skipped: 0, broken: [] };
  const waiting = jobs.map((job, i) => ({ ...job, counts: join(folder, `${i}.json`) }));
  const work = async () => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
      const { passed, failed, skipped } = await runJob(job);
      total.passed += passed;
      total.failed += failed;
      total.skipped += skipped;
      if (failed > 0) total.broken.push(job.title);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, work));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return total;
}

async function runJob({ title, args, env, counts }) {
  const start = performance.now();
  const output = [];
  const status = await new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env, WSK_TEST_COUNTS: counts },
    });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => output.push(data));
    child.on('error', (error) => {
      output.push(Buffer.from(`${error.message}\n`));
      resolve(1);
    });
    // Killed by a signal is no success.
    child.on('close', (code) => resolve(code ?? 1));
  });
  const found = countsIn(counts) ?? { passed: status === 0 ? 1 : 0, failed: 0, skipped: 0 };
  if (status !== 0 && found.failed === 0) found.failed = 1;
  const cpu = found.cpuSeconds === undefined ? '' : `, ${found.cpuSeconds.toFixed(1)} s of CPU`;
  process.stdout.write(`\n── ${title}: ${((performance.now() - start) / 1000).toFixed(1)} s${cpu} ──\n`);
  process.stdout.write(Buffer.concat(output));
  return found;
}

function countsIn(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** The last line of a run, and what failed; gives the status to exit with. */
export function concluded({ passed, failed, skipped, broken }) {
  if (broken.length > 0) console.log(`\nFailed:\n  ${broken.join('\n  ')}`);
  console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  return failed === 0 && passed > 0 ? 0 : 1;
}
