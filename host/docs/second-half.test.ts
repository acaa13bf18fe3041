/** Two threads make the index that one makes, whatever becomes of the second one. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { newVocabulary } from '../../catalog/docs/search/vocabulary.ts';
import { type FolderIndex, type IndexedPages, indexFolder, isDone } from './index-folder.ts';
import { type PageBatch, readHalf, type SecondHalf, type StartSecondHalf } from './second-half.ts';
import { emptyShelf, shelveWords } from './shelf.ts';
import { type FakeDisk, fakeDisk, referencePage } from './testing.ts';

const nothing: IndexedPages = { shelf: emptyShelf('/d'), words: () => shelveWords([], newVocabulary()) };

/** Pages some of whose words are in both halves, some in one; one of each half can't be read. */
function manyPages(): FakeDisk {
  const disk = fakeDisk(
    Object.fromEntries(
      Array.from({ length: 2_100 }, (_, i) => {
        const name = `Gauge${String(i).padStart(4, '0')}`;
        return [`/d/a/${name}.md`, referencePage(name, `Word${i % 7} gauge alpha${i} measures beta${2_100 - i}.`)];
      }),
    ),
  );
  for (const name of ['Gauge0007', 'Gauge1900']) disk.refused.set(`/d/a/${name}.md`, 'EACCES');
  // It is there, and only reading it is refused.
  return { ...disk, status: (path) => ({ kind: path.endsWith('.md') ? 'file' : 'folder', size: 1, modifiedMs: 1 }) };
}

/** A thread that answers a batch each time somebody waits, and is gone after so many. */
function secondThat({ endsAfter }: { readonly endsAfter: number }, disk: FakeDisk): StartSecondHalf {
  return (task): SecondHalf => {
    const batches = readHalf(disk, task);
    let come: PageBatch[] = [];
    let left = endsAfter;
    let isOver = false;
    return {
      take() {
        const taken = come;
        come = [];
        return taken;
      },
      isOver: () => isOver && come.length === 0,
      async more() {
        const batch = left-- > 0 ? batches.next() : undefined;
        if (batch === undefined || batch.done === true) isOver = true;
        else come.push(batch.value);
      },
      stop: () => undefined,
    };
  };
}

async function indexOf(disk: FakeDisk, startSecond?: StartSecondHalf): Promise<FolderIndex> {
  const task = indexFolder(disk, '/d', nothing, startSecond);
  let shown = 0;
  for (;;) {
    const step = task.step();
    if (isDone(step)) return step;
    assert.ok(step.done >= shown && step.done <= step.total, 'progress goes on, to the total at most');
    shown = step.done;
    if (step.isWaiting) await task.more();
  }
}

const contentOf = ({ shelf, words, unreadable, read }: FolderIndex) => ({ shelf, words: words(), unreadable, read });

for (const endsAfter of [0, 1, 3, Number.POSITIVE_INFINITY])
  test(`the index is the same with a second thread that ends after ${endsAfter} batches`, async () => {
    const alone = contentOf(await indexOf(manyPages()));
    const disk = manyPages();
    const both = contentOf(await indexOf(disk, secondThat({ endsAfter }, disk)));
    assert.deepEqual(both, alone);
    assert.equal(both.read, 2_100);
    assert.equal(both.unreadable.length, 2);
  });

test('what was read of a stopped run is not read again', async () => {
  const disk = manyPages();
  const task = indexFolder(disk, '/d', nothing, secondThat({ endsAfter: 2 }, disk));
  for (let step = task.step(); !isDone(step) && step.done < 300; step = task.step());
  await task.more();
  task.stop();
  const known = task.soFar();
  assert.ok(known.shelf.count > 400, `${known.shelf.count} pages are known`);
  const reads = disk.reads.length;
  const rest = indexFolder(disk, '/d', known);
  let last = rest.step();
  while (!isDone(last)) last = rest.step();
  assert.equal(last.shelf.count, 2_098);
  assert.equal(disk.reads.length - reads, 2_098 - known.shelf.count);
});
