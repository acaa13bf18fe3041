import assert from 'node:assert/strict';
import test from 'node:test';
import { createWordReader, eachPageWord, type WordSource } from './page-words.ts';
import { type SearchFolder, searchPages } from './search.ts';
import { encoded, fitsHumps } from './search-names.ts';
import { snippet } from './snippet.ts';
import { newVocabulary, oldVocabulary } from './vocabulary.ts';
import { eachWord, queryWords } from './words.ts';

type Page = WordSource;

const page = (names: string, title = names.split(' ')[0] ?? '', summary = '', text = ''): Page => ({
  names: names.split(' '),
  title,
  summary,
  text,
});

const pages: readonly Page[] = [
  page('PFN_WSK_SOCKET WskSocket', 'PFN_WSK_SOCKET (wsk.h)', 'Creates a socket.'),
  page('PFN_WSK_SOCKET_CONNECT WskSocketConnect', 'PFN_WSK_SOCKET_CONNECT (wsk.h)', 'Creates and connects a socket.'),
  page('PFN_WSK_CLOSE_SOCKET WskCloseSocket', 'PFN_WSK_CLOSE_SOCKET (wsk.h)', 'Closes a socket.'),
  page(
    'KeWaitForSingleObject',
    'KeWaitForSingleObject (wdm.h)',
    'Waits.',
    '---\ntitle: frontmatterword\n---\n## -remarks\n\nA <i class="tagword">mutex</i> may be [abandoned](targetword.md) while others wait.\n',
  ),
  page('_WSK_SOCKET WSK_SOCKET PWSK_SOCKET', 'WSK_SOCKET (wsk.h)'),
  {
    names: ['Canceling IRPs'],
    title: 'Canceling IRPs',
    summary: 'How a pending request is given up.',
    text: '# Canceling IRPs\n\nThe spin lock is released first.\n\n## Abandoned queues\n\nNothing.\n',
  },
  page('LongGuide', 'LongGuide', '', `# Long\n\nA mutex. A spin lock. ${'Other words stand here too. '.repeat(9)}\n`),
];

function folderOf(sources: readonly Page[]): SearchFolder {
  const lists = sources.map(({ names }) => encoded(names.map((name) => `${name}\n`).join('')));
  const vocabulary = newVocabulary();
  const reader = createWordReader(vocabulary);
  const words = sources.map((source) => reader.read(source));
  return { names: joined(lists), words: { vocabulary, ...joined(words) } };
}

function joined(parts: readonly Uint8Array[]): { readonly bytes: Uint8Array; readonly starts: Uint32Array } {
  const starts = [0];
  for (const part of parts) starts.push((starts.at(-1) ?? 0) + part.length);
  return { bytes: Uint8Array.from(parts.flatMap((part) => [...part])), starts: Uint32Array.from(starts) };
}

const folder = folderOf(pages);
const names = (query: string, folders = [folder]): string[] =>
  searchPages(folders, query, 4).map(({ page: at, name }) =>
    name === undefined
      ? (pages[at]?.names[0] ?? '')
      : String.fromCharCode(...folder.names.bytes.subarray(name.start, name.end)),
  );

for (const [query, ...expected] of [
  ['WskSocket', 'WskSocket', 'WSK_SOCKET', 'WskSocketConnect'],
  ['wsksocket', 'WskSocket', 'WskSocketConnect'],
  ['wsk_socket', 'WSK_SOCKET'],
  ['wclosoc', 'WskCloseSocket'],
  ['kwfso', 'KeWaitForSingleObject'],
  ['kwfsox'],
  ['CloseSock', 'WskCloseSocket'],
  // Each word begins a hump of the name, in whatever order.
  ['wsk close', 'WskCloseSocket'],
  ['socket connect wsk', 'WskSocketConnect'],
  // Words of names and titles, whatever their endings; then of the sentence, of headings and of the text.
  ['cancel irp', 'Canceling IRPs'],
  ['cancelled irps', 'Canceling IRPs'],
  ['wait object', 'KeWaitForSingleObject'],
  ['pending request', 'Canceling IRPs'],
  ['creates connects', 'PFN_WSK_SOCKET_CONNECT'],
  ['mutex', 'KeWaitForSingleObject', 'LongGuide'],
  ['abandon', 'Canceling IRPs', 'KeWaitForSingleObject'],
  ['abandoned mut', 'KeWaitForSingleObject'],
  ['spin lock mutex', 'LongGuide'],
  ['the spin lock', 'LongGuide', 'Canceling IRPs'],
  // Most of the words is enough, if no page has all.
  ['spin lock release elsewhere', 'Canceling IRPs'],
  // What is no text of the page.
  ['frontmatterword'],
  ['tagword'],
  ['targetword'],
  ['remarks'],
  [''],
  ['   '],
  ['the'],
  ['(.*'],
  ['\u00e4\u00f6\u00fc'],
] as const) {
  test(`"${query}" finds ${expected.join(', ') || 'nothing'}`, () => {
    const found = names(query);
    if (query === 'WskSocket') assert.equal(found[0], 'WskSocket');
    else assert.deepEqual(found.slice(0, expected.length), expected);
    if (expected.length === 0) assert.deepEqual(found, []);
  });
}

