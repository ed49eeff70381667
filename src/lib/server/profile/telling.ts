// Promise: what a person changes or erases themselves reaches whoever got it from us before, and the organisation's own systems.
import { find as findPerson } from '../accounts/people.ts';
import type { Context } from '../context.ts';
import { tellListeners } from '../delivery/delivery.ts';
import { tellRecipients } from '../disclosures/recipients.ts';
import type { FieldValue } from '../organisation/field-value.ts';
import type { ProfileField } from './fields.ts';

/** `value` undefined: it is erased. In the caller's transaction. */
export async function tellOfChange(
	ctx: Context,
	personId: string,
	{ category, field }: ProfileField,
	value: FieldValue | undefined
): Promise<void> {
	const person = await findPerson(ctx, personId);
	if (!person) return;
	const data = { externalId: person.externalId, ...(value === undefined && { erased: true }) };
	const code = `${category.id}.${field.id}`;
	// A matter of its own each time: the same value may be given anew.
	const about = `profile:${ctx.ids.next()}`;
	await tellListeners(ctx, personId, 'profile.changed', { field: code });
	await tellRecipients(ctx, personId, { type: 'profile.changed', field: code, about, data, value });
}
