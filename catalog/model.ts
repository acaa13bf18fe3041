/**
 * What C declarations cannot say about an API: the shape of catalog/facts/*.yaml.
 *
 * C says types, SAL and IRQL annotations (catalog/headers); facts say the rest. One entry per name. `catalog.ts` joins
 * both and answers look-ups. Everything here is plain data: `scripts/build.mjs` turns the YAML into JSON once, so that
 * no run parses YAML.
 */

export type ApiKind =
  | 'function' /* an export: WskRegister, IoAllocateIrp */
  | 'table-function' /* called through a dispatch table: WskSocket, of type PFN_WSK_SOCKET */
  | 'callback' /* written by the driver: WskAcceptEvent, IO_COMPLETION_ROUTINE */
  | 'structure'
  | 'enumeration'
  | 'macro'
  | 'constant'
  | 'socket-option' /* SO_…, set or read with WskControlSocket */
  | 'socket-ioctl' /* SIO_…, WskControlSocket with WskIoctl */
  | 'client-control' /* WSK_…, WskControlClient */
  | 'ioctl'; /* IOCTL_DOT4_… */

export type IrqlName = 'PASSIVE_LEVEL' | 'APC_LEVEL' | 'DISPATCH_LEVEL' | 'DIRQL' | 'HIGH_LEVEL';
export type SocketCategory = 'basic' | 'listen' | 'datagram' | 'connection' | 'stream';

/** At which IRQL a function may be called; for a callback, at which it is called. */
export interface IrqlFact {
  readonly min?: IrqlName;
  readonly max: IrqlName;
  /** Where it depends on an argument or another condition: a clause in our words that stands behind "unless". */
  readonly unless?: string;
  /** What else the annotation in the header does not say. */
  readonly remark?: string;
}

/** What becomes of the IRP that a call takes. */
export interface IrpFact {
  readonly use: 'required' | 'optional' | 'must-be-null' | 'none';
  /** What IoStatus.Information holds after success, e.g. "PWSK_SOCKET" or "bytes sent". */
  readonly information?: string;
}

/**
 * How long the memory behind a pointer has to stay, for what the driver gives, or stays, for what it is given.
 * `call`: while the function runs. `request`: until the IRP has completed. `callback`: while the callback runs.
 * `retained`: the same, or until WskRelease where the callback returned STATUS_PENDING. `socket`: until the socket's
 * close has completed. `attachment`: while client and provider of the registrar are attached. `registration`: until the
 * registration has been taken down. `ended`: the call ends it.
 */
export type Lifetime =
  | 'call'
  | 'request'
  | 'callback'
  | 'retained'
  | 'socket'
  | 'attachment'
  | 'registration'
  | 'ended';

export interface ParameterFact {
  readonly name: string;
  readonly direction?: 'in' | 'out' | 'in-out';
  readonly optional?: boolean;
  /** Must be zero or NULL. */
  readonly reserved?: boolean;
  readonly lifetime?: Lifetime;
  readonly note?: string;
  /** Names of the constants that fit here. */
  readonly values?: readonly string[];
}

export interface MemberFact {
  readonly name: string;
  readonly note?: string;
  /** Names of the constants that fit here. */
  readonly values?: readonly string[];
}

/** One request of WskControlSocket or WskControlClient. */
export interface ControlFact {
  readonly level?: 'SOL_SOCKET' | '0';
  readonly requests?: readonly ('WskSetOption' | 'WskGetOption' | 'WskIoctl')[];
  readonly input?: string;
  readonly output?: string;
  readonly outputSizeReturned?: 'NULL' | 'non-NULL';
  /** Where in a socket's life it is allowed, in our words ("before WskBind"). */
  readonly order?: string;
}

/** One device control request of d4drvif.h. */
export interface IoctlFact {
  readonly code: number;
  readonly method: 'METHOD_BUFFERED' | 'METHOD_IN_DIRECT' | 'METHOD_OUT_DIRECT' | 'METHOD_NEITHER';
  readonly input?: string;
  readonly output?: string;
}

export interface StatusFact {
  readonly name: string;
  readonly meaning: string;
}

export interface ApiFacts {
  /** The name people write: WskSocket, not PFN_WSK_SOCKET. Where two APIs share it, `typeName` tells them apart. */
  readonly name: string;
  readonly kind: ApiKind;
  readonly header: string;
  /** One or two sentences of our own that say what a driver writer needs to know. */
  readonly summary: string;
  /** The C type behind the name: PFN_WSK_SOCKET, _WSK_BUF. */
  readonly typeName?: string;
  readonly irql?: IrqlFact;
  readonly irp?: IrpFact;
  readonly parameters?: readonly ParameterFact[];
  readonly members?: readonly MemberFact[];
  readonly categories?: readonly SocketCategory[];
  readonly returns?: readonly StatusFact[];
  readonly control?: ControlFact;
  readonly ioctl?: IoctlFact;
  readonly minimumOs?: string;
  /** UID of the documentation page ("NC:wsk.PFN_WSK_SOCKET"), or the path of a guide page ("network/so-reuseaddr"). */
  readonly page?: string;
  /** Rules of use in our words: order, lifetime, concurrency. */
  readonly rules?: readonly string[];
  readonly deprecated?: string;
}

/** Headers whose names are known before anybody reads their texts. */
export interface LaterHeaders {
  readonly names: readonly string[];
  /** Texts by name; asked for once at the most. */
  readonly read: () => CatalogData['headers'];
}

/** The bundled catalog as one JSON document: header texts by name, and all facts. */
export interface CatalogData {
  readonly headers: Readonly<Record<string, string>>;
  readonly facts: readonly ApiFacts[];
  /** Headers that few drivers include: asked for when one of them is. */
  readonly later?: LaterHeaders;
  /** C files of the emulated kernel by name: functions that are best said in C. */
  readonly library?: Readonly<Record<string, string>>;
  /** What the build knows of each header's declarations, by its name in lower case: see outlines.ts. */
  readonly outlines?: Readonly<Record<string, string>>;
  /** Made by the build from the headers: by header, the names that people include it for, with spaces between. */
  readonly declared?: Readonly<Record<string, string>>;
}
