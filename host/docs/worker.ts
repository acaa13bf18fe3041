/**
 * The thread that knows the docs: the language server starts it as dist/docs.js when there is something to index, so that
 * reading pages never delays an answer to a keystroke. Nothing but the wiring of messages to the service stands here.
 */
import { parentPort } from 'node:worker_threads';
import { realDisk } from './disk.ts';
import type { FromDocs, ToDocs } from './messages.ts';
import { createDocsService } from './service.ts';

const port = parentPort;
if (port !== null) {
  const service = createDocsService({
    disk: realDisk,
    post: (message: FromDocs) => port.postMessage(message),
    pause: () => new Promise((resume) => setImmediate(resume)),
    nowMs: () => performance.now(),
  });
  port.on('message', (message: ToDocs) => service.handle(message));
}
