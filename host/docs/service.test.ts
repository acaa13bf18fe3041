/**
 * The index as a whole: what is read and what is not, what is said of folders and caches that are no good, and what is
 * left of a run that was stopped. Pages lie on a disk in memory, caches on the real one.
 */
import assert from 'node:assert/strict';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import test, { type TestContext } from 'node:test';
import { newVocabulary } from '../../catalog/docs/search/vocabulary.ts';
import { cacheFile, readShelf, removeLeftovers, writeCache } from './cache.ts';
import type { FromDocs, SearchAnswer, ToDocs } from './messages.ts';
import { createDocsService } from './service.ts';
import { emptyShelf, shelveWords } from './shelf.ts';
import { type FakeDisk, fakeDisk, referencePage } from './testing.ts';

const root = process.env['WSK_ROOT'] ?? '.';

function storageFor(t: TestContext): string {
  mkdirSync(path.join(root, 'build'), { recursive: true });
  const storage = mkdtempSync(path.join(root, 'build/docs-'));
  t.after(() => rmSync(storage, { recursive: true, force: true }));
  return storage;
}

/** One start of the editor: the messages that came, and a way to ask. */
function started(disk: FakeDisk, { stopAfter = Number.POSITIVE_INFINITY } = {}) {
  const heard: FromDocs[] = [];
  let ms = 0;
  let pauses = 0;
  const service = createDocsService({
    disk,
    post: (message) => heard.push(message),
    pause: async () => {
      if (++pauses === stopAfter) service.handle({ kind: 'cancel' });
    },
    // Each look at the clock is a millisecond later, so that slices end.
    nowMs: () => (ms += 1),
  });
  const ask = <T>(question: Extract<ToDocs, { kind: 'ask' }>['question']): T => {
    service.handle({ kind: 'ask', id: 1, question });
    const last = heard.at(-1);
    // The answer to a question is what its kind says.
    return (last?.kind === 'answer' ? last.answer : undefined) as T;
  };
  return {
    heard,
    configure: async (folders: readonly string[], storage?: string) => {
      service.handle({ kind: 'configure', folders, storage });
      await service.idle();
    },
    hover: (...names: readonly string[]) =>
      ask<string>({ kind: 'hover', names, uid: undefined, member: undefined, hasFacts: true }),
    search: (query: string) => ask<SearchAnswer>({ kind: 'search', query, limit: 5 }).items.map(({ name }) => name),
    items: (query: string) =>
      ask<SearchAnswer>({ kind: 'search', query, limit: 5 }).items.map(({ name, snippet }) => [name, snippet]),
    page: (file: string) => ask<string | undefined>({ kind: 'page', path: file }),
    notes: () => heard.flatMap((message) => (message.kind === 'note' ? [message.text] : [])).join('\n'),
    advance: (by: number) => {
      ms += by;
    },
    idle: () => service.idle(),
  };
}

const writeEmpty = (storage: string): string | undefined =>
  writeCache(storage, emptyShelf('/d'), shelveWords([], newVocabulary()));

const two = { '/d/a/one.md': referencePage('GaugeOne'), '/d/b/two.md': referencePage('GaugeTwo') };

test('the second start reads only what has changed', async (t) => {
  const storage = storageFor(t);
  const disk = fakeDisk({ ...two, '/d/.git/x.md': 'no', '/d/a/readme.txt': 'no' });
  const first = started(disk);
  await first.configure(['/d'], storage);
  assert.deepEqual(disk.reads, ['/d/a/one.md', '/d/b/two.md']);
  assert.match(first.notes(), /2 pages in \/d, 2 of them read now$/);
  assert.match(first.hover('GaugeOne'), /Remarks of GaugeOne/);

  disk.reads.length = 0;
  disk.files.set('/d/b/two.md', { text: referencePage('GaugeTwo', 'It is told anew.'), modifiedMs: 2 });
  disk.files.set('/d/b/three.md', { text: referencePage('GaugeThree') });
  disk.files.delete('/d/a/one.md');
  const second = started(disk);
  await second.configure(['/d'], storage);
  assert.deepEqual(disk.reads, ['/d/b/three.md', '/d/b/two.md']);
  assert.deepEqual(second.search('gauge'), ['GaugeTwo', 'GaugeThree']);
  assert.equal(second.hover('GaugeOne'), '');

  disk.reads.length = 0;
  const third = started(disk);
  await third.configure(['/d'], storage);
  assert.deepEqual(disk.reads, []);
  assert.deepEqual(third.search('gaugetwo'), ['GaugeTwo']);
});

