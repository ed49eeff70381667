// Promise: whoever got an email, a phone number or a username from us hears that it is another one, as of any other field.
import * as identifierChanges from '../accounts/identifier-changes.ts';
import { identifiersOf } from '../accounts/identifiers.ts';
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import { transaction } from '../platform/database/transaction.ts';
import { profileFields } from './fields.ts';
import { tellOfChange } from './telling.ts';

type Kind = identifierChanges.ChangeableKind;
type Owner = { id: string; role: string; country: string };

/** The change and what is told of it, together or not at all. */
const told = <Outcome extends object>(
	ctx: Context,
	person: Owner,
	kind: Kind,
	change: (ctx: Context) => Promise<Outcome>
): Promise<Outcome> =>
	transaction(ctx, async (ctx) => {
		// Before any row of theirs, as everybody does: two that held one each would wait for ever.
		await audit.holdPerson(ctx, person.id);
		const outcome = await change(ctx);
		const fields = [...profileFields(ctx, person.role).values()];
		const described = fields.find(({ field }) => field.identifier === kind);
		if ('refused' in outcome || !described) return outcome;
		const now = (await identifiersOf(ctx, person.id)).find((identifier) => identifier.kind === kind);
		await tellOfChange(ctx, person.id, described, now?.value);
		return outcome;
	});

/** Confirms a new address by its code, as `identifierChanges.confirm` does. Refuses `code-wrong`. */
export const confirm = (ctx: Context, person: Owner, kind: 'email' | 'phone', typed: string) =>
	told(ctx, person, kind, (ctx) => identifierChanges.confirm(ctx, person.id, kind, typed));

/** Changes the username. Refuses `identifier-invalid`, `identifier-same`, `identifier-unusable`. */
export const changeUsername = (ctx: Context, person: Owner, typed: string) =>
	told(ctx, person, 'username', (ctx) => identifierChanges.changeUsername(ctx, person, typed));

/** Removes an identifier that is not needed. Refuses `identifier-required`. */
export const remove = (ctx: Context, person: Owner, kind: Kind) =>
	told(ctx, person, kind, (ctx) => identifierChanges.remove(ctx, person.id, kind));
