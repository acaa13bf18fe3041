/** R08, R117: whether a registration or a capture succeeded has to be asked. */
import { nodePlace, stripConversions } from '../../../../cfront/parse/walk.ts';
import { whereOf } from '../../flow/state/where.ts';
import { nodesIn } from '../../nodes.ts';
import type { Rule } from '../../rule.ts';

const told: Readonly<Record<string, string>> = {
  WskRegister: 'the driver then captures and deregisters what was never registered',
  WskCaptureProviderNPI: 'the provider table is not there then, and the first call through it stops the machine',
  WskQueryProviderCharacteristics: 'the versions are not there then',
  IoSetCompletionRoutineEx: 'the request then goes on without its completion routine',
  IoCreateDevice: 'there is no device then, and the first use of it stops the machine',
};

export const statusIgnored: Rule = {
  id: 'status-ignored',
  severity: 'warning',
  docRules: ['R08'],
  also: ['C6031', 'C28193', 'SDV IoSetCompletionExCompleteIrp', 'Driver Verifier C4/0x4100F'],
  summary: 'The status of WskRegister, WskCaptureProviderNPI and IoSetCompletionRoutineEx is looked at.',
  finish: ({ session, report }) => {
    for (const fn of session.functions) {
      if (!fn.isUsers) continue;
      for (const node of nodesIn(fn.definition, 'expression')) {
        // (VOID) before it says that somebody has thought of it.
        const call = stripConversions(node.expression);
        if (call.kind !== 'call') continue;
        const callee = stripConversions(call.callee);
        const effect = callee.kind === 'name' ? told[callee.symbol.name] : undefined;
        if (effect === undefined || callee.kind !== 'name') continue;
        report({
          where: whereOf(call),
          span: nodePlace(call),
          message: `${callee.symbol.name} can fail, and nobody looks at its status: ${effect}.`,
          path: [],
        });
      }
    }
  },
};
