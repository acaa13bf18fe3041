/** Order among names: what the file uses, what drivers use most, and what cannot stand at the place. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { complete } from '../completion.ts';
import { analyseDriver } from '../testing.ts';
import { ranks } from './item.ts';
import { wordsInUse } from './likely.ts';

/** The first labels as an editor shows them, which compares ranks, then labels. */
function first(body: string, count: number): readonly string[] {
  const { analysis, offset } = analyseDriver(`
typedef struct _IO_OWN { int Count; } IO_OWN;
#define IO_LIMIT 4
int IoOwnCount;
void IoOwnStep(void);
void IoAlsoUsed(PIRP irp) { IoReuseIrp(irp, STATUS_SUCCESS); IoReuseIrp(irp, STATUS_UNSUCCESSFUL); IoSizeofIrpOwn(irp); }
NTSTATUS f(PIRP irp, BOOLEAN ask) {
  NTSTATUS status;
  ${body}
}`);
  const { items } = complete(analysis, offset, { trigger: 'person' });
  return items
    .toSorted((a, b) => a.rank - b.rank || (a.label < b.label ? -1 : 1))
    .slice(0, count)
    .map(({ label }) => label);
}

test('words in use: the most used first, not the one that is being typed, nor parts of words', () => {
  const text = 'KeB KeA xKeC KeA ke$x Ke';
  assert.deepEqual(wordsInUse(text, 'ke', text.length - 2), ['KeA', 'KeB', 'ke$x']);
  assert.deepEqual(wordsInUse('a$b a$c a.b', 'a$', 0), ['a$c']);
  assert.deepEqual(wordsInUse(text, '', 0), []);
});

test('what the file uses comes before what drivers use most, and that before the rest', () => {
  assert.deepEqual(first('IoR/*$*/', 3), ['IoReuseIrp', 'IoReleaseCancelSpinLock', 'IoReleaseRemoveLock']);
  assert.deepEqual(first('KeW/*$*/', 1), ['KeWaitForSingleObject']);
});

test('a constant begins no statement, and a type is no operand', () => {
  const place = (body: string, early: string, late: string): void => {
    const labels = first(body, 400);
    assert.ok(
      labels.indexOf(early) >= 0 && labels.indexOf(late) > labels.indexOf(early),
      `${body}: ${late} before ${early}`,
    );
  };
  place('io/*$*/', 'IO_OWN', 'IO_LIMIT');
  place('io/*$*/', 'IoOwnStep', 'IO_LIMIT');
  for (const before of ['int n = ', 'if (', 'while (', 'return 1 + ', 'n = ask ? ', 'n = (1 << '])
    place(`int n; ${before}io/*$*/`, 'IoOwnCount', 'IO_OWN');
  place('IoOwnStep(io/*$*/);', 'IoOwnCount', 'IO_OWN');
  place('irp = (io/*$*/', 'IO_OWN', 'IoAllocateIrp');
});

test('statuses: success, then what the file gives', () => {
  const rows = ['status = /*$*/', 'return /*$*/', 'if (status == /*$*/)'];
  for (const row of rows) {
    const statuses = first(row, 40).filter((label) => label.startsWith('STATUS_'));
    assert.deepEqual(statuses.slice(0, 3), ['STATUS_SUCCESS', 'STATUS_UNSUCCESSFUL', 'STATUS_PENDING'], row);
  }
});

test('where flags are listed, those of other places come last', () => {
  const { analysis, offset } = analyseDriver(`
void f(PWSK_PROVIDER_NPI npi, PIRP irp) {
  npi->Dispatch->WskSocket(npi->Client, AF_INET, SOCK_STREAM, IPPROTO_TCP, WSK_/*$*/, NULL, NULL, NULL, NULL, NULL, irp);
}`);
  const { items } = complete(analysis, offset, { trigger: 'person' });
  const at = (label: string) => items.find((item) => item.label === label)?.rank ?? 0;
  assert.ok(at('WSK_FLAG_LISTEN_SOCKET') < ranks.newCallback);
  assert.ok(at('WSK_INFINITE_WAIT') > ranks.unlikely);
});
