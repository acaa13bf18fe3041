/**
 * Typing for a long time: after each hundred random edits the server that saw every one of them says the same as one
 * that opens the text afresh, and its memory does not grow. WSK_EDITS=10000 is the long form.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test, { after, before } from 'node:test';
import type { Diagnostic } from 'vscode-languageserver/node';
import { generatedDriver } from '../bench/generated-driver.ts';
import { memoryMb } from '../bench/process-memory.ts';
import { type LspSession, startSession } from './session.ts';

const edits = Number(process.env['WSK_EDITS'] ?? 400);
const uri = 'file:///drivers/edited.c';
const HUNDRED = 100;
/** Then the text is whole again: one that is nothing but errors has little left to be wrong about. */
const EDITS_TO_RESTORE = 500;
/** What the server may hold above its highest in the first thousand edits: one more edition of the bundled headers. */
const GROWTH_MB = 60;
const EDITS_TO_SETTLE = 1000;

const scraps = [
  ...['{', '}', '(', ')', ';', '*', '"', "'", '/*', '*/', '\n', '\r\n', '\\\n', '#if 0\n', '\n#endif\n', '#', ' '],
  ...['é', '😀', '\t', '0x', 'IoFreeIrp(Irp);', 'return STATUS_PENDING;', '#define X(a) a##a\n', 'X(', 'PIRP '],
  ...['#include <wsk.h>\n', 'if (', 'else ', 'goto out;', 'out:', 'static ', '->Dispatch->', 'struct {', 'typedef '],
] as const;

let typed: LspSession;
let fresh: LspSession;
before(async () => {
  [typed, fresh] = await Promise.all([startSession(), startSession()]);
});
after(() => Promise.all([typed.stop(), fresh.stop()]));

test(`${edits} random edits leave the server as a fresh one is`, async () => {
  const original = process.env['WSK_ECHO_SAMPLE'] ? readFileSync(process.env['WSK_ECHO_SAMPLE'], 'utf8') : undefined;
  const whole = original ?? generatedDriver(1400);
  const below = random(20_261);
  let text = whole;
  await typed.open(uri, text);
  let version = 1;
  let early = 0;
  for (let done = 0; done < edits; done += HUNDRED) {
    if (done > 0 && done % EDITS_TO_RESTORE === 0) {
      text = whole;
      version++;
      await typed.replace(uri, version, text);
    }
    let shown: Promise<readonly Diagnostic[]> | undefined;
    for (let i = 0; i < HUNDRED; i++) {
      const start = below(text.length);
      const removed = below(3) === 0 ? below(30) : 0;
      const added = below(4) === 0 ? '' : (scraps[below(scraps.length)] ?? '');
      const from = between(text, start);
      const to = between(text, Math.min(text.length, start + removed));
      const range = { start: placeOf(text, from), end: placeOf(text, to) };
      text = text.slice(0, from) + added + text.slice(to);
      version++;
      if (i === HUNDRED - 1) shown = typed.diagnosed(uri, version);
      await typed.connection.sendNotification('textDocument/didChange', {
        textDocument: { uri, version },
        contentChanges: [{ range, text: added }],
      });
    }
    const seen = await answers(typed, (await shown) ?? [], text, done);
    const wanted = await answers(fresh, await fresh.open(uri, text), text, done);
    await fresh.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
    assert.deepEqual(seen, wanted, `after ${done + HUNDRED} edits`);
    const now = memoryMb(typed.pid, 'VmRSS') ?? 0;
    if (done < EDITS_TO_SETTLE) early = Math.max(early, now);
    assert.ok(now < early + GROWTH_MB, `${now} MB after ${done + HUNDRED} edits, ${early} MB at first`);
  }
});

/** What an editor would show of the text: diagnostics, symbols, and what is asked at three places. */
async function answers(session: LspSession, diagnostics: readonly Diagnostic[], text: string, seed: number) {
  const textDocument = { uri };
  const ask = (method: string, extra: object = {}): Promise<unknown> =>
    session.connection.sendRequest(method, { textDocument, ...extra });
  const at = [1, 2, 3].map((part) => placeOf(text, between(text, (seed * 7919 * part) % text.length)));
  return {
    diagnostics,
    symbols: await ask('textDocument/documentSymbol'),
    hovers: await Promise.all(at.map((position) => ask('textDocument/hover', { position }))),
    definitions: await Promise.all(at.map((position) => ask('textDocument/definition', { position }))),
  };
}

/** A place that is not inside a CRLF or a surrogate pair, which no editor would send. */
function between(text: string, offset: number): number {
  const isInside = /^(?:\r\n|[\uD800-\uDBFF][\uDC00-\uDFFF])$/.test(text.slice(offset - 1, offset + 1));
  return isInside ? offset + 1 : offset;
}

function placeOf(text: string, offset: number): { line: number; character: number } {
  const before = text.slice(0, offset).split(/\r\n|\r|\n/);
  return { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
}

function random(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % n;
  };
}
