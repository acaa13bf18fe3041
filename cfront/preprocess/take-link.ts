/**
 * Links that are taken: a header that was read before, and what reading it once more would do.
 *
 * In: a link that leads on from the node at which a reading stands, and what the text since that node has done. Out:
 * whether reading would do what the link says; then the state behind the header. Macros that the header did not ask for
 * stay as they are, and where they differ from those of the link's own reading, that is an effect since the new node.
 */
import { append } from '../../base/append.ts';
import { LayeredMap, lookIn } from '../layers.ts';
import type { Chain, Link, LinkKey, Node } from './chain.ts';
import { differences, hasAskedFor, placesIn } from './effects.ts';
import { askedBehind } from './header.ts';
import { limits } from './limits.ts';
import type { Macro } from './macro.ts';
import { report, type State } from './state.ts';

/**
 * The text around has done to macros what it had done, as far as the header can tell. Every header inside is still found
 * where it was found, none of them is one that is being read, and what was missing is still missing.
 */
export function isStillRight(state: State, link: Link, key: LinkKey): boolean {
  const { options, frames, systemFiles } = state;
  const differing = differences(link.effects, key.effects);
  if (link.depth !== key.depth && hasAskedFor(link.looks, '__INCLUDE_LEVEL__')) return false;
  if (differing.size > 0) {
    if (link.changesEffects) return false;
    const texts = [...systemFiles, ...link.systemFiles];
    for (const name of differing) {
      if (hasAskedFor(link.looks, name) || texts.some((file) => placesIn(file, name).length > 0)) return false;
    }
  }
  return link.requests.every(({ request, result }) => {
    const now = options.include(askedBehind(frames, link.depth, request));
    if (now.kind === 'found' && frames.some(({ tokenized }) => tokenized.file === now.file)) return false;
    if (now.kind === 'missing') {
      return result.kind === 'missing' && now.searched.join('\n') === result.searched.join('\n');
    }
    return result.kind === 'found' && now.file === result.file && now.isSystem === result.isSystem;
  });
}

/** Does to the state what reading the header would do. False, with nothing done, where that would meet a limit. */
export function take(state: State, chain: Chain, link: Link, key: LinkKey): boolean {
  if (key.depth + link.height > limits.includeDepth) return false;
  if (state.rawTokens + link.rawTokens > limits.rawTokensPerUnit) return false;
  if (state.spentInUnit + link.spent > limits.tokensPerUnit) return false;
  const differing = differences(link.effects, key.effects);
  const outer = link.outerMacros.filter((name) => !differing.has(name));
  const { node } = link;
  takeMacros(state, link, { differing, outer, from: chain.node });
  state.savedMacros.clear();
  for (const [name, saved] of copyOf(node.savedMacros)) state.savedMacros.set(name, saved);
  state.counter = node.counter;
  state.pendingSpace = node.pendingSpace;
  state.pendingLine = node.pendingLine;
  state.rawTokens += link.rawTokens;
  state.spentInUnit += link.spent;
  for (const problem of link.problems) report(state, problem);
  append(state.includes, link.includes);
  for (const file of link.files) state.files.add(file);
  for (const file of link.systemFiles) state.systemFiles.add(file);
  for (const file of link.onceFiles) state.onceFiles.add(file);
  for (const name of link.missingHeaders) state.missingHeaders.add(name);
  for (const { request, result } of link.requests)
    chain.requests.push({ request: askedBehind(state.frames, link.depth, request), result });
  for (const name of node.ownNames) if (!differing.has(name)) chain.ownNames.add(name);
  link.lastUse = chain.cache.clock;
  reach(state, chain, node);
  for (const name of differing) chain.effects.set(name, state.macros.get(name));
  return true;
}

/**
 * Macros as the link leaves them. Those that differ from what they were when it was read are as they are, and in their
 * place: before the entry that they stand before, or before the first that the link adds.
 */
function takeMacros(
  { macros }: State,
  link: Link,
  {
    differing,
    outer,
    from,
  }: { readonly differing: ReadonlySet<string>; readonly outer: readonly string[]; readonly from: Node },
): void {
  const { node } = link;
  const kept = outer.map((name) => [name, macros.get(name)] as const);
  const others = differing.size === 0 ? [] : placesAmong(macros, differing);
  macros.rebase(node.macros);
  for (const [name, macro] of kept) if (macro !== undefined) macros.set(name, macro);
  for (const name of differing) macros.delete(name);
  for (const { name, macro, next } of others) {
    const before = next !== undefined && lookIn(node.macros, next) !== undefined ? next : firstMacro(from, link);
    if (before === undefined) macros.set(name, macro);
    else macros.setBefore(name, macro, before);
  }
}

/** The first macro in order that has come by a link from this node. */
function firstMacro(from: Node, link: Link): string | undefined {
  let known = firstMacros.get(link);
  if (known === undefined) {
    known = { name: undefined };
    for (const name of new LayeredMap(link.node.macros).keys()) {
      if (link.effects.macros.has(name) || lookIn(from.macros, name) !== undefined) continue;
      known.name = name;
      break;
    }
    firstMacros.set(link, known);
  }
  return known.name;
}

const firstMacros = new WeakMap<Link, { name: string | undefined }>();

interface Placed {
  readonly name: string;
  readonly macro: Macro;
  /** The one behind it that is none of these. */
  next: string | undefined;
}

/** The macros of these names that there are, in their order. */
function placesAmong(macros: State['macros'], names: ReadonlySet<string>): readonly Placed[] {
  const placed: Placed[] = [];
  if (![...names].some((name) => macros.has(name))) return placed;
  let open: Placed[] = [];
  for (const [name, macro] of macros) {
    if (names.has(name)) {
      const found: Placed = { name, macro, next: undefined };
      placed.push(found);
      open.push(found);
    } else if (open.length > 0) {
      for (const found of open) found.next = name;
      open = [];
    }
  }
  return placed;
}

/** The reading has come to a node. */
export function reach(state: State, chain: Chain, node: Node): void {
  chain.node = node;
  chain.outputAt = state.output.length;
  chain.effects = new Map();
  chain.passed = [];
  /* The main file's first declaration is still to come, so that nobody asks what macros were before. */
  if (state.macroChanges !== undefined) state.macroChanges.length = 0;
}

/** The lists of saved macros change. */
export function copyOf(saved: State['savedMacros'] | Node['savedMacros']): Map<string, (Macro | undefined)[]> {
  return new Map([...saved].map(([name, macros]) => [name, [...macros]]));
}
