/**
 * The edge of the adapter: a request comes in, its handler's answer goes out. Every request is answered exactly once.
 * What can't be done is an error response; a bug of ours is one too, is reported once on the console, and the session
 * lives on.
 */
import { DebugSession, Event, Response } from '@vscode/debugadapter';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { createHandlers } from './requests/handlers.ts';
import { RequestError } from './requests/request-error.ts';
import type { Handlers } from './requests/requests.ts';
import { laterOn } from './run/pump.ts';

export interface SessionOptions {
  /** Holds catalog.json.br. */
  readonly catalogFolder: string;
  readonly output: { readonly writableLength: number };
}

/** Names in error responses, which the protocol wants to be numbered. */
const errorIds = { refused: 1, bug: 2 };

export class DriverSession extends DebugSession {
  private readonly handlers: Handlers;
  /** What is to happen once the response is out. */
  private afterResponse: (() => void)[] = [];
  private readonly reportedBugs = new Set<string>();

  constructor(options: SessionOptions) {
    super();
    this.handlers = createHandlers({
      catalogFolder: options.catalogFolder,
      later: laterOn(options.output),
      send: (event, body) => this.sendEvent(new Event(event, body)),
      afterResponse: (task) => this.afterResponse.push(task),
      reportBug: (error) => this.reportBug(error),
      shutdown: () => this.shutdown(),
    });
  }

  protected override dispatchRequest(request: DebugProtocol.Request): void {
    const response: DebugProtocol.Response = new Response(request);
    try {
      const body = this.answer(request);
      if (body !== undefined) response.body = body;
    } catch (error) {
      this.fail(response, error);
    }
    this.sendResponse(response);
    const tasks = this.afterResponse;
    this.afterResponse = [];
    try {
      for (const task of tasks) task();
    } catch (error) {
      this.reportBug(error);
    }
  }

  private answer({ command, arguments: args }: DebugProtocol.Request): unknown {
    if (!Object.hasOwn(this.handlers, command)) {
      throw new RequestError(`The debugger of WSK Workbench has no request "${command}".`);
    }
    // The client is trusted to send what the protocol says; the handlers check what people write by hand.
    const handler = this.handlers[command as keyof Handlers] as (args: unknown) => unknown;
    return handler(args ?? {});
  }

  private fail(response: DebugProtocol.Response, error: unknown): void {
    const isRefused = error instanceof RequestError;
    if (!isRefused) this.reportBug(error);
    const message = isRefused ? error.message : `An error of the debugger itself: ${messageOf(error)}`;
    response.success = false;
    response.message = message;
    response.body = {
      error: {
        id: isRefused ? errorIds.refused : errorIds.bug,
        // Braces in a format stand for variables.
        format: '{text}',
        variables: { text: message },
        showUser: isRefused ? error.isShown : true,
      } satisfies DebugProtocol.Message,
    };
  }

  /** Once for each place: a bug in `variables` would otherwise come with every step. */
  private reportBug(error: unknown): void {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    if (this.reportedBugs.has(text)) return;
    this.reportedBugs.add(text);
    const output = `An error of the debugger itself, please report it:\n${text}\n`;
    this.sendEvent(new Event('output', { category: 'stderr', output }));
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
