// A reporter for node:test that writes { passed, failed, skipped } of all single tests as JSON.
export default async function* counts(source) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for await (const event of source) {
    if (event.type !== 'test:pass' && event.type !== 'test:fail') continue;
    // A file and a suite count through their tests, but for a file that broke before any ran.
    if (event.data.details?.type === 'suite') continue;
    if (event.type === 'test:fail') total.failed++;
    else if (event.data.skip !== undefined) total.skipped++;
    else total.passed++;
  }
  yield JSON.stringify(total);
}
