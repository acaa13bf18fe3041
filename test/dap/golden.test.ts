// One whole session as text, message by message: what an editor sees when somebody debugs the listen sample.
import { strict as assert } from 'node:assert';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import type { DebugProtocol as Dap } from '@vscode/debugprotocol';
import { type Message, root, startAdapter } from './adapter.ts';
import { initializeArguments, lineOf, listen, localsOf, sessionOf } from './driver.ts';

const goldenFile = join(root, 'test/golden/dap-listen.txt');

test('a session on the listen sample, message by message (UPDATE_GOLDEN=1 rewrites test/golden/dap-listen.txt)', async (t) => {
  const session = sessionOf(startAdapter());
  t.after(() => session.kill());
  await session.ask('initialize', initializeArguments);
  await session.ask('launch', { program: listen });
  await session.next('initialized');
  await session.breakAt(listen, 'PREQUEST request = (PREQUEST)Context;');
  await session.ask('setExceptionBreakpoints', { filters: ['findings'] });
  const first = await session.until('configurationDone');
  await session.ask('threads');
  const locals = await localsOf(session, first.frameId);
  const irp = locals.find(({ name }) => name === 'Irp');
  await session.ask('evaluate', { expression: 'Irp->IoStatus.Status', frameId: first.frameId, context: 'hover' });
  await session.ask('setVariable', { variablesReference: 1, name: 'DeviceObject', value: '0x10' });
  await session.send('evaluate', { expression: 'Irp->Nothing', frameId: first.frameId, context: 'watch' });
  assert.ok(irp !== undefined);
  const next = await session.until('next', { threadId: first.threadId });
  await session.breakAt(listen, { line: lineOf(listen, 'return STATUS_SUCCESS;') });
  const loaded = await session.until('continue', { threadId: next.threadId });
  await session.ask('wsk/irps');
  const completion = await session.until('wsk/runToNextCompletion', { threadId: loaded.threadId });
  await session.until('continue', { threadId: completion.threadId });
  await session.ask('disconnect');
  await session.exited;

  const text = session.messages.map(messageText).join('');
  if (process.env.UPDATE_GOLDEN) {
    mkdirSync(dirname(goldenFile), { recursive: true });
    writeFileSync(goldenFile, text);
  }
  assert.equal(text, existsSync(goldenFile) ? readFileSync(goldenFile, 'utf8') : '');
});

/** `→` from the client, `←` the answer, `·` an event; places without what differs from machine to machine. */
function messageText(message: Message): string {
  const { head, body } = partsOf(message);
  const json = body === undefined ? '' : ` ${JSON.stringify(body, undefined, 1)}`;
  const plain = json
    .replaceAll(JSON.stringify(root).slice(1, -1), '$ROOT')
    .replace(/\$ROOT[^"]*/g, (file) => file.replaceAll('\\\\', '/'))
    .replace(/0xFFFF8000(`?)[0-9A-F]{8}/g, '0xFFFF8000$1········');
  return `${head}${compact(plain)}\n`;
}

function partsOf(message: Message): { readonly head: string; readonly body: unknown } {
  // `type` says which of the three it is.
  if (message.type === 'request') {
    const { command, arguments: args } = message as Dap.Request;
    return { head: `→ ${command}`, body: args };
  }
  if (message.type === 'event') return { head: `· ${(message as Dap.Event).event}`, body: (message as Dap.Event).body };
  const { command, success, body } = message as Dap.Response;
  return { head: `← ${command}${success ? '' : ' failed'}`, body };
}

/** Objects without objects inside on one line each. */
function compact(json: string): string {
  let text = json;
  for (let i = 0; i < 3; i++) {
    text = text.replace(
      /([{[])\n\s+([^{}[\]]{0,200}?)\n\s*([}\]])/g,
      (_, open: string, inner: string, close: string) => {
        return `${open} ${inner.replace(/\n\s*/g, ' ')} ${close}`;
      },
    );
  }
  return text;
}
