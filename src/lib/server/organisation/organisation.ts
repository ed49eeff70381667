// Promise: whatever stands in a loaded Organisation was checked; pages need not ask whether a reference resolves.
import type { Description, PolicyMeta } from './schema.ts';
import type { Text } from './values.ts';

export type { Text } from './values.ts';
export type Category = Description['categories'][number];
export type Field = Category['fields'][number];
export type Purpose = Description['purposes'][number];
export type Partner = Description['partners'][number];
export type Topic = Description['topics'][number];
export type Channel = Description['channels'][number]['id'];
export type Control = Description['controls'][number];
export type OutsideSource = Description['sources'][number];
export type Retention = Description['retention'][number];
export type IdentifierKind = Description['identifiers'][number]['kind'];

/** One version of the policy; `text` is Markdown by language. */
export type Policy = PolicyMeta & { version: string; text: Text };

/** A loaded description with its policies, newest first, and the folder it came from. */
export interface Organisation extends Omit<Description, 'policies'> {
	policies: Description['policies'] & { versions: readonly Policy[] };
	folder: string;
}
