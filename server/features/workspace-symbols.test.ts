import assert from 'node:assert/strict';
import test from 'node:test';
import { documentSymbols } from './symbols.ts';
import { analyse } from './testing.ts';
import { matchScore, searchSymbols } from './workspace-symbols.ts';

test('names by their letters, the best first', () => {
  const { analysis } = analyse(
    'int SendDone;\nint ResendAll(void) { return 0; }\nint Send(void) { return 0; }\nstruct SOCKET_ENTRY_DATA { int x; };\nint a;\n',
  );
  const names = (query: string): string =>
    searchSymbols(documentSymbols(analysis), query)
      .map(({ name }) => name)
      .join(' ');
  assert.equal(names('send'), 'Send SendDone ResendAll SOCKET_ENTRY_DATA');
  assert.equal(names('sed'), 'SOCKET_ENTRY_DATA SendDone Send ResendAll');
  assert.equal(names('SD'), 'SendDone Send SOCKET_ENTRY_DATA ResendAll');
  assert.equal(names('xyz'), '');
  assert.equal(names('').split(' ').length, 5);
});

test('no letter may be missing', () => {
  assert.equal(matchScore('abc', 'abcd'), undefined);
  assert.equal(matchScore('abc', 'ABC'), 1000);
});
