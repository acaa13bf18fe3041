/**
 * The one model of a documentation page, whatever dialect it was written in.
 *
 * In: nothing; these are the types that every reader of this folder fills and that index, report, hover and the CLI
 * read. All of it is plain data (no functions, no shared objects), so a page can be cached as JSON and merged with
 * others. Prose is clean Markdown: no HTML, no entities, one line per paragraph, link texts in place of links (the
 * targets are in `links`). Lines count from 1, offsets are UTF-16 offsets into the decoded text.
 */
import type { IrqlName, SocketCategory } from '../model.ts';
import type { Problem } from './problems.ts';

/**
 * A: DDI of 2017. B: DDI of January to March 2018. C: DDI today. D: guides of 2017-18. E: guides today.
 * F: socket option or control code. G: win32 desktop pages of 2018. The rest: indexes, and what is no docs page.
 */
export type Dialect = 'A' | 'B' | 'C' | 'D' | 'E' | 'F' | 'G' | 'header-index' | 'technology-index' | 'unknown';

export type PageKind =
  | 'function'
  | 'macro'
  | 'method'
  | 'callback'
  | 'structure'
  | 'union'
  | 'enumeration'
  | 'interface'
  | 'class'
  | 'ioctl' /* a device control request: IOCTL_DOT4_READ */
  | 'socket-option' /* SO_… with WskControlSocket */
  | 'socket-ioctl' /* SIO_… with WskControlSocket */
  | 'client-control' /* WSK_… with WskControlClient */
  | 'reference' /* a guide page about one identifier: AF_INET, WSK_CLIENT */
  | 'guide'
  | 'index'
  | 'other';

export type Direction = 'in' | 'out' | 'in-out';

/** A half-open range of UTF-16 offsets into the page's decoded text. */
export interface TextSpan {
  readonly start: number;
  readonly end: number;
}

/** One of the values a parameter, member or address can take. `value` is the number, where the page gives it. */
export interface DocValue {
  readonly name: string;
  readonly value?: string;
  readonly description: string;
}

export interface DocParameter {
  readonly name: string;
  readonly direction?: Direction;
  readonly optional: boolean;
  /** The page says that it is reserved for system use, or has to be zero. */
  readonly reserved?: true;
  readonly description: string;
  readonly values: readonly DocValue[];
  readonly line: number;
}

export interface DocField {
  readonly name: string;
  /** An enumerator's value, where its heading gives it: `### -field WdfTrue:1`. */
  readonly value?: string;
  readonly direction?: Direction;
  readonly description: string;
  readonly values: readonly DocValue[];
  readonly line: number;
}

export interface DocReturns {
  readonly text: string;
  readonly codes: readonly DocValue[];
}

/** At which IRQL a function may be called (a callback is called); `min` and `max` only where the text says so. */
export interface DocIrql {
  readonly text: string;
  readonly min?: IrqlName;
  readonly max?: IrqlName;
  /** The text sends the reader to the remarks: there is more to it than min and max. */
  readonly conditional?: true;
}

/** One parameter, member or enumerator of a signature. `text` is the declaration with its spaces collapsed. */
export interface SignatureItem {
  readonly text: string;
  readonly name?: string;
  readonly type?: string;
  readonly annotation?: string;
  readonly value?: string;
}

export interface DocSignature {
  /** As on the page, NBSP and entities replaced. */
  readonly text: string;
  readonly name?: string;
  readonly returnType?: string;
  readonly parameters: readonly SignatureItem[];
  readonly members: readonly SignatureItem[];
  /** Tag and typedef names that the declaration introduces: _WSK_BUF, WSK_BUF, PWSK_BUF. */
  readonly declares: readonly string[];
}

/** What becomes of the IRP in a control request; `text` is the sentence that says so. */
export interface IrpRule {
  readonly use: 'required' | 'optional' | 'none' | 'must-be-null';
  readonly text: string;
}

/** One way to call WskControlSocket or WskControlClient: a 'Parameter / Value' table of the page. */
export interface DocRequest {
  readonly function?: 'WskControlSocket' | 'WskControlClient';
  /** The sentence before the table: what this request does. */
  readonly purpose: string;
  readonly requestType?: 'WskSetOption' | 'WskGetOption' | 'WskIoctl';
  readonly controlCode?: string;
  readonly level?: string;
  readonly inputSize?: string;
  readonly inputBuffer?: string;
  readonly outputSize?: string;
  readonly outputBuffer?: string;
  readonly outputSizeReturned?: string;
  readonly irp?: string;
  readonly line: number;
}

/** "This socket option applies only to …". */
export interface AppliesTo {
  readonly text: string;
  readonly categories: readonly SocketCategory[];
}

/** A heading of the page that has no place of its own in this model, with all that stands under it. */
export interface DocSection {
  readonly title: string;
  readonly level: number;
  readonly text: string;
  readonly values: readonly DocValue[];
  readonly line: number;
}

export interface CodeBlock {
  readonly language: string;
  /** Entities and NBSP replaced. */
  readonly text: string;
  /** The block's text on the page, without its fences. */
  readonly span: TextSpan;
  readonly line: number;
}

export interface DocLink {
  readonly text: string;
  readonly target: string;
}

/** Key of `DocPage.ioctl`: which part of a device control request the text is about. */
export type IoctlPart =
  | 'major-code'
  | 'input-buffer'
  | 'input-buffer-length'
  | 'output-buffer'
  | 'output-buffer-length'
  | 'in-out-buffer'
  | 'in-out-buffer-length'
  | 'status-block';

/** What a dialect's reader finds in the body; read.ts adds what is the same for all. */
export interface PageBody {
  readonly title?: string;
  readonly description: string;
  readonly signature?: DocSignature;
  readonly parameters: readonly DocParameter[];
  readonly fields: readonly DocField[];
  readonly returns?: DocReturns;
  readonly remarks: string;
  readonly ioctl: Readonly<Partial<Record<IoctlPart, string>>>;
  readonly requests: readonly DocRequest[];
  readonly irpRules: readonly IrpRule[];
  readonly appliesTo?: AppliesTo;
  readonly sections: readonly DocSection[];
  /** Everything the page requires, by the name the docs use: Header, IRQL, Minimum supported client, … */
  readonly requirements: Readonly<Record<string, string>>;
  readonly seeAlso: readonly string[];
}

export interface DocPage extends Omit<PageBody, 'title'> {
  readonly path: string;
  readonly dialect: Dialect;
  readonly kind: PageKind;
  /** Every name that the page answers to; the first is the one it is filed under. */
  readonly names: readonly string[];
  /** The name that drivers write in a call, where it differs: WskSocket for PFN_WSK_SOCKET. */
  readonly callName?: string;
  readonly title: string;
  readonly uid?: string;
  readonly header?: string;
  readonly includeHeader?: string;
  readonly minimumOs?: string;
  readonly irql?: DocIrql;
  readonly library?: string;
  readonly dll?: string;
  /** The front matter's one-sentence description. */
  readonly summary: string;
  readonly keywords: readonly string[];
  readonly links: readonly DocLink[];
  readonly codeBlocks: readonly CodeBlock[];
  readonly problems: readonly Problem[];
}

/** A body in which nothing was found, to spread from. */
export const emptyBody: PageBody = {
  description: '',
  parameters: [],
  fields: [],
  remarks: '',
  ioctl: {},
  requests: [],
  irpRules: [],
  sections: [],
  requirements: {},
  seeAlso: [],
};
