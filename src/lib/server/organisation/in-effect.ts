// Promise: what a policy has only announced does not count yet.
import { introducedBy } from './introductions.ts';
import type { Organisation } from './organisation.ts';

const days = new WeakMap<Organisation, ReadonlyMap<string, string>>();

function daysOf(organisation: Organisation): ReadonlyMap<string, string> {
	const known = days.get(organisation);
	if (known) return known;
	const made = new Map(
		organisation.policies.versions.flatMap((version) =>
			introducedBy(version).map(({ list, id, part }) => [`${list} ${id} ${part}`, version.effective] as const)
		)
	);
	days.set(organisation, made);
	return made;
}

/**
 * The day from which a partner may receive a field (`category.field`): when the version takes effect that introduces the flow,
 * the field or the purpose, whichever is last. '' where the policy says of none when it came.
 */
export function receivesFrom(
	organisation: Organisation,
	{ id, purpose }: Organisation['partners'][number],
	field: string
): string {
	const [category, part] = field.split('.');
	const introduced = daysOf(organisation);
	const asked = [`partners ${id} ${field}`, `fields ${category} ${part}`, `purposes ${purpose} `];
	return asked.reduce((last, name) => {
		const day = introduced.get(name) ?? '';
		return day > last ? day : last;
	}, '');
}
