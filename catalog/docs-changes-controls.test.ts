/** What a changed page of a socket option is reported as; the page here is made up. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readDocPage } from './docs/read.ts';
import { docsChanges, docsChangesText, unknownChanges } from './docs-changes.ts';
import type { ApiFacts } from './model.ts';

const facts: ApiFacts = {
  name: 'SO_GATE',
  kind: 'socket-option',
  header: 'wsk.h',
  summary: 'Lets the next one through.',
  categories: ['datagram', 'stream'],
  irp: { use: 'required' },
  control: { level: 'SOL_SOCKET', requests: ['WskSetOption'], outputSizeReturned: 'NULL' },
  page: 'network/so-gate',
};
const lines = [
  '---',
  'title: SO_GATE socket option',
  'description: The SO_GATE socket option opens a gate.',
  '---',
  '# SO\\_GATE',
  '',
  'To open the gate, a client calls the **WskControlSocket** function with the following parameters.',
  '',
  '| Parameter | Value |',
  '| --- | --- |',
  '| *RequestType* | WskSetOption |',
  '| *ControlCode* | SO_GATE |',
  '| *Level* | SOL_SOCKET |',
  '| *InputSize* | sizeof(ULONG) |',
  '| *InputBuffer* | A pointer to a ULONG |',
  '| *OutputSize* | 0 |',
  '| *OutputBuffer* | NULL |',
  '| *OutputSizeReturned* | NULL |',
  '',
  'A client must specify a pointer to an IRP when calling WskControlSocket to open the gate.',
  '',
  'This socket option applies only to datagram sockets.',
];

function diff(from = '', to = '', path = 'docs/network/so-gate.md', known = ''): string[] {
  const page = readDocPage(path, new TextEncoder().encode(lines.join('\n').replace(from, to)));
  const changes = docsChanges({ facts: [facts], parametersOf: () => undefined }, [page]);
  return docsChangesText(unknownChanges(changes, known))
    .split('\n')
    .slice(2)
    .filter((line) => line !== '');
}

describe('a page of a control against its facts', () => {
  const head = '@@ network/so-gate @@';
  const cases: [string, string, string, string[]][] = [
    ['nothing', '', '', []],
    ['the request', '| WskSetOption |', '| WskGetOption |', ['-requests: WskSetOption', '+requests: WskGetOption']],
    ['the level', '| SOL_SOCKET |', '| IPPROTO_TCP |', ['-level: SOL_SOCKET', '+level: IPPROTO_TCP']],
    [
      'the IRP',
      'A client must specify a pointer to an IRP when',
      'The Irp parameter must be NULL when',
      ['-IRP: required', '+IRP: must-be-null'],
    ],
    ['the sockets', 'to datagram sockets', 'to listening sockets', ['-categories: datagram', '+categories: listen']],
  ];
  for (const [what, from, to, expected] of cases)
    test(`${what} has changed`, () =>
      assert.deepEqual(diff(from, to), expected.length === 0 ? [] : [head, ...expected]));

  test('a page that is gone, and a new one beside it', () => {
    assert.deepEqual(diff('', '', 'docs/network/so-door.md'), [
      head,
      '-page: SO_GATE',
      '@@ network/so-door @@',
      '+page: SO_GATE socket option',
    ]);
  });
  test('a difference that the list knows is left out', () => {
    assert.deepEqual(diff('to datagram', 'to listening', 'network/so-gate.md', 'network/so-gate categories: old'), []);
  });
});