for (const [what, spoil] of [
  ['cut short', (file: string) => truncateSync(file, 60)],
  ['empty', (file: string) => truncateSync(file, 0)],
  [
    'one byte changed',
    (file: string) => writeFileSync(file, readFileSync(file, 'utf8').replace('GaugeOne', 'GaugeOnf')),
  ],
  ['no index at all', (file: string) => writeFileSync(file, 'MZ\u0000\u0001')],
  [
    'a folder',
    (file: string) => {
      rmSync(file);
      mkdirSync(file);
    },
  ],
] as const) {
  test(`a cache that is ${what} is told of and made anew`, async (t) => {
    const storage = storageFor(t);
    const disk = fakeDisk(two);
    await started(disk).configure(['/d'], storage);
    const file = cacheFile(storage, '/d');
    spoil(file);
    const again = started(disk);
    await again.configure(['/d'], storage);
    assert.match(again.notes(), /\/d is read anew/);
    assert.match(again.hover('GaugeOne'), /Remarks of GaugeOne/);
    if (what !== 'a folder') assert.equal(readShelf(storage, '/d').kind, 'read');
  });
}

test('a cache of another version is silently made anew', (t) => {
  const storage = storageFor(t);
  assert.equal(writeEmpty(storage), undefined);
  const file = cacheFile(storage, '/d');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^wsk-docs-index \d+/, 'wsk-docs-index 0'));
  assert.equal(readShelf(storage, '/d').kind, 'none');
});

test('who is killed while writing leaves the old cache whole', (t) => {
  const storage = storageFor(t);
  writeEmpty(storage);
  const left = `${cacheFile(storage, '/d')}.99-x.tmp`;
  writeFileSync(left, 'half of an ind');
  utimesSync(left, 0, 0);
  assert.equal(readShelf(storage, '/d').kind, 'read');
  removeLeftovers(storage);
  assert.deepEqual(readdirSync(storage), [path.basename(cacheFile(storage, '/d'))]);
});

test('without a place to write to, all works but the next start', async (t) => {
  const storage = storageFor(t);
  writeFileSync(path.join(storage, 'file'), '');
  const one = started(fakeDisk(two));
  await one.configure(['/d'], path.join(storage, 'file/below'));
  assert.match(one.notes(), /could not be kept/);
  assert.match(one.hover('GaugeTwo'), /Remarks/);
});

const only =
  (file: string, text: string) =>
  (disk: FakeDisk): void => {
    disk.files.clear();
    disk.files.set(file, { text });
  };

