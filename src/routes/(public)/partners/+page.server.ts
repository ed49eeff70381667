import { partnersOf, roleOf } from '$lib/server/organisation/lookup';
import { directory, type Recipient } from '$lib/server/partners/partners';
import { cardOf } from '../../partner-card';

/** Roles of whom the partner may get something, where it is not every role. */
function rolesOf(
	{ ctx: { organisation }, translation: { text, list } }: App.Locals,
	{ partner }: Recipient
): string {
	const concerned = organisation.roles.filter(({ id }) => partnersOf(organisation, id).includes(partner));
	const isEverybody = concerned.length === organisation.roles.length;
	return isEverybody ? '' : list(concerned.map(({ id }) => text(roleOf(organisation, id)?.label)));
}

export const load = ({ locals }) => {
	const { ctx, translation } = locals;
	const groups = directory(ctx.organisation);
	const kinds = new Set(groups.flatMap(({ recipients }) => recipients.map(({ partner }) => partner.kind)));
	return {
		kinds: [...kinds],
		groups: groups.map(({ purpose, recipients }) => ({
			id: purpose.id,
			label: translation.text(purpose.label),
			about: translation.text(purpose.about),
			partners: recipients.map((recipient) => ({
				...cardOf(locals, recipient),
				roles: rolesOf(locals, recipient)
			}))
		}))
	};
};
