/** The queue of what is due later: by time, then by order of request, whatever was taken out before. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GuestAddress } from '../../machine/native.ts';
import type { Kernel } from '../kernel-types.ts';
import { createSchedulerState } from './scheduler-state.ts';
import { cancelTimed, isAnyDue, nextDueNs, scheduleAt, takeDue, timedMax } from './timed-events.ts';

interface Expected {
  readonly id: number;
  readonly dueNs: number;
}

test('events are taken in the order of their times, as a list that is sorted would have them', () => {
  const scheduler = createSchedulerState();
  const clock = { timeNs: 0, parts: { scheduler } };
  // The queue looks at the time and its own state only.
  const kernel = clock as unknown as Kernel;
  let plain: Expected[] = [];
  let next = 4711;
  const random = (below: number): number => {
    next = (next * 1103515245 + 12345) % 2147483648;
    return Math.floor((next / 2147483648) * below);
  };
  for (let i = 0; i < 5000; i++) {
    const dueNs = clock.timeNs + random(50);
    const id = scheduleAt(kernel, dueNs, { kind: 'wait-timeout', threadId: i });
    plain.push({ id, dueNs });
    plain.sort((a, b) => a.dueNs - b.dueNs || a.id - b.id);
    if (random(10) === 0) {
      const cancelled = plain[random(plain.length)]?.id ?? 0;
      assert.equal(cancelTimed(kernel, cancelled), true);
      assert.equal(cancelTimed(kernel, cancelled), false);
      plain = plain.filter((event) => event.id !== cancelled);
    }
    clock.timeNs += random(3);
    assert.equal(nextDueNs(kernel), plain[0]?.dueNs);
    assert.equal(isAnyDue(kernel), plain.length > 0 && (plain[0]?.dueNs ?? 0) <= clock.timeNs);
    if (random(2) === 0) continue;
    for (let event = takeDue(kernel); event !== undefined; event = takeDue(kernel)) {
      assert.equal(event.id, plain.shift()?.id);
    }
    assert.ok((plain[0]?.dueNs ?? Number.POSITIVE_INFINITY) > clock.timeNs);
  }
});

test('a driver that sets timers without end is stopped, and what is taken or cancelled makes room', () => {
  const scheduler = createSchedulerState();
  const reported: string[] = [];
  const report = ({ rule }: { readonly rule: string }): void => void reported.push(rule);
  // The queue looks at the time and its own state only.
  const kernel = { timeNs: 0, parts: { scheduler }, report } as unknown as Kernel;
  const set = (): number => scheduleAt(kernel, 10, { kind: 'timer', timer: 0n as GuestAddress });
  const ids = Array.from({ length: timedMax }, set);
  assert.equal(cancelTimed(kernel, ids[7] ?? 0), true);
  set();
  assert.deepEqual(reported, []);
  set();
  assert.deepEqual(reported, ['timed-event-limit']);
  Object.assign(kernel, { timeNs: 10 });
  takeDue(kernel);
  set();
  assert.deepEqual(reported, ['timed-event-limit']);
});
