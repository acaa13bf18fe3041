/**
 * The threads of a run by number, in the order in which they were put in: what the scheduler needs of a map.
 *
 * Every context that calls a driver comes and goes, so that nearly all changes are at the end, and all questions are about
 * the last few. A map makes its table anew after each few changes; a list is searched from its end.
 */
import type { KernelThread } from './scheduler-state.ts';

export class ThreadTable {
  private readonly threads: KernelThread[] = [];

  get size(): number {
    return this.threads.length;
  }

  get(id: number): KernelThread | undefined {
    const at = this.#indexOf(id);
    return at < 0 ? undefined : this.threads[at];
  }

  has(id: number): boolean {
    return this.#indexOf(id) >= 0;
  }

  /** Puts a thread that is not in it behind all others. */
  set(id: number, thread: KernelThread): void {
    const at = this.#indexOf(id);
    if (at < 0) this.threads.push(thread);
    else this.threads[at] = thread;
  }

  delete(id: number): boolean {
    const at = this.#indexOf(id);
    if (at < 0) return false;
    if (at === this.threads.length - 1) this.threads.pop();
    else this.threads.splice(at, 1);
    return true;
  }

  /** Whoever changes the table while he goes through it makes a copy first. */
  values(): readonly KernelThread[] {
    return this.threads;
  }

  #indexOf(id: number): number {
    const threads = this.threads;
    let at = threads.length - 1;
    while (at >= 0 && threads[at]?.id !== id) at--;
    return at;
  }
}
