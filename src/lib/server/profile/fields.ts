// Promise: a person has the profile fields of their role and no others, each under one name.
import type { Context } from '../context.ts';
import { categoriesOf, fieldsOf } from '../organisation/lookup.ts';
import type { Category, Field } from '../organisation/organisation.ts';

export interface ProfileField {
	category: Category;
	field: Field;
}

/** The profile fields of a role by id, in the description's order. */
export function profileFields({ organisation }: Context, role: string): Map<string, ProfileField> {
	const profiles = categoriesOf(organisation, role).filter(({ kind }) => kind === 'profile');
	return new Map(
		profiles.flatMap((category) =>
			fieldsOf(category, role).map((field) => [field.id, { category, field }] as const)
		)
	);
}

/** What the person may write over here. Identifiers change on the security page, by a code at the new address. */
export const isEditableHere = ({ editable, identifier }: Field): boolean => editable && !identifier;
