/** EvtIoStop is asked for a request that the driver has, and says what becomes of it. */
import { isLocalVariable, nodesIn } from '../../body/nodes.ts';
import { calledName } from '../../driver/callee.ts';
import { withRole } from '../../driver/roles.ts';
import { whereOf } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';

export const wdfStopIgnored: Rule = {
  id: 'wdf-stop-ignored',
  severity: 'info',
  docRules: [],
  also: ['SDV EvtIoStopCompleteOrStopAck'],
  summary: 'EvtIoStop completes the request, has it cancelled, or calls WdfRequestStopAcknowledge.',
  finish: ({ session, report }) => {
    for (const fn of withRole(session, 'EVT_WDF_IO_QUEUE_IO_STOP')) {
      const { definition } = fn;
      const does =
        nodesIn(definition, 'call').some((call) => !saysOnly.test(calledName(call) ?? '')) ||
        nodesIn(definition, 'assign').some(({ target }) => !isLocalVariable(target));
      if (does) continue;
      report({
        where: whereOf(definition),
        message: `${definition.symbol.name} does nothing about the request: the device cannot leave its power state, nor be removed, before the driver completes it some time.`,
        path: [],
      });
    }
  },
};

/** Words for who debugs. */
const saysOnly = /^(?:v?DbgPrint|KdPrint|Trace|WPP_|__wsk_)|^$/;
