/** What describes a device of KMDF to be made is the framework's once it is made. */
import { hasSucceeded } from '../../flow/calls/kernel.ts';
import { isNull } from '../../flow/state/state.ts';
import { pathTo } from '../../flow/state/where.ts';
import { ANYTHING } from '../../flow/values/values.ts';
import type { Rule } from '../../rule.ts';

export const wdfDeviceInit: Rule = {
  id: 'wdf-device-init',
  severity: 'error',
  docRules: [],
  also: ['SDV DeviceInitAPI', 'SDV InitFreeNull', 'bug check 0x10D'],
  summary: 'WDFDEVICE_INIT is left alone once WdfDeviceCreate has made the device.',
  calls: /^Wdf(?:Device|Fdo|Pdo|Control)\w*Init/,
  call: ({ api, arguments: [init], where }, { state, report }) => {
    if (!isNull(state, init ?? ANYTHING) || !state.marks.has(hasSucceeded('WdfDeviceCreate'))) return;
    report({
      where,
      message: `${api} comes after WdfDeviceCreate, which has taken the WDFDEVICE_INIT and left NULL: the machine stops (WDF_VIOLATION).`,
      path: pathTo(where, 'It is used here'),
    });
  },
};
