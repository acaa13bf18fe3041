/**
 * Lints drivers on several threads. In: tasks. Out: their results, in the order of the tasks, whoever did them; a worker
 * that can't be started or dies leaves its task to the main thread.
 */
import { availableParallelism } from 'node:os';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { InputError } from '../input.ts';
import { createSourceReader, type SourceOptions } from '../sources.ts';
import type { Progress, Step } from './progress.ts';
import type { LintTask, TaskResult } from './result.ts';
import { createLinter, type Linter } from './work.ts';

/** What a worker needs to read files as the main thread does. */
type WorkerOptions = Pick<SourceOptions, 'values' | 'order'>;

interface WorkerData {
  readonly role: 'wsk lint';
  readonly options: WorkerOptions;
}

type Answer =
  | { readonly kind: 'result'; readonly index: number; readonly result: TaskResult }
  | { readonly kind: 'step'; readonly index: number; readonly step: Step }
  | { readonly kind: 'input-error'; readonly message: string; readonly remedy: string }
  | { readonly kind: 'bug'; readonly text: string };

/** More threads than this would wait for memory. */
const workersMax = 8;
/** Characters of C below which starting threads costs more than they save. */
const enoughWork = 600_000;

/** How many threads pay: 1 means the main thread alone. `jobs` is what the user asked for. */
export function workerCount(tasks: number, characters: number, jobs: number | undefined): number {
  const wanted = jobs ?? (characters < enoughWork ? 1 : Math.min(availableParallelism(), workersMax));
  return Math.max(1, Math.min(wanted, tasks));
}

/** `sizes`: characters of each task; the largest are begun first, so that none is left alone at the end. */
export async function lintInParallel(
  tasks: readonly LintTask[],
  sizes: readonly number[],
  options: WorkerOptions,
  o: { readonly workers: number; readonly linter: () => Linter; readonly progress: Progress | undefined },
): Promise<readonly TaskResult[]> {
  const results = new Map<number, TaskResult>();
  const { progress } = o;
  const queue = tasks.map((_, index) => index).sort((a, b) => (sizes[b] ?? 0) - (sizes[a] ?? 0) || a - b);
  const program = require.main?.filename;
  if (program !== undefined && o.workers > 1) {
    const data: WorkerData = { role: 'wsk lint', options };
    await Promise.all(
      Array.from({ length: o.workers }, () => runWorker(program, data, { tasks, queue, results, progress })),
    );
  }
  let linter: Linter | undefined;
  return tasks.map((task, index) => {
    const done = results.get(index);
    if (done !== undefined) return done;
    linter ??= o.linter();
    progress?.begin(index);
    return linter(task, (step) => progress?.step(index, step));
  });
}

interface Shared {
  readonly tasks: readonly LintTask[];
  readonly queue: number[];
  readonly results: Map<number, TaskResult>;
  readonly progress: Progress | undefined;
}

/** Settles when the queue is empty or the worker is gone; rejects with what the user or we are to hear. */
function runWorker(program: string, data: WorkerData, shared: Shared): Promise<void> {
  const { tasks, queue, results, progress } = shared;
  return new Promise((resolve, reject) => {
    let worker: Worker;
    try {
      worker = new Worker(program, { workerData: data, argv: ['lint'] });
    } catch {
      resolve();
      return;
    }
    const next = (): void => {
      const index = queue.shift();
      if (index === undefined) void worker.terminate();
      else {
        progress?.begin(index);
        worker.postMessage({ index, task: tasks[index] });
      }
    };
    worker.on('message', (answer: Answer) => {
      if (answer.kind === 'step') {
        progress?.step(answer.index, answer.step);
        return;
      }
      if (answer.kind === 'result') {
        results.set(answer.index, answer.result);
        next();
        return;
      }
      // The others end with the tasks that they are at.
      queue.length = 0;
      void worker.terminate();
      reject(answer.kind === 'input-error' ? new InputError(answer.message, answer.remedy) : new Error(answer.text));
    });
    // Out of memory, or not to be started: what it did not answer is done by the main thread.
    worker.on('error', () => resolve());
    worker.on('exit', () => resolve());
    next();
  });
}

/** True in a thread that was started here. */
export function isLintWorker(): boolean {
  return !isMainThread && workerData?.role === 'wsk lint';
}

/** What such a thread does: answers each task. */
export function serveLint(): void {
  // Started by `runWorker`, which gives this shape.
  const { options } = workerData as WorkerData;
  let linter: Linter | undefined;
  parentPort?.on('message', ({ index, task }: { readonly index: number; readonly task: LintTask }) => {
    const tell = (answer: Answer): void => parentPort?.postMessage(answer);
    const done = (step: Step): void => tell({ kind: 'step', index, step });
    tell(answerOf(index, () => (linter ??= createLinter(createSourceReader(options)))(task, done)));
  });
}

function answerOf(index: number, work: () => TaskResult): Answer {
  try {
    return { kind: 'result', index, result: work() };
  } catch (error) {
    if (error instanceof InputError) return { kind: 'input-error', message: error.message, remedy: error.remedy };
    return { kind: 'bug', text: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
