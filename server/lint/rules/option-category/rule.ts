/** An option or IOCTL is one of the socket's category. */
import { numbersOf } from '../../flow/facts/transition.ts';
import { innermost, pathTo } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';
import { controlAt, requestOf } from '../../ways/socket-controls.ts';
import { categoryName, isThroughDatagramTable, socketCall, storyOfSocket } from '../../ways/sockets.ts';

export const optionCategory: Rule = {
  id: 'option-category',
  severity: 'error',
  docRules: ['R50'],
  also: [],
  summary: 'An option is set on a socket of a category that has it.',
  events: ['send'],
  event: (event, { state, report }) => {
    if (event.kind !== 'send' || event.api !== 'WskControlSocket') return;
    const call = socketCall(event, state);
    const isForDatagrams = call === undefined && isThroughDatagramTable(innermost(event.where).node);
    const category = isForDatagrams ? 'datagram' : call?.category;
    const number = numbersOf(state, event);
    const control = controlAt(requestOf(number('RequestType')), number('Level'), number('ControlCode'));
    if (control?.categories === undefined || category === undefined || control.categories.includes(category)) return;
    report({
      where: event.where,
      message: `${control.name} is asked of ${categoryName(category)}, which has no such option: the call fails and sets nothing.`,
      path: [
        ...(call === undefined ? [] : storyOfSocket(call.socket)),
        ...pathTo(event.where, `${control.name} is asked for here`),
      ],
    });
  },
};
