// A reporter for node:test that writes { passed, failed, skipped, cpuSeconds } of all single tests as JSON into the file
// that WSK_TEST_COUNTS names. The CPU time is this process's alone: a figure for people who look for what is slow.
import { writeFileSync } from 'node:fs';

// biome-ignore lint/correctness/useYield: what it has to say goes into the file.
export default async function* counts(source) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for await (const event of source) {
    if (event.type !== 'test:pass' && event.type !== 'test:fail') continue;
    const { type, error } = event.data.details ?? {};
    const isFailed = event.type === 'test:fail';
    // A suite counts through its tests, but for one that broke by itself: a file that can't be loaded, a hook.
    if (type === 'suite' && !(isFailed && error?.failureType !== 'subtestsFailed')) continue;
    if (isFailed) total.failed++;
    else if (event.data.skip !== undefined) total.skipped++;
    else total.passed++;
  }
  const { user, system } = process.cpuUsage();
  if (process.env.WSK_TEST_COUNTS)
    writeFileSync(process.env.WSK_TEST_COUNTS, JSON.stringify({ ...total, cpuSeconds: (user + system) / 1e6 }));
}