test('without words, names are found', () => {
  const bare = [{ names: folder.names, words: undefined }];
  assert.deepEqual(names('closesock', bare), ['WskCloseSocket']);
  assert.deepEqual(names('abandoned', bare), []);
});

test('several folders are one list', () => {
  const found = searchPages([folder, folder], 'mutex', 9).map(({ folder: at, page: index }) => [at, index]);
  assert.deepEqual(found, [
    [0, 3],
    [1, 3],
    [0, 6],
    [1, 6],
  ]);
});

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

for (const [one, ...same] of [
  ['complete', 'completes', 'completed', 'Completing'],
  ['cancel', 'cancels', 'canceled', 'cancelled', 'cancelling'],
  ['process', 'processes', 'processed', 'processing'],
  ['query', 'queries'],
  ['queue', 'queues', 'queued', 'queuing'],
  ['status', 'statuses'],
  ['IRP', 'IRPs', 'irps'],
  ['call', 'calls', 'called', 'calling'],
] as const) {
  test(`${same.join(', ')} are the word ${one}`, () => {
    for (const word of same) assert.deepEqual(queryWords(word), queryWords(one), word);
  });
}

test('identifiers keep their endings, numbers and letters are no words', () => {
  assert.deepEqual(queryWords('IO_STATUS_BLOCKS Ex2 64 x'), ['io_status_blocks', 'ex2']);
  assert.notDeepEqual(queryWords('string'), queryWords('str'));
});

test('the words of any text end, and are read once', () => {
  const words: string[] = [];
  for (const text of [
    '<',
    '&',
    '](',
    '---',
    '---\n',
    '#',
    '# -',
    '<a',
    '&amp',
    `<${'a'.repeat(5_000)}`,
    '\u0000\uffff',
  ])
    eachWord(text, (bytes, length) => words.push(String.fromCharCode(...bytes.subarray(0, length))));
  assert.deepEqual(words, ['amp', 'a'.repeat(48)]);
});

test('a heading is one on the first line of a page too', () => {
  const headings = (page: string): readonly string[] => {
    const words: string[] = [];
    eachWord(page, (bytes, length, isHeading) => {
      if (isHeading) words.push(String.fromCharCode(...bytes.subarray(0, length)));
    });
    return words;
  };
  assert.deepEqual(headings('# Lock\nprose\n## -remarks Wait\nprose'), ['lock', 'wait']);
  assert.deepEqual(headings('---\ntitle: t\n---\n# Lock\nprose'), ['lock']);
});

test('what is packed is read back, from a vocabulary that was kept too', () => {
  const vocabulary = newVocabulary();
  const reader = createWordReader(vocabulary);
  const text = Array.from({ length: 20_000 }, (_, i) => `w${i}x`).join(' ');
  const packed = reader.read({ names: ['NameOfIt'], title: 'Title', summary: 'Summary w7x', text });
  const kept = oldVocabulary(vocabulary.bytes, vocabulary.starts.slice(0, vocabulary.size + 1));
  const places = new Map<number, number>();
  eachPageWord(packed, 0, packed.length, (word, place) => places.set(word, place));
  assert.equal(places.size, 20_000 + 4);
  assert.equal([...places.values()].filter((place) => place === 3).length, 3);
  assert.equal([...places.values()].filter((place) => place === 2).length, 2);
  // The same page again has the same words, whichever copy of the vocabulary counts them.
  const again = createWordReader(kept).read({ names: ['NameOfIt'], title: 'Title', summary: 'Summary w7x', text });
  assert.deepEqual(again, packed);
  assert.equal(kept.size, vocabulary.size);
});

test('a snippet is the place that has the words, without markup', () => {
  const text =
    '---\ntitle: pending lock\n---\n# A <b>title</b>\n\n## -remarks\n\nNothing here.\n\n* You <b>must not</b> hold a [spin lock](x.md) while an IRP is pending.\n';
  assert.equal(snippet(text, 'locks pending'), 'You must not hold a spin lock while an IRP is pending.');
  assert.equal(snippet(text, 'nowhere'), '');
  assert.equal(snippet('', 'lock'), '');
  const long = `${'before it '.repeat(40)}the needle${' after it'.repeat(40)}`;
  assert.match(snippet(long, 'needles'), /^… [\w ]*\bneedle\b[\w ]* …$/);
  assert.ok(snippet(long, 'needle').length < 160);
  assert.match(snippet(`${'before it '.repeat(40)}entries${' after it'.repeat(40)}`, 'entry'), /\bentries\b/);
});
