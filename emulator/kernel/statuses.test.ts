import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import * as statuses from './statuses.ts';

/** In the WDK's ntstatus.h, but not in ours, which holds what WSK and Dot4 drivers name. */
const elsewhere = new Map([['STATUS_FLT_INSTANCE_ALTITUDE_COLLISION', 0xc01c0011]]);

test('each status has the value that ntstatus.h gives its name', () => {
  const header = readFileSync(join(process.env.WSK_ROOT ?? '', 'catalog/headers/ntstatus.h'), 'utf8');
  const values = new Map<string, number>(elsewhere);
  for (const [, name = '', value = ''] of header.matchAll(/#define\s+(STATUS_\w+)\s+\(*(?:NTSTATUS\))?\(*(0x\w+)/g)) {
    values.set(name, Number.parseInt(value, 16));
  }
  for (const [name, value] of Object.entries(statuses)) assert.equal(value, (values.get(name) ?? -1) | 0, name);
});
