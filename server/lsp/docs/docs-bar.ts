/** The bar that shows how far the docs are read: asked for when there is something to show, and only once at a time. */
import type { Connection, WorkDoneProgressServerReporter } from 'vscode-languageserver';

const title = 'Reading the driver docs';

export interface Bar {
  /** A total of 0: folders are still being listed. */
  show(done: number, total: number): void;
  end(): void;
}

export function createBar(connection: Connection, cancel: () => void): Bar {
  let reporter: WorkDoneProgressServerReporter | undefined;
  let isAsked = false;
  let at = { done: 0, total: 0 };
  const text = (): string => (at.total === 0 ? `${at.done} pages found` : `${at.done} of ${at.total} pages`);
  const percentage = (): number => (at.total === 0 ? 0 : Math.floor((100 * at.done) / at.total));
  const open = async (): Promise<void> => {
    const created = await connection.window.createWorkDoneProgress();
    if (!isAsked) return;
    reporter = created;
    created.begin(title, percentage(), text(), true);
    created.token.onCancellationRequested(cancel);
  };
  return {
    show(done, total) {
      at = { done, total };
      if (reporter !== undefined) reporter.report(percentage(), text());
      else if (!isAsked) {
        isAsked = true;
        // A client that is about to close may not answer; there is nobody to show it to then.
        open().catch(() => undefined);
      }
    },
    end() {
      isAsked = false;
      reporter?.done();
      reporter = undefined;
    },
  };
}
