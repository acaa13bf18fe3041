/** A function is called at a level at which it may run. */
import { pathTo } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';
import { levelName, missedDemand } from '../../ways/levels.ts';

/** Functions whose IRQL a rule of the documentation is about. */
const documented: Readonly<Record<string, readonly string[]>> = {
  WskCaptureProviderNPI: ['R05'],
  WskRegister: ['R06'],
  WskDeregister: ['R06'],
  WskGetAddressInfo: ['R60'],
  WskGetNameInfo: ['R60'],
  WskFreeAddressInfo: ['R60'],
  WskControlSocket: ['R61'],
  ExAllocatePool2: ['R99'],
  IoBuildDeviceIoControlRequest: ['R101'],
  ...Object.fromEntries(
    ['Read', 'Write', 'Ioctl', 'InternalIoctl', 'InternalIoctlOthers'].map((what) => [
      `WdfIoTargetSend${what}Synchronously`,
      ['R115'],
    ]),
  ),
};

export const irqlTooHigh: Rule = {
  id: 'irql-too-high',
  severity: 'error',
  docRules: ['R05', 'R06', 'R60', 'R61', 'R99', 'R101', 'R115'],
  also: ['C28120', 'C28121', 'SDV IrqlExApcLte1', 'SDV IrqlZwPassive', 'Driver Verifier C4/0x20000'],
  summary: 'A function is called at an IRQL that it allows.',
  acts: ['demand'],
  act: (action, context) => {
    const missed = missedDemand(action, 'call', context);
    if (missed === undefined) return;
    const { api, max, found, severity } = missed;
    context.report({
      where: action.where,
      message: `${api} may be called at ${levelName(max)} at most, but ${found.text}; it may wait or touch pageable memory, and the machine then stops or hangs.`,
      path: [...found.path, ...pathTo(action.where, `${api} is called here`)],
      docRules: documented[api] ?? [],
      ...(severity === undefined ? {} : { severity }),
    });
  },
};
