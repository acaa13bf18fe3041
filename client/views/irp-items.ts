/**
 * What the tree "IRP Completions" shows, as plain data: IRPs from the debug adapter in, nodes out. Every node has an id
 * that depends on the IRP and on what the node is about, never on its value or on the step, so that VS Code keeps what
 * the user has opened while the driver runs on. Line numbers and paths are shown short and opened in full.
 */
import type { IrpsResponse, ProtocolIrp, ProtocolPlace, ProtocolStackLocation } from '../../debugger/protocol.ts';

/** How an IRP stands, in the words of its icon. */
export type IrpMood = 'idle' | 'pending' | 'completing' | 'succeeded' | 'failed' | 'cancelled' | 'freed';

export interface IrpNode {
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  readonly tooltip?: string;
  /** Only the IRPs themselves have one. */
  readonly mood?: IrpMood;
  /** Only the IRPs themselves have one: by what they offer in menus. */
  readonly irp?: number;
  readonly address?: string;
  /** Where a click goes. */
  readonly place?: ProtocolPlace;
  readonly children: readonly IrpNode[];
  /** Whether its children show before the user has opened or closed it. */
  readonly open?: boolean;
}

/** One node per IRP, in order of allocation. */
export function irpNodes(irps: readonly ProtocolIrp[]): IrpNode[] {
  return irps.map(irpNode);
}

/** What the view's header says beside its name. */
export function irpSummary({ irps, completions }: IrpsResponse): string {
  const pending = irps.map(moodOf).filter((mood) => mood === 'pending' || mood === 'completing').length;
  const completed = `${completions} completion${completions === 1 ? '' : 's'}`;
  return irps.length === 0 ? '' : `${pending} pending, ${completed}`;
}

/** IRPs that are over and no longer told of; those are numbered from 1 in order of allocation. */
export function irpsLeftOut(irps: readonly ProtocolIrp[]): number {
  return Math.max(0, ...irps.map(({ id }) => id)) - irps.length;
}

/** What a screen reader says of a row. VS Code would take the tooltip, which is about one part of the row only. */
export function spokenText({ label, description }: IrpNode): string {
  const words = label.replace(/^> /, 'current location ').trim();
  return (description === undefined ? words : `${words}: ${description}`).replace(/ {2,}/g, ' ');
}

function irpNode(irp: ProtocolIrp): IrpNode {
  const id = `irp:${irp.id}`;
  const name = `IRP #${irp.id}`;
  const state = stateWords(irp);
  const { status } = irp;
  return {
    id,
    label: irp.call ? `${name}  ${irp.call}${irp.subject ? `(${irp.subject})` : ''}` : name,
    description: state,
    tooltip: [
      `${name} at ${irp.address}: ${status && isOver(irp) ? `completed ${state}` : state}`,
      ...(irp.issuedAt ? [`issued at ${shortPlace(irp.issuedAt)}`] : []),
    ].join('\n'),
    mood: moodOf(irp),
    irp: irp.id,
    address: irp.address,
    ...(irp.issuedAt ? { place: irp.issuedAt } : {}),
    children: [
      ...placeNode(`${id}/issued`, 'issued at', irp.issuedAt),
      ...placeNode(`${id}/allocated`, 'allocated at', irp.allocatedAt),
      { id: `${id}/address`, label: 'address', description: irp.address, children: [] },
      ...(irp.status
        ? [
            {
              id: `${id}/status`,
              label: 'IoStatus.Status',
              description: `${irp.status.name} (${hexCode(irp.status.code)})`,
              children: [],
            },
          ]
        : []),
      ...(irp.information !== undefined
        ? [{ id: `${id}/information`, label: 'IoStatus.Information', description: irp.information, children: [] }]
        : []),
      ...stackNode(id, irp.stackLocations),
      ...historyNode(id, irp.history),
    ],
  };
}

function stackNode(irpId: string, locations: readonly ProtocolStackLocation[]): IrpNode[] {
  if (locations.length === 0) return [];
  const id = `${irpId}/stack`;
  const children = locations.map((location) => stackLocationNode(`${id}/${location.index}`, location));
  return [{ id, label: 'stack locations', description: String(locations.length), children, open: true }];
}

/** As `!irp` shows them: `>` at the current one, then what it is for and when its completion routine is invoked. */
function stackLocationNode(id: string, location: ProtocolStackLocation): IrpNode {
  const { completionRoutine } = location;
  const place = completionRoutine?.place;
  return {
    id,
    label: `${location.isCurrent ? '>' : ' '} [${location.index}] ${location.major}`,
    description: completionRoutine
      ? [completionRoutine.name, ...location.invokeOn].join('  ')
      : 'no completion routine',
    ...(place ? { place, tooltip: `${completionRoutine?.name} at ${shortPlace(place)}` } : {}),
    children: [
      ...(completionRoutine
        ? [
            {
              id: `${id}/routine`,
              label: 'completion routine',
              description: completionRoutine.name,
              ...(place ? { place } : {}),
              children: [],
            },
          ]
        : []),
      { id: `${id}/invoke`, label: 'invoked on', description: location.invokeOn.join(', ') || 'never', children: [] },
      { id: `${id}/context`, label: 'context', description: location.context, children: [] },
    ],
  };
}

function historyNode(irpId: string, history: ProtocolIrp['history']): IrpNode[] {
  if (history.length === 0) return [];
  const id = `${irpId}/history`;
  const children = history.map(({ what, place }, index) => ({
    id: `${id}/${index}`,
    label: what,
    ...(place ? { place, description: shortPlace(place) } : {}),
    children: [],
  }));
  return [{ id, label: 'history', description: `${history.length} events`, children }];
}

function placeNode(id: string, label: string, place: ProtocolPlace | undefined): IrpNode[] {
  if (!place) return [];
  return [{ id, label, description: shortPlace(place), tooltip: `${place.path}:${place.line}`, place, children: [] }];
}

function stateWords(irp: ProtocolIrp): string {
  const status = irp.status?.name;
  switch (irp.state) {
    case 'idle':
      return 'not sent';
    case 'sent':
      return 'sent';
    case 'pending':
      return 'pending';
    case 'completing':
      return status ? `completing ${status}` : 'completing';
    // The icon says that it has completed, and the view is narrow.
    case 'completed':
      return status ?? 'completed';
    case 'freed':
      return status ? `${status}, freed` : 'freed';
  }
}

const isOver = ({ state }: ProtocolIrp): boolean => state === 'completed' || state === 'freed';

function moodOf(irp: ProtocolIrp): IrpMood {
  switch (irp.state) {
    case 'idle':
      return 'idle';
    case 'sent':
    case 'pending':
      return 'pending';
    case 'completing':
      return 'completing';
    case 'completed':
      return statusMood(irp);
    case 'freed':
      return irp.status ? statusMood(irp) : 'freed';
  }
}

function statusMood({ status }: ProtocolIrp): IrpMood {
  if (status?.name === 'STATUS_CANCELLED') return 'cancelled';
  // The two top bits of an NTSTATUS are its severity; 3 is an error, 2 a warning.
  return status && status.code >>> 30 >= 2 ? 'failed' : 'succeeded';
}

const shortPlace = (place: ProtocolPlace): string => `${place.path.replace(/^.*[\\/]/, '')}:${place.line}`;

const hexCode = (code: number): string => `0x${(code >>> 0).toString(16).toUpperCase().padStart(8, '0')}`;
