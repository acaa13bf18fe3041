/**
 * The text of a callback that the driver does not have yet, made from the prototype of its type: what it must look at
 * first, and a result that is right for a callback that does nothing. Where it goes: above the declaration in which its
 * name is put.
 */
import { lineBreakOf } from '../../../base/source.ts';
import type { ApiFacts } from '../../../catalog/model.ts';
import type { FunctionSymbol } from '../../../cfront/parse/ast.ts';
import { declarationText } from '../../../cfront/types/text.ts';
import type { CType, FunctionType } from '../../../cfront/types/types.ts';
import type { Analysis } from '../analysis.ts';
import { bracketsAt } from '../places/brackets.ts';
import type { Edit } from './include-edit.ts';

/** `facts` are those of the callback. */
export function stubText(analysis: Analysis, name: string, type: FunctionType, facts: ApiFacts): string {
  const isRole = facts.typeName !== undefined && !facts.typeName.startsWith('PFN_');
  const head = isRole ? `static ${facts.typeName} ${name};\n\n_Use_decl_annotations_\n` : '';
  return `${head}static ${bodyText(analysis, name, type, facts)}`;
}

/** The same of a function that the file declares already; `facts` where it is a callback. */
export function definitionText(analysis: Analysis, symbol: FunctionSymbol, facts: ApiFacts | undefined): string {
  const { name, type, linkage, roleType } = symbol;
  const head = roleType === undefined ? '' : '_Use_decl_annotations_\n';
  return `${head}${linkage === 'internal' ? 'static ' : ''}${bodyText(analysis, name, type, facts)}`;
}

function bodyText(analysis: Analysis, name: string, type: FunctionType, facts: ApiFacts | undefined): string {
  const parameters = type.parameters.map(({ type: of, name: given }, i) => ({
    type: of,
    name: given ?? `Argument${i + 1}`,
  }));
  const list = parameters.map((p) => `    ${parameterText(analysis, p.type, p.name)}`).join(',\n');
  const body = bodyOf(facts, type.result);
  const unused = parameters.filter(({ name: own }) => !new RegExp(`\\b${own}\\b`).test(body));
  const convention = facts?.header === 'wsk.h' ? ' WSKAPI' : '';
  return `${declarationText(type.result, '')}${convention}
${name}(
${list === '' ? '    VOID' : list}
    )
{
${unused.map(({ name: own }) => `    UNREFERENCED_PARAMETER(${own});\n`).join('')}${body}}

`;
}

/** As people write it: `PDEVICE_OBJECT DeviceObject` where the prototype has `struct _DEVICE_OBJECT *`. */
function parameterText({ unit }: Analysis, type: CType, name: string): string {
  const tag = type.alias === undefined ? tagBehind(type) : undefined;
  const pointer = `P${tag?.replace(/^_/, '')}`;
  const known = tag === undefined ? undefined : unit.symbols.get(pointer);
  return known?.kind === 'typedef' && tagBehind(known.type) === tag
    ? `${pointer} ${name}`
    : declarationText(type, name);
}

/** `_IRP` of a pointer to it that may be written through. */
function tagBehind(type: CType): string | undefined {
  if (type.kind !== 'pointer' || type.target.kind !== 'record' || type.target.isConst) return undefined;
  return type.target.definition.tag;
}

/** What a callback has to do even if it does nothing. */
function bodyOf(facts: ApiFacts | undefined, result: CType): string {
  switch (facts?.typeName) {
    case 'DRIVER_DISPATCH':
      return `
    Irp->IoStatus.Status = STATUS_SUCCESS;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return STATUS_SUCCESS;
`;
    case 'DRIVER_CANCEL':
      return `
    IoReleaseCancelSpinLock(Irp->CancelIrql);
    Irp->IoStatus.Status = STATUS_CANCELLED;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
`;
    case 'PFN_WSK_ACCEPT_EVENT':
      return '    return STATUS_REQUEST_NOT_ACCEPTED;\n';
    case 'PFN_WSK_CLIENT_EVENT':
      return '    return STATUS_NOT_IMPLEMENTED;\n';
    case 'PFN_WSK_INSPECT_EVENT':
      return '    return WskInspectReject;\n';
    case 'NPI_CLIENT_ATTACH_PROVIDER_FN':
      return '    return STATUS_NOINTERFACE;\n';
    case 'EVT_WDF_IO_QUEUE_IO_DEVICE_CONTROL':
    case 'EVT_WDF_IO_QUEUE_IO_READ':
    case 'EVT_WDF_IO_QUEUE_IO_WRITE':
      return '    WdfRequestComplete(Request, STATUS_INVALID_DEVICE_REQUEST);\n';
    case 'EVT_WDF_IO_QUEUE_IO_STOP':
      return '    WdfRequestStopAcknowledge(Request, FALSE);\n';
    case 'EVT_WDF_REQUEST_CANCEL':
      return '    WdfRequestComplete(Request, STATUS_CANCELLED);\n';
    default:
      return resultOf(facts, result);
  }
}

function resultOf(facts: ApiFacts | undefined, result: CType): string {
  if (result.kind === 'void') return '';
  const known = facts?.returns?.[0]?.name;
  if (result.alias === 'NTSTATUS') return `    return ${known ?? 'STATUS_SUCCESS'};\n`;
  if (result.kind === 'enum') return `    return ${result.definition.constants?.[0]?.name ?? 0};\n`;
  if (result.alias === 'BOOLEAN') return '    return FALSE;\n';
  return `    return ${result.kind === 'pointer' ? 'NULL' : '0'};\n`;
}

/** Inserts the text above the declaration at file scope that holds the offset, and above the comment before it. */
export function aboveDeclaration({ unit }: Analysis, offset: number, text: string): Edit {
  const { file } = unit;
  const start = declarationStart(unit, offset);
  return { span: { file, start, end: start }, newText: text.replaceAll('\n', lineBreakOf(file)) };
}

/** Behind the last empty line that is outside of brackets and comments. Ends because each step is further left. */
function declarationStart({ file, comments }: Analysis['unit'], offset: number): number {
  const { text } = file;
  const outermost = bracketsAt(text, offset)[0]?.at ?? offset;
  for (let at = outermost; at > 0; ) {
    const line = text.lastIndexOf('\n', at - 1);
    if (line < 0) return 0;
    const before = text.slice(text.lastIndexOf('\n', line - 1) + 1, line).trim();
    const isComment = comments.some((span) => span.start < line && span.end > line + 1);
    const isOpen = bracketsAt(text, line + 1).length > 0;
    if (!isComment && !isOpen && (before === '' || /^#|^\}/.test(before)) && !before.endsWith('\\')) return line + 1;
    at = line;
  }
  return 0;
}

/** `wanted`, or the same with a number where the driver has the name, or one of those that are `madeOf` it. */
export function freeName(
  { unit }: Analysis,
  wanted: string,
  madeOf = (name: string): readonly string[] => [name],
): string {
  const isTaken = (name: string): boolean =>
    unit.symbols.has(name) || unit.macros.has(name) || unit.records.has(name) || unit.enums.has(name);
  let name = wanted;
  for (let i = 2; madeOf(name).some(isTaken) && i < 100; i++) name = `${wanted}${i}`;
  return name;
}
