// What a request is about, in the person's language.
import type { Translation } from '$lib/i18n/catalogues';
import { categoriesOf, fieldsOf } from '$lib/server/organisation/lookup';
import { subjectOf } from '$lib/server/requests/requests';

type Where = Pick<App.Locals, 'ctx' | 'person' | 'translation'>;

const joined = (
	{ text }: Translation,
	category: Record<string, string>,
	field?: Record<string, string>
): string => (field ? `${text(category)} · ${text(field)}` : text(category));

/** Everything that a correction can name: each category, and each field of it. */
export const subjectsOf = ({ ctx, person, translation }: Where): { value: string; label: string }[] =>
	categoriesOf(ctx.organisation, person.role).flatMap((category) => [
		{ value: category.id, label: joined(translation, category.label) },
		...fieldsOf(category, person.role).map((field) => ({
			value: `${category.id}.${field.id}`,
			label: joined(translation, category.label, field.label)
		}))
	]);

/** "Correction: Account · Name". */
export function titleOf(
	{ ctx, person, translation }: Where,
	{ kind, subject }: { kind: string; subject: string | null }
): string {
	const name = translation.t(`requests:kind.${kind}`);
	const found = subject ? subjectOf(ctx, person.role, subject) : undefined;
	return found
		? translation.t('requests:heading', {
				kind: name,
				subject: joined(translation, found.category.label, found.field?.label)
			})
		: name;
}
