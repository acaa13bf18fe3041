import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import test from 'node:test';
import { StreamMessageWriter } from 'vscode-languageserver/node';
import { inOnePiece } from './stdio.ts';

/** What arrives, and a writer of messages that ends there. */
function wire(fail?: Error) {
  const chunks: string[] = [];
  const output = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk.toString());
      done(fail);
    },
  });
  return { chunks, writer: new StreamMessageWriter(inOnePiece(output)) };
}

test('each message is one piece, whatever is in it', async () => {
  const { chunks, writer } = wire();
  const texts = ['', 'Content-Length: 3\r\n\r\n', 'ä'.repeat(100_000)];
  await Promise.all(texts.map((method) => writer.write({ jsonrpc: '2.0', method } as never)));
  assert.deepEqual(
    chunks.map((chunk) => {
      const [head = '', text = ''] = chunk.split(/\r\n\r\n(.*)/s);
      assert.equal(head, `Content-Length: ${Buffer.byteLength(text)}`);
      return (JSON.parse(text) as { method: string }).method;
    }),
    texts,
  );
});

test('a client that is gone is told to who writes', async () => {
  const { writer } = wire(new Error('gone'));
  const errors: string[] = [];
  writer.onError(([error]) => errors.push(error.message));
  await writer.write({ jsonrpc: '2.0', method: 'x' } as never).catch(() => undefined);
  await new Promise((done) => setImmediate(done));
  assert.ok(errors.includes('gone'));
});
