// What a run says of ends of connections that nobody was at, and that findings of a scenario have no call stack.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sourceFile } from '../base/source.ts';
import type { RunResult } from './run/types.ts';
import { fileAt, finish, parseOptions, planOf, readyRun, scenarioText } from './testing.ts';

const client = fileAt('test/drivers/wsk-client.h');
const include: typeof parseOptions.include = (request) =>
  request.name === 'wsk-client.h' ? { kind: 'found', file: client, isSystem: false } : parseOptions.include(request);

/** A driver that tries `connects` times to reach the peers' machine at port 7. */
function run(connects: number, scenario: string): RunResult {
  const text = `#include "wsk-client.h"
static VOID Unload(PDRIVER_OBJECT d) { UNREFERENCED_PARAMETER(d); ClientStop(); }
NTSTATUS DriverEntry(PDRIVER_OBJECT d, PUNICODE_STRING r)
{
    NTSTATUS status = ClientStart();
    LONG tries;
    UNREFERENCED_PARAMETER(r);
    d->DriverUnload = Unload;
    for (tries = 0; tries < ${connects}; tries++) {
        PWSK_SOCKET socket;
        if (NT_SUCCESS(SocketConnect(7, NULL, NULL, &socket))) SocketClose(socket);
    }
    return status;
}
`;
  const file = sourceFile('driver.c', text);
  return finish(readyRun(planOf([file], { scenario: scenarioText(scenario), parse: { ...parseOptions, include } })));
}

const cases: readonly (readonly [string, number, string, readonly RegExp[]])[] = [
  [
    'a machine that is not there',
    1,
    '{}',
    [/^The driver found nobody at 192\.0\.2\.20:7, .*"listen: 192\.0\.2\.20:7"/],
  ],
  ['nobody listens on it, twice', 2, "{ peers: [{ datagram: '192.0.2.20:9' }] }", [/found nobody at 192\.0\.2\.20:7/]],
  ['somebody listens', 1, "{ peers: [{ listen: '192.0.2.20:7' }] }", []],
  [
    'somebody listens, and is not called',
    0,
    "{ peers: [{ name: p, listen: '192.0.2.20:7' }] }",
    [/^The peer "p" had no/],
  ],
  ['a call that nobody answers', 0, "{ peers: [{ name: q, connect: '10.0.0.1:7' }] }", [/"q" had no .*no answer/]],
];
for (const [title, connects, scenario, expected] of cases) {
  test(title, () => {
    const { outcome, findings, untried } = run(connects, scenario);
    assert.deepEqual([outcome, findings], ['clean', []]);
    assert.equal(untried.length, expected.length, untried.join('\n'));
    for (const [index, wanted] of expected.entries()) assert.match(untried[index] ?? '', wanted);
  });
}

test('what a scenario waits for in vain is nothing that a thread of the driver did', () => {
  const text = `#include <ntddk.h>
NTSTATUS DriverEntry(PDRIVER_OBJECT d, PUNICODE_STRING r)
{
    PULONG wrong = (PULONG)ExAllocatePool2(POOL_FLAG_NON_PAGED, 4, 'tseT');
    UNREFERENCED_PARAMETER(d); UNREFERENCED_PARAMETER(r);
    if (wrong != NULL) { ExFreePoolWithTag(wrong, 'tseT'); *wrong = 1; }
    return STATUS_SUCCESS;
}
`;
  const scenario = scenarioText('{ expect: { log: [one], findings: [pool-leak] } }');
  const { findings } = finish(readyRun(planOf([sourceFile('driver.c', text)], { scenario })));
  const stacks = findings.map(
    ({ rule, stack }) => `${rule}: ${stack.map(({ functionName }) => functionName).join(' ')}`,
  );
  assert.deepEqual(stacks, [
    'use-after-free: DriverEntry',
    'expected-log: ',
    'expected-findings: ',
    'expected-findings: ',
  ]);
});