for (const [what, prepare, said] of [
  ['missing', (d: FakeDisk) => d.files.clear(), /\/d does not exist\. .*wsk\.docs\.folders/],
  ['forbidden', (d: FakeDisk) => d.refused.set('/d', 'EACCES'), /\/d can't be read: it may not be read/],
  ['gone to sleep', (d: FakeDisk) => d.refused.set('/d', 'EIO'), /the disk does not answer \(EIO\)/],
  [
    'in part forbidden',
    (d: FakeDisk) => d.refused.set('/d/a', 'EACCES'),
    /not everything in \/d could be read\.\n {2}a: it may not be read/,
  ],
  [
    'with a page that may not be read',
    (d: FakeDisk) => d.refused.set('/d/a/one.md', 'EACCES'),
    / {2}a\/one\.md: it may not be read[\s\S]*1 pages in \/d, 1 of them read now/,
  ],
  [
    'there, but may not be listed',
    (d: FakeDisk) => d.unlisted.add('/d'),
    /\/d can't be read: it may not be read \(no permission\)\. .*wsk\.docs\.folders/,
  ],
  ['a file', only('/d', ''), /\/d is a file/],
  ['without pages', only('/d/x.c', ''), /has no \.md file/],
  ['of other Markdown', only('/d/x.md', '# Shopping\n\nBread.\n'), /none of them is a page of the driver docs/],
] as const) {
  test(`a folder that is ${what} costs itself only`, async () => {
    const disk = fakeDisk(two);
    prepare(disk);
    disk.files.set('/e/good.md', { text: referencePage('GaugeGood') });
    const one = started(disk);
    await one.configure(['/d', '/e']);
    assert.match(one.notes(), said);
    assert.match(one.hover('GaugeGood'), /Remarks of GaugeGood/);
  });
}

test('a checkout that changes while it is read', async () => {
  const disk = fakeDisk(two);
  disk.beforeRead = (file) => {
    if (file.endsWith('one.md')) disk.files.delete('/d/b/two.md');
  };
  const one = started(disk);
  await one.configure(['/d']);
  // It is not there any more, and so it is not told of.
  assert.match(one.notes(), /^Driver docs: 1 pages in \/d, 1 of them read now$/);
  assert.match(one.hover('GaugeOne'), /Remarks/);
  // After the index was made: the page's text is always the file's, and a name that has moved is found again.
  disk.beforeRead = () => undefined;
  disk.files.set('/d/a/one.md', { text: referencePage('GaugeMoved'), modifiedMs: 9 });
  disk.files.set('/d/b/new.md', { text: referencePage('GaugeOne', 'It has moved.'), modifiedMs: 9 });
  one.advance(60_000);
  assert.equal(one.hover('GaugeOne'), '');
  await one.idle();
  assert.match(one.hover('GaugeOne'), /It has moved/);
  assert.match(one.hover('GaugeMoved'), /Remarks/);
});

test('a checkout that never comes to rest is told of, and read as far as it is there', async () => {
  const disk = fakeDisk({ ...two, '/d/z/last.md': referencePage('GaugeLast') });
  let made = 0;
  // Whatever is read, the next page has gone and another one has come.
  disk.beforeRead = () => {
    disk.files.delete(`/d/z/${made === 0 ? 'last' : made}.md`);
    disk.files.set(`/d/z/${++made}.md`, { text: referencePage(`Gauge${made}`) });
  };
  const one = started(disk);
  await one.configure(['/d']);
  assert.match(one.notes(), /\/d changes while it is read: .*next start reads what is there then\.\n {2}z\/\d+\.md/);
  assert.match(one.hover('GaugeTwo'), /Remarks/);
});

/** What an index says, for comparison. */
function shelfText(storage: string): string {
  const reading = readShelf(storage, '/d');
  if (reading.kind !== 'read') return reading.kind;
  const { records, names } = reading.value;
  return [records, names.bytes].map((bytes) => Buffer.from(bytes).toString('utf8')).join('\n');
}

test('whatever comes, goes or is cut short meanwhile, the next start has what is there', async (t) => {
  for (let seed = 1; seed <= 25; seed++) {
    let state = seed;
    const random = (below: number): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return (state >>> 8) % below;
    };
    const disk = fakeDisk(
      Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`/d/${i % 4}/${i}.md`, referencePage(`Gauge${i}`)])),
    );
    let time = 10;
    disk.beforeRead = (file) => {
      const paths = [...disk.files.keys()];
      const path = random(4) === 0 ? file : (paths[random(paths.length)] ?? file);
      const text = disk.files.get(path)?.text ?? '';
      const name = `Gauge${time++}x`;
      const changes = [
        () => disk.files.delete(path),
        () => disk.files.set(path, { text: text.slice(0, random(text.length + 1)), modifiedMs: time }),
        () => disk.files.set(path, { text: referencePage(name), modifiedMs: time }),
        () => disk.files.set(`/d/${random(6)}/${name}.md`, { text: referencePage(name), modifiedMs: time }),
        () => disk.refused.set(path, ['EIO', 'EACCES', 'EMFILE'][random(3)] ?? ''),
        () => disk.refused.clear(),
        () => undefined,
      ];
      changes[random(changes.length)]?.();
    };
    const storage = storageFor(t);
    const busy = started(disk);
    await busy.configure(['/d'], storage);
    for (const query of ['gauge', 'Gauge3', 'told here']) busy.search(query);
    for (let i = 0; i < 30; i++) busy.hover(`Gauge${i}`);
    await busy.idle();

    disk.beforeRead = () => undefined;
    disk.refused.clear();
    const quiet = started(disk);
    await quiet.configure(['/d'], storage);
    const fresh = storageFor(t);
    await started(disk).configure(['/d'], fresh);
    assert.equal(shelfText(storage), shelfText(fresh), `seed ${seed}`);
    assert.doesNotMatch(quiet.notes(), /read anew|could be read/, `seed ${seed}`);
  }
});

