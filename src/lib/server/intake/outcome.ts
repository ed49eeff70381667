// Promise: of every line it is told what became of it, without a value of anybody.

export type Done = 'added' | 'changed' | 'replaced' | 'unchanged';

/** `line` counts from 1. A refusal names a code and the member that it is about. */
export type Outcome = { line: number; done: Done; person?: string; id?: string; released?: string[]; refusedFields?: { field: string; code: string }[] } | { line: number; refused: string; field?: string; fields?: { field: string; code: string }[] };
