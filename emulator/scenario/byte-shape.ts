/** The shape of bytes in a scenario file, given or expected, which peers, callers, devices and files share. */
import { compilePattern } from '../net/pattern.ts';
import type { ObjectShape, Shape } from './shape.ts';

export const byteSources = ['text', 'hex', 'file'];

export const hexShape: Shape = {
  kind: 'text',
  pattern: /^([0-9A-Fa-f]{2}\s*)*$/,
  expected: 'pairs of hexadecimal digits',
};

export const byteFields: ObjectShape['fields'] = {
  text: { shape: { kind: 'text' }, about: 'The bytes as text (UTF-8).' },
  hex: { shape: hexShape, about: 'The bytes as pairs of hexadecimal digits.' },
  file: { shape: { kind: 'text', names: 'file' }, about: 'The bytes of a file, relative to this one.' },
  repeat: {
    shape: { kind: 'number', min: 1, max: 1_000_000, isInteger: true },
    about: 'How many times the bytes come in a row.',
  },
};

export const bytesShape: Shape = {
  kind: 'text-or-object',
  object: { kind: 'object', exactlyOne: byteSources, fields: byteFields },
};

export const expectationFields: ObjectShape['fields'] = {
  ...byteFields,
  length: {
    shape: { kind: 'number', min: 1, max: 1_000_000_000, isInteger: true },
    about: 'So many bytes, whatever they are.',
  },
  pattern: {
    shape: { kind: 'text', complaint: complaintAboutPattern },
    about:
      'Bytes that fit a pattern: literals, . [a-z] (a|b) * + ? {2,5} \\d \\w \\s \\r \\n \\xHH. The shortest beginning that fits is taken.',
  },
};

/** Keys of which an expectation has one. */
export const expectationSources = [...byteSources, 'length', 'pattern'];

export const expectationShape: Shape = {
  kind: 'text-or-object',
  object: { kind: 'object', exactlyOne: expectationSources, fields: expectationFields },
};

function complaintAboutPattern(text: string): string | undefined {
  const compiled = compilePattern(text);
  return 'message' in compiled ? `${compiled.message} (at character ${compiled.at + 1})` : undefined;
}
