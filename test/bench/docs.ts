/**
 * The index of the user's docs: a tree as large as windows-driver-docs-ddi, made by repeating a corpus of real pages
 * under other names, read by the thread that the language server starts.
 *
 * Arguments: dist/docs.js, the corpus, a folder for the tree (kept for the next run) and for the caches. Prints one JSON
 * line, all in ms: reading everything, the first answer from the cache, seeing that nothing has changed, the median of a
 * hover and of a search, and the number of pages.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { FromDocs, Question, ToDocs } from '../../host/docs/messages.ts';
import { median } from './timing.ts';

const PAGES = 24_357;
const [program = '', corpus = '', work = ''] = process.argv.slice(2);
const tree = path.join(work, 'docs-tree');
makeTree();
const storage = mkdtempSync(path.join(work, 'docs-cache-'));

const first = await start();
await first.stop();
const again = await start();
const names = ['PFN_WSK_SEND_7', 'IoAllocateIrp_3', 'KeWaitForSingleObject_11', '_WSK_BUF_2', 'IoCallDriver_5'];
const hovers: number[] = [];
for (const name of [...names, ...names, ...names]) {
  hovers.push(await again.ask({ kind: 'hover', names: [name], uid: undefined, member: undefined, hasFacts: true }));
}
const searches: number[] = [];
for (const query of ['WskSend', 'kewfso', 'completion routine cancel', 'irp', 'socket option', 'Zw']) {
  searches.push(await again.ask({ kind: 'search', query, limit: 100 }));
}
await again.stop();
rmSync(storage, { recursive: true, force: true });
console.log(
  JSON.stringify({
    pages: first.pages,
    indexMs: first.finishedMs,
    loadMs: again.answerMs,
    unchangedMs: again.finishedMs,
    hoverMs: median(hovers),
    searchMs: median(searches),
  }),
);

interface Thread {
  readonly pages: number;
  /** From the order until the first answer, the start of the thread included. */
  readonly answerMs: number;
  readonly finishedMs: number;
  ask(question: Question): Promise<number>;
  stop(): Promise<unknown>;
}

async function start(): Promise<Thread> {
  const startedMs = performance.now();
  const worker = new Worker(program);
  const send = (message: ToDocs): void => worker.postMessage(message);
  const next = (fits: (message: FromDocs) => boolean): Promise<FromDocs> =>
    new Promise((done) => {
      const hear = (message: FromDocs): void => {
        if (!fits(message)) return;
        worker.off('message', hear);
        done(message);
      };
      worker.on('message', hear);
    });
  let id = 0;
  const ask = async (question: Question): Promise<number> => {
    const askedMs = performance.now();
    const own = ++id;
    const answered = next((message) => message.kind === 'answer' && message.id === own);
    send({ kind: 'ask', id: own, question });
    await answered;
    return performance.now() - askedMs;
  };
  const finished = next((message) => message.kind === 'finished');
  send({ kind: 'configure', folders: [tree], storage });
  await ask({ kind: 'hover', names: ['PFN_WSK_SEND_1'], uid: undefined, member: undefined, hasFacts: true });
  const answerMs = performance.now() - startedMs;
  const end = await finished;
  const pages = end.kind === 'finished' ? end.pages : 0;
  return { pages, answerMs, finishedMs: performance.now() - startedMs, ask, stop: () => worker.terminate() };
}

/** The corpus again and again; each copy has its own file names and, where it has a UID, its own API. */
function makeTree(): void {
  const done = path.join(tree, 'complete');
  if (readdirSync(work).includes('docs-tree') && readdirSync(tree).includes('complete')) return;
  const sources = readdirSync(corpus, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
  const texts = sources.map((file) => readFileSync(file, 'utf8'));
  const content = path.join(tree, 'wdk-ddi-src/content');
  for (let page = 0; page < PAGES; page++) {
    const copy = Math.floor(page / sources.length);
    const source = sources[page % sources.length] ?? '';
    const part = path.relative(corpus, path.dirname(source)).replaceAll(path.sep, '-');
    const folder = path.join(content, `${part}${copy}`);
    mkdirSync(folder, { recursive: true });
    const text = (texts[page % sources.length] ?? '').replace(/^(UID: \S+)/m, `$1_${copy}`);
    writeFileSync(path.join(folder, `${path.basename(source, '.md')}_${copy}.md`), text);
  }
  writeFileSync(done, '');
}