test('a slow disk: how far it is is told, questions are answered meanwhile, and who cancels waits for one page', async (t) => {
  const storage = storageFor(t);
  const disk = fakeDisk(
    Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`/d/${10 + i}.md`, referencePage(`Gauge${i}`)])),
  );
  const one = started(disk, { stopAfter: 40 });
  const answers: string[] = [];
  const slow = (): void => one.advance(2_000);
  disk.beforeRead = (path) => {
    slow();
    answers.push(`${path} ${one.search('Gauge0').join()}`);
  };
  const { list, status } = disk;
  disk.list = (folder) => {
    slow();
    return list(folder);
  };
  disk.status = (path) => {
    slow();
    return status(path);
  };
  await one.configure(['/d'], storage);
  const shown = one.heard.flatMap((message) =>
    message.kind === 'progress' ? [`${message.done}/${message.total}`] : [],
  );
  assert.deepEqual(shown.slice(0, 3), ['1/0', '2/0', '3/0']);
  assert.ok(shown.includes('3/20'), shown.join(' '));
  assert.ok(one.heard.some((message) => message.kind === 'finished' && message.isCancelled));
  const { reads } = disk;
  assert.ok(reads.length > 5 && reads.length < 20, `${reads.length} were read`);
  // What was read is kept and found.
  assert.deepEqual(one.search('Gauge0'), ['Gauge0']);
  reads.length = 0;
  const again = started(disk);
  disk.beforeRead = () => undefined;
  await again.configure(['/d'], storage);
  assert.deepEqual(again.search('Gauge19'), ['Gauge19']);
  assert.ok(reads.length < 16, `${reads.length} were read again`);
  assert.ok(answers.length > 5);
});

const words = (text: string): string => referencePage('GaugeOne', text);

test('pages are found by words of their text, from the cache too, and what changed is found anew', async (t) => {
  const storage = storageFor(t);
  const disk = fakeDisk({ ...two, '/d/a/one.md': words('Levels are <b>damped</b> twice.') });
  const first = started(disk);
  await first.configure(['/d'], storage);
  assert.deepEqual(first.items('damp level'), [['GaugeOne', 'Levels are damped twice.']]);
  // What the list shows anyway needs no piece of the page.
  assert.deepEqual(first.items('GaugeTwo'), [['GaugeTwo', '']]);

  const second = started(disk);
  await second.configure(['/d'], storage);
  disk.reads.length = 0;
  assert.deepEqual(second.search('damped'), ['GaugeOne']);
  assert.deepEqual(disk.reads, ['/d/a/one.md']);

  disk.files.set('/d/a/one.md', { text: words('Levels are smoothed.'), modifiedMs: 2 });
  const third = started(disk);
  await third.configure(['/d'], storage);
  assert.deepEqual(third.search('damped'), []);
  assert.deepEqual(third.items('smooth'), [['GaugeOne', 'Levels are smoothed.']]);
  assert.deepEqual(third.items('GaugeTwo remarks'), [['GaugeTwo', 'Remarks of GaugeTwo.']]);
  // A page that is gone meanwhile has nothing to show.
  disk.files.delete('/d/a/one.md');
  assert.deepEqual(third.items('smoothed'), [['GaugeOne', '']]);
});

test('a page that is found by words has the name that people call it by', async (t) => {
  const page = (uid: string, title: string, names: string): string =>
    `---\nUID: ${uid}\ntitle: ${title} (wsk.h)\ndescription: Levels.\napi_name:\n${names}---\n\n## -description\n\nLevels are damped.\n`;
  const disk = fakeDisk({
    '/d/close.md': page('NC:wsk.PFN_WSK_CLOSE_SOCKET', 'PFN_WSK_CLOSE_SOCKET', ' - WskCloseSocket\n'),
    '/d/buf.md': page('NS:wsk._WSK_BUF', '_WSK_BUF', ' - WSK_BUF\n'),
    '/d/done.md': page('NC:wdm.IO_COMPLETION_ROUTINE', 'IO_COMPLETION_ROUTINE', ' - IoCompletion\n'),
    '/d/other.md': page('NC:wsk.PFN_WSK_OTHER', 'PFN_WSK_OTHER', ' - PFN_WSK_OTHER\n'),
  });
  const service = started(disk);
  await service.configure(['/d'], storageFor(t));
  const found = [...service.search('levels damped')].sort();
  assert.deepEqual(found, ['IO_COMPLETION_ROUTINE', 'PFN_WSK_OTHER', 'WSK_BUF', 'WskCloseSocket']);
});

