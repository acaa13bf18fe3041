import assert from 'node:assert/strict';
import test from 'node:test';
import { fitsHumps, searchPages } from './search.ts';

const page = (names: string, title = names.split(' ')[0] ?? '', summary = '') => ({
  names: names.split(' '),
  title,
  summary,
});

const pages = [
  page('PFN_WSK_SOCKET WskSocket', 'PFN_WSK_SOCKET (wsk.h)', 'Creates a socket.'),
  page('PFN_WSK_SOCKET_CONNECT WskSocketConnect', 'PFN_WSK_SOCKET_CONNECT (wsk.h)', 'Creates and connects a socket.'),
  page('PFN_WSK_CLOSE_SOCKET WskCloseSocket', 'PFN_WSK_CLOSE_SOCKET (wsk.h)', 'Closes a socket.'),
  page('KeWaitForSingleObject', 'KeWaitForSingleObject (wdm.h)', 'Waits.'),
  page('_WSK_SOCKET WSK_SOCKET PWSK_SOCKET', 'WSK_SOCKET (wsk.h)'),
  { names: ['Canceling IRPs'], title: 'Canceling IRPs', summary: 'How a pending request is given up.' },
];
const names = (query: string): string[] => searchPages(pages, query, 3).map(({ name }) => name);

for (const [query, ...expected] of [
  ['WskSocket', 'WskSocket', 'WSK_SOCKET', 'WskSocketConnect'],
  ['wsksocket', 'WskSocket', 'WskSocketConnect'],
  ['wsk_socket', 'WSK_SOCKET'],
  ['wclosoc', 'WskCloseSocket'],
  ['kwfso', 'KeWaitForSingleObject'],
  ['kwfsox'],
  ['CloseSock', 'WskCloseSocket'],
  ['cancel irp', 'Canceling IRPs'],
  ['pending request', 'Canceling IRPs'],
  ['creates connects', 'PFN_WSK_SOCKET_CONNECT'],
  [''],
  ['   '],
  ['(.*'],
] as const) {
  test(`"${query}" finds ${expected.join(', ') || 'nothing'}`, () => {
    const found = names(query);
    if (query === 'WskSocket') assert.equal(found[0], 'WskSocket');
    else assert.deepEqual(found.slice(0, expected.length), expected);
    if (expected.length === 0) assert.deepEqual(found, []);
  });
}

test('humps', () => {
  const fits = (name: string, letters: string) => fitsHumps(name, letters);
  assert.ok(fits('IoCallDriver', 'icd') && fits('IoCallDriver', 'iocdr') && fits('PFN_WSK_SEND', 'pws'));
  assert.ok(fits('_WSK_BUF', 'wb') && fits('Ndis6Send', 'n6s'));
  assert.ok(
    !fits('IoCallDriver', 'cd') && !fits('IoCallDriver', 'idc') && !fits('', 'ab') && !fits('IoCallDriver', 'i'),
  );
  // A name that could be tried in very many ways ends soon.
  assert.ok(!fits('AaAaAaAaAaAaAaAaAaAa', `${'a'.repeat(20)}b`));
});
