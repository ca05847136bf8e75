import type { Budget } from '../../core/budget.ts';
import { utf8 } from '../bytes/read.ts';
import { lexPython } from './lexer.ts';

/** A comment: its text after `#`, trimmed, and its line, counted from 1. */
export interface PythonComment {
  readonly text: string;
  readonly line: number;
}

/** The comments of a source file in order. Text inside strings is never taken for a comment. */
export function pythonComments(bytes: Uint8Array, budget: Budget): PythonComment[] {
  return lexPython(bytes, budget).comments.map(({ start, end, line }) => ({
    text: utf8(bytes.subarray(start, end)).replace(/^#+/, '').trim(),
    line,
  }));
}
