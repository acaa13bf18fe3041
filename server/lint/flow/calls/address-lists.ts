/**
 * The list of WskGetAddressInfo, from the call on. It comes only when the request is done, and not where that fails; that
 * it is there shows where the driver looks into it, so until then it may be NULL.
 */

import { newBlock } from '../facts/new-block.ts';
import { fresh } from '../state/forget.ts';
import { store } from '../state/memory.ts';
import { resolve, type State } from '../state/state.ts';
import { ANYTHING, placeAt } from '../values/values.ts';
import { freeBlock } from './blocks.ts';
import type { Call } from './call.ts';
import { calledType } from './recognise.ts';

export function followAddressList(call: Call, state: State, api: string): void {
  const { run, site, where } = call;
  switch (api) {
    case 'WskGetAddressInfo': {
      const result = calledType(call.expression)?.parameters.findIndex(({ name }) => name === 'Result') ?? -1;
      const address = resolve(state, call.values[result < 0 ? RESULT : result] ?? ANYTHING);
      if (placeAt(address) === undefined) return;
      const list = fresh(state, site, 'list', 'new');
      state.kernel.blocks.set(list.key, { ...newBlock('address-list', list, { api, where }), base: address });
      store(state, address, list, 8, site);
      return;
    }
    case 'WskFreeAddressInfo': {
      const value = resolve(state, call.values[LIST] ?? ANYTHING);
      freeBlock(run, state, { kind: 'free', value, block: 'address-list', api, tag: undefined, where });
      return;
    }
  }
}

/** Positions of the parameters. */
const RESULT = 6;
const LIST = 1;
