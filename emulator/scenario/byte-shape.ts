/** The shape of bytes in a scenario file, which peers, callers, devices and files share. */
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
