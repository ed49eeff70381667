// Promise: whoever got an email, a phone number or a username from us hears that it is another one, as of any other field.
import * as identifierChanges from '../accounts/identifier-changes.ts';
import { identifiersOf } from '../accounts/identifiers.ts';
import type { Context } from '../context.ts';
import { profileFields } from './fields.ts';
import { tellOfChange } from './telling.ts';

type Kind = identifierChanges.ChangeableKind;
type Owner = { id: string; role: string; country: string };

/** Tells, in the transaction of the change, what stands there now. */
const telling = (person: Owner, kind: Kind) => async (ctx: Context) => {
	const fields = [...profileFields(ctx, person.role).values()];
	const described = fields.find(({ field }) => field.identifier === kind);
	const now = (await identifiersOf(ctx, person.id)).find((identifier) => identifier.kind === kind);
	if (described) await tellOfChange(ctx, person.id, described, now?.value);
};

/** Confirms a new address by its code, as `identifierChanges.confirm` does. Refuses `code-wrong`. */
export const confirm = (ctx: Context, person: Owner, kind: 'email' | 'phone', typed: string) =>
	identifierChanges.confirm(ctx, person.id, kind, typed, telling(person, kind));

/** Changes the username. Refuses `identifier-invalid`, `identifier-same`, `identifier-unusable`. */
export const changeUsername = (ctx: Context, person: Owner, typed: string) =>
	identifierChanges.changeUsername(ctx, person, typed, telling(person, 'username'));

/** Removes an identifier that is not needed. Refuses `identifier-required`. */
export const remove = (ctx: Context, person: Owner, kind: Kind) =>
	identifierChanges.remove(ctx, person.id, kind, telling(person, kind));
