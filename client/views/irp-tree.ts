/**
 * The tree view "IRP Completions" of Run and Debug. It asks the debug adapter for all IRPs whenever the driver stops or
 * ends, shows them as irp-items.ts says, and keeps the last picture, greyed, when the session is over. The whole tree is
 * replaced each time (nothing stale can stay) and VS Code keeps what is open by the nodes' ids.
 */
import {
  type DebugSession,
  Disposable,
  EventEmitter,
  type ExtensionContext,
  type FileDecoration,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  Uri,
  window,
} from 'vscode';
import { type IrpsResponse, irpsRequest, type ProtocolIrp } from '../../debugger/protocol.ts';
import { goToPlaceCommand } from '../commands/go-to-place.ts';
import { trackSessions } from '../debug/tracker.ts';
import { type IrpMood, type IrpNode, irpNodes, irpSummary, irpsLeftOut, spokenText } from './irp-items.ts';

// The scheme only carries "greyed" from an item to the decoration below; no such file exists.
const endedScheme = 'wsk-ended';

const noneYet = 'No IRP has been allocated yet.';

/** What stands above the IRPs of a driver that runs. */
function messageFor(irps: readonly ProtocolIrp[]): string {
  if (irps.length === 0) return noneYet;
  const leftOut = irpsLeftOut(irps);
  return leftOut === 0 ? '' : `${leftOut} older IRPs are over and are not shown.`;
}

const introducedKey = 'wsk.irps.introduced';

export function registerIrpTree({ globalState }: ExtensionContext): Disposable {
  const changed = new EventEmitter<undefined>();
  let nodes: readonly IrpNode[] = [];
  let ended = false;
  let asked = 0;
  let followed: ReadonlySet<string> = new Set();

  const view = window.createTreeView<IrpNode>('wsk.irps', {
    showCollapseAll: true,
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getChildren: (node) => [...(node ? node.children : nodes)],
      // Only the top of the tree is ever revealed.
      getParent: () => undefined,
      getTreeItem: (node) => treeItem(node, ended),
    },
  });

  const show = (answer: IrpsResponse) => {
    nodes = irpNodes(answer.irps);
    view.description = irpSummary(answer);
    changed.fire(undefined);
  };

  // VS Code starts views in Run and Debug closed; the first driver opens this one, and from then on the user decides.
  const introduce = async () => {
    const [first] = nodes;
    if (!first || globalState.get(introducedKey)) return;
    await globalState.update(introducedKey, true);
    await view.reveal(first, { select: false, focus: false });
  };

  // The IRP that has just begun to complete is what a stop is about, and may be one of hundreds. A view that the user
  // does not look at stays as it is.
  const follow = async () => {
    const completing = nodes.filter(({ mood }) => mood === 'completing');
    const fresh = completing.find(({ id }) => !followed.has(id));
    followed = new Set(completing.map(({ id }) => id));
    if (fresh !== undefined && view.visible) await view.reveal(fresh, { select: true, focus: false });
  };

  const refresh = async (session: DebugSession) => {
    const mine = ++asked;
    try {
      const answer: IrpsResponse = await session.customRequest(irpsRequest);
      // An answer that comes after a newer question would put old values on the screen.
      if (mine === asked) {
        show(answer);
        if (!ended) view.message = messageFor(answer.irps);
      }
      if (!ended) await introduce();
      if (mine === asked) await follow();
    } catch {
      // The session is over: what is on the screen is the last that can be known.
    }
  };

  return Disposable.from(
    view,
    changed,
    window.registerFileDecorationProvider({ provideFileDecoration: decoration }),
    trackSessions({
      started: () => {
        ended = false;
        asked += 1;
        view.message = noneYet;
        show({ irps: [], completions: 0 });
      },
      stopped: (session) => void refresh(session),
      ended: (session, isStopped) => {
        ended = true;
        const how = isStopped
          ? 'Stopped before the end of the driver. Its IRPs as they were; F5 runs it again.'
          : 'The driver has ended. This is how it left its IRPs.';
        // Without a message the view says how to start a driver.
        view.message = nodes.length === 0 ? '' : how;
        changed.fire(undefined);
        void refresh(session);
      },
    }),
  );
}

function treeItem(node: IrpNode, ended: boolean): TreeItem {
  const item = new TreeItem(node.label, collapsible(node));
  item.id = node.id;
  if (node.description !== undefined) item.description = node.description;
  if (node.tooltip !== undefined) item.tooltip = node.tooltip;
  item.accessibilityInformation = { label: spokenText(node) };
  if (node.mood) item.iconPath = icon(node.mood, ended);
  // Only beside an icon of our own: without one, VS Code would draw a file's.
  if (ended && node.mood) item.resourceUri = Uri.from({ scheme: endedScheme, path: `/${node.id}` });
  item.contextValue = menuWords(node, ended);
  if (node.place) {
    // A click on an IRP opens and closes it, and its button goes to the call; everything below it is clicked to go there.
    if (!node.mood) item.command = { command: goToPlaceCommand, title: 'Go to Source', arguments: [node] };
  }
  return item;
}

/** Words that package.json's menus look for. */
function menuWords({ irp, mood, place, description }: IrpNode, ended: boolean): string {
  return [
    ...(irp === undefined ? [] : ['irp']),
    ...(place === undefined ? [] : ['place']),
    ...(description === undefined ? [] : ['value']),
    ...(!ended && (mood === 'pending' || mood === 'idle') ? ['coming'] : []),
  ].join(' ');
}

function collapsible({ children, open }: IrpNode): TreeItemCollapsibleState {
  if (children.length === 0) return TreeItemCollapsibleState.None;
  return open ? TreeItemCollapsibleState.Expanded : TreeItemCollapsibleState.Collapsed;
}

/**
 * What is over is duller, and is still read: light themes draw `disabledForeground` at half of the contrast that text
 * needs.
 */
const dull = 'descriptionForeground';

const icons: Readonly<Record<IrpMood, { readonly name: string; readonly color: string }>> = {
  idle: { name: 'circle-outline', color: dull },
  pending: { name: 'watch', color: 'charts.yellow' },
  completing: { name: 'debug-line-by-line', color: 'charts.blue' },
  succeeded: { name: 'pass', color: 'charts.green' },
  failed: { name: 'error', color: 'charts.red' },
  cancelled: { name: 'circle-slash', color: 'charts.purple' },
  freed: { name: 'trash', color: dull },
};

function icon(mood: IrpMood, ended: boolean): ThemeIcon {
  const { name, color } = icons[mood];
  return new ThemeIcon(name, new ThemeColor(ended ? dull : color));
}

function decoration(uri: Uri): FileDecoration | undefined {
  return uri.scheme === endedScheme ? { color: new ThemeColor(dull) } : undefined;
}
