/** R50: an option or IOCTL is one of the socket's category. */
import { numbersOf } from '../../flow/facts/transition.ts';
import { pathTo, siteKey } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';
import { controlAt, requestOf } from '../../socket-controls.ts';
import { categoryName, socketCall, storyOfSocket } from '../../sockets.ts';

export const optionCategory: Rule = {
  id: 'option-category',
  severity: 'error',
  docRules: ['R50'],
  also: [],
  summary: 'An option is set on a socket of a category that has it.',
  event: (event, { state, report }) => {
    const call = socketCall(event, state);
    if (call === undefined || call.send.api !== 'WskControlSocket') return;
    const { send, socket, category } = call;
    const number = numbersOf(state, send);
    const control = controlAt(requestOf(number('RequestType')), number('Level'), number('ControlCode'));
    if (control?.categories === undefined || category === undefined || control.categories.includes(category)) return;
    report({
      where: send.where,
      message: `${control.name} is asked of ${categoryName(category)}, which has no such option: the call fails and sets nothing.`,
      path: [...storyOfSocket(socket), ...pathTo(send.where, `${control.name} is asked for here`)],
      once: siteKey(send.where),
    });
  },
};