test('words that are damaged in the cache are told of at the first search, and read anew', async (t) => {
  const storage = storageFor(t);
  const disk = fakeDisk(two);
  await started(disk).configure(['/d'], storage);
  const bytes = readFileSync(cacheFile(storage, '/d'));
  bytes[bytes.length - 5] = (bytes[bytes.length - 5] ?? 0) ^ 1;
  writeFileSync(cacheFile(storage, '/d'), bytes);
  const again = started(disk);
  await again.configure(['/d'], storage);
  assert.equal(again.notes(), '');
  assert.match(again.hover('GaugeOne'), /Remarks of GaugeOne/);
  assert.deepEqual(again.search('gaugeone'), ['GaugeOne']);
  await again.idle();
  assert.match(again.notes(), /its checksum is wrong; \/d is read anew/);
  assert.deepEqual(again.search('told here'), ['GaugeOne', 'GaugeTwo']);
  const healed = started(disk);
  await healed.configure(['/d'], storage);
  assert.deepEqual(healed.search('told here'), ['GaugeOne', 'GaugeTwo']);
  assert.equal(healed.notes(), '');
});

test('an index that another window has replaced is loaded again', async (t) => {
  const storage = storageFor(t);
  const disk = fakeDisk(two);
  await started(disk).configure(['/d'], storage);
  const one = started(disk);
  await one.configure(['/d'], storage);
  disk.files.set('/d/c.md', { text: referencePage('GaugeLate', 'It came late.') });
  await started(disk).configure(['/d'], storage);
  disk.reads.length = 0;
  assert.deepEqual(one.search('came late'), []);
  await one.idle();
  assert.deepEqual(one.search('came late'), ['GaugeLate']);
  assert.deepEqual(disk.reads, ['/d/c.md']);
});

test('what was read of a stopped run is kept, and the next goes on from there', async (t) => {
  const storage = storageFor(t);
  const many = Object.fromEntries(
    Array.from({ length: 60 }, (_, i) => [`/d/${100 + i}.md`, referencePage(`Gauge${i}`)]),
  );
  const disk = fakeDisk(many);
  const first = started(disk, { stopAfter: 9 });
  await first.configure(['/d'], storage);
  const end = first.heard.at(-1);
  assert.ok(end?.kind === 'finished' && end.isCancelled);
  const read = disk.reads.length;
  assert.ok(read > 5 && read < 60, `read ${read}`);
  assert.match(first.hover('Gauge0'), /Remarks/);
  disk.reads.length = 0;
  const second = started(disk);
  await second.configure(['/d'], storage);
  assert.equal(disk.reads.length, 60 - read);
  assert.match(second.hover('Gauge59'), /Remarks/);
});

test('folders that are taken away are forgotten', async () => {
  const disk = fakeDisk({ ...two, '/e/x.md': referencePage('GaugeElse') });
  const one = started(disk);
  await one.configure(['/d', '/e']);
  assert.match(one.hover('GaugeElse'), /Remarks/);
  await one.configure(['/d']);
  assert.equal(one.hover('GaugeElse'), '');
  await one.configure([]);
  assert.deepEqual(one.search('gauge'), []);
});

test('only files of the index are shown', async () => {
  const disk = fakeDisk({ ...two, '/secret.md': referencePage('Secret') });
  const one = started(disk);
  await one.configure(['/d']);
  assert.match(one.page('/d/a/one.md') ?? '', /^# GaugeOne/);
  for (const file of ['/secret.md', '/d/../secret.md', '/d', '', 'one.md'])
    assert.equal(one.page(file), undefined, file);
});

test('today’s page before an older one, and the page of the UID before others', async () => {
  const old = referencePage('GaugeOne', 'It was told long ago.').replace('NF:gauge.', 'NF.gauge.');
  const disk = fakeDisk({
    '/old/x.md': old,
    '/new/x.md': referencePage('GaugeOne'),
    '/new/y.md': referencePage('GaugeOne').replace('gauge.', 'other.'),
  });
  const one = started(disk);
  await one.configure(['/old', '/new']);
  assert.match(one.hover('GaugeOne'), /told of here/);
});

test('the page of a structure before a guide that is titled by it', async () => {
  const own = referencePage('_GAUGE')
    .replaceAll('NF:', 'NS:')
    .replace('req.header', 'req.typenames: GAUGE\nreq.header');
  const disk = fakeDisk({ '/a/guide.md': '# GAUGE structure\n\nA **GAUGE** is drawn below.\n', '/b/x.md': own });
  const one = started(disk);
  await one.configure(['/a', '/b']);
  assert.match(one.hover('GAUGE'), /told of here/);
});
