// What is held: categories and their fields.
import { z } from 'zod';
import { code, fieldCode, invented, refers, text } from '../values.ts';

const field = z.strictObject({
	id: fieldCode,
	label: text,
	type: z.enum([
		'text',
		'long-text',
		'email',
		'phone',
		'url',
		'date',
		'choice',
		'country',
		'language',
		'time-zone',
		'image',
		'list',
		'number',
		'instant'
	]),
	/** For `choice`: what may be chosen. */
	choices: z.array(z.strictObject({ id: code, label: text })).optional(),
	maxLength: z.int().positive().max(10_000).optional(),
	required: z.boolean().default(false),
	/** Why a required field can't be erased; demanded where `required` is true. */
	requiredBecause: text.optional(),
	editable: z.boolean().default(false),
	/** What happens when the value is changed or erased; shown before. */
	consequence: text.optional(),
	visibility: z.enum(['everyone', 'members', 'nobody']).default('nobody'),
	/** Among what the person may choose instead; all three where left out, fixed where it is `visibility` alone. */
	visibilityChoices: z
		.array(z.enum(['everyone', 'members', 'nobody']))
		.min(1)
		.optional(),
	/** How the value comes in, unless the value itself says so. */
	source: refers('origins').optional(),
	/** Roles that have the field; every role of the category without it. */
	roles: z.array(refers('roles')).optional(),
	/** This field *is* the identifier of that kind: changing it takes a code at the new address. */
	identifier: z.enum(['email', 'phone', 'username']).optional()
});

export const category = z.strictObject({
	id: code,
	label: text,
	about: text,
	/** `profile`: one value per field and person. `records`: many dated entries. */
	kind: z.enum(['profile', 'records']),
	group: z.enum(['given', 'observed', 'received']),
	icon: z.enum([
		'person',
		'contact',
		'device',
		'location',
		'clock',
		'payment',
		'message',
		'image',
		'link',
		'heart',
		'book',
		'school',
		'shield',
		'activity',
		'calendar',
		'document'
	]),
	roles: z.array(refers('roles')).optional(),
	purposes: z.array(refers('purposes')).min(1),
	/** Where it came from: ids of `origins`. */
	origins: z.array(refers('origins')).min(1),
	/** Id of `storage`. */
	storage: refers('storage'),
	/** Id of `retention`. */
	retention: refers('retention'),
	/** Somebody else holds the details, such as the card number at the payment company. */
	heldElsewhere: z.strictObject({ what: text, partner: refers('partners') }).optional(),
	fields: z.array(field).min(1),
	invented
});
