/**
 * The thread that knows the docs: the language server starts it as dist/docs.js when there is something to index, so that
 * reading pages never delays an answer to a keystroke. It starts itself once more for the second half of very many pages.
 * Nothing but the wiring of messages stands here.
 */
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { realDisk } from './disk.ts';
import type { FromDocs, ToDocs } from './messages.ts';
import { type HalfTask, type PageBatch, readHalf, type SecondHalf } from './second-half.ts';
import { createDocsService } from './service.ts';

/** What this program says to a thread of itself that is to read pages for it. */
interface HalfOrder {
  readonly role: 'second half';
  readonly task: HalfTask;
}

const port = parentPort;
const order = workerData as HalfOrder | null | undefined;
if (port !== null) {
  if (order?.role === 'second half') for (const batch of readHalf(realDisk, order.task)) port.postMessage(batch);
  else {
    const service = createDocsService({
      disk: realDisk,
      post: (message: FromDocs) => port.postMessage(message),
      pause: () => new Promise((resume) => setImmediate(resume)),
      nowMs: () => performance.now(),
      startSecond,
    });
    port.on('message', (message: ToDocs) => service.handle(message));
  }
}

/** A tenth of this is what it needs; a runaway must not take the others along. */
const maxOldGenerationSizeMb = 384;

/** Whatever becomes of the thread, what it has not answered is read by the one that has asked. */
function startSecond(task: HalfTask): SecondHalf {
  let come: PageBatch[] = [];
  let isOver = false;
  let wake = (): void => {};
  const end = (): void => {
    isOver = true;
    wake();
  };
  const worker = started({ role: 'second half', task });
  worker?.on('message', (batch: PageBatch) => {
    come.push(batch);
    wake();
  });
  worker?.on('error', end);
  worker?.on('exit', end);
  if (worker === undefined) end();
  return {
    take() {
      const taken = come;
      come = [];
      return taken;
    },
    isOver: () => isOver && come.length === 0,
    more: () =>
      new Promise((resolve) => {
        wake = resolve;
        if (isOver || come.length > 0) resolve();
      }),
    stop: () => void worker?.terminate(),
  };
}

function started(data: HalfOrder): Worker | undefined {
  try {
    return new Worker(__filename, { workerData: data, resourceLimits: { maxOldGenerationSizeMb } });
  } catch {
    return undefined;
  }
}
