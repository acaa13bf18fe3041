/** Every documented rule that a finding can name leads to a page, and no page is listed for nothing. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pageUrl } from '../../../catalog/page-url.ts';
import { root } from '../testing.ts';
import { documentsOf, pagesOf, withReferences } from './documents.ts';
import { rules } from './index.ts';

test('the numbers of rules and of findings of a run have pages, all of them and no others', () => {
  const sources = readdirSync(join(root, 'emulator'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => readFileSync(join(root, 'emulator', name), 'utf8'));
  const ofRuns = sources.flatMap((text) => [...text.matchAll(/'(R\d{2,3})'/g)].map(([, number = '']) => number));
  const used = new Set([...rules.flatMap(({ docRules }) => docRules), ...ofRuns]);
  assert.deepEqual(Object.keys(pagesOf).sort(), [...used].sort());
  for (const page of Object.values(pagesOf).flat()) assert.ok(pageUrl(page), page);
});

test('a page is named as people call it, and once', () => {
  const learn = 'https://learn.microsoft.com/windows-hardware/drivers';
  assert.deepEqual(documentsOf(['R28', 'R30', 'R71', 'R09', 'R13']), [
    { name: 'WskSocket', url: `${learn}/ddi/wsk/nc-wsk-pfn_wsk_socket` },
    { name: 'WskAccept', url: `${learn}/ddi/wsk/nc-wsk-pfn_wsk_accept` },
    { name: 'WskSocketConnect', url: `${learn}/ddi/wsk/nc-wsk-pfn_wsk_socket_connect` },
    { name: 'WSK_SET_STATIC_EVENT_CALLBACKS', url: `${learn}/network/wsk-set-static-event-callbacks` },
    { name: 'WSK_REGISTRATION', url: `${learn}/ddi/wsk/ns-wsk-_wsk_registration` },
    {
      name: 'Using IRPs with Winsock Kernel functions',
      url: `${learn}/network/using-irps-with-winsock-kernel-functions`,
    },
    { name: 'IoAllocateIrp', url: `${learn}/ddi/wdm/nf-wdm-ioallocateirp` },
  ]);
});

test('a page of ours tells before its first heading where else the rule is told of', () => {
  const page = '# a-rule\n\nWhat must be so.\n\n## Why\n\nBecause.\n';
  const learn = 'https://learn.microsoft.com/windows-hardware/drivers';
  assert.equal(
    withReferences(page, { docRules: ['R30'], also: ['C28120', 'CWE-416'] }),
    `# a-rule\n\nWhat must be so.\n\nDocumented in [WskSocket](${learn}/ddi/wsk/nc-wsk-pfn_wsk_socket).\n\nAlso known as C28120, CWE-416.\n\n## Why\n\nBecause.\n`,
  );
  assert.equal(withReferences(page, { docRules: [], also: [] }), page);
});
