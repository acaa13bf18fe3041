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

interface Thread {
  /** Batches that it answers before it is gone. */
  readonly endsAfter: number;
  /** Pages that the first thread reads meanwhile. */
  readonly pagesPerBatch: number;
}

/** A thread that is as fast as is said. The batch that it has at its end is taken and never answered. */
function secondThat({ endsAfter, pagesPerBatch }: Thread, disk: FakeDisk): StartSecondHalf {
  return (task): SecondHalf => {
    const batches = readHalf(disk, task);
    let come: PageBatch[] = [];
    let left = endsAfter;
    let isOver = false;
    let looks = 0;
    const readOn = (): void => {
      const batch = isOver ? undefined : batches.next();
      if (batch === undefined || batch.done === true || left-- === 0) isOver = true;
      else come.push(batch.value);
    };
    return {
      take() {
        if (++looks % pagesPerBatch === 0) readOn();
        const taken = come;
        come = [];
        return taken;
      },
      isOver: () => isOver && come.length === 0,
      async more() {
        readOn();
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

for (const [endsAfter, pagesPerBatch] of [
  [0, 300],
  [1, 300],
  [3, 100],
  [Number.POSITIVE_INFINITY, 30],
  [Number.POSITIVE_INFINITY, 300],
  [Number.POSITIVE_INFINITY, 3_000],
] as const)
  test(`the index is the same with a second thread that ends after ${endsAfter} batches of ${pagesPerBatch} pages here`, async () => {
    const alone = contentOf(await indexOf(manyPages()));
    const disk = manyPages();
    const both = contentOf(await indexOf(disk, secondThat({ endsAfter, pagesPerBatch }, disk)));
    // What it had taken when it went is read once more, and nothing else.
    const again = disk.reads.length - new Set(disk.reads).size;
    assert.ok(again <= (endsAfter === Number.POSITIVE_INFINITY ? 0 : 256), `${again} pages were read twice`);
    assert.deepEqual(both, alone);
    assert.equal(both.read, 2_098);
    assert.equal(both.unreadable.length, 2);
  });

test('what was read of a stopped run is not read again', async () => {
  const disk = manyPages();
  const task = indexFolder(disk, '/d', nothing, secondThat({ endsAfter: 2, pagesPerBatch: 100 }, disk));
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
