/** The memory that IoInitializeIrp is told of holds the IRP and its stack locations. */
import { nodePlace } from '../../../../cfront/parse/walk.ts';
import { resolve } from '../../flow/state/state.ts';
import type { Rule } from '../../rule.ts';

/** On x64, as wdm.h lays them out. */
const SIZE_OF_IRP = 208n;
const SIZE_OF_LOCATION = 72n;

export const irpPacketSize: Rule = {
  id: 'irp-packet-size',
  severity: 'error',
  docRules: ['R13'],
  also: ['Driver Verifier C9/0x20D'],
  summary: 'IoInitializeIrp gets the size of the IRP with its stack locations.',
  calls: ['IoInitializeIrp'],
  call: ({ arguments: values, where }, { state, report }) => {
    const [size, count] = values.slice(1).map((value) => resolve(state, value));
    if (size?.kind !== 'integer' || count?.kind !== 'integer') return;
    const given = BigInt.asUintN(16, size.value);
    const needed = SIZE_OF_IRP + BigInt.asUintN(8, count.value) * SIZE_OF_LOCATION;
    if (given >= needed) return;
    const argument = where.arguments[1];
    const countNode = where.arguments[2];
    const span = argument === undefined ? undefined : nodePlace(argument);
    const written = countNode === undefined ? undefined : nodePlace(countNode);
    const newText = `IoSizeOfIrp(${written?.file.text.slice(written.start, written.end)})`;
    report({
      where,
      ...(span === undefined || written === undefined
        ? {}
        : { span, fixes: [{ title: `Pass ${newText}`, isCertain: true, edits: [{ span, newText }] }] }),
      message: `An IRP with ${count.value} stack location${count.value === 1n ? '' : 's'} takes ${needed} bytes, but IoInitializeIrp is told of ${given}: the locations lie outside, on whatever comes behind.`,
      path: [],
    });
  },
};
